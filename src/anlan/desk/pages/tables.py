"""A table as the template needs it: heads and rows of cells already shown, with one question per kind of code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from anlan.desk.lists.declare import Column, List
from anlan.desk.pages import values
from anlan.desk.pages.asking import sortable

KEPT_TOGETHER = ("level", "state", "due", "time", "date", "flag", "code")
MOST_CODES = 5000


@dataclass(frozen=True)
class Head:
    name: str
    title: Any
    kind: str
    sort: str  # what a click asks for; "" when it cannot be sorted
    direction: str  # ascending, descending or ""


@dataclass(frozen=True)
class Cell:
    shown: Any
    title: Any
    classes: str
    url: str


@dataclass(frozen=True)
class Row:
    key: Any
    level: int | None
    cells: list[Cell]
    name: str  # in words, for the label of its box


@dataclass(frozen=True)
class Table:
    heads: list[Head]
    rows: list[Row]


def table(entry: List, columns: Sequence[Column], rows: Sequence, model, sort: str = "") -> Table:
    called = codes_called(columns, rows)
    headline = next((column for column in columns if column.link), columns[0])
    return Table(
        [_head(entry, column, model, sort) for column in columns],
        [_row(entry, columns, headline, row, called) for row in rows],
    )


def codes_called(columns: Iterable[Column], rows: Sequence) -> dict[str, dict[str, str]]:
    """Titles of all region and organisation codes in these rows, one question per kind."""
    found: dict[str, set[str]] = {}
    for column in columns:
        if column.kind in values.CODED:
            codes = {str(code) for row in rows if (code := values.read(row, column.name, column.value))}
            found.setdefault(column.kind, set()).update(codes)
    return {kind: values.titles(kind, codes) for kind, codes in found.items()}


def item_url(entry: List, row) -> str:
    return reverse(entry.item_url_name, args=[row.pk]) if entry.item else ""


def _head(entry: List, column: Column, model, sort: str) -> Head:
    can = sortable(column, model)
    descending = sort == f"-{column.name}"
    direction = "descending" if descending else "ascending" if sort == column.name else ""
    following = "" if descending else f"-{column.name}" if sort == column.name else column.name
    return Head(column.name, column.title, column.kind, (following or "-") if can else "", direction)


def _row(entry: List, columns: Sequence[Column], headline: Column, row, called: dict) -> Row:
    url = item_url(entry, row)
    cells = [_cell(column, column is headline, row, called, url) for column in columns]
    level = getattr(row, entry.level, None) if entry.level else None
    name = next((str(cell.shown) for column, cell in zip(columns, cells, strict=True) if column is headline), "")
    return Row(row.pk, level, cells, name)


def _cell(column: Column, headline: bool, row, called: dict, url: str) -> Cell:
    value = values.read(row, column.name, column.value)
    classes = [column.kind] if column.kind == "number" else []
    classes += ["keep"] if column.kind in KEPT_TOGETHER else []
    classes += ["headline"] if headline else []
    classes += ["empty-cell"] if value is None or value == "" or value is False else []
    shown = values.show(column.kind, row, column.name, value, called, column.unit)
    return Cell(shown, column.title, " ".join(classes), url if column.link or headline else "")
