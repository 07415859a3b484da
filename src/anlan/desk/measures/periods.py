"""Months, quarters, years and five-year plans, as days from `start` up to, not including, `end`. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = {"month": 1, "quarter": 3, "year": 12, "five_years": 60}
FIRST_PLAN_YEAR = 2001  # five-year plans run 2001–2005, … 2021–2025


class NoPeriod(ValueError):
    """The text names no period."""


@dataclass(frozen=True, order=True)
class Period:
    start: date
    end: date

    @property
    def months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def years(self) -> float:
        return self.months / 12

    @property
    def last_year(self) -> int:
        """The year in which the period ends."""
        return shifted(self.end, -1).year

    @property
    def kind(self) -> str:
        return next((kind for kind, months in MONTHS.items() if months == self.months), "")

    def __str__(self) -> str:
        match self.kind:
            case "month":
                return f"{self.start:%Y-%m}"
            case "quarter":
                return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
            case "year":
                return f"{self.start.year}"
        return f"{self.start.year}-{self.last_year}"


def shifted(day: date, months: int) -> date:
    """The first of the month so many months from the month of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def containing(kind: str, day: date) -> Period:
    """The period of a kind in which the day lies."""
    if kind == "five_years":
        year = day.year - (day.year - FIRST_PLAN_YEAR) % 5
        return Period(date(year, 1, 1), date(year + 5, 1, 1))
    length = MONTHS[kind]
    start = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Period(start, shifted(start, length))


def before(period: Period, steps: int = 1) -> Period:
    """The period of the same length so many steps earlier; later for negative steps."""
    return Period(shifted(period.start, -period.months * steps), shifted(period.end, -period.months * steps))


def a_year_before(period: Period) -> Period:
    return Period(shifted(period.start, -12), shifted(period.end, -12))


def read(text: str) -> Period:
    """2025, 2025-Q3, 2025-07 or 2021-2025. Errors: NoPeriod."""
    text = text.strip()
    if plan := re.fullmatch(r"(\d{4})-(\d{4})", text):
        first, last = map(int, plan.groups())
        if last - first == 4 and 1900 < first < 2200:
            return Period(date(first, 1, 1), date(last + 1, 1, 1))
    if given := re.fullmatch(r"(\d{4})(?:-(Q[1-4]|0[1-9]|1[0-2]))?", text):
        year, part = int(given[1]), given[2]
        if 1900 < year < 2200:
            if part is None:
                return containing("year", date(year, 1, 1))
            if part[0] == "Q":
                return containing("quarter", date(year, int(part[1]) * 3, 1))
            return containing("month", date(year, int(part), 1))
    raise NoPeriod(f"'{text[:20]}' is no period: write 2025, 2025-Q3, 2025-07 or 2021-2025")


def tiling(whole: Period, parts: Iterable[Period]) -> list[Period] | None:
    """Parts that fill the whole without gap or overlap, longest first where there is a choice; None: they do not."""
    by_start: dict[date, list[Period]] = {}
    for part in parts:
        if part.start >= whole.start and part.end <= whole.end:
            by_start.setdefault(part.start, []).append(part)

    barren: set[date] = set()  # starts from which the end cannot be reached: each is tried once

    def fill(start: date) -> list[Period] | None:
        if start == whole.end:
            return []
        if start in barren:
            return None
        for part in sorted(by_start.get(start, ()), key=lambda part: part.end, reverse=True):
            if (rest := fill(part.end)) is not None:
                return [part, *rest]
        barren.add(start)
        return None

    return fill(whole.start)
