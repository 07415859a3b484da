"""A method of scores: each factor gets a score of its table, the scores make a number, the number falls in a band.

Nothing between two scores is guessed: a score that is not in the table is refused, and a number that falls between the
bands is, too. The bands of one method differ from province to province, so each set of them is a `variant` by name,
chosen by whoever asks; the level (1 red … 4 blue) belongs to the band.
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anlan.standards import exact, tables
from anlan.standards.citing import Clause, Refusal, Status, Text, instrument
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding


@dataclass(frozen=True)
class Score:
    """A row of scores.csv: what a score of a factor stands for."""

    method: str
    factor: str
    score: Fraction
    meaning: str
    meaning_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.meaning, self.meaning_en)


@dataclass(frozen=True)
class Band:
    """A row of bounds.csv: the numbers of a band and its level, which is None where the method knows no colours."""

    method: str
    variant: str
    least: Fraction
    least_included: bool
    most: Fraction | None
    most_included: bool
    level: int | None
    band: str
    band_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.band, self.band_en)

    @property
    def range(self) -> str:
        """As people write it: "≥ 70, < 160"."""
        low = f"{'≥' if self.least_included else '>'} {exact.digits(self.least)}"
        if self.most is None:
            return low
        return f"{low}, {'≤' if self.most_included else '<'} {exact.digits(self.most)}"

    def holds(self, number: Fraction) -> bool:
        if number < self.least or (number == self.least and not self.least_included):
            return False
        return self.most is None or number < self.most or (number == self.most and self.most_included)


@dataclass(frozen=True)
class Method:
    """`factors` and `variants` with their words, the factors in the order of the formula."""

    name: str
    document: str
    article: str
    title: Text
    formula: str
    factors: Mapping[str, Text]
    variants: Mapping[str, Text]
    default: str
    adds: bool = False  # the scores are added; else multiplied

    def scores(self, factor: str) -> dict[Fraction, Score]:
        """The table of one factor, highest score first."""
        return _scores(self.name, factor)

    def bands(self, variant: str = "") -> tuple[Band, ...]:
        """The bands of a variant, gravest first; OutsideTable for a variant the method does not have."""
        chosen = variant or self.default
        if chosen not in self.variants:
            raise OutsideTable(Text("分级界限", "set of bounds"), chosen, ", ".join(self.variants), self.clause())
        return _bands(self.name, chosen)

    def clause(self, article: str = "", status: Status | None = None) -> Clause:
        """A place in the method's document; as sure as the document where nothing else is said."""
        where = " ".join(filter(None, (self.article, article)))
        return Clause(self.document, where, status or instrument(self.document).status)

    def evaluate(self, scores: Mapping[str, exact.Number], variant: str = "") -> Finding:
        """The level of risk with its reasons; None as value where the method's bands bear no colour.

        Refuses missing and unknown factors, a score the table does not hold, a variant the method does not have.
        """
        number = self.number(scores)
        band = self.band(number.value, variant)
        level = None if band.value.level is None else RiskLevel(band.value.level)
        shown = Finding(band.value.title, band.rule, band.clause, band.inputs)
        return Finding(level, self.title, None, dict(scores), (shown, number))

    def number(self, scores: Mapping[str, exact.Number]) -> Finding:
        """The product or sum of the scores."""
        if wrong := set(scores) ^ set(self.factors):
            what = Text("评分项", "factors")
            raise OutsideTable(what, ", ".join(sorted(map(str, wrong))), ", ".join(self.factors), self.clause())
        found = tuple(self.score(factor, scores[factor]) for factor in self.factors)
        values = [one.value for one in found]
        total = sum(values) if self.adds else math.prod(values)
        return Finding(total, Text(f"风险值 {self.formula}", f"number {self.formula}"), self.clause(), {}, found)

    def score(self, factor: str, given: exact.Number) -> Finding:
        """A score of the table, with what it stands for."""
        table = self.scores(factor)
        row = table.get(exact.exact(given, self.factors[factor]))
        if row is None:
            allowed = ", ".join(map(exact.digits, table))
            raise OutsideTable(self.factors[factor], given, allowed, self.clause(factor))
        words = self.factors[factor]
        meaning = {"meaning": row.title}
        rule = Text(f"{factor} {words.zh}", f"{factor} {words.en}")
        return Finding(row.score, rule, self.clause(factor, row.status), meaning)

    def band(self, number: Fraction, variant: str = "") -> Finding:
        """The band in which a number falls, as Finding of a Band."""
        bands = self.bands(variant)
        row = next((one for one in bands if one.holds(number)), None)
        if row is None:
            allowed = "; ".join(one.range for one in bands)
            raise OutsideTable(Text("风险值", "number"), exact.digits(number), allowed, self.clause(bands[0].variant))
        name = self.variants[row.variant]
        rule = Text(f"分级界限（{name.zh}）", f"bounds ({name.en})")
        return Finding(row, rule, self.clause(row.variant, row.status), {"range": row.range})

    def levels(self, scores: Mapping[str, ArrayLike], variant: str = "") -> NDArray[np.int8]:
        """`evaluate` for arrays of scores of equal length: 1 … 4, and 0 where the band bears no colour.

        Every combination is answered once by `evaluate` itself and then looked up, so both say the same.
        """
        if wrong := set(scores) ^ set(self.factors):
            raise Refusal(Text(f"评分项不符：{sorted(wrong)}", f"factors do not fit: {sorted(wrong)}"))
        places = [self._places(factor, np.asarray(scores[factor], dtype=np.float64)) for factor in self.factors]
        return _cube(self, variant or self.default)[tuple(places)]

    def _places(self, factor: str, given: NDArray[np.float64]) -> NDArray[np.intp]:
        table = np.array(sorted(float(score) for score in self.scores(factor)))
        places = np.searchsorted(table, given).clip(0, len(table) - 1)
        if (wrong := table[places] != given).any():
            first = int(np.argmax(wrong))
            allowed = ", ".join(map(exact.digits, self.scores(factor)))
            what = Text(f"第{first}项的{self.factors[factor].zh}", f"{self.factors[factor].en} of entry {first}")
            raise OutsideTable(what, float(given.flat[first]), allowed, self.clause(factor))
        return places


@cache
def _rows(kind: type) -> tuple:
    if kind is Score:
        return tables.read(__file__, "scores.csv", Score, key=lambda row: (row.method, row.factor, row.score))
    return tables.read(__file__, "bounds.csv", Band, key=lambda row: (row.method, row.variant, row.least, row.most))


@cache
def _scores(method: str, factor: str) -> dict[Fraction, Score]:
    rows = [row for row in _rows(Score) if (row.method, row.factor) == (method, factor)]
    return {row.score: row for row in sorted(rows, key=lambda row: -row.score)}


@cache
def _bands(method: str, variant: str) -> tuple[Band, ...]:
    return tuple(row for row in _rows(Band) if (row.method, row.variant) == (method, variant))


_CUBES: dict[tuple[str, str], NDArray[np.int8]] = {}


def _cube(method: Method, variant: str) -> NDArray[np.int8]:
    """The level of every combination of scores, lowest scores first."""
    key = (method.name, variant)
    if key not in _CUBES:
        tables_of = [sorted(method.scores(factor)) for factor in method.factors]
        found = [
            method.evaluate(dict(zip(method.factors, scores, strict=True)), variant).value or 0
            for scores in itertools.product(*tables_of)
        ]
        _CUBES[key] = np.array(found, dtype=np.int8).reshape([len(table) for table in tables_of])
    return _CUBES[key]
