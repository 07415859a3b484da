"""The verb `tell`: the newest index of a station becomes a reading of its own point, so the pack's rules on it alarm.

A station that says its index itself is believed: ours is shown beside it and goes no further.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from anlan.columns.readings import Quality, Readings, readings
from anlan.telemetry.archive.history import MOST_POINTS, History
from anlan.watch.devices.models import Point
from anlan.watch.fireweather.models import FireWeather
from anlan.watch.fireweather.policy import policy
from anlan.watch.fireweather.reckoning import fit_rows, last_day
from anlan.watch.fireweather.rules import noon

OWN = timedelta(days=2)
"""Whoever said an index within this time says it himself."""


def tell(now: datetime, history: History, put: Callable[[Readings], None]) -> int:
    """Gives what was not told yet to `put`, which answers when it is safe. How many that were."""
    day = last_day(now)
    waiting = FireWeather.objects.filter(day=day, told_at=None, fwi__isnull=False)
    points = _points(waiting.select_related("device"))
    own = _own(points, day, now, history)
    rows = {point: row for row, point in points if point.pk not in own}
    if not rows:
        return 0
    put(_as_readings(rows))
    return FireWeather.objects.filter(pk__in=[row.pk for row in rows.values()]).update(told_at=now)


def _points(rows: Iterable[FireWeather]) -> list[tuple[FireWeather, Point]]:
    """Each row with the point its index is a reading of; those whose station has none are left out."""
    rows = list(rows)
    stations = policy(rows[0].day).stations if rows else {}
    keys = {row.device_id: stations.get(row.device.profile, {}).get("fwi") for row in rows}
    points = Point.objects.filter(device__in=keys, key__in=set(filter(None, keys.values())))
    found = {point.device_id: point for point in points if point.key == keys[point.device_id]}
    return [(row, found[row.device_id]) for row in rows if row.device_id in found]


def _own(points: list[tuple[FireWeather, Point]], day, now: datetime, history: History) -> set[int]:
    """Points that have lately got a reading that is not one of ours."""
    ours = set(
        FireWeather.objects.filter(device__in=[row.device_id for row, _ in points], told_at__isnull=False).values_list(
            "device", "day"
        )
    )
    by, zone, found = policy(day), timezone.get_current_timezone(), set()
    numbers = {point.pk: row.device_id for row, point in points}
    for at in range(0, len(points), MOST_POINTS):
        part = [point.pk for _, point in points[at : at + MOST_POINTS]]
        for point, said in fit_rows(history, part, now - OWN, now + timedelta(minutes=1)).items():
            told = {noon(one, zone, by["noon_hour"]) for device, one in ours if device == numbers[point]}
            if any(when not in told for when, _ in said):
                found.add(point)
    return found


def _as_readings(rows: dict[Point, FireWeather]) -> Readings:
    zone = timezone.get_current_timezone()
    ordered = sorted(rows.items(), key=lambda one: one[0].pk)
    at = [round(noon(row.day, zone, policy(row.day)["noon_hour"]).timestamp() * 1e6) for _, row in ordered]
    quality = [Quality.GOOD if _within(point, row.fwi) else Quality.OUT_OF_RANGE for point, row in ordered]
    return readings([point.pk for point, _ in ordered], at, [row.fwi for _, row in ordered], quality)


def _within(point: Point, value: float) -> bool:
    return (point.low is None or value >= point.low) and (point.high is None or value <= point.high)
