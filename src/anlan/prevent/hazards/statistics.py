"""Statistics of hidden dangers: by kind, cause, sector, finding, month. Read from the stored counts in one question."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet, Sum

from anlan.desk.access.regions import within
from anlan.desk.access.roles import all_roles
from anlan.desk.access.standing import narrow, posts_for
from anlan.prevent.hazards import gates
from anlan.prevent.hazards.counting import SUMS, reckoned
from anlan.prevent.hazards.models import Tally

PARTS = ("all", "kind", "cause", "sector", "found_by")


@dataclass
class Count:
    """Dangers found in the period, and what has become of them since."""

    found: int = 0
    closed: int = 0
    in_time: int = 0
    repeated: int = 0
    extended: int = 0
    days: float = 0.0

    def add(self, sums: Sequence[float]) -> None:
        for name, value in zip(SUMS, sums, strict=True):
            setattr(self, name, getattr(self, name) + (value or 0))

    @property
    def closed_rate(self) -> float | None:
        return self.closed / self.found if self.found else None

    @property
    def in_time_rate(self) -> float | None:
        return self.in_time / self.closed if self.closed else None

    @property
    def repeat_rate(self) -> float | None:
        return self.repeated / self.found if self.found else None

    @property
    def mean_days(self) -> float | None:
        return self.days / self.closed if self.closed else None


@dataclass(frozen=True)
class Asked:
    """What is counted: months from `first` to `last` (their first days), one region and below it, one grade."""

    first: date
    last: date
    region: str = ""
    grade: str | None = None


@dataclass
class Counted:
    """Counts by dimension, then by value; and by dimension, value and month for what changes over time."""

    by_value: dict[str, dict[str, Count]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Count)))
    by_month: dict[tuple[str, str], dict[date, Count]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Count))
    )

    @property
    def whole(self) -> Count:
        return self.by_value["all"][""]


def counted(user, asked: Asked, dimensions: Iterable[str] = PARTS) -> Counted:
    """One question to the stored counts for somebody of the government; an enterprise's own are few and are counted."""
    dimensions = list(dimensions)
    rows = _stored(user, asked, dimensions) if _of_government(user) else _own(user, asked, dimensions)
    found = Counted()
    for dimension, value, month, *sums in rows:
        found.by_value[dimension][value].add(sums)
        found.by_month[dimension, value][month].add(sums)
    return found


def _of_government(user) -> bool:
    roles = all_roles()
    return all(roles[post.role].side != "enterprise" for post in posts_for(user, gates.SEE))


def _stored(user, asked: Asked, dimensions: list[str]) -> Iterable[tuple]:
    # The organisation of an enterprise post never comes here: every post of this person reaches by region.
    rows = narrow(user, gates.SEE, Tally.objects.filter(dimension__in=dimensions), organisation="value")
    rows = rows.filter(month__gte=asked.first, month__lte=asked.last).filter(_condition(asked))
    return rows.order_by().values_list("dimension", "value", "month").annotate(*(Sum(name) for name in SUMS))


def _own(user, asked: Asked, dimensions: list[str]) -> Iterable[tuple]:
    hazards: QuerySet = gates.seen_by(user).filter(_condition(asked))
    for dimension in dimensions:
        for row in reckoned(hazards, dimension):
            if asked.first <= row.month <= asked.last:
                yield (dimension, row.value, row.month, *(getattr(row, name) for name in SUMS))


def _condition(asked: Asked) -> Q:
    condition = within(asked.region, "region") if asked.region else Q()
    return condition if asked.grade is None else condition & Q(grade=asked.grade)


def months_between(first: date, last: date) -> list[date]:
    found, month = [], first
    while month <= last:
        found.append(month)
        month = following(month)
    return found


def following(month: date, by: int = 1) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def seasons_between(first: date, last: date) -> list[tuple[int, int, list[date]]]:
    """(year, 0 spring to 3 winter, its months within the period), the latest first. Spring begins with March; January
    and February belong to the winter that began the year before."""
    found: dict[tuple[int, int], list[date]] = {}
    for month in months_between(first, last):
        found.setdefault((month.year - (month.month < 3), (month.month - 3) % 12 // 3), []).append(month)
    return [(year, season, months) for (year, season), months in sorted(found.items(), reverse=True)]
