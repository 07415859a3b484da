"""A question's JSON schema as an HTML form, and the form's answers as the question's input.

A field is named by its place: `units.0.items.1.tonnes`. Rows of a list are added and removed by buttons named `rows`:
"+units.0.items" adds one, "-units.0.items.1" takes that one away; the page works without script.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from anlan.standards.citing import Text
from anlan.standards.dating import When
from anlan.standards.questions import Question

MOST_ROWS = 200  # of one list; a larger plant is asked by file or by the API


@dataclass(frozen=True)
class Option:
    value: str
    title: Text
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One field as the template draws it. `rows` are those of a list, each with its own fields."""

    name: str
    kind: str  # text, number, integer, choice, some_of, several, yes_no, day, moment, group, list
    title: Text
    required: bool = False
    unit: str = ""
    value: Any = ""
    hint: str = ""
    problem: Text | None = None
    options: tuple[Option, ...] = ()
    rows: tuple["Row", ...] = field(default=())


@dataclass(frozen=True)
class Row:
    name: str
    fields: tuple[Field, ...]


def fields(question: Question, given: Mapping[str, Any], problems: Mapping[str, Text]) -> tuple[Field, ...]:
    """The form of a question, filled with what was given."""
    return _fields(question.schema, given, "", problems)


def _fields(schema: Mapping, given: Mapping, before: str, problems: Mapping[str, Text]) -> tuple[Field, ...]:
    needed = schema.get("required", ())
    return tuple(
        _field(entry, f"{before}{name}", given.get(name), name in needed, problems)
        for name, entry in schema["properties"].items()
    )


def _field(schema: Mapping, name: str, value: Any, required: bool, problems: Mapping[str, Text]) -> Field:
    kind = kind_of(schema)
    said = schema.get("x-title") or {"zh": name.rpartition(".")[2], "en": name.rpartition(".")[2]}
    rows = ()
    if kind == "group":
        rows = (Row(name, _fields(schema, value or {}, f"{name}.", problems)),)
    if kind == "list":
        rows = tuple(
            Row(f"{name}.{place}", _fields(schema["items"], entry, f"{name}.{place}.", problems))
            for place, entry in enumerate(value or [{}] * schema.get("minItems", 0))
        )
    return Field(
        name=name,
        kind=kind,
        title=Text(said["zh"], said["en"]),
        required=required,
        unit=schema.get("x-unit", ""),
        value=_typed(kind, value),
        hint="、".join(str(example) for example in schema.get("examples", ())),
        problem=problems.get(name.replace(".", "/")),
        options=_options(schema, kind, value),
        rows=rows,
    )


def _typed(kind: str, value: Any) -> Any:
    """As it stands in the field."""
    if kind == "several":
        return "; ".join(str(one) for one in value or ())
    return "" if value is None else value


def kind_of(schema: Mapping) -> str:
    """How a field is asked for."""
    if schema["type"] == "array":
        if schema["items"].get("type") == "object":
            return "list"
        return "some_of" if schema.get("uniqueItems") and "enum" in schema["items"] else "several"
    if schema["type"] == "object":
        return "group"
    if "enum" in schema:
        return "choice"
    formats = {"date": "day", "date-time": "moment"}
    kinds = {"number": "number", "integer": "integer", "boolean": "yes_no"}
    return formats.get(schema.get("format", ""), kinds.get(schema["type"], "text"))


def _options(schema: Mapping, kind: str, value: Any) -> tuple[Option, ...]:
    entry = schema["items"] if kind in ("some_of", "several") else schema
    titles = entry.get("x-titles", {})
    chosen = (
        set(map(str, value or ())) if kind == "some_of" else {str(schema.get("default") if value is None else value)}
    )
    return tuple(
        Option(str(one), _words(titles.get(str(one)), one), str(one) in chosen) for one in entry.get("enum", ())
    )


def _words(titles: Mapping | None, value: Any) -> Text:
    return Text(titles["zh"], titles["en"]) if titles else Text(str(value), str(value))


def given(question: Question, posted: QueryDict) -> dict[str, Any]:
    """The input that a posted form means. What is no number stays as it was typed, so that the schema says so."""
    found = _record(question.schema, posted, "")
    if change := posted.get("rows", ""):
        _change(question.schema, found, change)
    return found


def _record(schema: Mapping, posted: QueryDict, before: str) -> dict[str, Any]:
    found = {}
    for name, entry in schema["properties"].items():
        value = _value(entry, posted, f"{before}{name}")
        if value not in ("", None, []):
            found[name] = value
    return found


def _value(schema: Mapping, posted: QueryDict, name: str) -> Any:
    kind = kind_of(schema)
    if kind == "list":
        return [_record(schema["items"], posted, f"{name}.{place}.") for place in _places(posted, name)]
    if kind == "group":
        return _record(schema, posted, f"{name}.")
    if kind == "some_of":
        return [_chosen(schema["items"], one) for one in posted.getlist(name)]
    typed = posted.get(name, "").strip()
    if kind == "several":
        return [_chosen(schema["items"], one) for one in PARTING.split(typed) if one]
    if kind == "choice":
        return _chosen(schema, typed)
    return READERS.get(kind, str)(typed) if typed else ""


PARTING = re.compile(r"[\s,，;；、]+")


def _chosen(schema: Mapping, typed: str) -> Any:
    """The value of a choice as the schema has it: its numbers are numbers."""
    known = {str(one): one for one in schema.get("enum", ())}
    return known.get(typed, _number(typed) if schema["type"] in ("number", "integer") else typed)


def _places(posted: QueryDict, name: str) -> list[int]:
    places = {key[len(name) + 1 :].partition(".")[0] for key in posted if key.startswith(f"{name}.")}
    return sorted(int(place) for place in places if place.isdecimal() and len(place) < 5)[:MOST_ROWS]


def _number(typed: str) -> Any:
    try:
        return int(typed) if typed.lstrip("-").isdecimal() else float(typed)
    except ValueError:
        return typed


def _moment(typed: str) -> str:
    """A browser's local time is of the region's zone."""
    try:
        read = datetime.fromisoformat(typed)
    except ValueError:
        return typed
    return (timezone.make_aware(read) if read.tzinfo is None else read).isoformat()


READERS = {
    "number": _number,
    "integer": _number,
    "yes_no": lambda typed: typed == "yes",
    "moment": _moment,
}


def _change(schema: Mapping, found: dict, change: str) -> None:
    """Adds or removes a row; an address that leads nowhere changes nothing."""
    *path, last = change[1:].split(".")
    here: Any = found
    try:
        for step in path:
            here = here[int(step)] if step.isdecimal() else here.setdefault(step, [])
        if change[0] == "+":
            rows = here.setdefault(last, [])
            if len(rows) < MOST_ROWS:
                rows.append({})
        else:
            del here[int(last)]
    except (LookupError, TypeError, ValueError, AttributeError):
        return


def asked_when(posted: QueryDict) -> When:
    """The day asked (today unless given) and the day the thing came under the rule. ValueError for what is no day."""
    days = [
        timezone.datetime.fromisoformat(posted[name]).date() if posted.get(name) else None for name in ("on", "since")
    ]
    return When(days[0] or timezone.localdate(), days[1])
