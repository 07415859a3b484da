"""Fields that are reckoned from others: by a formula, or by progressive rates (so much per cent of each band).

Rates are data with their source: `rates.yaml` of a pack, by a code of a choice field. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.figures import formula
from anlan.desk.wording import title


@dataclass(frozen=True)
class Rates:
    """One table: code -> bands of (upper edge or None, share). `status`: found (read) or recalled (to be checked)."""

    code: str
    title: Any
    source: str
    article: str
    status: str
    since: date
    bands: Mapping[str, tuple[tuple[float | None, float], ...]]

    def of(self, code: str, base: float) -> float | None:
        """The sum over the bands the base fills; None for a code the table does not know."""
        bands = self.bands.get(code)
        if bands is None or base < 0:
            return None
        total, floor = 0.0, 0.0
        for edge, share in bands:
            top = base if edge is None else min(base, edge)
            total += max(0.0, top - floor) * share
            floor = floor if edge is None else edge
        return total


@cache
def rates() -> dict[str, Rates]:
    """All tables by code. Errors: PackError for bands out of order."""
    found = {}
    for code, entry in packs.section("rates").items():
        bands = {name: tuple((edge, share) for edge, share in rows) for name, rows in entry["bands"].items()}
        for name, rows in bands.items():
            edges = [edge for edge, _share in rows[:-1]]
            if rows[-1][0] is not None or None in edges or edges != sorted(set(edges)):
                raise packs.PackError(
                    f"rates.yaml: '{code}/{name}': edges must rise, and the last band alone has the edge null"
                )
        found[code] = Rates(
            code,
            title(entry),
            entry["source"],
            entry.get("article", ""),
            entry["status"],
            date.fromisoformat(entry["from"]),
            bands,
        )
    return found


@dataclass(frozen=True)
class Reckoned:
    """How a field comes about: `formula`, or rates `table` of field `base` by the code in field `by`."""

    formula: str = ""
    table: str = ""
    base: str = ""
    by: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return formula.names(self.formula) if self.formula else (self.base, self.by)

    def value(self, data: Mapping[str, Any]) -> float | None:
        """None when something it needs is missing."""
        if self.formula:
            return formula.evaluate(self.formula, {name: data.get(name) for name in self.names}).value
        base, code = data.get(self.base), data.get(self.by)
        return None if base is None or code is None else rates()[self.table].of(code, float(base))

    @property
    def told(self) -> Any:
        """What the reader is told of it: the formula, or the table with its source."""
        if self.formula:
            return self.formula
        table = rates()[self.table]
        return f"{table.title}（{table.source} {table.article}）"

    @property
    def recalled(self) -> bool:
        return bool(self.table) and rates()[self.table].status == "recalled"


def reckoned_of(entry: Mapping) -> Reckoned | None:
    if "formula" in entry:
        return Reckoned(formula=entry["formula"])
    if "rates" in entry:
        return Reckoned(table=entry["rates"]["table"], base=entry["rates"]["of"], by=entry["rates"]["by"])
    return None
