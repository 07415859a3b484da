"""The verb `reckon`: days whose noon has passed get their index, from the archive.

A day without index is looked at again as long as late readings may come; one that gets it then makes the days after it
new, for their codes rest on it. Safe to repeat: what is known already is not read again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from anlan.columns.readings import Quality
from anlan.desk.notices.live import announce
from anlan.telemetry.archive.history import MOST_POINTS, History
from anlan.watch.devices.models import Device, Point
from anlan.watch.fireweather.models import INDICES, FireWeather
from anlan.watch.fireweather.policy import WEATHER, Policy, policy
from anlan.watch.fireweather.rules import (
    REPAIRED,
    Before,
    Reading,
    Reckoned,
    Rows,
    carried,
    noon,
    reckoned,
    weather,
)

ROWS = 100_000  # readings of one point around noon: more than once in 50 ms


def last_day(now: datetime) -> date:
    """The latest day whose noon is so long over that its readings should be in the archive."""
    today = timezone.localdate(now)
    by = policy(today)
    over = now >= noon(today, timezone.get_current_timezone(), by["noon_hour"]) + by.minutes("wait_minutes")
    return today if over else today - timedelta(days=1)


def reckon(now: datetime, history: History) -> list[FireWeather]:
    """Reckons what is due of all stations. Answers the rows that changed."""
    last = last_day(now)
    by = policy(last)
    days = [last - timedelta(days=back) for back in range(int(by["late_days"]), -1, -1)]
    stations = list(Device.objects.filter(profile__in=by.stations).exclude(status=Device.Status.RETIRED).order_by("pk"))
    known = _known(stations, days[0] - timedelta(days=int(by["gap_days"])))
    due = {device.pk: _due(known[device.pk], days) for device in stations}
    read = _read(history, by, [device for device in stations if due[device.pk]], due)
    changed = []
    for device in stations:
        if due[device.pk]:
            changed += _station(device, known[device.pk], due[device.pk], days, read, by)
    return changed


def _known(stations: Iterable[Device], since: date) -> dict[int, dict[date, FireWeather]]:
    found: dict[int, dict[date, FireWeather]] = defaultdict(dict)
    for row in FireWeather.objects.filter(device__in=stations, day__gte=since).order_by("day"):
        found[row.device_id][row.day] = row
    return found


def _due(known: Mapping[date, FireWeather], days: list[date]) -> set[date]:
    """The days to read: since the station's first row all that have no index for want of readings; all of a new one."""
    first = min(known, default=days[0])
    return {
        day
        for day in days
        if day >= first and (day not in known or (known[day].fwi is None and known[day].lacking != REPAIRED))
    }


type Measured = dict[tuple[int, date], dict[str, Reading | None]]


def _read(history: History, by: Policy, stations: list[Device], due: Mapping[int, set[date]]) -> Measured:
    """The weather at noon of each station and due day: one question a day for up to fifty stations."""
    points: dict[int, dict[str, Point]] = defaultdict(dict)
    for point in Point.objects.filter(device__in=stations):
        points[point.device_id][point.key] = point
    found: Measured = {}
    many = MOST_POINTS // len(WEATHER)
    for day in sorted(set().union(*due.values())) if due else ():
        asked = [device for device in stations if day in due[device.pk]]
        for at in range(0, len(asked), many):
            found |= _of_day(history, by, day, asked[at : at + many], points)
    return found


def _of_day(history: History, by: Policy, day: date, stations: list[Device], points) -> Measured:
    at = noon(day, timezone.get_current_timezone(), by["noon_hour"])
    wanted = {
        device.pk: {
            name: points[device.pk][key]
            for name, key in by.stations[device.profile].items()
            if name in WEATHER and key in points[device.pk]
        }
        for device in stations
    }
    numbers = [point.pk for of_device in wanted.values() for point in of_device.values()]
    start, end = at - by.minutes("before_minutes"), at + by.minutes("after_minutes") + timedelta(seconds=1)
    rows = fit_rows(history, numbers, start, end)
    return {
        (number, day): weather(
            {name: rows.get(point.pk, ()) for name, point in of_device.items()},
            {name: point.unit for name, point in of_device.items()},
            at,
            by,
        )
        for number, of_device in wanted.items()
    }


def fit_rows(history: History, points: list[int], start: datetime, end: datetime) -> dict[int, Rows]:
    """The readings of each point that nothing speaks against, in order of time."""
    page = history.read(points, start, end, ROWS)
    found: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    for point, ts, value, quality in zip(page["point"], page["ts"], page["mean"], page["quality"], strict=True):
        if quality == Quality.GOOD:
            found[int(point)].append((datetime.fromtimestamp(int(ts) / 1e6, UTC), float(value)))
    return found


@transaction.atomic
def _station(device, known: dict[date, FireWeather], due: set[date], days, read: Measured, by: Policy) -> list:
    """One station's days in order: what is due anew, and what comes after a day that changed."""
    earlier = [row.codes() for day, row in sorted(known.items()) if day < days[0] and row.fwi is not None]
    before: Before | None = earlier[-1] if earlier else None
    changed: list[FireWeather] = []
    for day in days:
        row = known.get(day)
        if day in due:
            under_repair = device.status == Device.Status.MAINTENANCE and day == days[-1]
            measured = {} if under_repair else read[device.pk, day]
            found = Reckoned(lacking=(REPAIRED,)) if under_repair else None
        elif row is not None and row.fwi is not None and changed:
            measured, found = row.measured(), None
        else:
            before = (row and row.codes()) or before
            continue
        begun = carried(before, day, by["gap_days"])
        found = found or reckoned(day, measured, begun, timezone.get_current_timezone())
        if found.lacking and not known and not changed and day != days[-1]:
            continue  # before the station's first day there is nothing to say
        row = _write(device, day, row, measured, found, begun, changed)
        before = row.codes() or before
    if changed:
        announce(
            "fireweather",
            [row.pk for row in changed],
            device.region,
            device.organisation,
            permission="devices.see",
        )
    return changed


def _write(device, day: date, row: FireWeather | None, measured, found: Reckoned, begun: Before, changed: list):
    """The day's row; written, and among the changed, when it says something else than before."""
    there = {name: reading for name, reading in measured.items() if reading is not None}
    values = {name: there[name].value if name in there else None for name in WEATHER}
    values |= {name: getattr(found.found, name) if found.found else None for name in INDICES}
    values |= {"danger": found.danger, "lacking": ",".join(found.lacking)}
    values["carried_from"] = begun.day if found.found else None
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    values["measured_at"] = {name: reading.at.isoformat() for name, reading in there.items()}
    values["explanation"] = found.finding.as_dict() if found.finding else {}
    fresh, _new = FireWeather.objects.update_or_create(device=device, day=day, defaults=values | {"told_at": None})
    changed.append(fresh)
    return fresh
