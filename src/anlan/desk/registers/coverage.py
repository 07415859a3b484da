"""Coverage, as packs declare it in `coverages.yaml`: of those whom a rule means, how many have what it asks for,
and who lacks it, by name. docs/packs.md explains every word."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anlan import packs
from anlan.desk.access.regions import within
from anlan.desk.access.standing import may, own_organisations
from anlan.desk.registers import gates, keys
from anlan.desk.registers.declare import record_type, record_types
from anlan.desk.registers.models import Record, RecordKey
from anlan.desk.subjects.declare import Selector, Subject, select, selector
from anlan.desk.wording import title

NAMED = 200  # so many of those who lack it are named on a page


@dataclass(frozen=True)
class Held:
    """A record of this type, of the period of the day asked, in one of these stages. It is the subject's when it
    belongs to the same organisation, and with `same` (key field, fact) only when those are equal too."""

    type: str
    day: str = ""
    every: str = ""
    stages: tuple[str, ...] = ()
    same: tuple[str, str] | None = None

    def by(self, subject: Subject) -> tuple[str, str]:
        return subject.organisation, str(subject.facts.get(self.same[1]) or "") if self.same else ""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    code: str
    title: Any
    about: Any
    source: str
    article: str
    status: str
    order: int
    who: Selector
    held: tuple[Held, ...] = ()
    has: str = ""
    stages: tuple[str, ...] = ()
    due: str = ""

    @property
    def permission(self) -> str:
        """Who may read the ledgers it looks into."""
        return record_types()[self.held[0].type if self.held else self.who.type].see


@dataclass(frozen=True)
class Covered:
    """`met` of `all`; the first of those who lack it."""

    all: int
    met: int
    missing: tuple[Subject, ...] = ()

    @property
    def rate(self) -> float | None:
        """In per cent; None when nobody is meant."""
        return 100 * self.met / self.all if self.all else None

    @property
    def lacking(self) -> int:
        return self.all - self.met


@cache
def coverages() -> dict[str, Coverage]:
    """All of them in order. Errors: PackError for one that names a type, field or stage no pack has."""
    found = {code: _coverage(code, entry) for code, entry in packs.section("coverages").items()}
    if wrong := [fault for coverage in found.values() for fault in faults(coverage)]:
        raise packs.PackError("coverages.yaml: " + "; ".join(wrong))
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def faults(coverage: Coverage) -> list[str]:
    """What a schema cannot see, in sentences."""
    known, found = record_types(), []
    for held in coverage.held:
        if held.type not in known:
            found.append(f"it looks into '{held.type}', which no pack has")
            continue
        if held.day and not _dated(held.type, held.day):
            found.append(f"'{held.day}' of '{held.type}' is no key field of type date")
        if held.same and not (held.same[0] in known[held.type].by_name and known[held.type].by_name[held.same[0]].key):
            found.append(f"'{held.same[0]}' of '{held.type}' is no key field")
        found += [f"'{held.type}' has no stage '{code}'" for code in held.stages if not known[held.type].stage(code)]
    if coverage.has or coverage.stages:
        if coverage.who.room != "records" or coverage.who.type not in known:
            return [f"'{coverage.code}': has and stage speak of records: write who: {{room: records, type: …}}"]
        kind = known[coverage.who.type]
        if coverage.has and not (coverage.has in kind.by_name and kind.by_name[coverage.has].key):
            found.append(f"'{coverage.has}' is no key field of '{kind.code}'")
        if coverage.due and not _dated(kind.code, coverage.due):
            found.append(f"'{coverage.due}' of '{kind.code}' is no key field of type date")
        found += [f"'{kind.code}' has no stage '{code}'" for code in coverage.stages if not kind.stage(code)]
    return [f"'{coverage.code}': {fault}" for fault in found]


def _dated(type: str, name: str) -> bool:
    field = record_types()[type].by_name.get(name)
    return bool(field and field.key and field.type == "date")


def cover(coverage: Coverage, day: date, user=None, region: str = "", organisation: str = "") -> Covered:
    """How it stands on a day: for a reader, or (without one) for a region. `organisation` narrows to one."""
    if coverage.held:
        return _of_subjects(coverage, day, user, region, organisation)
    return _of_records(coverage, day, user, region, organisation)


def lacking_of(room: str, subject: Subject, day: date) -> list[Coverage]:
    """What one subject of a room lacks on a day, without looking at the others."""
    return [
        coverage
        for coverage in coverages().values()
        if coverage.held
        and coverage.who.room == room
        and coverage.who.means(subject.facts)
        and not all(_has(held, subject, day) for held in coverage.held)
    ]


def _has(held: Held, subject: Subject, day: date) -> bool:
    rows = _held(held, day).filter(organisation=subject.organisation)
    if held.same:
        rows = keys.having(rows, record_type(held.type), held.same[0], [held.by(subject)[1]])
    return rows.exists()


def span(every: str, day: date) -> tuple[date, date]:
    """First and last day of the period a day lies in."""
    if every == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if every == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return day, day


def _of_subjects(coverage: Coverage, day: date, user, region: str, organisation: str) -> Covered:
    holding = [(held, _holders(held, day)) for held in coverage.held]
    own = own_organisations(user, coverage.permission) if user else ()
    who = replace(coverage.who, organisations=(organisation,) if organisation else own)
    count, missing = 0, []
    for subject in select(who):
        if not subject.region.startswith(region):
            continue
        if user and not may(user, coverage.permission, region=subject.region, organisation=subject.organisation):
            continue
        count += 1
        if not all(held.by(subject) in holders for held, holders in holding):
            missing.append(subject)
    return Covered(count, count - len(missing), tuple(missing[:NAMED]))


def _holders(held: Held, day: date) -> set[tuple[str, str]]:
    rows = _held(held, day).order_by()
    if held.same is None:
        return {(organisation, "") for organisation in rows.values_list("organisation", flat=True)}
    named = RecordKey.objects.filter(type=held.type, field=held.same[0], record__in=rows.values("pk"))
    return set(named.values_list("record__organisation", "text"))


def _held(held: Held, day: date) -> QuerySet[Record]:
    kind = record_type(held.type)
    rows = Record.objects.filter(type=kind.code, status=Record.Status.IN_FORCE)
    if held.every:
        rows = keys.between(rows, kind, held.day, *span(held.every, day))
    else:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day))
    return rows.filter(stage__in=held.stages) if held.stages else rows


def _of_records(coverage: Coverage, day: date, user, region: str, organisation: str) -> Covered:
    kind = record_type(coverage.who.type)
    rows = gates.of_type(user, kind) if user else Record.objects.filter(within(region), type=kind.code)
    rows = rows.filter(status=Record.Status.IN_FORCE).order_by()
    for name, values in coverage.who.where.items():
        rows = keys.having(rows, kind, name, list(map(str, values)))
    if organisation:
        rows = rows.filter(organisation=organisation)
    if coverage.due:
        rows = keys.between(rows, kind, coverage.due, None, day)
    if coverage.has:
        filled = RecordKey.objects.filter(record=OuterRef("pk"), type=kind.code, field=coverage.has)
        done = Exists(filled)
    else:
        done = Q(stage__in=coverage.stages)
    lacking = rows.filter(~done).only("region", "organisation", "title", "data").order_by("title", "pk")[:NAMED]
    missing = [_subject(record, kind.list_name) for record in lacking]
    return Covered(rows.count(), rows.filter(done).count(), tuple(missing))


def _subject(record: Record, list_name: str) -> Subject:
    url = f"/{list_name}/{record.pk}/"
    return Subject(f"record:{record.pk}", record.region, record.organisation, {}, record.title, url)


def _same(item: Mapping) -> tuple[str, str] | None:
    return (item["same"]["field"], item["same"]["fact"]) if "same" in item else None


def _coverage(code: str, entry: Mapping) -> Coverage:
    held = tuple(
        Held(item["type"], item.get("day", ""), item.get("every", ""), tuple(item.get("stage", ())), _same(item))
        for item in entry.get("held", ())
    )
    return Coverage(
        code=code,
        title=title(entry),
        about=title(entry, "about"),
        source=entry["source"],
        article=entry.get("article", ""),
        status=entry["status"],
        order=entry.get("order", 100),
        who=selector(entry["who"]),
        held=held,
        has=entry.get("has", ""),
        stages=tuple(entry.get("stage", ())),
        due=entry.get("due", ""),
    )
