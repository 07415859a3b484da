"""Figures, as a capability writes them in its room `figures.py`.

    FIGURES = [
        Figure("enterprises.count", _("企业数"), unit="1", compute=count_enterprises),
    ]

`compute(start, end, region)` looks at the days from `start` up to, not including, `end` and at the region's subtree
('' is everywhere). It answers a number, or a mapping from the codes of regions directly below to numbers, which is
added up; None where nothing is known. Unit: UCUM ("1" for a plain count).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


class WrongFigure(ValueError):
    """A declaration cannot be used; the text names the room and what to change."""


@dataclass(frozen=True)
class Figure:
    """One named number. In formulas its name is written with `_` for `.`: enterprises.count -> enterprises_count."""

    name: str
    title: Any
    unit: str
    compute: Callable[[date, date, str], float | Mapping[str, float] | None]

    @property
    def symbol(self) -> str:
        return self.name.replace(".", "_")


@cache
def figures() -> dict[str, Figure]:
    """All computed figures by symbol. A wrong or doubled declaration stops the start."""
    found: dict[str, Figure] = {}
    for app in apps.get_app_configs():
        module = f"{app.name}.figures"
        if find_spec(module) is None:
            continue
        for entry in getattr(import_module(module), "FIGURES", ()):
            if not isinstance(entry, Figure) or not NAME.fullmatch(entry.name):
                raise WrongFigure(
                    f"{module}: FIGURES holds {entry!r}; write Figure(name, title, unit, compute) with a name such as "
                    "'hazards.closed'."
                )
            if entry.symbol in found:
                raise WrongFigure(f"{module}: the figure '{entry.name}' is declared twice; rename one.")
            found[entry.symbol] = entry
    return found
