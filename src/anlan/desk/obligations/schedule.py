"""When a duty falls due. Pure: the calendar of working days, today and the subject's dates are given from outside.

A schedule is a row of occurrences: each opens (appears), covers a period from its start, and falls due at the end of a
day. They are numbered by their start, so the same occurrence has the same key whoever asks and however often.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anlan.desk.clocks.statutory import add_workdays

IsWorkday = Callable[[date], bool]
FIRST = "first"  # the period of somebody whose last fulfilment is not known
LEAD = 60  # days a dated duty appears before its day, unless its rule says otherwise


@dataclass(frozen=True)
class Length:
    """One length of time: calendar days, working days or months."""

    unit: str
    amount: int

    def after(self, day: date, is_workday: IsWorkday) -> date:
        if self.unit == "months":
            return add_months(day, self.amount)
        if self.unit == "workdays":
            return add_workdays(day, self.amount, is_workday)
        return day + timedelta(days=self.amount)


@dataclass(frozen=True)
class Occurrence:
    """One time that the duty is due. `due` is the last day on which it is met in time."""

    key: str
    opens: date
    start: date
    due: date


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """Every so many months. anchor: `year` (periods of the calendar), `last` (from the last fulfilment), or
    `fact:<name>` (from a date of the subject)."""

    months: int
    anchor: str
    first: Length = Length("days", 90)
    opens: int | None = None


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Every year on one day. 29 February is the 28th in a common year."""

    month: int
    day: int
    opens: int = LEAD


@dataclass(frozen=True, kw_only=True)
class NthWorkday:
    """Every year on the n-th working day of a month; -1 is the last."""

    month: int
    nth: int
    opens: int = LEAD


@dataclass(frozen=True, kw_only=True)
class Triggered:
    """Within a length of time after an event."""

    event: str
    within: Length


Schedule = Periodic | Dated | NthWorkday | Triggered


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where the day does not exist."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anchor_of(schedule: Schedule, in_force: date, facts: Mapping[str, Any]) -> date | None:
    """The day from which periods are counted; None: the subject lacks the date, so nothing can be reckoned."""
    if not isinstance(schedule, Periodic):
        return in_force
    if schedule.anchor == "year":
        return date(in_force.year, 1, 1)
    value = facts.get(schedule.anchor.removeprefix("fact:"))
    return value if isinstance(value, date) else None


def occurrences(
    schedule: Schedule, anchor: date, after: date, upto: date, is_workday: IsWorkday
) -> Iterator[Occurrence]:
    """Those that open after `after` and not after `upto`, in order. Two windows side by side give what one gives."""
    for occurrence in _endless(schedule, anchor, after, is_workday):
        if occurrence.opens > upto:
            return
        if occurrence.opens > after:
            yield occurrence


def current(schedule: Schedule, anchor: date, day: date, is_workday: IsWorkday) -> Occurrence | None:
    """The last one that has opened by `day`; None before the first."""
    found = None
    for occurrence in _endless(schedule, anchor, add_months(day, -_years_back(schedule)), is_workday):
        if occurrence.opens > day:
            return found
        found = occurrence
    return found


def following(schedule: Periodic, last: date | None, today: date, is_workday: IsWorkday) -> Occurrence:
    """Anchor `last`: the one after the last fulfilment; the first one when there was none."""
    if last is None:
        return Occurrence(FIRST, today, today, schedule.first.after(today, is_workday))
    due = add_months(last, schedule.months)
    return Occurrence(last.isoformat(), _opening(schedule, last, due), last, due)


def triggered(schedule: Triggered, key: str, day: date, is_workday: IsWorkday) -> Occurrence:
    """The one an event of that day brings; the day of the event does not count."""
    return Occurrence(key, day, day, schedule.within.after(day, is_workday))


def _endless(schedule: Schedule, anchor: date, near: date, is_workday: IsWorkday) -> Iterator[Occurrence]:
    """All occurrences in order, beginning with one that opens well before `near` (or with the first of all)."""
    match schedule:
        case Periodic():
            yield from _periods(schedule, anchor, near)
        case Dated():
            for year in range(max(near.year - 1, anchor.year), date.max.year):
                day = date(year, schedule.month, min(schedule.day, monthrange(year, schedule.month)[1]))
                yield from _yearly(day, schedule.opens, anchor)
        case NthWorkday():
            for year in range(max(near.year - 1, anchor.year), date.max.year):
                yield from _yearly(nth_workday(year, schedule.month, schedule.nth, is_workday), schedule.opens, anchor)
        case Triggered():
            return


def _periods(schedule: Periodic, anchor: date, near: date) -> Iterator[Occurrence]:
    passed = (near.year - anchor.year) * 12 + near.month - anchor.month
    number = max(0, passed // schedule.months - 2)
    while True:
        try:
            start = add_months(anchor, number * schedule.months)
            following = add_months(anchor, (number + 1) * schedule.months)
        except ValueError:  # beyond the year 9999
            return
        due = following - timedelta(days=1) if schedule.anchor == "year" else following
        yield Occurrence(start.isoformat(), _opening(schedule, start, due), start, due)
        number += 1


def _opening(schedule: Periodic, start: date, due: date) -> date:
    return start if schedule.opens is None else max(start, due - timedelta(days=schedule.opens))


def _yearly(day: date, opens: int, anchor: date) -> Iterator[Occurrence]:
    if day >= anchor:
        opening = day - timedelta(days=opens)
        yield Occurrence(f"{day.year}", opening, opening, day)


def _years_back(schedule: Schedule) -> int:
    """Months to look back from a day to be sure to meet the occurrence open on it."""
    return max(24, 2 * schedule.months) if isinstance(schedule, Periodic) else 24


def nth_workday(year: int, month: int, nth: int, is_workday: IsWorkday) -> date:
    """The n-th working day of a month, counted from its end when negative; the outermost one when it has fewer."""
    days = [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]
    working = [day for day in days if is_workday(day)] or days
    index = nth - 1 if nth > 0 else nth
    return working[max(-len(working), min(index, len(working) - 1))]
