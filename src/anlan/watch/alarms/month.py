"""A month of alarms judged after ISA-18.2 / IEC 62682 / EEMUA 191: sums made by the database, judged here.

The database answers with counts by minute, by rule and by level, however many alarms there were; the rest is
arithmetic on at most 44,640 numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.watch.alarms.policy import Bound, Policy
from anlan.watch.alarms.recording import minute_of
from anlan.watch.devices.models import Rule

TITLES = {
    "per_hour": _("每小时报警数"),
    "per_10_minutes": _("每十分钟报警数"),
    "per_day": _("每天报警数"),
    "busy_10_minutes": _("超过 10 条的十分钟占比（%）"),
    "busy_hours": _("超过 30 条的小时占比（%）"),
    "most_in_10_minutes": _("任一十分钟内最多"),
    "flood_time": _("洪泛时间占比（%）"),
    "top_ten_share": _("最频繁十条规则占比（%）"),
    "chattering": _("抖动的报警"),
    "fleeting": _("一闪而过的报警"),
    "stale": _("任一天长期报警（超过 24 小时）最多"),
    "unauthorised": _("未经授权的抑制"),
    "standing": _("月末仍在报警"),
    "shelved": _("月末搁置中"),
}
BUSY_10, BUSY_HOUR = 10, 30  # what ISA-18.2 calls a busy period


@dataclass(frozen=True)
class Figure:
    """One line of the table: the value beside what is held acceptable and manageable."""

    name: str
    value: float
    bound: Bound

    @property
    def title(self):
        return TITLES[self.name]

    @property
    def verdict(self) -> str:
        """good, fair (above what is acceptable) or bad (above what can be managed, or above the only bound)."""
        if self.bound.acceptable is None or self.value <= self.bound.acceptable:
            return "good"
        return "fair" if self.bound.most is not None and self.value <= self.bound.most else "bad"


@dataclass(frozen=True)
class Actor:
    """One rule at one point and its part in the load."""

    point: int
    rule: int
    title: str
    count: int
    share: float
    alarms: int
    chattered: int


@dataclass(frozen=True)
class Share:
    level: int
    count: int
    share: float
    target: float


@dataclass(frozen=True)
class Month:
    first: date
    total: int
    figures: list[Figure]
    actors: list[Actor]
    mix: list[Share]
    days: list[int]

    @property
    def too_much_red(self) -> bool:
        return bool(self.total) and self.mix[0].share > self.mix[0].target


def reckon(alarms: QuerySet, inhibitions: QuerySet, first: date, by: Policy, now: datetime) -> Month:
    """`alarms`: safety alarms this person sees; `first`: first day of the month; a running month goes until now."""
    start = timezone.make_aware(datetime(first.year, first.month, 1))
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    end = min(timezone.make_aware(datetime(following.year, following.month, 1)), now)
    shown = alarms.filter(
        minute__gte=minute_of(start), minute__lt=minute_of(end), annunciated_at__isnull=False
    ).order_by()
    minutes = _by_minute(shown, start, end)
    levels = dict(shown.values_list("level").annotate(count=Count("pk")))
    total = int(minutes.sum())
    actors, ten = _actors(shown)
    value = {
        **rates(minutes, by),
        "top_ten_share": ten,
        "chattering": shown.filter(chattered=True).count(),
        "fleeting": _fleeting(shown, by),
        "stale": _stale(alarms, start, end, by),
        "unauthorised": _unauthorised(inhibitions, start, end, by),
        "standing": _open_at(alarms, end),
        "shelved": inhibitions.filter(kind="shelved", since__lt=end)
        .filter(Q(ended_at=None) | Q(ended_at__gt=end))
        .count(),
    }
    return Month(
        first=first,
        total=total,
        figures=[Figure(name, round(float(value[name]), 2), by.bounds[name]) for name in TITLES],
        actors=actors,
        mix=[
            Share(level, levels.get(level, 0), 100 * levels.get(level, 0) / max(total, 1), by.of_level("mix", level))
            for level in (1, 2, 3, 4)
        ],
        days=[int(part.sum()) for part in np.split(minutes, range(1440, len(minutes), 1440))] if len(minutes) else [],
    )


def rates(minutes: np.ndarray, by: Policy) -> dict[str, float]:
    """Pure: the rates of a stretch of counts by minute, the first at a full hour of the region."""
    if not len(minutes):
        minutes = np.zeros(1, int)
    total, length = float(minutes.sum()), len(minutes)
    tens, hours = _together(minutes, 10), _together(minutes, 60)
    window = np.convolve(minutes, np.ones(10, int))[:length]  # of the ten minutes that end with this one
    return {
        "per_hour": total * 60 / length,
        "per_10_minutes": total * 10 / length,
        "per_day": total * 1440 / length,
        "busy_10_minutes": 100 * float((tens > BUSY_10).mean()),
        "busy_hours": 100 * float((hours > BUSY_HOUR).mean()),
        "most_in_10_minutes": float(window.max()),
        "flood_time": 100 * flooded(window, by["flood_start"], by["flood_end"]) / length,
    }


def flooded(window: np.ndarray, start: float, end: float) -> int:
    """Pure: how many minutes were flood, from above `start` until below `end`."""
    minutes, flood = 0, False
    for count in window.tolist():
        flood = count > start or (flood and count >= end)
        minutes += flood
    return minutes


def _together(minutes: np.ndarray, size: int) -> np.ndarray:
    """Sums of `size` neighbours; what is left at the end is one, too."""
    return np.add.reduceat(minutes, np.arange(0, len(minutes), size))


def _by_minute(shown: QuerySet, start: datetime, end: datetime) -> np.ndarray:
    begin = minute_of(start)
    minutes = np.zeros(max(minute_of(end) - begin, 0), int)
    counted = np.array(list(shown.values_list("minute").annotate(count=Count("pk"))), int).reshape(-1, 2)
    minutes[counted[:, 0] - begin] = counted[:, 1]
    return minutes


def _actors(shown: QuerySet, most: int = 20) -> tuple[list[Actor], float]:
    """The rules with the most activations, and the share of the first ten in per cent."""
    whole = shown.aggregate(count=Sum("activations"))["count"] or 0
    rows = (
        shown.values("point", "rule")
        .annotate(
            load=Sum("activations"), alarms=Count("pk"), chatter=Count("pk", filter=Q(chattered=True)), sample=Min("pk")
        )
        .order_by("-load", "point", "rule")[:most]
    )
    rows, kinds = list(rows), dict(Rule.Kind.choices)
    named = {
        pk: f"{device} {point} {kinds[kind]}"
        for pk, device, point, kind in shown.filter(pk__in=[row["sample"] for row in rows]).values_list(
            "pk", "device__name", "point__title", "kind"
        )
    }
    actors = [
        Actor(
            point=row["point"],
            rule=row["rule"],
            title=named[row["sample"]],
            count=row["load"],
            share=100 * row["load"] / whole,
            alarms=row["alarms"],
            chattered=row["chatter"],
        )
        for row in rows
    ]
    return actors, sum(actor.share for actor in actors[:10])


def _fleeting(shown: QuerySet, by: Policy) -> int:
    return shown.filter(
        active=False, activations=1, cleared_at__lt=F("raised_at") + by.seconds("fleeting_seconds")
    ).count()


def _stale(alarms: QuerySet, start: datetime, end: datetime, by: Policy) -> int:
    """The most that were active for longer than so many hours at the same time."""
    hours = timedelta(hours=by["stale_hours"])
    long = alarms.filter(raised_at__lt=end - hours).filter(
        Q(active=True) | Q(cleared_at__gte=start, cleared_at__gt=F("raised_at") + hours)
    )
    return together([(raised + hours, over or end) for raised, over in long.values_list("raised_at", "cleared_at")])


def together(spans: Sequence[tuple[datetime, datetime]]) -> int:
    """Pure: how many of these spans lie over one another at most; the end of one is no longer in it."""
    turns = sorted([(first, 1) for first, _last in spans] + [(last, -1) for _first, last in spans])
    most = count = 0
    for _at, turn in turns:
        count += turn
        most = max(most, count)
    return most


def _open_at(alarms: QuerySet, end: datetime) -> int:
    return alarms.filter(raised_at__lt=end).filter(Q(active=True) | Q(cleared_at__gte=end)).count()


def _unauthorised(inhibitions: QuerySet, start: datetime, end: datetime, by: Policy) -> int:
    """What holds or held back without the people, or for longer than, its level asks for. The desk allows none: a
    number above nought is a row that came another way."""
    rows = inhibitions.filter(since__gte=start, since__lt=end)
    alone = Q(kind="out_of_service") | Q(
        kind="shelved", level__in=[level for level in (1, 2, 3, 4) if by.of_level("shelve_people", level) > 1]
    )
    found = rows.filter(alone, in_force=True, agreed_by=None).count()
    for level in (1, 2, 3, 4):
        ceiling = timedelta(hours=by.of_level("shelve_hours", level), minutes=1)
        found += rows.filter(kind="shelved", level=level, until__gt=F("since") + ceiling).count()
    return found
