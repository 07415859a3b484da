"""Figures and measures as packs declare them in `measures.yaml`, beside the figures that capabilities compute.

Capabilities write `FIGURES = [Figure(…)]` in their room `figures.py`: see desk/figures/declare.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.figures import formula
from anlan.desk.figures.declare import Figure, figures
from anlan.desk.measures.periods import Period
from anlan.desk.wording import both, title
from anlan.desk.wording.units import unit_title

__all__ = ["BUILT_IN", "Figure", "HandFigure", "Measure", "figure_titles", "hand_figures", "measures"]

BUILT_IN = {"years": lambda period: period.years, "months": lambda period: float(period.months)}


@dataclass(frozen=True)
class Calibre:
    """From this day on the figure is counted differently; no comparison leads across it."""

    since: date
    note: Any


@dataclass(frozen=True, kw_only=True)
class HandFigure:
    """A number that people enter with its source."""

    code: str
    title: Any
    unit: str
    unit_title: Any
    regions: str
    over: str
    whole: bool
    calibres: tuple[Calibre, ...]
    source: str

    def calibre(self, period: Period) -> Calibre | None:
        """The way of counting in force at the start of a period; None is the oldest."""
        return max((c for c in self.calibres if c.since <= period.start), key=lambda c: c.since, default=None)


@dataclass(frozen=True, kw_only=True)
class Measure:
    code: str
    title: Any
    about: Any
    group: str
    order: int
    unit: str
    unit_title: Any
    formula: str
    period: str
    decimals: int
    better: str
    source: str
    status: str
    names: tuple[str, ...]


@cache
def hand_figures() -> dict[str, HandFigure]:
    found = {code: _figure(code, entry) for code, entry in _entries("figure")}
    for code in found:
        if code in figures() or code in BUILT_IN:
            raise packs.PackError(f"measures.yaml: '{code}' is the name of a figure the platform computes; rename it")
    return found


@cache
def measures() -> dict[str, Measure]:
    """All measures in menu order. Errors: PackError for a formula that is none, or uses a figure nobody declares."""
    found = {}
    for code, entry in _entries("measure"):
        try:
            used = formula.names(entry["formula"])
        except formula.WrongFormula as wrong:
            raise packs.PackError(f"measures.yaml: '{code}': {wrong}") from None
        unknown = [name for name in used if name not in {*hand_figures(), *figures(), *BUILT_IN}]
        if unknown:
            raise packs.PackError(f"measures.yaml: '{code}' uses {', '.join(unknown)}, which nobody declares")
        found[code] = _measure(code, entry, used)
    return dict(sorted(found.items(), key=lambda item: (item[1].order, item[0])))


def figure_titles() -> dict[str, Any]:
    """What figures are called in an explanation."""
    built_in = {"years": both("年数", "years"), "months": both("月数", "months")}
    computed = {symbol: figure.title for symbol, figure in figures().items()}
    return built_in | computed | {code: figure.title for code, figure in hand_figures().items()}


def _entries(kind: str):
    return ((code, entry) for code, entry in packs.section("measures").items() if entry["kind"] == kind)


def _figure(code: str, entry: Mapping) -> HandFigure:
    calibres = tuple(Calibre(date.fromisoformat(c["from"]), title(c, "note")) for c in entry.get("calibres", ()))
    return HandFigure(
        code=code,
        title=title(entry),
        unit=entry["unit"],
        unit_title=unit_title(entry),
        regions=entry["regions"],
        over=entry["over"],
        whole=entry.get("whole", False),
        calibres=calibres,
        source=entry["source"],
    )


def _measure(code: str, entry: Mapping, used: tuple[str, ...]) -> Measure:
    return Measure(
        code=code,
        title=title(entry),
        about=title(entry, "about"),
        group=entry.get("group", "management"),
        order=entry.get("order", 1000),
        unit=entry["unit"],
        unit_title=unit_title(entry),
        formula=entry["formula"],
        period=entry["period"],
        decimals=entry.get("decimals", 2),
        better=entry["better"],
        source=entry["source"],
        status=entry.get("status", "found"),
        names=used,
    )
