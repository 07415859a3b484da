"""The board of one facility: every point with value, age, state and where it stands between its limits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from anlan import packs
from anlan.know.facilities.models import Facility
from anlan.watch.alarms.models import Alarm
from anlan.watch.boards.scales import Scale, scale
from anlan.watch.devices.latest import Latest, latest
from anlan.watch.devices.models import Device, Point, Rule

MOST = 300
USUAL = 60  # seconds between two readings where no pack says otherwise


@dataclass(frozen=True)
class Row:
    """One point as the board first shows it."""

    point: Point
    limits: tuple[Rule, ...]
    scale: Scale
    every: int
    latest: Latest | None
    level: int | None  # of the gravest active alarm

    @property
    def at(self) -> int:
        """Milliseconds since 1970 of the reading; 0 when there is none."""
        return round(self.latest.at.timestamp() * 1000) if self.latest else 0


@dataclass(frozen=True)
class Board:
    rows: list[Row]
    answered: bool
    cut: bool


def points_of(seen: QuerySet[Point], facility: Facility) -> list[Point]:
    """The points of the facility and of the facilities that are part of it, in the order of their devices."""
    places = Facility.objects.filter(pk=facility.pk) | Facility.objects.filter(parent=facility)
    return list(
        seen.filter(device__facility__in=places.values("pk"))
        .exclude(device__status=Device.Status.RETIRED)
        .select_related("device")
        .order_by("device__name", "device", "pk")[: MOST + 1]
    )


def board(seen: QuerySet[Point], alarms: QuerySet[Alarm], facility: Facility) -> Board:
    points = points_of(seen, facility)
    shown = points[:MOST]
    known = latest(point.pk for point in shown)
    levels, limits = levels_of(alarms, shown), _limits(shown)
    rows = [
        Row(
            point,
            tuple(limits[point.pk]),
            scale(point.low, point.high, [(rule.kind, rule.limit, rule.level) for rule in limits[point.pk]]),
            every(point.device.profile),
            (known or {}).get(point.pk),
            levels.get(point.pk),
        )
        for point in shown
    ]
    return Board(rows, known is not None, len(points) > MOST)


def changes(points: Sequence[Point], alarms: QuerySet[Alarm], since: int) -> dict:
    """What is newer than `since` (ms), and the alarms now: the browser is never sent what it has."""
    known = latest(point.pk for point in points)
    if known is None:
        return {"answered": False, "values": [], "alarms": levels_of(alarms, points)}
    values = [
        [number, one.value, round(one.at.timestamp() * 1000), one.quality]
        for number, one in known.items()
        if one.at.timestamp() * 1000 > since
    ]
    return {"answered": True, "values": values, "alarms": levels_of(alarms, points)}


def levels_of(alarms: QuerySet[Alarm], points: Sequence[Point]) -> dict[int, int]:
    """The gravest active alarm of each point that has one."""
    rows = alarms.filter(point__in=points, active=True).order_by("-level").values_list("point", "level")
    return dict(rows)


def _limits(points: Sequence[Point]) -> dict[int, list[Rule]]:
    found: dict[int, list[Rule]] = defaultdict(list)
    rules = Rule.objects.filter(point__in=points, enabled=True, of=Rule.Of.VALUE, limit__isnull=False)
    for rule in rules.order_by("limit", "pk"):
        found[rule.point_id].append(rule)
    return found


@cache
def every(profile: str) -> int:
    """Seconds between two readings of such a device, as its pack says."""
    entry = packs.section("profiles").get(profile, {})
    if "every" in entry:
        return int(entry["every"])
    kind = entry.get("class")
    return int(packs.section("device_classes")[kind]["every"]) if kind else USUAL
