"""From a sheet and a mapping to rows: which can be read, and what is wrong with the others. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from anlan.desk.exchange.declare import Import, ImportColumn, Row
from anlan.desk.exchange.lines import Line, lines
from anlan.desk.exchange.values import EMPTY, PLAINLY, BadCell, Manner, Period, convert, is_option, plain

SECTION = -1  # stands for the title of the section a row belongs to, where a column would
DITTO = {"同上", "上同", "〃", "″", '"', "''"}  # what people write for "as above"
LONGEST_WORD = 60  # a longer text is no word for an option


@dataclass(frozen=True)
class BadRow:
    """A row of the sheet that is not taken: its number there, its cells, and what is wrong, by column title."""

    number: int
    cells: list[Any]
    problems: list[tuple[str, str]]
    section: str = ""

    @property
    def sentence(self) -> str:
        return " ".join(f"{title}: {text}" if title else text for title, text in self.problems)


@dataclass(frozen=True)
class Reading:
    """How one sheet is read: where its heading stands, which column is which (SECTION for the title a row stands
    under), what all rows have, how people wrote, and whether a row is taken though a cell of it is unreadable."""

    first: int
    height: int
    names: list[str]
    mapping: dict[str, int]
    constants: dict[str, str] = field(default_factory=dict)
    manner: Manner = PLAINLY
    lenient: bool = False
    carry: bool = False  # an empty cell of a column that may be carried says what the one above says

    @property
    def data_from(self) -> int:
        return self.first + self.height

    @property
    def fields(self) -> set[str]:
        return {*self.mapping, *self.constants}


@dataclass
class Table:
    """What a sheet holds: rows that can be read, rows that cannot, lines that are none, and the words of its choices
    that are no option: field -> text -> how often; and of cells that hold a period, the day that was taken."""

    good: list[Row] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    periods: list["OfPeriod"] = field(default_factory=list)


@dataclass(frozen=True)
class OfPeriod:
    """A cell that holds a period, and the day that was taken of it."""

    number: int
    column: ImportColumn
    text: str
    day: date


def read_rows(entry: Import, rows: Sequence[Sequence[Any]], reading: Reading) -> Table:
    """All rows below the heading that hold anything, in the order of the sheet."""
    found = Table(words={one.field: Counter() for one in entry.columns if one.kind in ("choice", "flag")})
    reader = _Reader(entry, reading, found.words)
    seen: dict[tuple, int] = {}
    for line in lines(rows, reading.data_from, sum(1 for name in reading.names if name)):
        if line.kind != "record":
            found.skipped.append((line.number, " ".join(dict.fromkeys(filter(None, map(plain, line.cells))))))
            continue
        line = reader.carried(line)
        values, problems = reader.read(line)
        if not problems and (first := _first_of_its_key(entry, values, seen, line.number)):
            problems = [("", _("与第 %(row)d 行重复，请删去其中一行。") % {"row": first})]
        if problems:
            found.bad.append(BadRow(line.number, list(line.cells), problems, line.section))
        else:
            found.good.append(Row(line.number, values))
    found.periods = reader.periods
    return found


def read_line(entry: Import, reading: Reading, line: Line) -> tuple[Row, list[tuple[str, str]]]:
    """One line by itself, and what is wrong with it."""
    values, problems = _Reader(entry, reading, defaultdict(Counter)).read(line)
    return Row(line.number, values), problems


class _Reader:
    """One line after the other, by one way of reading."""

    def __init__(self, entry: Import, reading: Reading, words: dict[str, Counter[str]]):
        self.reading, self.words, self.rest = reading, words, entry.rest
        self.columns = [(entry.by_field[name], index) for name, index in reading.mapping.items()]
        self.constants = [(entry.by_field[name], text) for name, text in reading.constants.items()]
        used = set(reading.mapping.values())
        self.unmapped = [(n, name) for n, name in enumerate(reading.names) if name and n not in used]
        self.carries = [n for column, n in self.columns if column.carried and n != SECTION]
        self.above: dict[int, Any] = {}
        self.section = ""
        self.periods: list[OfPeriod] = []

    def carried(self, line: Line) -> Line:
        """The line with 同上, and with `carry` also its empty cells, saying what the last line of its section says."""
        if line.section != self.section:
            self.section, self.above = line.section, {}
        cells = list(line.cells)
        for index in self.carries:
            text = plain(cells[index]) if index < len(cells) else ""
            if text in DITTO or (self.reading.carry and not text and index < len(cells)):
                cells[index] = self.above.get(index, cells[index])
            elif text:
                self.above[index] = cells[index]
        return replace(line, cells=cells)

    def read(self, line: Line) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        kept: dict[str, str] = {}
        for column, cell in self._cells(line):
            if column.kind in ("choice", "flag"):
                self._count(column, cell)
            try:
                values[column.field] = convert(column, cell, self.reading.manner)
            except Period as period:
                values[column.field] = period.day
                self.periods.append(OfPeriod(line.number, column, plain(cell), period.day))
            except BadCell as error:
                if self.rest and self.reading.lenient and not column.required:
                    values[column.field], kept[str(column.title)] = None, plain(cell)
                else:
                    problems.append((str(column.title), str(error)))
        if self.rest:
            unread = {name: text for n, name in self.unmapped if n < len(line.cells) and (text := plain(line.cells[n]))}
            values[self.rest] = {**unread, **kept}
        return values, problems

    def _cells(self, line: Line) -> Iterator[tuple[ImportColumn, Any]]:
        for column, index in self.columns:
            if index == SECTION:
                yield column, line.section
            else:
                yield column, line.cells[index] if index < len(line.cells) else None
        yield from self.constants

    def _count(self, column: ImportColumn, cell: Any) -> None:
        text = plain(cell)
        if len(text) <= LONGEST_WORD and text.lower() not in EMPTY and not is_option(column, text, self.reading.manner):
            self.words[column.field][text] += 1


def missing(entry: Import, reading: Reading) -> list[ImportColumn]:
    """Columns that must be there and are neither mapped nor the same for all rows."""
    return [column for column in entry.columns if column.required and column.field not in reading.fields]


def _first_of_its_key(entry: Import, values: dict, seen: dict[tuple, int], number: int) -> int | None:
    if not entry.key or any(values.get(field) is None for field in entry.key):
        return None
    key = tuple(values[field] for field in entry.key)
    first = seen.setdefault(key, number)
    return first if first != number else None
