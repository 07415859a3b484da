"""What changes in the dangers found, purely: season, trend, association. Counts by month in, statements out.

Counts of independent findings scatter like a Poisson count; a statement is made only when the difference is far
beyond that scatter and the numbers are not tiny. The limits are stated beside each result (decision 0108).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

SEASON_TIMES = 1.4  # a month counts as high when it has so many times what the other months have
SEASON_SIGMA = 3.0
TREND_SIGMA = 3.0
PAIR_SIGMA = 4.0
FEW = 20  # fewer than so many say nothing


@dataclass(frozen=True)
class Season:
    """In these calendar months (1 … 12), year after year, `times` what the other months have."""

    value: str
    months: tuple[int, ...]
    times: float
    found: int  # dangers in those months
    spans: tuple[tuple[date, date], ...]  # first and last month of each run, for the records behind it


@dataclass(frozen=True)
class Trend:
    """The last months against the same months a year before: `change` +0.5 is half as many again."""

    value: str
    now: int
    before: int
    sigma: float

    @property
    def change(self) -> float:
        return self.now / self.before - 1 if self.before else float("inf")


@dataclass(frozen=True)
class Pair:
    """Two things that stand together more often than chance has it: `times` the expected number."""

    first: str
    second: str
    found: int
    expected: float
    sigma: float

    @property
    def times(self) -> float:
        return self.found / self.expected


def season(value: str, months: Sequence[date], counts: Sequence[int]) -> Season | None:
    """The calendar months that are high in every year looked at; None when there are none, or less than two years."""
    if len(months) < 24 or sum(counts) < FEW:
        return None
    level = _yearly_levels(counts)
    high = [month for month in range(1, 13) if _is_high(month, months, counts, level)]
    if not high or len(high) > 6:
        return None
    inside = [count for month, count in zip(months, counts, strict=True) if month.month in high]
    outside = [count for month, count in zip(months, counts, strict=True) if month.month not in high]
    usual = sum(outside) / len(outside)
    times = sum(inside) / len(inside) / usual if usual else float("inf")
    return Season(value, tuple(high), times, sum(inside), _spans(months, high))


def _yearly_levels(counts: Sequence[int]) -> list[float]:
    """What is usual about each month: the median of the twelve months of its own year of the series, so that a year
    with more of everything is no season."""
    levels = []
    for index in range(len(counts)):
        start = index // 12 * 12
        year = sorted(counts[min(start, len(counts) - 12) :][:12])
        levels.append((year[5] + year[6]) / 2)
    return levels


def _is_high(month: int, months: Sequence[date], counts: Sequence[int], level: Sequence[float]) -> bool:
    at = [index for index, each in enumerate(months) if each.month == month]
    found, usual = sum(counts[index] for index in at), sum(level[index] for index in at)
    far = found - usual > SEASON_SIGMA * sqrt(max(usual, 1.0))
    every_year = all(counts[index] > level[index] for index in at)
    return far and every_year and found >= SEASON_TIMES * usual


def _spans(months: Sequence[date], high: Sequence[int]) -> tuple[tuple[date, date], ...]:
    spans: list[tuple[date, date]] = []
    previous_high = False
    for month in months:
        is_high = month.month in high
        if is_high and previous_high:
            spans[-1] = (spans[-1][0], month)
        elif is_high:
            spans.append((month, month))
        previous_high = is_high
    return tuple(spans)


def trend(value: str, counts: Sequence[int], window: int = 3) -> Trend | None:
    """None when nothing has changed beyond the scatter, or when a year before is not known."""
    if len(counts) < 12 + window:
        return None
    now, before = sum(counts[-window:]), sum(counts[-12 - window : -12])
    if now + before < FEW:
        return None
    sigma = (now - before) / sqrt(now + before)
    return Trend(value, now, before, sigma) if abs(sigma) >= TREND_SIGMA else None


def associations(table: Mapping[tuple[str, str], int], most: int = 12) -> list[Pair]:
    """Pairs that stand together more often than their totals would have it, the clearest first.

    `sigma` is the adjusted residual of the contingency table: (observed − expected) / its standard error.
    """
    whole = sum(table.values())
    rows, columns = _totals(table, 0), _totals(table, 1)
    found = []
    for (first, second), count in table.items():
        expected = rows[first] * columns[second] / whole if whole else 0
        spread = expected * (1 - rows[first] / whole) * (1 - columns[second] / whole) if whole else 0
        if count < FEW or spread <= 0 or not first or not second:
            continue
        sigma = (count - expected) / sqrt(spread)
        if sigma >= PAIR_SIGMA:
            found.append(Pair(first, second, count, expected, sigma))
    return sorted(found, key=lambda pair: -pair.sigma)[:most]


def _totals(table: Mapping[tuple[str, str], int], side: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for key, count in table.items():
        totals[key[side]] = totals.get(key[side], 0) + count
    return totals
