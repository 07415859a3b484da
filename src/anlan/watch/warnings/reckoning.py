"""The index of many subjects in one pass: facilities, then their enterprises, then the regions these lie in.

A fixed number of questions whatever the number of rows; a standing whose basis is unchanged is not written again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import batched

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from anlan.desk.audit.context import acting
from anlan.desk.notices.live import announce
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.standards.tracing import Finding
from anlan.watch.warnings.index import Member, Policy, Weight, level_of, of_enterprise, of_facility, of_region, policy
from anlan.watch.warnings.models import ColourChange, Contribution, Scope, Standing
from anlan.watch.warnings.moving import move_cases
from anlan.watch.warnings.weighing import (
    enterprise_standing,
    facility_standing,
    region_standing,
    stale,
    stale_regions,
)

BATCH = 500
MOST = 500  # standings in one transaction: opening their warnings must not keep others from writing for long
FADING = timedelta(minutes=1)  # how often what fades is reckoned again
FIELDS = [
    *("value", "level", "explanation", "basis", "policy", "since", "reckoned_at"),
    *("region", "organisation", "enterprise", "title"),
]
FLOOD = 50  # so many places and owners at once are told as their counties
SEE = "warnings.see"
DIGITS = (6, 9)  # counties and towns have an index


def renew(now: datetime) -> int:
    """Reckons what has changed since it was last reckoned. Answers how many colours changed."""
    _let_fade(now)
    with acting("warnings"):
        return reckon(Standing.objects.filter(stale=True).order_by("pk")[:MOST], now)


def reckon_all(now: datetime) -> int:
    """Every enterprise that has not closed, each facility that is graded or has had something, counties and towns."""
    _complete()
    with acting("warnings"):
        keys = list(Standing.objects.exclude(scope=Scope.REGION).order_by("pk").values_list("pk", flat=True))
        changed = sum(reckon(Standing.objects.filter(pk__in=part), now, above=False) for part in batched(keys, MOST))
        return changed + reckon(Standing.objects.filter(scope=Scope.REGION), now)


def _complete() -> None:
    """A standing for whoever has none yet."""
    graded = Facility.objects.filter(hazard_level__isnull=False, in_service=True, index=None)
    have = Standing.objects.filter(scope=Scope.ENTERPRISE).values("enterprise")
    new = Enterprise.objects.exclude(status=Enterprise.Status.CLOSED).exclude(pk__in=have)
    named = Standing.objects.filter(scope=Scope.REGION).values("region")
    places = Region.objects.filter(level__in=DIGITS, valid_to=None).exclude(code__in=named)
    for rows, made in ((graded, facility_standing), (new, enterprise_standing), (places, region_standing)):
        Standing.objects.bulk_create(map(made, rows), BATCH, ignore_conflicts=True)


def _let_fade(now: datetime) -> None:
    """What has ended and still counts a little is reckoned every minute, and once more when it is gone."""
    fading = Contribution.objects.filter(gone_at__isnull=False, settled=False)
    gone = list(fading.filter(gone_at__lte=now).values_list("pk", "facility", "enterprise", "region")[:MOST])
    stale([row[1] for row in gone], [row[2] for row in gone])
    stale_regions({row[3] for row in gone if not row[1] and not row[2]})
    Contribution.objects.filter(pk__in=[row[0] for row in gone]).update(settled=True)
    left = fading.filter(gone_at__gt=now)
    due = Q(facility__in=left.values("facility")) | Q(scope=Scope.ENTERPRISE, enterprise__in=left.values("enterprise"))
    Standing.objects.filter(due, stale=False, reckoned_at__lt=now - FADING).update(stale=True)


@transaction.atomic
def reckon(chosen: Iterable[Standing], now: datetime, above: bool = True) -> int:
    """These standings, the enterprises of these facilities, and, unless told not to, the regions of all whose index
    changed."""
    rows = _claimed(chosen)
    run = _Run(policy(timezone.localdate(now)), now)
    facilities = [row for row in rows if row.scope == Scope.FACILITY]
    run.facilities(facilities)
    enterprises = {row.pk: row for row in rows if row.scope == Scope.ENTERPRISE}
    owners = {row.enterprise_id for row in facilities if row.enterprise_id} - {
        row.enterprise_id for row in enterprises.values()
    }
    if owners:
        stale([], owners)
        found = _claimed(Standing.objects.filter(scope=Scope.ENTERPRISE, enterprise__in=owners))
        enterprises |= {row.pk: row for row in found}
    run.enterprises(list(enterprises.values()))
    regions = {row.pk: row for row in rows if row.scope == Scope.REGION}
    moved = [row for row in run.moved if row.scope == Scope.ENTERPRISE] if above else []
    places = {row.region[:digits] for row in moved for digits in DIGITS}
    if places - {row.region for row in regions.values()}:
        regions |= {row.pk: row for row in Standing.objects.filter(scope=Scope.REGION, region__in=places)}
    run.regions(list(regions.values()))
    return run.write([*facilities, *enterprises.values(), *regions.values()])


def _claimed(chosen: Iterable[Standing]) -> list[Standing]:
    """Taken up before anything of them is read: what changes meanwhile marks them again, and is not lost."""
    rows = list(chosen)
    for part in batched(rows, BATCH):
        Standing.objects.filter(pk__in=[row.pk for row in part]).update(stale=False)
    return rows


class _Run:
    """One pass: what it read, what came of it."""

    def __init__(self, by: Policy, now: datetime):
        self.by, self.now = by, now
        self.moved: list[Standing] = []  # the number changed
        self.written: list[Standing] = []  # something of it changed
        self.coloured: list[tuple[Standing, int | None]] = []  # with the colour before
        self.weather = _weather(now)

    def facilities(self, rows: Sequence[Standing]) -> None:
        if not rows:
            return
        weights = _weights("facility", [row.facility_id for row in rows], self.now)
        known = Facility.objects.in_bulk([row.facility_id for row in rows])
        for row in rows:
            facility = known[row.facility_id]
            row.region, row.organisation, row.enterprise_id = (
                facility.region,
                facility.organisation,
                facility.enterprise_id,
            )
            row.title = facility.name[:120]
            grade = facility.hazard_level if facility.in_service else None
            self._take(row, of_facility(self.by, grade, [*weights[facility.pk], *self._weather(row)], self.now))

    def enterprises(self, rows: Sequence[Standing]) -> None:
        if not rows:
            return
        keys = [row.enterprise_id for row in rows]
        weights = _weights("enterprise", keys, self.now)
        fresh = {row.pk: row for row in self.moved}
        members = defaultdict(list)
        for held in Standing.objects.filter(scope=Scope.FACILITY, enterprise__in=keys).only(*MEMBER):
            members[held.enterprise_id].append(_member(fresh.get(held.pk, held)))
        for row in rows:
            own = [*weights[row.enterprise_id], *self._weather(row)]
            self._take(row, of_enterprise(self.by, own, members[row.enterprise_id], self.now))

    def regions(self, rows: Sequence[Standing]) -> None:
        if not rows:
            return
        fresh = {row.pk: row for row in self.moved if row.scope == Scope.ENTERPRISE}
        within = Q(pk__in=[])
        for county in {row.region[:6] for row in rows}:
            within |= Q(region__startswith=county)
        standings = Standing.objects.filter(within, scope=Scope.ENTERPRISE)
        totals, members = defaultdict(int), defaultdict(list)
        for region, count in standings.order_by().values_list("region").annotate(Count("pk")):
            for digits in DIGITS:
                totals[region[:digits]] += count
        held = {row.pk: row for row in standings.filter(value__gt=0).only(*MEMBER)} | fresh
        for row in held.values():
            for digits in DIGITS if row.value else ():
                members[row.region[:digits]].append(_member(row))
        for row in rows:
            found = of_region(self.by, self._weather(row), members[row.region], totals[row.region], self.now)
            self._take(row, found)

    def _weather(self, row: Standing) -> list[Weight]:
        return [weight for region, weight in self.weather if row.region.startswith(region)]

    def _take(self, row: Standing, finding: Finding) -> None:
        basis = _digest(finding)
        if row.basis == basis:
            return
        before, after = row.level, level_of(finding)
        if row.value != finding.value or before != after:
            self.moved.append(row)
        if before != after:
            self.coloured.append((row, before))
            row.since = self.now
        row.value, row.level, row.basis, row.policy = finding.value, after, basis, self.by.code
        row.explanation = finding.as_dict()
        self.written.append(row)

    def write(self, rows: Sequence[Standing]) -> int:
        for row in self.written:
            row.reckoned_at = self.now
        # Written over by key in one statement: a case for each field of each row would cost more than all arithmetic.
        Standing.objects.bulk_create(
            self.written, BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=FIELDS
        )
        written = {row.pk for row in self.written}
        same = [row.pk for row in rows if row.pk not in written]
        for part in batched(same, BATCH):
            Standing.objects.filter(pk__in=part).update(reckoned_at=self.now)
        cases = move_cases(self.by, self.coloured, self.now)
        ColourChange.objects.bulk_create(
            (
                ColourChange(
                    standing=row, scope=row.scope, region=row.region, organisation=row.organisation, at=self.now,
                    before=before, after=row.level, value=row.value, explanation=row.explanation,
                    case=cases.get(row.pk),
                )
                for row, before in self.coloured
            ),
            BATCH,
        )  # fmt: skip
        self._tell()
        return len(self.coloured)

    def _tell(self) -> None:
        """One announcement for all standings of one place and owner; their pages ask again."""
        concerned = defaultdict(list)
        for row in self.moved:
            concerned[row.region, row.organisation].append(row.pk)
        if len(concerned) > FLOOD:
            announce("indexes", [], {region[:6] for region, _owner in concerned}, permission=SEE)
            return
        for (region, organisation), ids in concerned.items():
            announce("indexes", sorted(ids), region, organisation, permission=SEE)


MEMBER = ("pk", "subject", "title", "value", "level", "region", "enterprise_id", "scope")


def _member(row: Standing) -> Member:
    return Member(subject=row.subject, title=row.title, value=row.value, level=row.level, url=f"/indexes/{row.pk}/")


def _weights(of: str, keys: Sequence[int], now: datetime) -> dict[int, list[Weight]]:
    found: dict[int, list[Weight]] = defaultdict(list)
    for part in batched(keys, MOST):
        rows = Contribution.objects.filter(**{f"{of}__in": part}, settled=False).order_by("pk")
        for row in rows.filter(Q(gone_at=None) | Q(gone_at__gt=now)):
            found[getattr(row, f"{of}_id")].append(_weight(row))
    return found


def _weather(now: datetime) -> list[tuple[str, Weight]]:
    rows = Contribution.objects.filter(kind=Contribution.Kind.WEATHER, ended_at=None, facility=None, enterprise=None)
    return [(row.region, _weight(row)) for row in rows.order_by("pk")]


def _weight(row: Contribution) -> Weight:
    return Weight(
        kind=row.kind,
        source=row.source,
        level=row.level,
        words=row.words,
        url=row.url,
        since=row.since,
        ended_at=row.ended_at,
    )


def _digest(finding: Finding) -> str:
    """Of all a finding rests on: two of one digest say the same."""
    told = "\n".join(f"{one.value}|{one.rule.zh}|{sorted(map(str, one.inputs.items()))}" for one in finding)
    return blake2b(told.encode(), digest_size=16).hexdigest()
