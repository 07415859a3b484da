"""Criteria of major hidden dangers, sector by sector: which of them speak of a danger somebody described.

    candidates(["工贸 粉尘"], "干式除尘器没有泄爆", when)      the nearest first, each with its clause and its reason

A candidate is never a verdict: whether a danger is major is a person's to say. What is compared are pairs of Chinese
characters, so a danger told in other words is not found; whoever grades reads the whole list of the sector, too.
The words are paraphrases, and AQ 3067-2026 is here by its topics only, without the conditions.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import When
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "工贸企业重大事故隐患判定标准"
MOST = 5
LEAST = Fraction(1, 5)  # of the criterion's pairs of characters that stand in the description
STRONG = Fraction(9, 20)
CHINESE = re.compile(r"[㐀-鿿]+")
EMPTY = frozenset("的和或未不有无在进行及等对与为中由被")  # pairs of these alone tell nothing


@dataclass(frozen=True)
class Criterion:
    """A row of major.csv: one line of a sector's list. `words` are a paraphrase, not the instrument's text."""

    id: str
    sector: str
    instrument: str
    article: str
    words: str
    status: Status
    source: str

    @property
    def clause(self) -> Clause:
        return Clause(self.instrument, self.article, self.status)

    def holds(self, when: When) -> bool:
        """Whether its instrument may be in force that day; a date that is not known excludes nothing."""
        of = self.clause.of
        return (of.effective or when.asked) <= when.asked and (of.until is None or when.asked < of.until)


@dataclass(frozen=True)
class Candidate:
    """A criterion that shares words with a description. `share` is the part of its pairs of characters found there."""

    criterion: Criterion
    share: Fraction
    common: tuple[str, ...]

    @property
    def strong(self) -> bool:
        return self.share >= STRONG


@cache
def criteria() -> tuple[Criterion, ...]:
    """Every criterion, as listed."""
    return tables.read(__file__, "major.csv", Criterion, key=lambda row: row.id)


@cache
def sectors() -> tuple[str, ...]:
    """Every sector that has a list, in its order."""
    return tuple(dict.fromkeys(row.sector for row in criteria()))


def listed(sector: str, when: When) -> tuple[Criterion, ...]:
    """The list of a sector on a day; OutsideTable for a sector without one."""
    if sector not in sectors():
        raise OutsideTable(Text("行业", "sector"), sector, "、".join(sectors()))
    return tuple(row for row in criteria() if row.sector == sector and row.holds(when))


def candidates(of: Iterable[str], words: str, when: When, most: int = MOST) -> tuple[Candidate, ...]:
    """The criteria of several sectors nearest to a description, the nearest first."""
    described = _pairs(words)
    rows = [row for sector in dict.fromkeys(of) for row in listed(sector, when)]
    found = [one for row in rows if (one := _compared(row, described)) is not None]
    return tuple(sorted(found, key=lambda one: (-one.share, one.criterion.id))[:most])


def _compared(row: Criterion, described: frozenset[str]) -> Candidate | None:
    own = _pairs(row.words)
    common = own & described
    if len(common) < 2 or Fraction(len(common), len(own)) < LEAST:
        return None
    return Candidate(row, Fraction(len(common), len(own)), tuple(_joined(row.words, common)))


@cache
def _pairs(words: str) -> frozenset[str]:
    """All neighbouring pairs of Chinese characters that tell something."""
    pairs = {run[at : at + 2] for run in CHINESE.findall(words) for at in range(len(run) - 1)}
    return frozenset(pair for pair in pairs if not set(pair) <= EMPTY)


def _joined(words: str, common: Iterable[str]) -> list[str]:
    """The common pairs as the words they make in the criterion, in its order."""
    common, found, end = set(common), [], -1
    for at in range(len(words) - 1):
        if words[at : at + 2] not in common:
            continue
        if at < end:
            found[-1] += words[at + 1]
        else:
            found.append(words[at : at + 2])
        end = at + 2
    return found


def advice(of: Iterable[str], words: str, when: When) -> Finding:
    """The candidates as an answer: their number as value, each a reason with its clause and the words in common."""
    found = candidates(of, words, when)
    reasons = tuple(
        Finding(
            Text("很接近", "much the same") if one.strong else Text("相近", "alike"),
            Text(one.criterion.words, one.criterion.words),
            one.criterion.clause,
            {"common": "、".join(one.common), "share": one.share},
        )
        for one in found
    )
    rule = Text("可能符合的判定情形，由人判定", "criteria that may be met; a person decides")
    return Finding(len(found), rule, None, {"words": words}, reasons)


COVERAGE = (
    *(
        Part(Text(f"{sector}判定标准", f"criteria: {sector}"), "", Status.worst(row.status for row in rows), note, id)
        for sector, id, rows, note in (
            (sector, id, [row for row in criteria() if (row.sector, row.instrument) == (sector, id)], "paraphrased")
            for sector, id in dict.fromkeys((row.sector, row.instrument) for row in criteria())
        )
    ),
)
QUESTION = Question(
    name="major-hidden-danger",
    title=Text("重大事故隐患判定参考", "Criteria of major hidden dangers"),
    about=Text(
        "按行业列出与描述相近的判定情形及条款，是否重大由人判定。", "Criteria near to a description; a person decides."
    ),
    clause=Clause(DOCUMENT),
    schema=schemas.record(
        sector=schemas.choice(Text("行业", "sector"), {name: Text(name, name) for name in sectors()}),
        words=schemas.text(Text("隐患描述", "the danger in words"), examples=("干式除尘系统没有泄爆装置",)),
    ),
    answer=lambda given, when: advice([given["sector"]], given["words"], when),
    examples=(
        Example(
            Text("木工车间除尘", "dust collection of a joinery"),
            {"sector": "工贸 粉尘", "words": "木工车间干式除尘器没有泄爆、惰化、抑爆措施"},
        ),
    ),
)
