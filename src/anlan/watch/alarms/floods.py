"""Floods: more new alarms in ten minutes than one operator can follow. Seen within seconds, kept as rows.

A position is a district's desk (the first six digits of the region) or an enterprise's own. A flood begins above so
many new alarms in ten minutes and ends when there are fewer than so many; the first alarm of it stays named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.utils import timezone

from anlan.desk.access.standing import narrow, own_organisations
from anlan.desk.notices.live import announce
from anlan.watch.alarms.models import Alarm, Flood
from anlan.watch.alarms.policy import Policy, policy

WINDOW = timedelta(minutes=10)
DISTRICT = 6  # digits of a division code


@dataclass(frozen=True)
class Position:
    """Whose desk: `organisation` "" is the district's own."""

    region: str
    organisation: str = ""


def begins(count: int, by: Policy) -> bool:
    return count > by["flood_start"]


def goes_on(count: int, by: Policy) -> bool:
    return count >= by["flood_end"]


def look(now: datetime) -> int:
    """Begins and ends floods by what was shown in the last ten minutes. Answers how many are going on."""
    by = policy(timezone.localdate(now))
    counts = _counts(now)
    with transaction.atomic():
        known = {Position(flood.region, flood.organisation): flood for flood in Flood.objects.filter(ended_at=None)}
        for position, flood in known.items():
            _follow(flood, counts.get(position, 0), by, now)
        for position, count in counts.items():
            if position not in known and begins(count, by):
                _begin(position, count, now)
        return Flood.objects.filter(ended_at=None).count()


def _counts(now: datetime) -> dict[Position, int]:
    """Alarms first shown within the window, by position: two questions over one index."""
    shown = _shown(now)
    found = {}
    for region, count in (
        shown.annotate(district=Substr("region", 1, DISTRICT)).values_list("district").annotate(count=Count("pk"))
    ):
        found[Position(region)] = count
    of_enterprises = shown.exclude(organisation="").values_list("region", "organisation").annotate(count=Count("pk"))
    for region, organisation, count in of_enterprises:
        found[Position(region, organisation)] = count
    return found


def _shown(now: datetime):
    return Alarm.objects.filter(health=False, annunciated_at__gt=now - WINDOW, annunciated_at__lte=now).order_by()


def _begin(position: Position, count: int, now: datetime) -> None:
    first = _of(_shown(now), position).order_by("raised_at", "pk").first()
    Flood.objects.get_or_create(
        region=position.region,
        organisation=position.organisation,
        ended_at=None,
        defaults={"started_at": now, "first": first, "alarms": count, "peak": count},
    )
    announce("alarms", [], position.region, position.organisation)


def _follow(flood: Flood, count: int, by: Policy, now: datetime) -> None:
    position = Position(flood.region, flood.organisation)
    if not goes_on(count, by):
        flood.ended_at = now
        flood.save(update_fields=["ended_at"])
        announce("alarms", [], flood.region, flood.organisation)
    elif count > flood.peak:
        since = flood.started_at - WINDOW
        flood.peak = count
        flood.alarms = _of(Alarm.objects.filter(health=False, annunciated_at__gt=since), position).count()
        flood.save(update_fields=["peak", "alarms"])


def _of(alarms, position: Position):
    if position.organisation:
        return alarms.filter(organisation=position.organisation, region=position.region)
    return alarms.filter(region__startswith=position.region)


def going_on(user) -> Iterable[Flood]:
    """The floods of a person's own desk: the enterprise's for its people, the districts' for the others."""
    own = own_organisations(user, "alarms.see")
    floods = narrow(user, "alarms.see", Flood.objects.filter(ended_at=None).select_related("first"))
    return list(floods.filter(~Q(organisation="") if own else Q(organisation="")).order_by("started_at")[:5])
