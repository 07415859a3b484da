"""What is decided about alarms, purely: how an event of the pipeline changes the row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.watch.alarms.conditions import INHIBITIONS

UPPER = {"H", "HH"}
CAUSES = {
    "real": _("真实险情"),
    "operation": _("正常作业引起"),
    "maintenance": _("检修、标定引起"),
    "fault": _("设备故障"),
    "unknown": _("原因待查"),
}
# Why somebody shelves an alarm or takes it out of service. None of them is "it disturbs".
REASONS = {
    "maintenance": _("检修、标定"),
    "startup": _("开停车"),
    "operation": _("作业期间"),
    "fault": _("仪表故障，已报修"),
    "known": _("已知并在处置"),
    "other": _("其他（须写明）"),
}
# What can be wrong with a sensor (UX 5.1): its own tab, never among safety alarms.
TROUBLES = {
    "offline": _("离线"),
    "stuck": _("读数不变"),
    "range": _("超出量程"),
    "chatter": _("抖动"),
    "other": _("自身状态"),
}
SPANS = {"15m": timedelta(minutes=15), "1h": timedelta(hours=1), "8h": timedelta(hours=8)}


@dataclass(frozen=True, kw_only=True)
class Event:
    """One transition of an episode, as the rule worker published it."""

    episode: UUID
    transition: str  # raised, worsened, eased, cleared
    rule: int
    point: int
    kind: str
    level: int
    value: float | None
    limit: float | None
    at: datetime
    raised_at: datetime
    received_at: datetime
    count: int = 1
    reason: str = ""
    of: str = "VALUE"

    @classmethod
    def read(cls, fields: dict) -> "Event":
        return cls(
            episode=UUID(fields["episode"]),
            transition=fields["transition"],
            rule=fields["rule"],
            point=fields["point"],
            kind=fields["kind"],
            level=fields["level"],
            value=fields.get("value"),
            limit=fields.get("limit"),
            at=instant(fields["ts"]),
            raised_at=instant(fields["raised_ts"]),
            received_at=instant(fields["received_ts"]),
            count=fields.get("count", 1),
            reason=fields.get("reason", ""),
            of=fields.get("of", "VALUE"),
        )


def instant(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def about_sensor(kind: str, of: str, health_point: bool) -> bool:
    """Silence, a value that does not move or cannot be, or a point such as battery or signal: it tells about the
    sensor, not about a danger (UX 5.1)."""
    return health_point or trouble(kind, of, False, False) != ""


def trouble(kind: str, of: str, health: bool, chatter: bool) -> str:
    """What is wrong with the sensor itself, a key of TROUBLES, or ""."""
    if kind == "SILENCE":
        return "offline"
    if of == "RANGE":
        return "range"
    if of == "SPREAD" and kind not in UPPER:  # it moves less than anything real does
        return "stuck"
    if chatter:
        return "chatter"
    return "other" if health else ""


def chatters(times: Sequence[float], count: int, seconds: float) -> bool:
    """Do the last `count` activations (seconds since 1970, in order) lie within so many seconds?"""
    return len(times) >= count and times[-1] - times[-count] <= seconds


def same_alarm(cleared_at: datetime | None, raised_at: datetime, again: timedelta) -> bool:
    """An activation so soon after the last one ended is the same alarm again."""
    return cleared_at is not None and raised_at - cleared_at <= again


# States of a device in which its alarms say nothing, by design, and how the desk calls them.
DESIGNED = {"startup": _("开停车"), "maintenance": _("检修")}


@dataclass(frozen=True)
class Hold:
    """What holds an alarm back: a key of conditions.INHIBITIONS, or "" for nothing, and the reason."""

    kind: str = ""
    why: Any = ""


def held_by(inhibitions: Iterable, point: int, rule: int, status: str, at: datetime) -> Hold:
    """What holds an alarm of this point and rule back now. The strongest wins.

    `inhibitions`: those of the device that are in force; `at` in the region's zone, for the hours of the calendar.
    """
    found = {
        one.kind: f"{REASONS.get(one.reason, one.reason)} {one.words}".strip()
        for one in inhibitions
        if one.point_id in (None, point) and one.rule in (None, rule) and _now(one, at)
    }
    if status in DESIGNED:
        found["suppressed"] = DESIGNED[status]
    return next((Hold(kind, found[kind]) for kind in INHIBITIONS if kind in found), Hold())


def _now(one, at: datetime) -> bool:
    if one.since > at or (one.until is not None and one.until <= at):
        return False
    clock = at.strftime("%H:%M")
    return not one.hours or any(day == at.weekday() and first <= clock < last for day, first, last in one.hours)


def worst(kind: str, known: float | None, value: float | None) -> float | None:
    """The value farthest beyond the limit so far."""
    if known is None or value is None:
        return value if known is None else known
    return max(known, value) if kind in UPPER else min(known, value)


def figure(value: float) -> str:
    """Four digits at most of what has a fraction, all of what has none to speak of: 92.88, 12346."""
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"


def title(device: str, point: str, kind_title: str, value: float | None, unit: str) -> str:
    if value is None:
        return f"{device} {point} {kind_title}"
    return f"{device} {point} {kind_title} {figure(value)} {unit}".strip()
