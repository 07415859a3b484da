"""应急〔2018〕19号: risk diagnosis of enterprises that make or store hazardous chemicals, in four colours.

From 100 points the diagnosis deducts, section by section, and adds or deducts for teams, standardisation and
accidents: under 60 red, under 75 orange, under 90 yellow, else blue. Four findings make an enterprise red whatever its
points. The section tables are not here: the deductions come from the assessors' own sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.deadlines import months_later
from anlan.standards.questions import Example, Question
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "应急〔2018〕19号"
CLAUSE = Clause(DOCUMENT, "", Status.PARTIAL)
EDITIONS = Editions(Edition(date(2018, 5, 10), DOCUMENT, CLAUSE))
BASE = Fraction(100)
BANDS = ((90, RiskLevel.LOW), (75, RiskLevel.GENERAL), (60, RiskLevel.CONSIDERABLE))
STANDARDS = {"standard_1", "standard_2", "standard_3"}


@dataclass(frozen=True)
class Adjustment:
    """A row of adjustments.csv: points added to, or taken from, the score."""

    id: str
    points: int
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@dataclass(frozen=True)
class DirectRed:
    """A row of direct_red.csv: makes the enterprise red at once."""

    id: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@cache
def adjustments() -> dict[str, Adjustment]:
    """Every adjustment by its id."""
    return {row.id: row for row in tables.read(__file__, "adjustments.csv", Adjustment, key=lambda row: row.id)}


@cache
def direct_red() -> dict[str, DirectRed]:
    """Every direct finding by its id."""
    return {row.id: row for row in tables.read(__file__, "direct_red.csv", DirectRed, key=lambda row: row.id)}


def score(deducted: exact.Number, met: Iterable[str], when: When) -> Finding:
    """100 less what the sheet deducts, with the adjustments that are met. Not below 0; the guide names no top."""
    EDITIONS.at(when)
    taken = exact.exact(deducted, Text("扣分", "deduction"))
    given = list(dict.fromkeys(met))
    if not 0 <= taken <= BASE:
        raise OutsideTable(Text("扣分", "deduction"), deducted, "0–100", CLAUSE)
    for id in given:
        if id not in adjustments():
            raise OutsideTable(Text("加减分情形", "adjustment"), id, ", ".join(adjustments()), CLAUSE)
    if len(STANDARDS & set(given)) > 1:
        raise Refusal(Text("标准化等级只能有一个", "an enterprise has one level of standardisation"), CLAUSE)
    rows = [adjustments()[id] for id in given]
    reasons = tuple(Finding(row.points, row.title, Clause(DOCUMENT, "", row.status)) for row in rows)
    total = max(BASE - taken + sum(row.points for row in rows), Fraction(0))
    return Finding(total, Text("诊断得分", "score"), CLAUSE, {"base": BASE, "deducted": taken}, reasons)


def grade(deducted: exact.Number, met: Iterable[str], when: When, direct: Iterable[str] = ()) -> Finding:
    """The colour of the enterprise. `direct`: ids of `direct_red()` that were found."""
    points = score(deducted, met, when)
    found = list(direct)
    for id in found:
        if id not in direct_red():
            raise OutsideTable(Text("直接判定情形", "direct finding"), id, ", ".join(direct_red()), CLAUSE)
    rule = Text("安全风险等级", "level of risk")
    if found:
        reasons = tuple(Finding(True, direct_red()[id].title, CLAUSE) for id in found)
        return Finding(RiskLevel.MAJOR, rule, CLAUSE, {}, (*reasons, points))
    level = next((level for least, level in BANDS if points.value >= least), RiskLevel.MAJOR)
    return Finding(level, rule, CLAUSE, {}, (points,))


def next_diagnosis(last: date) -> Finding:
    """The day by which the diagnosis is done again: three years, sooner after an accident or a big change."""
    rule = Text("下次诊断不迟于", "diagnosed again by")
    return Finding(months_later(last, 36), rule, CLAUSE, {"last": last})


COVERAGE = (
    Part(Text("分级界限、直接判红、加减分", "bands, direct red, adjustments"), "", Status.PARTIAL, "two public pages"),
    Part(Text("各部分扣分表", "tables of deductions"), "", Status.ABSENT, "the assessors' own sheet"),
    Part(Text("分级后的检查频次", "inspections by colour"), "", Status.ABSENT, "a setting of the region"),
)
QUESTION = Question(
    name="enterprise-diagnosis",
    title=Text("危化企业风险诊断分级", "Risk diagnosis of a chemical enterprise"),
    about=Text(
        "由扣分、加减分和直接判定情形得出红橙黄蓝。", "The colour from deductions, adjustments and direct findings."
    ),
    clause=CLAUSE,
    schema=schemas.record(
        deducted=schemas.number(Text("扣分合计", "points deducted"), most=100),
        met=schemas.maybe(
            schemas.some_of(Text("加减分情形", "adjustments"), {id: row.title for id, row in adjustments().items()})
        ),
        direct=schemas.maybe(
            schemas.some_of(Text("直接判红情形", "red at once"), {id: row.title for id, row in direct_red().items()})
        ),
    ),
    answer=lambda given, when: grade(given["deducted"], given.get("met", ()), when, given.get("direct", ())),
    examples=(
        Example(Text("二级标准化，扣18分", "standardised, 18 points off"), {"deducted": 18, "met": ["standard_2"]}),
        Example(Text("从未正规设计", "never formally designed"), {"deducted": 0, "direct": ["never_designed"]}),
    ),
)
