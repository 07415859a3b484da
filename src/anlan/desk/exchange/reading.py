"""How a sheet is read, between the run that keeps it as JSON and the pure reader; and a good first proposal."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from anlan.desk.exchange import dates, words
from anlan.desk.exchange.declare import Import, ImportColumn
from anlan.desk.exchange.heads import Head
from anlan.desk.exchange.lines import lines
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.table import SECTION, Reading, Table
from anlan.desk.exchange.values import Manner, fold, plain

YEAR = re.compile(r"(20\d\d)\s*年")
OFTEN = 0.3
LOOKED_AT = 200  # rows


def of(run: ImportRun, entry: Import) -> Reading:
    """The reading a run asks for; fields the import no longer has are left out."""
    manner, there = run.manner, range(SECTION, len(run.heads))
    mapped = sorted(run.mapping.items(), key=itemgetter(1))  # as the columns stand: JSON keeps no order everywhere
    return Reading(
        first=run.first,
        height=run.height,
        names=run.heads,
        mapping={name: n for name, n in mapped if name in entry.by_field and n in there},
        constants={name: text for name, text in manner.get("constants", {}).items() if name in entry.by_field},
        manner=Manner(
            words={name: {fold(text): value for text, value in said.items()} for name, said in meant(run).items()},
            year=manner.get("year"),
            order=manner.get("order", ""),
        ),
        lenient=bool(manner.get("lenient")),
        carry=bool(manner.get("carry")),
    )


def meant(run: ImportRun) -> dict[str, dict[str, Any]]:
    """field -> text -> the option it stands for, None for none: guessed, or as a person decided."""
    return run.manner.get("words", {})


def proposed(rows: Sequence[Sequence[Any]], first: int, name: str, columns: Sequence[int]) -> dict:
    """A year from what stands above the heading, in the file's name, or in all days that have one; and an order of day
    and month the columns allow alone."""
    above = " ".join(plain(cell) for row in rows[:first] for cell in row if isinstance(cell, str))
    year = YEAR.search(above) or YEAR.search(name)
    cells = [row[n] for row in rows[first:] for n in columns if 0 <= n < len(row)]
    written = [plain(cell) if isinstance(cell, str) else cell for cell in cells if isinstance(cell, (str, date))]
    return {
        "year": int(year[1]) if year else dates.year_of(written),
        "order": dates.order_of([cell for cell in written if isinstance(cell, str)]),
    }


def plausible(entry: Import, rows: Sequence[Sequence[Any]], mapping: Mapping[str, int]) -> dict[str, int]:
    """The guess without columns that only sound alike: of a choice that may be left out, hardly any word is one of its
    options, as 行业类别 for the kind of a danger. `rows`: those behind the heading."""
    return {name: n for name, n in mapping.items() if not _strange(entry.by_field[name], [row[n] for row in rows])}


def _strange(column: ImportColumn, cells: Sequence[Any]) -> bool:
    if column.required or column.kind != "choice":
        return False
    said = Counter(plain(cell) for cell in cells[:LOOKED_AT])
    del said[""]
    meant = sum(times for text, times in said.items() if words.guess(text, column.said()) is not None)
    return meant < OFTEN * said.total()


def carries(entry: Import, rows: Sequence[Sequence[Any]], mapping: Mapping[str, int], head: Head) -> bool:
    """Whether a column that may be carried is written only where it changes: its first cell is filled, and a good part
    of the records leave it empty."""
    width = sum(1 for name in head.names if name)
    filled = [line.cells for line in lines(rows, head.data_from, width) if line.kind == "record"]
    for column in entry.columns:
        if not column.carried or mapping.get(column.field, SECTION) == SECTION:
            continue
        said = [bool(plain(row[mapping[column.field]])) for row in filled]
        if said and said[0] and said.count(False) >= OFTEN * len(said):
            return True
    return False


def own(entry: Import, user, mapping: Mapping[str, int]) -> dict[str, str]:
    """What this person's sheets say by being his: field -> text, for columns the sheet does not have."""
    free = [column for column in entry.columns if column.own and column.field not in mapping]
    return {column.field: said for column in free if (said := column.own(user))}


def guessed(entry: Import, table: Table, known: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is meant by words nobody has decided on: field -> text -> value, only where there is one answer."""
    found: dict[str, dict[str, Any]] = {}
    for name, counted in table.words.items():
        column = entry.by_field[name]
        for text, _times in counted.most_common(words.MOST_WORDS):
            if text in known.get(name, {}):
                continue
            value = words.guess_flag(text) if column.kind == "flag" else words.guess(text, column.said())
            if value is not None:
                found.setdefault(name, {})[text] = value
    return found
