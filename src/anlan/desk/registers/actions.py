"""The verbs of a ledger: add, change, retire, restore. Each checks the standing and the schema, keeps the version,
writes the history and the audit chain, and tells open pages after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.regions import contains, prefix
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import Refused, may, posts_for
from anlan.desk.audit.chain import Act, append
from anlan.desk.layers.initials import initials
from anlan.desk.layers.placed import with_cells
from anlan.desk.notices.live import announce
from anlan.desk.registers import gates, gathering, keys, schema
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import RecordType, record_types
from anlan.desk.registers.models import Record, RecordVersion

BATCH = 500
HEAD = ("region", "organisation", "lon", "lat", "valid_from", "valid_to")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is to be kept: `values` by field of the type, as typed or imported, and where it belongs."""

    values: Mapping[str, Any]
    region: str
    organisation: str = ""
    lon: float | None = None
    lat: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    synthetic: bool = False


class Conflict(ValidationError):
    """Another person changed the record since it was read. `fields`: name -> [what stands now, what was wanted]."""

    def __init__(self, fields: Mapping[str, list], version: int):
        self.fields, self.version = dict(fields), version
        super().__init__(_("另一人刚刚改过这条记录，请核对后再保存。"))


@transaction.atomic
def add(user, kind: RecordType, entry: Entry, words: str = "") -> Record:
    """A new record. Errors: Refused; ValidationError by field, or saying that its key is in the ledger already."""
    record = Record(type=kind.code, synthetic=entry.synthetic)
    fill(record, kind, checked(user, kind, kind.add, entry))
    record.gathered = gathering.gathered(kind, record.region, timezone.localdate())
    if record.key is not None and (standing := Record.objects.filter(type=kind.code, key=record.key).first()):
        raise ValidationError(_already(standing))
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(_("这条记录刚刚由另一人登记。")) from None
    record_step(record, kind, "add", user, words, {})
    return record


@transaction.atomic
def change(user, record: Record, version: int, entry: Entry, words: str = "") -> Record:
    """Changes a record that was read at `version`. Errors: as add, and Conflict when somebody was first."""
    kind = kind_of(record)
    current = Record.objects.select_for_update().get(pk=record.pk)
    _may(user, kind.change, current.region, current.organisation)
    if current.status == Record.Status.RETIRED:
        raise ValidationError(_("记录已注销，恢复后才能修改。"))
    if current.stage in kind.endings:
        told = kind.stage_titles[current.stage]
        raise ValidationError(_("记录已到“%(stage)s”，内容不再修改。") % {"stage": told})
    wanted = Record(type=kind.code)
    fill(wanted, kind, checked(user, kind, kind.change, entry, current.data))
    before, after = state_of(current), {**state_of(wanted), "status": current.status}
    if current.stage:
        after["stage"] = current.stage
    if current.version != version and (fields := _overtaken(current, version, before, after)):
        raise Conflict(fields, current.version)
    changed = schema.difference(_flat(before), _flat(after))
    if not changed:
        return current
    fill(current, kind, entry_checked=(entry, wanted.data))
    if current.key is not None:
        other = Record.objects.filter(type=kind.code, key=current.key).exclude(pk=current.pk).first()
        if other:
            raise ValidationError(_already(other))
    current.version += 1
    current.save()
    record_step(current, kind, "change", user, words, changed)
    return current


def retire(user, record: Record, words: str) -> Record:
    """Takes a record out of force; it stays in the history and can be restored."""
    kind = kind_of(record)
    _may(user, kind.change, record.region, record.organisation)
    return _turn(user, record, Record.Status.IN_FORCE, Record.Status.RETIRED, "retire", words)


def restore(user, record: Record, words: str) -> Record:
    kind = kind_of(record)
    _may(user, kind.restore, record.region, record.organisation)
    return _turn(user, record, Record.Status.RETIRED, Record.Status.IN_FORCE, "restore", words)


def state_of(record: Record) -> dict[str, Any]:
    """The record as its history keeps it."""
    head = {name: getattr(record, name) for name in HEAD}
    head["valid_from"], head["valid_to"] = (day and day.isoformat() for day in (record.valid_from, record.valid_to))
    return {**head, "status": record.status, "data": record.data} | ({"stage": record.stage} if record.stage else {})


@transaction.atomic
def _turn(user, record: Record, source: str, target: str, action: str, words: str) -> Record:
    if not words.strip():
        raise ValidationError({"words": _("请填写说明。")})
    turned = Record.objects.filter(pk=record.pk, status=source).update(
        status=target, version=F("version") + 1, changed_at=timezone.now()
    )
    record.refresh_from_db()
    if not turned:
        raise ValidationError(_("记录当前为“%(status)s”，请刷新后再办。") % {"status": record.get_status_display()})
    record_step(record, kind_of(record), action, user, words, {"status": [source, target]})
    return record


