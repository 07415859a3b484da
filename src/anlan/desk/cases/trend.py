"""Counts of cases for the home page and the big screen. The dates are given from outside."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.db.models import Count, IntegerField, Q, QuerySet, Value
from django.utils import timezone

DAYS = 14
HEIGHT = 40


@dataclass(frozen=True)
class Day:
    """One day's bars, in the drawing's units: y grows downwards."""

    day: date
    opened: int
    closed: int
    x: int
    opened_height: int
    closed_height: int

    @property
    def opened_top(self) -> int:
        return HEIGHT - self.opened_height

    @property
    def closed_top(self) -> int:
        return HEIGHT - self.closed_height


def days(cases: QuerySet, today: date) -> list[Day]:
    """Opened and closed per day over the last DAYS days, days without any included."""
    first = today - timedelta(days=DAYS - 1)
    opened, closed = _per_day(cases, "opened_at", first), _per_day(cases, "closed_at", first)
    most = max([*opened.values(), *closed.values(), 1])
    return [
        Day(
            day,
            opened.get(day, 0),
            closed.get(day, 0),
            10 * index,
            round(HEIGHT * opened.get(day, 0) / most),
            round(HEIGHT * closed.get(day, 0) / most),
        )
        for index, day in enumerate(first + timedelta(days=number) for number in range(DAYS))
    ]


def _per_day(cases: QuerySet, field: str, first: date) -> dict[date, int]:
    """Counted between the days' own beginnings, one count a day in one question: each reads its piece of an index. A
    cast of each row's time would use none, and a test of each row for each day costs more than reading it."""
    zone = timezone.get_current_timezone()
    starts = [datetime.combine(first + timedelta(days=number), time(), zone) for number in range(DAYS + 1)]
    first_day, *others = (
        cases.filter(**{f"{field}__gte": start, f"{field}__lt": following})
        .order_by()
        .annotate(day=Value(number, IntegerField()))
        .values("day")
        .annotate(found=Count("pk"))
        for number, (start, following) in enumerate(pairwise(starts))
    )
    counts = first_day.union(*others, all=True).values_list("day", "found")
    return {first + timedelta(days=number): found for number, found in counts}


def counts(cases: QuerySet, waiting: QuerySet, now: datetime) -> dict[str, int]:
    """The tiles: open, overdue, due within a day, supervised (one question), and waiting for this person."""
    found = (
        cases.filter(is_open=True)
        .order_by()
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            soon=Count("pk", filter=Q(due_at__gte=now, due_at__lt=now + timedelta(days=1))),
            supervised=Count("pk", filter=Q(supervised=True)),
        )
    )
    return {**found, "waiting": waiting.order_by().values("pk")[:1000].count()}
