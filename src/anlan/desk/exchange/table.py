"""From a sheet and a mapping to rows: which can be read, and what is wrong with the others. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.desk.exchange.declare import Import, ImportColumn, Row
from anlan.desk.exchange.values import BadCell, convert

EVERY = 2_000


@dataclass(frozen=True)
class BadRow:
    """A row of the sheet that is not taken: its number there, its cells, and what is wrong, by column title."""

    number: int
    cells: list[Any]
    problems: list[tuple[str, str]]

    @property
    def sentence(self) -> str:
        return " ".join(f"{title}: {text}" if title else text for title, text in self.problems)


def read_rows(
    entry: Import,
    rows: Sequence[Sequence[Any]],
    data_from: int,
    mapping: dict[str, int],
    progress: Callable[[int], None] = int,
) -> tuple[list[Row], list[BadRow]]:
    """All rows below the heading that hold anything, in the order of the sheet."""
    columns = [(entry.by_field[field], index) for field, index in mapping.items()]
    good: list[Row] = []
    bad: list[BadRow] = []
    seen: dict[tuple, int] = {}
    for number, cells in _filled(rows, data_from):
        if number % EVERY == 0:
            progress(number)
        values, problems = _read(columns, cells)
        if not problems and (first := _first_of_its_key(entry, values, seen, number)):
            problems = [("", _("与第 %(row)d 行重复，请删去其中一行。") % {"row": first})]
        if problems:
            bad.append(BadRow(number, list(cells), problems))
        else:
            good.append(Row(number, values))
    return good, bad


def missing(entry: Import, mapping: dict[str, int]) -> list[ImportColumn]:
    """Columns that must be there and are not mapped."""
    return [column for column in entry.columns if column.required and column.field not in mapping]


def _filled(rows: Sequence[Sequence[Any]], data_from: int) -> Iterator[tuple[int, Sequence[Any]]]:
    for index in range(data_from, len(rows)):
        if any(cell is not None for cell in rows[index]):
            yield index + 1, rows[index]


def _read(columns: list[tuple[ImportColumn, int]], cells: Sequence[Any]) -> tuple[dict, list[tuple[str, str]]]:
    values: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for column, index in columns:
        try:
            values[column.field] = convert(column, cells[index] if index < len(cells) else None)
        except BadCell as error:
            problems.append((str(column.title), str(error)))
    return values, problems


def _first_of_its_key(entry: Import, values: dict, seen: dict[tuple, int], number: int) -> int | None:
    if not entry.key or any(values.get(field) is None for field in entry.key):
        return None
    key = tuple(values[field] for field in entry.key)
    first = seen.setdefault(key, number)
    return first if first != number else None
