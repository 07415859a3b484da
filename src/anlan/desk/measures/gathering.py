"""Finds a figure's number for a region and a period, and says where it is from.

In this order: the number entered for exactly this; shorter periods that fill this one; the sum of the regions below;
what a capability computes. Nothing is guessed: a gap gives no number, with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure, figures
from anlan.desk.measures.declare import BUILT_IN, HandFigure, hand_figures
from anlan.desk.measures.models import FigureValue
from anlan.desk.measures.periods import Period, tiling


@dataclass(frozen=True)
class Found:
    """A figure's number with its parts: [{"title", "value", "source"}]. `value` None has a reason."""

    value: float | None
    reason: str = ""
    how: str = ""  # entered, filled, summed, computed, built_in
    parts: tuple[Mapping, ...] = ()
    calibre: date | None = None


def find(name: str, region: str, period: Period) -> Found:
    if name in BUILT_IN:
        return Found(BUILT_IN[name](period), how="built_in")
    if name in hand_figures():
        return _entered(hand_figures()[name], region, period)
    if name in figures():
        return _computed(figures()[name], region, period)
    return Found(None, _("没有数据项 %(name)s") % {"name": name})


def _entered(figure: HandFigure, region: str, period: Period) -> Found:
    rows = FigureValue.objects.filter(
        within(region), figure=figure.code, start__gte=period.start, end__lte=period.end
    ).order_by("region", "start")
    by_region: dict[str, list[FigureValue]] = {}
    for row in rows:
        by_region.setdefault(row.region, []).append(row)
    if own := by_region.pop(region, None):
        found = _of_one(figure, own, period)
        if found.value is not None or figure.regions == "own":
            return found
    if figure.regions == "own" or not by_region:
        return Found(None, _("%(figure)s 没有 %(period)s 的数值") % {"figure": figure.title, "period": period})
    return _of_below(figure, by_region, period)


def _of_one(figure: HandFigure, rows: list[FigureValue], period: Period) -> Found:
    """One region's number: entered for the period, or put together from shorter ones that fill it."""
    by_period = {row.period: row for row in rows}
    filling = tiling(period, by_period)
    if filling is None:
        return Found(None, _("%(figure)s 的数值不能覆盖 %(period)s") % {"figure": figure.title, "period": period})
    calibres = {figure.calibre(part) for part in filling}
    if len(calibres) > 1:
        return Found(None, _("%(figure)s 在此期间统计口径有变，不能合计") % {"figure": figure.title})
    (calibre,) = calibres
    used = [by_period[part] for part in filling]
    parts = tuple({"title": str(row.period), "value": row.value, "source": row.source} for row in used)
    how = "entered" if len(used) == 1 else "filled"
    return Found(combined(figure.over, used), "", how, parts, calibre.since if calibre else None)


def combined(over: str, rows: list[FigureValue]) -> float:
    """Shorter periods as one: added, averaged by their length, or the last."""
    if over == "last":
        return rows[-1].value
    if over == "mean":
        months = sum(row.period.months for row in rows)
        return sum(row.value * row.period.months for row in rows) / months
    return sum(row.value for row in rows)


def _of_below(figure: HandFigure, by_region: Mapping[str, list[FigureValue]], period: Period) -> Found:
    """The uppermost regions that have numbers, added up; one that has too few makes the sum unknown."""
    upper: list[str] = []
    for code in sorted(by_region):
        if not (upper and code.startswith(upper[-1])):
            upper.append(code)
    parts, total, calibre = [], 0.0, None
    for code in upper:
        found = _of_one(figure, by_region[code], period)
        if found.value is None:
            return Found(None, _("%(region)s：%(reason)s") % {"region": code, "reason": found.reason})
        total, calibre = total + found.value, found.calibre
        parts.append({"title": code, "value": found.value, "source": found.parts[0]["source"]})
    return Found(total, "", "summed", tuple(parts), calibre)


def _computed(figure: Figure, region: str, period: Period) -> Found:
    answer = figure.compute(period.start, period.end, region)
    if answer is None:
        return Found(None, _("%(figure)s 没有数据") % {"figure": figure.title}, "computed")
    if isinstance(answer, Mapping):
        parts = tuple({"title": code, "value": float(value), "source": ""} for code, value in sorted(answer.items()))
        return Found(sum(part["value"] for part in parts), "", "computed", parts)
    return Found(float(answer), "", "computed")
