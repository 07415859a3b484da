"""GB/T 13861-2022 生产过程危险和有害因素分类与代码: the factors as a tree of four levels.

1 people · 2 things · 3 surroundings · 4 management;  110102 is below 1101, 1101 below 11, 11 below 1
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anlan.standards import schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.questions import Example, Question
from anlan.standards.tracing import Finding

DOCUMENT = "GB/T 13861-2022"
CLAUSE = Clause(DOCUMENT, "表1")


@dataclass(frozen=True)
class Factor:
    """A factor. `parent` is empty for the four at the top; `name_en` is empty below the second level."""

    code: str
    level: int
    parent: str
    name: str
    name_en: str
    note: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en or self.name)


@cache
def factors() -> dict[str, Factor]:
    """Every factor by code, parents before children."""
    found = {row.code: row for row in tables.read(__file__, "gbt13861_2022.csv", Factor, key=lambda row: row.code)}
    for row in found.values():
        if row.parent not in found if row.parent else row.level != 1:
            raise tables.BrokenTable(f"gbt13861_2022.csv: {row.code} hangs on nothing")
    return found


EDITIONS = Editions(Edition(date(2022, 10, 1), factors, CLAUSE))


def path(code: str, when: When) -> Finding:
    """The factor of a code, because of the factors above it, nearest first."""
    known = EDITIONS.at(when).value()
    row = known.get(code.strip())
    if row is None:
        raise tables.OutsideTable(Text("因素代码", "code"), code, "1, 11, 1101, 110101 …", CLAUSE)
    above = (path(row.parent, when),) if row.parent else ()
    clause = Clause(DOCUMENT, "表1", row.status)
    return Finding(row.title, Text("危险和有害因素", "hazardous or harmful factor"), clause, {"code": row.code}, above)


def children(code: str = "") -> tuple[Factor, ...]:
    """The factors right below a code; without one, the four at the top."""
    return tuple(row for row in factors().values() if row.parent == code)


def find(words: str, limit: int = 20) -> tuple[Factor, ...]:
    """Factors whose name or code contains every word; deepest first, since people look for the particular."""
    wanted = unicodedata.normalize("NFKC", words).casefold().split()
    rows = [row for row in factors().values() if wanted and all(_has(row, word) for word in wanted)]
    return tuple(sorted(rows, key=lambda row: (-row.level, row.code))[:limit])


def _has(row: Factor, word: str) -> bool:
    return word in row.name or word in row.name_en.casefold() or row.code.startswith(word)


def answer(given: Mapping[str, Any], when: When) -> Finding:
    """One code, or what the words find."""
    EDITIONS.at(when)
    if given["asked"].strip().isdigit():
        return path(given["asked"], when)
    found = tuple(path(row.code, when) for row in find(given["asked"]))
    return Finding(len(found), Text("符合的因素", "factors found"), CLAUSE, {"asked": given["asked"]}, found)


QUESTION = Question(
    name="gbt13861",
    title=Text("危险和有害因素代码", "Codes of hazardous and harmful factors"),
    about=Text("按代码或名称查因素及其上级。", "Looks a factor up by code or name, with those above it."),
    clause=CLAUSE,
    schema=schemas.record(asked=schemas.text(Text("代码或名称", "code or name"), examples=("110102", "违章"))),
    answer=answer,
    examples=(
        Example(Text("代码 120102", "code 120102"), {"asked": "120102"}),
        Example(Text("名称含“违章”", "names with 违章"), {"asked": "违章"}),
    ),
)

COVERAGE = (
    Part(
        Text("242个因素及代码", "242 factors with codes"),
        "表1",
        Status.VERIFIED,
        "two codes (320602, 320699) look swapped in the copy",
    ),
    Part(
        Text("2009年版", "edition of 2009"),
        "",
        Status.ABSENT,
        "asked for a day before 2022-10-01: refused",
        "GB/T 13861-2009",
    ),
)
