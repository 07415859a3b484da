"""GB 18218-2018, tables 1 to 6: named substances, hazard categories, correction factors; and finding the right row.

A name, an alias or a CAS number is not always enough. Nitrocellulose (rows 37–42) has one CAS number and critical
quantities from 1 t to 50 t, ammonium nitrate differs by its combustible matter (rows 43–45): such a name is refused
with the rows to choose from, and the row number ("table1:41") settles it.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import tables
from anlan.standards.citing import Clause, Refusal, Status, Text

DOCUMENT = "GB 18218-2018"


def clause(article: str, status: Status = Status.VERIFIED) -> Clause:
    """A place in this standard."""
    return Clause(DOCUMENT, article, status)


@dataclass(frozen=True)
class Substance:
    """A row of table 1: a named substance and its critical quantity in tonnes."""

    no: int
    name: str
    name_en: str
    aliases: tuple[str, ...]
    cas: tuple[str, ...]
    critical: Fraction
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


@dataclass(frozen=True)
class Category:
    """A row of table 2: a hazard category (J1 … W11) and its critical quantity in tonnes."""

    symbol: str
    group: str
    description: str
    description_en: str
    critical: Fraction
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(f"{self.symbol} {self.group}：{self.description}", f"{self.symbol} {self.description_en}")


@dataclass(frozen=True)
class NamedFactor:
    """A row of table 3: β of a toxic gas by name; `no` is its row in table 1."""

    no: int
    name: str
    name_en: str
    cas: str
    beta: Fraction
    source: str
    status: Status


@dataclass(frozen=True)
class CategoryFactor:
    """A row of table 4: β of a hazard category."""

    symbol: str
    beta: Fraction
    source: str
    status: Status


@dataclass(frozen=True)
class Assumed:
    """Not of the standard: the category a substance of table 1 usually has, where table 3 does not name it.

    It stands in only while nobody has given the category of the safety data sheet, and the answer says so.
    """

    no: int
    categories: tuple[str, ...]
    beta: Fraction
    note: str
    source: str
    status: Status


@dataclass(frozen=True)
class Residents:
    """A row of table 5: α from this number of permanent residents within 500 m outside the plant."""

    residents_from: int
    alpha: Fraction
    source: str
    status: Status


@dataclass(frozen=True)
class LevelFrom:
    """A row of table 6: the level from this R upward."""

    index_from: Fraction
    level: int
    source: str
    status: Status


@cache
def substances() -> dict[int, Substance]:
    """Table 1 by row number."""
    return {row.no: row for row in tables.read(__file__, "gb18218_table1.csv", Substance, key=lambda row: row.no)}


@cache
def categories() -> dict[str, Category]:
    """Table 2 by symbol."""
    rows = tables.read(__file__, "gb18218_table2.csv", Category, key=lambda row: row.symbol)
    return {row.symbol: row for row in rows}


@cache
def named_factors() -> dict[int, NamedFactor]:
    """Table 3 by row of table 1."""
    return {row.no: row for row in tables.read(__file__, "gb18218_table3.csv", NamedFactor, key=lambda row: row.no)}


@cache
def category_factors() -> dict[str, CategoryFactor]:
    """Table 4 by symbol."""
    rows = tables.read(__file__, "gb18218_table4.csv", CategoryFactor, key=lambda row: row.symbol)
    return {row.symbol: row for row in rows}


@cache
def assumed() -> dict[int, Assumed]:
    """What is assumed where table 3 is silent, by row of table 1."""
    return {row.no: row for row in tables.read(__file__, "gb18218_assumed.csv", Assumed, key=lambda row: row.no)}


@cache
def residents() -> tuple[Residents, ...]:
    """Table 5, fewest residents first."""
    rows = tables.read(__file__, "gb18218_table5.csv", Residents, key=lambda row: row.residents_from)
    return tuple(sorted(rows, key=lambda row: row.residents_from))


@cache
def levels() -> tuple[LevelFrom, ...]:
    """Table 6, gravest level first."""
    rows = tables.read(__file__, "gb18218_table6.csv", LevelFrom, key=lambda row: row.level)
    return tuple(sorted(rows, key=lambda row: row.level))


class Ambiguous(Refusal):
    """Several rows of table 1 answer to the name; `rows` are those to choose from."""

    def __init__(self, given: str, rows: tuple[Substance, ...]):
        zh = "；".join(f"table1:{row.no} {row.name}（{tonnes(row.critical)} t）" for row in rows)
        en = "; ".join(f"table1:{row.no} {row.name_en} ({tonnes(row.critical)} t)" for row in rows)
        super().__init__(
            Text(
                f"“{given}”在表1中有{len(rows)}行，请写明行号：{zh}",
                f"{given!r} names {len(rows)} rows; write one: {en}",
            ),
            clause("表1"),
        )
        self.rows = rows


def tonnes(quantity: Fraction) -> str:
    """A quantity as the tables print it: "0.75", "200"."""
    return f"{float(quantity):g}"


def named(given: str) -> Substance | None:
    """The row of table 1 for a name, an alias, an English name, a CAS number or "table1:NO"; None where there is none.

    Raises Ambiguous where several rows answer to it.
    """
    if found := re.fullmatch(r"table1:(\d+)", given.strip()):
        no = int(found[1])
        if no not in substances():
            raise tables.OutsideTable(
                Text("行号", "row"), given, f"table1:1 – table1:{len(substances())}", clause("表1")
            )
        return substances()[no]
    rows = _by_word().get(_key(given), ())
    if len(rows) > 1:
        raise Ambiguous(given, rows)
    return rows[0] if rows else None


def like(words: str, limit: int = 12) -> tuple[Substance, ...]:
    """Rows whose name, alias or CAS number contains the words, for a picker."""
    wanted = _key(words)
    found = dict.fromkeys(row for key, rows in _by_word().items() if wanted and wanted in key for row in rows)
    return tuple(found)[:limit]


@cache
def _by_word() -> dict[str, tuple[Substance, ...]]:
    found: dict[str, list[Substance]] = {}
    for row in substances().values():
        full = (row.name, row.name_en, *row.aliases, *row.cas)
        # 硝酸铵 without its condition names every 硝酸铵（…）, so that it is refused instead of guessed.
        short = (re.split(r"[（(]", row.name)[0], re.split(r"[（(,]", row.name_en)[0])
        for word in dict.fromkeys(_key(one) for one in (*full, *short) if one.strip()):
            found.setdefault(word, []).append(row)
    return {word: tuple(rows) for word, rows in found.items()}


def _key(name: str) -> str:
    """Width, case, spaces and the kind of bracket or comma do not matter."""
    return re.sub(r"[\s,，、]", "", unicodedata.normalize("NFKC", name).casefold())