def checked(
    user, kind: RecordType, permission: str, entry: Entry, standing: Mapping[str, Any] | None = None
) -> tuple[Entry, dict[str, Any]]:
    region = entry.region.strip()
    if not region.isdecimal():
        raise ValidationError({"region": _("请选择辖区。")})
    if not _may_put(user, permission, prefix(region), entry.organisation):
        raise Refused(_("您的岗位不能在此辖区或单位登记台账。"))
    data, wrong = schema.clean(
        kind,
        entry.values,
        codes=code_lists(),
        day=timezone.localdate(),
        refers=referring(user),
        standing=standing or {},
    )
    wrong |= _wrong_head(kind, entry)
    if wrong:
        raise ValidationError(wrong)
    return entry, data


def _wrong_head(kind: RecordType, entry: Entry) -> dict[str, str]:
    wrong = {}
    if kind.end_required and entry.valid_to is None:
        wrong["valid_to"] = _("必填。")
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        wrong["valid_to"] = _("不能早于有效期起。")
    if (entry.lon is None) != (entry.lat is None):
        wrong["lat" if entry.lat is None else "lon"] = _("经度和纬度要一起填写。")
    if entry.lon is not None and not -180 <= entry.lon <= 180:
        wrong["lon"] = _("经度应在 -180 至 180 之间。")
    if entry.lat is not None and not -90 < entry.lat < 90:
        wrong["lat"] = _("纬度应在 -90 至 90 之间。")
    return wrong


def fill(record: Record, kind: RecordType, entry_checked: tuple[Entry, dict[str, Any]]) -> None:
    entry, data = entry_checked
    record.region, record.organisation = prefix(entry.region), entry.organisation
    record.lon, record.lat = (entry.lon, entry.lat) if kind.place else (None, None)
    record.valid_from, record.valid_to = (entry.valid_from, entry.valid_to) if kind.dated else (None, None)
    record.data = data
    if kind.stages and not record.stage:
        record.stage, record.stage_on = kind.stages[0].code, timezone.localdate()
    record.title = kind.titled(data)
    record.initials = initials(record.title)[:200]
    record.key = kind.key_of(data | {"organisation": entry.organisation})


def referring(user):
    def refers(code: str, key: str) -> bool:
        return gates.of_type(user, record_types()[code]).filter(key=key, status=Record.Status.IN_FORCE).exists()

    return refers


def add_many(user, kind: RecordType, records: list[Record], words: str = "") -> None:
    """New records that were checked already, in few statements; within the caller's transaction. Without a user the
    process that acts is recorded."""
    Record.objects.bulk_create(with_cells(records), batch_size=BATCH)
    keys.renew(records, kind)
    now = timezone.now()
    versions = [_version(record, "add", user, words, {}, now) for record in records]
    sealed = append(*(_act(record, "add", user, words, {}) for record in records))
    for version, entry in zip(versions, sealed, strict=True):
        version.position = entry.position
    RecordVersion.objects.bulk_create(versions, batch_size=BATCH)
    announce("registers", [], {record.region for record in records}, {record.organisation for record in records})


def record_step(record: Record, kind: RecordType, action: str, user, words: str, changed: dict) -> None:
    """Keys, history, audit chain and open pages after a change."""
    keys.renew([record], kind)
    version = _version(record, action, user, words, changed, timezone.now())
    announce("registers", [record.pk], record.region, record.organisation)
    (sealed,) = append(_act(record, action, user, words, changed))
    version.position = sealed.position
    version.save(force_insert=True)


def _version(record: Record, action: str, user, words: str, changed: dict, at: datetime) -> RecordVersion:
    return RecordVersion(
        record=record,
        number=record.version,
        at=at,
        actor=user,
        action=action,
        words=words[:500],
        state=state_of(record),
        difference=changed,
    )


def _act(record: Record, action: str, user, words: str, changed: dict) -> Act:
    return Act(
        action=f"registers.{action}",
        subject=f"record:{record.pk}",
        region=record.region,
        organisation=record.organisation,
        words=words,
        data={"type": record.type, "title": record.title, "version": record.version, "changed": changed},
        actor=user.username if user else "",
    )


def _overtaken(current: Record, version: int, before: dict, after: dict) -> dict[str, list]:
    """What others changed since the version that was read, and this change would undo."""
    base = RecordVersion.objects.filter(record=current, number=version).values_list("state", flat=True).first()
    return schema.conflict(_flat(base or {}), _flat(before), _flat(after))


def _flat(state: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in state.items() if name != "data"}, **state.get("data", {})}


def kind_of(record: Record) -> RecordType:
    if record.kind is None:
        raise ValidationError(_("台账类型 %(type)s 的行业包已停用，记录只读。") % {"type": record.type})
    return record.kind


def _may(user, permission: str, region: str, organisation: str) -> None:
    if not may(user, permission, region=region, organisation=organisation):
        raise Refused(_("您的岗位不能办理此辖区或单位的台账。"))


def _may_put(user, permission: str, region: str, organisation: str) -> bool:
    """An enterprise keeps its records in its own name and within the region of its post."""
    return any(
        contains(post.region, region)
        and (all_roles()[post.role].side != "enterprise" or post.organisation == organisation)
        for post in posts_for(user, permission)
    )


def _already(standing: Record) -> str:
    if standing.status == Record.Status.RETIRED:
        return _("“%(title)s”已在台账中，但已注销；请恢复原记录。") % {"title": standing.title}
    return _("“%(title)s”已在台账中，请修改原记录。") % {"title": standing.title}
