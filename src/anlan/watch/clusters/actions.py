"""The verb `look`: clusters begin, grow and end by the alarms that people are shown now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from anlan.desk.audit.context import acting
from anlan.desk.layers.shapes import Circle
from anlan.desk.notices.live import announce
from anlan.watch.alarms.models import Alarm
from anlan.watch.clusters.announcements import clusters_moved
from anlan.watch.clusters.area_rules import AreaRule, Seen, area_rules, clusters
from anlan.watch.clusters.models import Cluster
from anlan.watch.clusters.rules import middle, owner_of_all, region_of_all

LATE = timedelta(minutes=10)
"""An alarm may reach the desk so long after it was raised and still count with those of its time."""
FIELDS = ("pk", "device", "device__profile", "kind", "raised_at", "lon", "lat", "region", "organisation")


@dataclass(frozen=True)
class _Shown:
    """An alarm as far as clusters need to know it."""

    pk: int
    device: int
    profile: str
    kind: str
    raised_at: datetime
    lon: float
    lat: float
    region: str
    organisation: str


def look(now: datetime) -> int:
    """Answers how many clusters began. Safe to run twice: an alarm is in one cluster of a rule at most."""
    rules = area_rules()
    if not rules:
        return 0
    longest = max(rule.window for rule in rules)
    shown = Alarm.objects.filter(
        annunciated_at__gt=now - longest - LATE, health=False, held="", lon__isnull=False, lat__isnull=False
    )
    alarms = [_Shown(*row) for row in shown.order_by().values_list(*FIELDS)]
    with transaction.atomic(), acting("clusters"):
        running = defaultdict(list)
        for one in Cluster.objects.filter(ended_at=None).order_by("pk"):
            running[one.rule].append(one)
        begun = [one for rule in rules for one in _follow(rule, alarms, running[rule.code], now)]
        windows = {rule.code: rule.window for rule in rules}
        going_on = chain.from_iterable(running.values())
        ended = _ended([one for one in going_on if now - one.last_at >= windows.get(one.rule, LATE)], now)
        if begun or ended:
            clusters_moved.send(sender=Cluster, begun=begun, ended=ended)
        for one in (*begun, *ended):
            announce("clusters", [one.pk], one.region, one.organisation)
    return len(begun)


def _follow(rule: AreaRule, alarms: list[_Shown], running: list[Cluster], now: datetime) -> list[Cluster]:
    """Clusters of this rule that are found anew; those going on take in what is new to them."""
    of_rule = [one for one in alarms if rule.counts(one.profile, one.kind)]
    if len(of_rule) < rule.count:
        return []
    found = [[of_rule[at] for at in numbers] for numbers in clusters(_columns(of_rule), rule)]
    if not found:
        return []
    members = Cluster.alarms.through.objects
    held = defaultdict(set)
    for cluster, alarm in members.filter(
        cluster__rule=rule.code, alarm__in=[one.pk for group in found for one in group]
    ).values_list("cluster", "alarm"):
        held[cluster].add(alarm)
    begun = []
    for group in found:
        numbers = {one.pk for one in group}
        known = [cluster for cluster, alarms_ in held.items() if alarms_ & numbers]
        going_on = next((one for one in running if one.pk in known), None)
        if going_on:
            _grow(going_on, rule, group, numbers - held[going_on.pk])
        elif not known:
            begun.append(_begin(rule, group, now))
    return begun


def _columns(alarms: Iterable[_Shown]) -> Seen:
    rows = [(one.device, one.raised_at.timestamp(), one.lon, one.lat) for one in alarms]
    return Seen(*np.array(rows, dtype=float).T)


def _begin(rule: AreaRule, group: list[_Shown], now: datetime) -> Cluster:
    one = Cluster(rule=rule.code, level=rule.level, metres=rule.metres, found_at=now, first_at=group[0].raised_at)
    one.title = _("%(rule)s：%(metres)g 米内 %(count)d 台设备报警") % {
        "rule": rule.title,
        "metres": rule.metres,
        "count": len({alarm.device for alarm in group}),
    }
    one.region = region_of_all(alarm.region for alarm in group)
    one.organisation = owner_of_all(alarm.organisation for alarm in group)
    _place(one, group)
    one.save()
    one.alarms.set(alarm.pk for alarm in group)
    return one


def _grow(one: Cluster, rule: AreaRule, group: list[_Shown], new: set[int]) -> None:
    if not new:
        return
    _place(one, group)
    one.save()
    one.alarms.add(*new)
    announce("clusters", [one.pk], one.region, one.organisation)


def _place(one: Cluster, group: list[_Shown]) -> None:
    one.last_at = group[-1].raised_at
    one.devices = max(one.devices or 0, len({alarm.device for alarm in group}))
    one.lon, one.lat = middle([(alarm.lon, alarm.lat) for alarm in group])
    outline = Circle(one.lon, one.lat, one.metres).outline
    one.geometry = mapping(outline)
    one.west, one.south, one.east, one.north = outline.bounds


def _ended(quiet: list[Cluster], now: datetime) -> list[Cluster]:
    """No more come, and all that came are over."""
    lasting = set(Cluster.objects.filter(pk__in=[one.pk for one in quiet], alarms__active=True).values_list("pk"))
    over = [one for one in quiet if (one.pk,) not in lasting]
    for one in over:
        one.ended_at = now
    Cluster.objects.bulk_update(over, ["ended_at"])
    return over
