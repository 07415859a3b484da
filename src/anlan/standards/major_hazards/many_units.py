"""GB 18218-2018 for many units at once, as arrays: a county before breakfast.

Units lie one after another, as rows of a sparse matrix do: unit i has the chemicals `offsets[i]:offsets[i + 1]` of the
arrays `codes` and `tonnes`. A code is a place in `catalogue()`, which knows Q and β of each row of tables 1 and 2.

Floating point decides all but the units whose S or R lies within 10⁻⁹ of a limit; those are counted again with
fractions of the digits, so the answer is that of `gb18218.grade`, unit for unit.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.standards import exact
from anlan.standards.citing import Text
from anlan.standards.dating import When
from anlan.standards.major_hazards import gb18218, substances
from anlan.standards.tables import OutsideTable

NEAR = 1e-9  # relative; a sum of ten thousand float64 terms is exact to about 1e-12


@dataclass(frozen=True)
class Catalogue:
    """Keys ("table1:12", "table2:W5.2") with their Q in tonnes and β. A code is the place of a key."""

    keys: tuple[str, ...]
    critical: NDArray[np.float64]
    beta: NDArray[np.float64]

    def code(self, key: str) -> int:
        """The code of a key; OutsideTable where there is none."""
        try:
            return _places()[key]
        except KeyError:
            raise OutsideTable(Text("编码", "key"), key, "table1:1 …, table2:J1 …", substances.clause("表1")) from None


@dataclass(frozen=True)
class Graded:
    """One entry a unit: S, R and the level (0: no major hazard installation; R is given then, too)."""

    total: NDArray[np.float64]
    index: NDArray[np.float64]
    level: NDArray[np.int8]


@cache
def catalogue() -> Catalogue:
    """Every row of tables 1 and 2. β of a row of table 1 that table 3 does not name is the assumed one."""
    named = [(f"table1:{no}", gb18218.Item(f"table1:{no}", 0)) for no in substances.substances()]
    classed = [(f"table2:{symbol}", gb18218.Item("", 0, (symbol,))) for symbol in substances.categories()]
    keys, items = zip(*named, *classed, strict=True)
    critical = np.array([float(gb18218.critical_quantity(item).value) for item in items])
    return Catalogue(keys, critical, np.array([float(gb18218.beta(item).value) for item in items]))


@cache
def _places() -> dict[str, int]:
    return {key: place for place, key in enumerate(catalogue().keys)}


def grade_units(
    offsets: ArrayLike,
    codes: ArrayLike,
    tonnes: ArrayLike,
    residents: ArrayLike,
    when: When,
    beta: ArrayLike | None = None,
) -> Graded:
    """S, R and level of each unit.

    `offsets`: n + 1 rising integers from 0 to m. `codes`, `tonnes` (design maximum, t): m entries. `residents`: n
    entries, permanent residents within 500 m of the plant of the unit. `beta`: m entries where the safety data sheets
    say more than the catalogue. Raises NotInForce for a day before the edition, OutsideTable for codes, quantities or
    residents that no table holds, and ValueError for arrays that do not fit each other.
    """
    gb18218.EDITIONS.at(when)
    offsets, codes = np.asarray(offsets, np.int64), np.asarray(codes, np.int64)
    tonnes, residents = np.asarray(tonnes, np.float64), np.asarray(residents)
    known = catalogue()
    _fit(offsets, codes, tonnes, residents)
    ratio = tonnes / known.critical[codes]
    factor = known.beta[codes] if beta is None else np.asarray(beta, np.float64)
    if factor.shape != codes.shape or not np.all(np.isfinite(factor) & (factor > 0)):
        raise ValueError("beta: one positive number for each chemical")
    alpha = _alphas()[np.minimum(residents.astype(np.int64), len(_alphas()) - 1)]
    total = _sums(ratio, offsets)
    index = alpha * _sums(factor * ratio, offsets)
    for unit in np.flatnonzero(_near(total, _TOTALS) | _near(index, _INDICES)):
        part = slice(offsets[unit], offsets[unit + 1])
        total[unit], index[unit] = _exactly(codes[part], tonnes[part], factor[part], alpha[unit])
    level = np.select([index >= limit for limit in _INDICES], np.arange(1, 4, dtype=np.int8), np.int8(4))
    return Graded(total, index, np.where(total >= 1, level, np.int8(0)))


_TOTALS = (1.0,)
_INDICES = tuple(float(row.index_from) for row in substances.levels() if row.index_from)


@cache
def _alphas() -> NDArray[np.float64]:
    """α of 0, 1, 2 … residents, to the first number from which it stays the same."""
    last = substances.residents()[-1].residents_from
    return np.array([float(gb18218.alpha(residents).value) for residents in range(last + 1)])


def _fit(offsets: NDArray, codes: NDArray, tonnes: NDArray, residents: NDArray) -> None:
    if offsets.ndim != 1 or len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(codes):
        raise ValueError("offsets: from 0 to the number of chemicals")
    if np.any(np.diff(offsets) < 0) or codes.shape != tonnes.shape or residents.shape != (len(offsets) - 1,):
        raise ValueError(
            "offsets rise; codes and tonnes are as long as each other; residents has one entry for each unit"
        )
    if np.any((codes < 0) | (codes >= len(catalogue().keys))):
        raise OutsideTable(Text("编码", "codes"), "", f"0 – {len(catalogue().keys) - 1}", substances.clause("表1"))
    if not np.all(np.isfinite(tonnes) & (tonnes >= 0)):
        raise OutsideTable(Text("设计最大量", "tonnes"), "", "≥ 0 t", substances.clause("4.2.2"))
    if not np.issubdtype(residents.dtype, np.integer) or np.any(residents < 0):
        raise OutsideTable(Text("常住人口", "residents"), "", "0, 1, 2, …", substances.clause("表5"))


def _sums(values: NDArray[np.float64], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sum of each unit; a unit without chemicals has 0."""
    found = np.zeros(len(offsets) - 1)
    filled = offsets[1:] > offsets[:-1]
    if filled.any():
        found[filled] = np.add.reduceat(values, offsets[:-1][filled])
    return found


def _near(values: NDArray[np.float64], limits: tuple[float, ...]) -> NDArray[np.bool_]:
    found = np.zeros(values.shape, bool)
    for limit in limits:
        found |= np.abs(values - limit) <= NEAR * limit
    return found


def _exactly(codes: NDArray, tonnes: NDArray, factor: NDArray, alpha: float) -> tuple[float, float]:
    """S and R of one unit from the digits; on which side of a limit they lie survives the way back to float."""
    critical = catalogue().critical
    ratios = [exact.exact(q) / exact.exact(critical[code]) for q, code in zip(tonnes.tolist(), codes, strict=True)]
    index = exact.exact(alpha) * sum(exact.exact(b) * one for b, one in zip(factor.tolist(), ratios, strict=True))
    return _down(sum(ratios), _TOTALS), _down(index, _INDICES)


def _down(number, limits: tuple[float, ...]) -> float:
    """The nearest float, but never one that reaches a limit the number itself does not reach."""
    found = float(number)
    return np.nextafter(found, 0.0) if any(found >= limit > number for limit in limits) else found
