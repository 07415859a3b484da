"""What the query string of a list page asks for, read strictly: whatever makes no sense is left out, never an error."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict

from anlan.desk.lists.declare import Choice, Column, Filter, List

LEVELS = ("1", "2", "3", "4")


@dataclass(frozen=True)
class Asked:
    """Read from the query string. `filters`: values by filter name, only those that are set."""

    columns: tuple[Column, ...]
    filters: dict[str, Any]
    words: str
    sort: str  # a column's name, with a minus for descending, or ""
    page: int


def read(entry: List, query: QueryDict, user, model) -> Asked:
    filters = {chosen.name: value for chosen in entry.filters if (value := filter_value(chosen, query, user, model))}
    return Asked(
        columns=_columns(entry, query.get("columns", "")),
        filters=filters,
        words=written(query, "q"),
        sort=_sort(entry, query.get("sort", ""), model),
        page=_page(query.get("page", "")),
    )


def written(query: QueryDict, name: str) -> str:
    """Without the character that ends a text in C: no row holds it, and PostgreSQL refuses to be asked for it."""
    return query.get(name, "").replace("\0", "").strip()[:80]


def filter_value(chosen: Filter, query: QueryDict, user, model) -> Any:
    """A list for choices and levels, a pair of days or None for dates, text for the others; falsy when not set."""
    if chosen.kind == "level":
        return [int(value) for value in query.getlist(chosen.name) if value in LEVELS]
    if chosen.kind == "choice":
        known = {str(choice.value): choice.value for choice in choices(chosen, user, model)}
        return [known[value] for value in query.getlist(chosen.name) if value in known]
    if chosen.kind == "dates":
        pair = (_day(query.get(f"{chosen.name}_from", "")), _day(query.get(f"{chosen.name}_to", "")))
        return pair if any(pair) else None
    if chosen.kind == "flag":
        return query.get(chosen.name) in ("1", "on")
    value = written(query, chosen.name) or written(query, f"{chosen.name}__text")
    if chosen.kind == "region" and not (value.isdecimal() and value.isascii() and len(value) <= 15):
        return ""
    return value


def choices(chosen: Filter, user, model) -> list[Choice]:
    """The values of a choice filter: those declared, else the model field's own."""
    given = chosen.choices(user) if callable(chosen.choices) else chosen.choices
    if given is None:
        found = field(model, chosen.column)
        given = list(getattr(found, "flatchoices", ()) or ())
    return [value if isinstance(value, Choice) else Choice(*value) for value in given]


@lru_cache(maxsize=1024)
def field(model, path: str):
    """The model field at the end of a path, or None when the path leads nowhere."""
    found = None
    for part in path.split("__"):
        if model is None:
            return None
        try:
            found = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = getattr(found, "related_model", None)
    return found


def sortable(column: Column, model) -> bool:
    return bool(column.sort_field) and (column.sort is not None or field(model, column.sort_field) is not None)


def _columns(entry: List, asked: str) -> tuple[Column, ...]:
    wanted = asked.split(",") if asked else ()
    chosen = tuple(column for column in entry.columns if column.name in wanted)
    return chosen or tuple(column for column in entry.columns if column.default)


def _sort(entry: List, asked: str, model) -> str:
    column = entry.by_column.get(asked.removeprefix("-"))
    return asked if column and sortable(column, model) else ""


def _page(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdecimal() and 0 < int(asked[:9]) < 1_000_000 else 1


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None
