"""A month as weeks of days, each with what falls due on it. Pure."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any


@dataclass
class Day:
    day: date
    inside: bool
    workday: bool
    items: list[Any] = field(default_factory=list)


def weeks(year: int, month: int, items: Iterable[tuple[date, Any]], is_workday) -> list[list[Day]]:
    """Weeks from Monday that cover the month, with the items of its days; those of other months are left out."""
    by_day: dict[date, list[Any]] = {}
    for day, item in items:
        by_day.setdefault(day, []).append(item)
    return [
        [
            Day(day, day.month == month, is_workday(day), by_day.get(day, []) if day.month == month else [])
            for day in week
        ]
        for week in Calendar().monthdatescalendar(year, month)
    ]


def asked(text: str, today: date) -> date:
    """The first day of the month written as 2026-11; today's month for anything else."""
    try:
        year, month = map(int, text.split("-"))
        return date(year, month, 1) if 1900 < year < 3000 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def neighbours(first: date) -> tuple[date, date]:
    """The first days of the months before and after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
