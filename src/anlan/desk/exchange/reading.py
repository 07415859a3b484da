"""How a sheet is read, between the run that keeps it as JSON and the pure reader; and a good first proposal."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anlan.desk.exchange import dates, words
from anlan.desk.exchange.declare import Import
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.table import SECTION, Reading, Table
from anlan.desk.exchange.values import Manner, fold, plain

YEAR = re.compile(r"(20\d\d)\s*年")


def of(run: ImportRun, entry: Import) -> Reading:
    """The reading a run asks for; fields the import no longer has are left out."""
    manner, there = run.manner, range(SECTION, len(run.heads))
    return Reading(
        first=run.first,
        height=run.height,
        names=run.heads,
        mapping={name: n for name, n in run.mapping.items() if name in entry.by_field and n in there},
        constants={name: text for name, text in manner.get("constants", {}).items() if name in entry.by_field},
        manner=Manner(
            words={name: {fold(text): value for text, value in said.items()} for name, said in meant(run).items()},
            year=manner.get("year"),
            order=manner.get("order", ""),
        ),
        lenient=bool(manner.get("lenient")),
    )


def meant(run: ImportRun) -> dict[str, dict[str, Any]]:
    """field -> text -> the option it stands for, None for none: guessed, or as a person decided."""
    return run.manner.get("words", {})


def proposed(rows: Sequence[Sequence[Any]], first: int, name: str, columns: Sequence[int]) -> dict:
    """A year from what stands above the heading or in the file's name, and an order of day and month the columns
    allow alone."""
    above = " ".join(plain(cell) for row in rows[:first] for cell in row if isinstance(cell, str))
    year = YEAR.search(above) or YEAR.search(name)
    texts = [plain(row[n]) for row in rows[first:] for n in columns if 0 <= n < len(row) and isinstance(row[n], str)]
    return {"year": int(year[1]) if year else None, "order": dates.order_of(texts)}


def guessed(entry: Import, table: Table, known: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What is meant by words nobody has decided on: field -> text -> value, only where there is one answer."""
    found: dict[str, dict[str, Any]] = {}
    for name, counted in table.words.items():
        column = entry.by_field[name]
        for text, _times in counted.most_common(words.MOST_WORDS):
            if text in known.get(name, {}):
                continue
            value = words.guess_flag(text) if column.kind == "flag" else words.guess(text, column.options())
            if value is not None:
                found.setdefault(name, {})[text] = value
    return found
