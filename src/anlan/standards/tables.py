"""Tables of standards, read strictly.

A table is a CSV file beside the module that uses it, and a frozen dataclass that names its columns and their types.
Every row says where it comes from (`source`) and how far that was checked (`status`). A missing or unknown column, a
wrong type, a row given twice stop the reading with file and line, so a damaged table cannot answer.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from anlan.standards.citing import Clause, Refusal, Text


class BrokenTable(ValueError):
    """A table that does not fit its dataclass: file, line and column are named."""


class OutsideTable(Refusal):
    """Asked for something the table does not hold: `OutsideTable(Text("作业人数", "workers"), 120, "1–99", clause)`."""

    def __init__(self, what: Text, given: Any, allowed: Any, clause: Clause | None = None):
        zh, en = (allowed.zh, allowed.en) if isinstance(allowed, Text) else (str(allowed), str(allowed))
        where = (f"（{clause.said('zh')}）", f" ({clause.said('en')})") if clause else ("", "")
        words = Text(
            f"{what.zh}“{given}”不在表内{where[0]}；可用：{zh}",
            f"{what.en} {given!r} is outside the table{where[1]}; allowed: {en}",
        )
        super().__init__(words, clause)
        self.what, self.given, self.allowed = what, given, allowed


def read[T](package_file: str, name: str, row: type[T], *, key: Callable[[T], Any] | None = None) -> tuple[T, ...]:
    """The rows of the CSV `name` beside `package_file` (pass `__file__`), as `row` dataclasses.

    Columns are exactly the fields of `row`, which include `source` and `status`. An empty cell is None where the type
    allows it, the empty string for `str`, no words for a tuple (words are parted by semicolons), and else an error;
    `bool` is written yes or no. `key` names what may not come twice.
    """
    path = Path(package_file).with_name(name)
    kinds = get_type_hints(row)
    wanted = [one.name for one in fields(row)]
    if missing := {"source", "status"} - set(wanted):
        raise BrokenTable(f"{row.__name__}: a row of a table says its {' and '.join(sorted(missing))}")
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, strict=True)
        head = next(lines, [])
        if sorted(head) != sorted(wanted):
            raise BrokenTable(f"{name}:1: columns {head} are not those of {row.__name__}: {wanted}")
        rows = tuple(_row(row, kinds, name, lines.line_num, head, cells) for cells in lines if cells)
    if key is not None:
        _refuse_twice(name, rows, key)
    return rows


def _row[T](row: type[T], kinds: dict, name: str, line: int, head: list[str], cells: list[str]) -> T:
    if len(cells) != len(head):
        raise BrokenTable(f"{name}:{line}: {len(cells)} cells under {len(head)} columns")
    values = {
        column: _value(kinds[column], cell, f"{name}:{line} {column}") for column, cell in zip(head, cells, strict=True)
    }
    if not values["source"]:
        raise BrokenTable(f"{name}:{line}: a row without a source")
    return row(**values)


def _value(kind: Any, cell: str, where: str) -> Any:
    cell = cell.strip()
    if get_origin(kind) is UnionType:
        if not cell:
            return None
        kind = next(one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is tuple:  # several words in one cell, parted by semicolons
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    if kind is str:
        return cell
    try:
        return _typed(kind, cell)
    except (ValueError, ArithmeticError, KeyError) as error:
        raise BrokenTable(f"{where}: {cell!r} is no {kind.__name__}") from error


def _typed(kind: Any, cell: str) -> Any:
    if kind is bool:
        return {"yes": True, "no": False}[cell]
    if kind is date:
        return date.fromisoformat(cell)
    if kind is Fraction:
        return Fraction(Decimal(cell))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(cell)
    return kind(cell)


def _refuse_twice(name: str, rows: Iterable, key: Callable) -> None:
    seen = set()
    for one in rows:
        mark = key(one)
        if mark in seen:
            raise BrokenTable(f"{name}: {mark!r} stands there twice")
        seen.add(mark)
