"""Pieces of the JSON schemas of questions, with the words a form needs in both languages.

    record(residents=integer(Text("人口", "residents")), units=many(Text("单元", "units"), UNIT))

A field is required unless it is wrapped in `maybe`. What is not named in a record is refused.
"""

from collections.abc import Mapping
from typing import Any

from anlan.standards.citing import Text

Schema = dict[str, Any]


def number(title: Text, *, least: float | None = 0, most: float | None = None, unit: str = "") -> Schema:
    """A number; not negative unless `least` says otherwise. `unit` is a UCUM code."""
    return _field("number", title, minimum=least, maximum=most, **{"x-unit": unit or None})


def integer(title: Text, *, least: int | None = 0, most: int | None = None, unit: str = "") -> Schema:
    """A whole number; not negative unless `least` says otherwise."""
    return _field("integer", title, minimum=least, maximum=most, **{"x-unit": unit or None})


def text(title: Text, *, examples: tuple[str, ...] = ()) -> Schema:
    """Words."""
    return _field("string", title, examples=list(examples) or None)


def yes_no(title: Text, *, default: bool | None = None) -> Schema:
    """True or false."""
    return _field("boolean", title, default=default)


def day(title: Text) -> Schema:
    """A date, as 2026-11-24."""
    return _field("string", title, format="date")


def moment(title: Text) -> Schema:
    """A time with its offset, as 2026-11-24T08:00:00+08:00."""
    return _field("string", title, format="date-time")


def choice(title: Text, choices: Mapping[str, Text], *, default: str | None = None) -> Schema:
    """One of several; the choices with their words."""
    return _field("string", title, default=default, **_choices(choices))


def some_of(title: Text, choices: Mapping[str, Text]) -> Schema:
    """Any number of several."""
    return _field("array", title, items={"type": "string", **_choices(choices)}, uniqueItems=True)


def many(title: Text, entry: Schema, *, least: int = 1) -> Schema:
    """A list of records."""
    return _field("array", title, items=entry, minItems=least)


def maybe(field: Schema) -> Schema:
    """A field that may be left out."""
    return {**field, "x-optional": True}


def record(title: Text | None = None, /, **fields: Schema) -> Schema:
    """An object of named fields."""
    needed = [name for name, field in fields.items() if not field.get("x-optional")]
    found = _field("object", title, properties=fields, required=needed)
    return {**found, "additionalProperties": False}


def _field(kind: str, title: Text | None, **rest: Any) -> Schema:
    words = {"x-title": _said(title)} if title else {}
    return {"type": kind, **words, **{name: value for name, value in rest.items() if value is not None}}


def _choices(choices: Mapping[str, Text]) -> Schema:
    return {"enum": list(choices), "x-titles": {key: _said(words) for key, words in choices.items()}}


def _said(words: Text) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
