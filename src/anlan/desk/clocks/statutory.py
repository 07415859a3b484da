"""Statutory clocks: how long, on which days, by whose rule. Pure; the calendar of working days is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A limit of time. `amount` may differ by level (1 red … 4 blue).

    unit: minutes, hours, days (calendar) or workdays. Days end at midnight of the region's zone, the day of the
    event not counted; minutes and hours run from the instant.
    """

    title: object
    amount: int | Mapping[int, int]
    unit: str
    source: str  # instrument and article, or "configuration: …" where no law sets it
    remind: timedelta | None = None  # so long before the end the holder is reminded

    def of_level(self, level: int | None) -> int:
        if isinstance(self.amount, int):
            return self.amount
        return self.amount[level] if level in self.amount else max(self.amount.values())


def due(
    clock: Clock,
    start: datetime,
    zone: ZoneInfo,
    level: int | None = None,
    is_workday: Callable[[date], bool] | None = None,
) -> datetime:
    """The instant at which the clock runs out. `start` is aware; the answer is in the same zone as `start`."""
    amount = clock.of_level(level)
    if clock.unit in ("minutes", "hours"):
        return start + timedelta(**{clock.unit: amount})
    day = start.astimezone(zone).date()
    if clock.unit == "days":
        last = day + timedelta(days=amount)
    elif clock.unit == "workdays":
        if is_workday is None:
            raise ValueError(f"the clock '{clock.title}' counts working days: give the calendar")
        last = add_workdays(day, amount, is_workday)
    else:
        raise ValueError(f"unit '{clock.unit}' is not minutes, hours, days or workdays")
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(start.tzinfo)


def add_workdays(day: date, amount: int, is_workday: Callable[[date], bool]) -> date:
    """The day on which the n-th working day after `day` falls; `day` itself does not count."""
    while amount > 0:
        day += timedelta(days=1)
        amount -= is_workday(day)
    return day
