"""Division tables into the database: one transaction, every row counted, parents found, the import recorded."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.initials import initials
from anlan.know.places import divisions
from anlan.know.places.divisions import Division, Oddity
from anlan.know.places.models import Region
from anlan.know.places.reports import Report
from anlan.know.places.rules import kind_of, level_of, parent_of, short_name

BATCH = 2000
WRITTEN = ["name", "short_name", "initials", "kind", "parent", "source", "changed_at"]


def import_regions(folder: Path | str, source: str = "") -> Report:
    """All division tables of a folder; running it again changes nothing. Errors: divisions.NoTables."""
    folder = Path(folder)
    tables = divisions.read(folder)
    report = Report(f"行政区划导入：{folder}", files=tables.counts, refused=tables.refused)
    known = set(Region.objects.values_list("code", flat=True))
    report.oddities = tables.oddities + divisions.oddities(tables.divisions, known)
    repeated = sum(oddity.what == "代码重复" for oddity in report.oddities)
    report.unchanged += repeated
    put(tables.divisions.values(), report, source or folder.name)
    return report


@transaction.atomic
def put(rows: Iterable[Division], report: Report, source: str, synthetic: bool = False) -> None:
    """Adds what is new, changes what is called otherwise now, and records the import as one act."""
    old = {region.code: region for region in Region.objects.only("code", "name", "parent_id", "level")}
    ids = {code: region.pk for code, region in old.items()}
    for level in Region.Level:
        here = [row for row in rows if len(row.code) == level]
        _create([row for row in here if row.code not in old], ids, report, source, synthetic)
    _change([row for row in rows if row.code in old], old, ids, report, source)
    _adopt(old, ids, report)
    append(
        Act(
            action="places.import",
            words=f"{report.title}：新增 {report.created}，变更 {report.changed}，未读入 {len(report.refused)}",
            data={"files": report.files, "oddities": {what: len(found) for what, found in report.by_kind.items()}},
        )
    )


def region_of(code: str, name: str, ids: Mapping[str, int], **more) -> Region:
    """An unsaved region with everything that code and name tell; `ids` maps the codes that exist to primary keys."""
    level = level_of(code)
    return Region(
        code=code,
        name=name,
        short_name=short_name(name, level),
        initials=initials(name),
        level=level,
        kind=kind_of(name, level),
        parent_id=ids.get(parent_of(code, ids)),
        **more,
    )


def _create(rows: list[Division], ids: dict[str, int], report: Report, source: str, synthetic: bool) -> None:
    regions = [region_of(row.code, row.name, ids, source=source, synthetic=synthetic) for row in rows]
    for region in Region.objects.bulk_create(regions, batch_size=BATCH):
        ids[region.code] = region.pk
    report.created += len(regions)


def _change(
    rows: list[Division], old: Mapping[str, Region], ids: Mapping[str, int], report: Report, source: str
) -> None:
    changed = []
    for row in rows:
        if old[row.code].name == row.name:
            continue
        report.oddities.append(Oddity("更名", row.code, f"“{old[row.code].name}”改为“{row.name}”"))
        region = region_of(row.code, row.name, ids, source=source, changed_at=timezone.now())
        region.pk = old[row.code].pk
        changed.append(region)
    Region.objects.bulk_update(changed, WRITTEN, batch_size=200)
    report.changed += len(changed)
    report.unchanged += len(rows) - len(changed)


def _adopt(old: Mapping[str, Region], ids: Mapping[str, int], report: Report) -> None:
    """Regions that were there before and whose true parent has only now arrived."""
    moved = []
    for region in old.values():
        parent = ids.get(parent_of(region.code, ids))
        if parent != region.parent_id:
            region.parent_id, region.changed_at = parent, timezone.now()
            moved.append(region)
    Region.objects.bulk_update(moved, ["parent", "changed_at"], batch_size=200)
    if moved:
        report.notes.append(f"上级改为新导入的区划：{len(moved)} 个")
