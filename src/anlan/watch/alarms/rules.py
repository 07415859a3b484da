"""What is decided about alarms, purely: how an event of the pipeline changes the row."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

UPPER = {"H", "HH"}
CAUSES = {
    "real": _("真实险情"),
    "operation": _("正常作业引起"),
    "maintenance": _("检修、标定引起"),
    "fault": _("设备故障"),
    "unknown": _("原因待查"),
}


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
        )


def instant(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def about_sensor(kind: str, health_point: bool) -> bool:
    """Silence, or a point such as battery or signal: it tells about the sensor, not about a danger (UX 5.1)."""
    return kind == "SILENCE" or health_point


def worst(kind: str, known: float | None, value: float | None) -> float | None:
    """The value farthest beyond the limit so far."""
    if known is None or value is None:
        return value if known is None else known
    return max(known, value) if kind in UPPER else min(known, value)


def title(device: str, point: str, kind_title: str, value: float | None, unit: str) -> str:
    if value is None:
        return f"{device} {point} {kind_title}"
    return f"{device} {point} {kind_title} {value:g} {unit}".strip()
