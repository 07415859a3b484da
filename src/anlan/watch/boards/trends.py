"""The past of points as a chart needs it: rows down-sampled by the archive, with limits, alarms and cases on it."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db.models import Q, QuerySet

from anlan.desk.cases.models import Case
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices import past
from anlan.watch.devices.models import Point, Rule

MOST_POINTS = 6  # more curves cannot be told apart
MOST_MARKS = 200
COLUMNS = ("point", "ts", "low", "mean", "high", "count", "quality")


def chosen(points: QuerySet[Point], text: str) -> list[Point]:
    """The points of a list of numbers, those only that may be seen, in the order given."""
    numbers = list(dict.fromkeys(int(part) for part in text.split(",") if part.isascii() and part.isdigit()))
    found = points.select_related("device").in_bulk(numbers[:MOST_POINTS])
    return [found[number] for number in numbers if number in found]


def read(points: Sequence[Point], start: datetime, end: datetime, rows: int) -> dict[str, np.ndarray]:
    columns = past.read(points, start, end, rows)
    return {name: columns[name] for name in COLUMNS}


def limits(points: Sequence[Point]) -> list[dict]:
    """The limits in force of these points' own readings: lines on the chart, each with its level and source."""
    rules = Rule.objects.filter(point__in=points, enabled=True, of=Rule.Of.VALUE, limit__isnull=False)
    return [
        {
            "point": rule.point_id,
            "kind": rule.kind,
            "title": str(rule.get_kind_display()),
            "limit": rule.limit,
            "level": rule.level,
            "source": rule.source,
        }
        for rule in rules.order_by("limit", "pk")
    ]


def alarms(rows: QuerySet[Alarm], points: Sequence[Point], start: datetime, end: datetime) -> list[Alarm]:
    """What was active at any moment between start and end, the newest first."""
    within = Q(raised_at__lt=end) & (Q(cleared_at__gte=start) | Q(active=True))
    return list(rows.filter(within, point__in=points).order_by("-raised_at")[:MOST_MARKS])


def cases(rows: QuerySet[Case], found: Sequence[Alarm]) -> list[Case]:
    """The warnings those alarms opened or joined."""
    return list(rows.filter(pk__in={alarm.case_id for alarm in found if alarm.case_id}).order_by("opened_at"))


def marks(seen: QuerySet[Alarm], opened: QuerySet[Case], points: Sequence[Point], start, end) -> dict:
    """Everything that lies on the chart, in plain values."""
    found = alarms(seen, points, start, end)
    return {
        "limits": limits(points),
        "alarms": [
            {
                "title": one.title,
                "level": one.level,
                "point": one.point_id,
                "from": _ms(one.raised_at),
                "to": _ms(one.cleared_at) if one.cleared_at else None,
                "url": f"/alarms/{one.pk}/",
            }
            for one in found
        ],
        "cases": [
            {
                "title": f"{case.number} {case.title}",
                "level": case.level,
                "from": _ms(case.opened_at),
                "to": _ms(case.closed_at) if case.closed_at else None,
                "url": f"/cases/{case.pk}/",
            }
            for case in cases(opened, found)
        ],
    }


def neighbours(points: QuerySet[Point], point: Point) -> list[Point]:
    """What one would lay beside it: the other points of the device and of its facility."""
    near = Q(device=point.device_id)
    if point.device.facility_id:
        near |= Q(device__facility=point.device.facility_id)
    others = points.filter(near).exclude(pk=point.pk)
    return list(others.select_related("device").order_by("device", "pk")[:40])


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
