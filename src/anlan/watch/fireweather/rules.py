"""What is decided about a day's fire weather, purely: when noon is, which readings are its weather, what it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from statistics import fmean

from anlan.standards.citing import Text
from anlan.standards.fire_weather import fwi
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding
from anlan.watch.fireweather.policy import WEATHER, Policy

# What a point's unit is multiplied by to give °C, %, km/h and mm, in which the index is reckoned.
UNITS = {
    "temperature": {"Cel": 1.0},
    "humidity": {"%": 1.0},
    "wind": {"km/h": 1.0, "m/s": 3.6},
    "rain": {"mm": 1.0, "cm": 10.0},
}
SAID = {
    "temperature": (Text("正午气温", "temperature at noon"), "Cel"),
    "humidity": (Text("正午相对湿度", "relative humidity at noon"), "%"),
    "wind": (Text("正午风速", "wind at noon"), "km/h"),
    "rain": (Text("正午前24小时雨量", "rain of the 24 hours before noon"), "mm"),
}
UNUSABLE = "weather"  # readings there are, but no weather is like that
REPAIRED = "maintenance"

type Rows = Sequence[tuple[datetime, float]]


@dataclass(frozen=True)
class Reading:
    """One quantity at noon, in the unit of the index; `at` is when it was measured (the last, of a mean)."""

    value: float
    at: datetime


@dataclass(frozen=True)
class Before:
    """The codes F, P, D that a day begins with, and whose they are; no day: those of the start."""

    day: date | None = None
    codes: tuple[float, float, float] = fwi.START


@dataclass(frozen=True)
class Reckoned:
    """A day with its indices and the reasons; or without, and what is lacking."""

    found: fwi.Day | None = None
    finding: Finding | None = None
    lacking: tuple[str, ...] = ()

    @property
    def danger(self) -> str:
        return fwi.danger(self.found.fwi).code if self.found else ""


def noon(day: date, zone: tzinfo, hour: float = 12) -> datetime:
    """The instant of noon in local standard time: with summer time the clocks show an hour more."""
    at = datetime.combine(day, time(), zone) + timedelta(hours=hour)
    at += at.dst() or timedelta()
    return at.astimezone(UTC)


def weather(rows: Mapping[str, Rows], units: Mapping[str, str], at: datetime, by: Policy) -> dict[str, Reading | None]:
    """What each quantity was at noon: the reading nearest to it, of wind the mean of the minutes before where there is
    one. None for what was not measured then, or in a unit nobody knows."""
    found = {}
    for name in WEATHER:
        factor = UNITS[name].get(units.get(name, ""))
        near = [row for row in rows.get(name, ()) if at - by.minutes("before_minutes") <= row[0]]
        near = [row for row in near if row[0] <= at + by.minutes("after_minutes")]
        if factor is None or not near:
            found[name] = None
            continue
        just = [row for row in near if at - by.minutes("wind_minutes") < row[0] <= at] if name == "wind" else []
        if just:
            found[name] = Reading(fmean(value for _, value in just) * factor, just[-1][0])
        else:
            when, value = min(near, key=lambda row: (abs(row[0] - at), row[0]))
            found[name] = Reading(value * factor, when)
    return found


def carried(last: Before | None, day: date, gap_days: float) -> Before:
    """The codes of the last day that has any, unless that is too long ago: then those of the start."""
    fresh = last is not None and last.day is not None and 0 < (day - last.day).days <= gap_days
    return last if fresh else Before()


def reckoned(day: date, measured: Mapping[str, Reading | None], before: Before, zone: tzinfo = UTC) -> Reckoned:
    """The day's indices, the readings' instants as people of the zone say them. Nothing stands for what is lacking."""
    lacking = tuple(name for name in WEATHER if measured.get(name) is None)
    if lacking:
        return Reckoned(lacking=lacking)
    given = (measured[name] for name in WEATHER)
    month, values = day.month, [reading.value for reading in given]
    try:
        found, finding = fwi.day(month, *values, before.codes), fwi.of_day(month, *values, before.codes)
    except OutsideTable:
        return Reckoned(lacking=(UNUSABLE,))
    reasons = (*finding.because, *(_said(name, measured[name], zone) for name in WEATHER), _begun(before))
    return Reckoned(found, Finding(finding.value, finding.rule, finding.clause, because=reasons))


def _said(name: str, reading: Reading, zone: tzinfo) -> Finding:
    words, unit = SAID[name]
    return Finding(
        round(reading.value, 3), words, inputs={"at": f"{reading.at.astimezone(zone):%m-%d %H:%M}"}, unit=unit
    )


def _begun(before: Before) -> Finding:
    """Whose codes the day began with, and which they were."""
    codes = {name: round(code, 3) for name, code in zip(("FFMC", "DMC", "DC"), before.codes, strict=True)}
    said = START if before.day is None else before.day.isoformat()
    return Finding(said, Text("湿度码接自", "carries on the codes of"), inputs=codes)


START = Text("起始值（此前没有可接的日子）", "the start: there is no day before to carry on")
