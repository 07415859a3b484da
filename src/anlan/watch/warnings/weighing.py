"""What weighs on an index begins and ends. Flows tell it; many at once, for a fixed number of questions, and without
arithmetic: an alarm must not wait for that. What was touched is stale and reckoned within seconds (`reckoning.py`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from anlan.desk.access.regions import within
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.watch.warnings.index import policy
from anlan.watch.warnings.models import Contribution, Scope, Standing

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Weigh:
    """One weight to be in force: on a facility, else on an enterprise, else on all of the region."""

    kind: str
    source: str
    level: int
    words: str
    region: str
    organisation: str = ""
    facility: int | None = None
    enterprise: int | None = None
    url: str = ""
    since: datetime | None = None
    until: datetime | None = None


@transaction.atomic
def weigh_all(weighs: Iterable[Weigh], ended: Iterable[str] = (), at: datetime | None = None) -> None:
    """Puts weights in force and ends those of the sources in `ended`. Safe to repeat: the same source again only
    changes what it says, and what ended does not end twice."""
    now = at or timezone.now()
    wanted, gone = {one.source: one for one in weighs if _has_a_place(one)}, set(ended)
    for one in gone & wanted.keys():
        del wanted[one]
    running = {
        one.source: one
        for one in Contribution.objects.filter(source__in=[*wanted, *gone], ended_at=None).order_by("pk")
    }
    new = [_new(one, now) for source, one in wanted.items() if source not in running]
    changed = [held for source, held in running.items() if source in wanted and _change(held, wanted[source])]
    ending = [held for source, held in running.items() if source in gone]
    by = policy(timezone.localdate(now))
    for held in ending:
        held.ended_at, held.gone_at = now, by.gone_at(held.kind, held.level, now)
    # What comes again takes the place of what still fades: one danger is not counted twice.
    Contribution.objects.filter(source__in=[one.source for one in new], settled=False).update(settled=True)
    Contribution.objects.bulk_create(new, BATCH, ignore_conflicts=True)
    Contribution.objects.bulk_update(changed, ["level", "words", "until"], BATCH)
    Contribution.objects.bulk_update(ending, ["ended_at", "gone_at"], BATCH)
    touch([*new, *changed, *ending])


def _has_a_place(one: Weigh) -> bool:
    """Weather lies over a region; anything else weighs on a facility or an enterprise, or on nobody's index."""
    return bool(one.facility or one.enterprise or one.kind == Contribution.Kind.WEATHER)


def _new(one: Weigh, now: datetime) -> Contribution:
    return Contribution(
        kind=one.kind,
        source=one.source,
        facility_id=one.facility,
        enterprise_id=None if one.facility else one.enterprise,
        region=one.region,
        organisation=one.organisation,
        level=one.level,
        words=one.words[:200],
        url=one.url[:200],
        since=one.since or now,
        until=one.until,
    )


def _change(held: Contribution, one: Weigh) -> bool:
    said = (one.level, one.words[:200], one.until)
    if (held.level, held.words, held.until) == said:
        return False
    held.level, held.words, held.until = said
    return True


def end_expired(now: datetime) -> int:
    """Ends what was only until now. Answers how many."""
    late = Contribution.objects.filter(ended_at=None, until__lte=now).order_by("until")
    sources = list(late.values_list("source", flat=True)[:BATCH])
    weigh_all([], sources, now)
    return len(sources)


def touch(weights: Iterable[Contribution]) -> None:
    """The standings these weigh on are to be reckoned anew."""
    weights = list(weights)
    stale([one.facility_id for one in weights], [one.enterprise_id for one in weights])
    regions = {one.region for one in weights if not one.facility_id and not one.enterprise_id}
    if regions:
        stale_regions(regions)


def stale(facilities: Iterable[int | None], enterprises: Iterable[int | None]) -> None:
    """Marks them, and gives a standing to those that have none yet."""
    facilities, enterprises = set(facilities) - {None}, set(enterprises) - {None}
    if facilities:
        known = Standing.objects.filter(facility__in=facilities)
        have = set(known.values_list("facility", flat=True))
        known.filter(stale=False).update(stale=True)
        _add(facility_standing(one) for one in Facility.objects.filter(pk__in=facilities - have))
    if enterprises:
        known = Standing.objects.filter(enterprise__in=enterprises, scope=Scope.ENTERPRISE)
        have = set(known.values_list("enterprise", flat=True))
        known.filter(stale=False).update(stale=True)
        _add(enterprise_standing(one) for one in Enterprise.objects.filter(pk__in=enterprises - have))


def stale_regions(regions: Iterable[str]) -> None:
    """Weather: the region itself, what lies in it, and every coloured or graded facility there."""
    for region in regions:
        Standing.objects.filter(within(region), stale=False).update(stale=True)
    _add(region_standing(one) for one in Region.objects.filter(code__in=set(regions)))


def _add(standings: Iterable[Standing]) -> None:
    Standing.objects.bulk_create(standings, BATCH, ignore_conflicts=True)


def facility_standing(one: Facility) -> Standing:
    return Standing(
        scope=Scope.FACILITY,
        subject=f"facility:{one.pk}",
        facility=one,
        enterprise_id=one.enterprise_id,
        title=one.name[:120],
        region=one.region,
        organisation=one.organisation,
    )


def enterprise_standing(one: Enterprise) -> Standing:
    return Standing(
        scope=Scope.ENTERPRISE,
        subject=f"enterprise:{one.pk}",
        enterprise=one,
        title=one.name[:120],
        region=one.region,
        organisation=one.code,
    )


def region_standing(one: Region) -> Standing:
    return Standing(scope=Scope.REGION, subject=f"region:{one.code}", title=one.name, region=one.code)
