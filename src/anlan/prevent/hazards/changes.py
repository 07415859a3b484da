"""The analysis page in statements: which season, what rises, what stands together; the records a click away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.prevent.hazards.analysis import associations, season, trend
from anlan.prevent.hazards.statistics import Asked, Counted, counted, following, months_between
from anlan.prevent.hazards.wording import titled

WATCHED = ("sector", "kind")
PAIRS = ("kind|sector", "kind|post", "kind|cause")
WINDOW = 3
LAST_MONTHS = 12
MOST_PAIRS = 6


@dataclass(frozen=True)
class Statement:
    """One thing that changes. `links`: (words, address) of the records behind each number; `bars` draws the series."""

    what: Any
    words: str
    links: Sequence[tuple[str, str]]
    bars: Sequence[tuple[int, int, int, str]] = ()  # x, top, height, words: in the drawing's units
    width: int = 0


@dataclass(frozen=True)
class Changes:
    seasons: list[Statement]
    trends: list[Statement]
    pairs: list[Statement]

    @property
    def any(self) -> bool:
        return bool(self.seasons or self.trends or self.pairs)


def changes(user, asked: Asked) -> Changes:
    """Series over all the months asked for; what stands together over the last twelve of them."""
    months = months_between(asked.first, asked.last)
    found = counted(user, asked, ("all", *WATCHED, *PAIRS))
    series = {
        (dimension, value): [by_month[month].found for month in months]
        for (dimension, value), by_month in list(found.by_month.items())
        if dimension in WATCHED and value
    }
    return Changes(
        list(_seasons(asked, months, series)),
        list(_trends(asked, months, series)),
        list(_pairs(asked, months[-LAST_MONTHS:], found)),
    )


def _seasons(asked: Asked, months: list[date], series: dict) -> Iterable[Statement]:
    for (dimension, value), counts in series.items():
        if (rise := season(value, months, counts)) is None:
            continue
        words = _("每年 %(months)s 月偏多，是其他月份的 %(times).1f 倍（共 %(found)d 条）") % {
            "months": _("、").join(str(month) for month in rise.months),
            "times": rise.times,
            "found": rise.found,
        }
        links = [
            (
                f"{first:%Y-%m} – {last:%Y-%m}" if first != last else f"{first:%Y-%m}",
                _list(asked, first, last, **{dimension: value}),
            )
            for first, last in rise.spans
        ]
        yield Statement(titled(dimension, value), words, links, *_bars(months, counts))


def _trends(asked: Asked, months: list[date], series: dict) -> Iterable[Statement]:
    moved = [(dimension, counts, trend(value, counts, WINDOW)) for (dimension, value), counts in series.items()]
    clear = [(dimension, counts, each) for dimension, counts, each in moved if each is not None]
    for dimension, counts, each in sorted(clear, key=lambda found: -abs(found[2].sigma)):
        now, before = months[-WINDOW:], months[-12 - WINDOW : -12]
        words = (
            _("最近 %(window)d 个月 %(now)d 条，去年同期 %(before)d 条，增加 %(change)d%%")
            if each.now > each.before
            else _("最近 %(window)d 个月 %(now)d 条，去年同期 %(before)d 条，减少 %(change)d%%")
        ) % {
            "window": WINDOW,
            "now": each.now,
            "before": each.before,
            "change": round(abs(each.now - each.before) * 100 / max(each.before, 1)),
        }
        chosen = {dimension: each.value}
        links = [
            (_("最近"), _list(asked, now[0], now[-1], **chosen)),
            (_("去年同期"), _list(asked, before[0], before[-1], **chosen)),
        ]
        yield Statement(titled(dimension, each.value), words, links, *_bars(months, counts))


def _pairs(asked: Asked, months: list[date], found: Counted) -> Iterable[Statement]:
    for dimension in PAIRS:
        first, second = dimension.split("|")
        table = {
            tuple(value.split("|", 1)): sum(by_month[month].found for month in months)
            for (name, value), by_month in list(found.by_month.items())
            if name == dimension
        }
        for pair in associations(table, MOST_PAIRS):
            chosen = {first: pair.first, second: pair.second}
            words = _("%(found)d 条，是随机情况下 %(expected)d 条的 %(times).1f 倍") % {
                "found": pair.found,
                "expected": round(pair.expected),
                "times": pair.times,
            }
            what = f"{titled(first, pair.first)} × {titled(second, pair.second)}"
            yield Statement(what, words, [(_("看记录"), _list(asked, months[0], months[-1], **chosen))])


def _bars(months: list[date], counts: list[int]) -> tuple[list[tuple[int, int, int, str]], int]:
    most = max(counts) or 1
    drawn = []
    for index, (month, count) in enumerate(zip(months, counts, strict=True)):
        height = round(40 * count / most)
        drawn.append((6 * index, 40 - height, height, f"{month:%Y-%m} {count}"))
    return drawn, 6 * len(months)


def _list(asked: Asked, first: date, last: date, **chosen: str) -> str:
    given = {
        **chosen,
        "region": asked.region,
        "level": {"major": "1", "general": "3"}.get(asked.grade or "", ""),
        "found_at_from": first.isoformat(),
        "found_at_to": (following(last) - timedelta(days=1)).isoformat(),
    }
    return f"{reverse('hazards')}?{urlencode({name: value for name, value in given.items() if value})}"
