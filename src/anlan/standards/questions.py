"""What a person can ask of a document.

A module that holds a document ends with `QUESTION = Question(...)` or `QUESTIONS = (Question(...), ...)`. Whoever shows
questions (the command line, the API, the pages) walks the package and finds them; nobody lists them by hand.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from types import ModuleType
from typing import Any

import jsonschema

from anlan import standards
from anlan.standards.citing import Clause, Refusal, Text
from anlan.standards.dating import When
from anlan.standards.tracing import Finding

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Example:
    """An input worth trying, with what it shows."""

    title: Text
    input: Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """`name` is what is typed: "gb18218", "accident-class". `answer` raises Refusal where it has none.

    `schema` is a JSON schema of the input, an object. A form is made of it: under "x-title" each field has its words as
    `{"zh": …, "en": …}`, under "x-titles" the words of each value of an `enum`, under "x-unit" its unit.
    """

    name: str
    title: Text
    about: Text
    clause: Clause
    schema: Mapping[str, Any]
    answer: Callable[[Mapping[str, Any], When], Finding]
    examples: tuple[Example, ...] = field(default=())

    def __post_init__(self):
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r}: a question is named by small letters, digits and hyphens")
        if self.schema.get("type") != "object":
            raise ValueError(f"{self.name}: the input of a question is an object")
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def problems(self, given: Any) -> tuple[tuple[str, Text], ...]:
        """Where the input does not fit the schema: (place in the input, as "units/0/items/1/tonnes"; what is wrong)."""
        found = jsonschema.Draft202012Validator(self.schema, format_checker=FORMATS).iter_errors(given)
        return tuple(sorted((_said(one) for one in found), key=lambda problem: problem[0]))

    def ask(self, given: Mapping[str, Any], when: When) -> Finding:
        """The answer, once the input fits; WrongInput or another Refusal else."""
        if problems := self.problems(given):
            raise WrongInput(problems)
        return self.answer(given, when)


class WrongInput(Refusal):
    """The input does not fit; `problems` says where and what."""

    def __init__(self, problems: tuple[tuple[str, Text], ...]):
        self.problems = problems
        zh, en = ("; ".join(f"{where}: {what.said(tongue)}" for where, what in problems) for tongue in ("zh", "en"))
        super().__init__(Text(f"输入不合要求：{zh}", f"the input does not fit: {en}"))


FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _is_day(given: object) -> bool:
    return not isinstance(given, str) or bool(date.fromisoformat(given))


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(given: object) -> bool:
    return not isinstance(given, str) or datetime.fromisoformat(given).tzinfo is not None


TYPES = {
    "number": Text("应为数字", "must be a number"),
    "integer": Text("应为整数", "must be a whole number"),
    "string": Text("应为文字", "must be text"),
    "boolean": Text("应为是或否", "must be yes or no"),
    "array": Text("应为列表", "must be a list"),
    "object": Text("应为一组字段", "must be a group of fields"),
}


def _said(error: jsonschema.ValidationError) -> tuple[str, Text]:
    """A fault of the schema's checker in our words, at its place."""
    where, rule, limit = [str(step) for step in error.absolute_path], error.validator, error.validator_value
    if rule == "required":
        missing = next(name for name in limit if name not in error.instance)
        return "/".join([*where, missing]), Text("必填", "is needed")
    words = {
        "type": lambda: TYPES.get(str(limit)),
        "minimum": lambda: Text(f"不得小于{limit}", f"must not be below {limit}"),
        "exclusiveMinimum": lambda: Text(f"须大于{limit}", f"must be above {limit}"),
        "maximum": lambda: Text(f"不得大于{limit}", f"must not be above {limit}"),
        "minItems": lambda: Text(f"至少{limit}项", f"needs {limit} at least"),
        "enum": lambda: Text(f"不在可选值内：{_few(limit)}", f"is none of {_few(limit)}"),
        "format": lambda: Text(f"应为{FORMAT_WORDS[limit].zh}", f"must be {FORMAT_WORDS[limit].en}"),
        "additionalProperties": lambda: Text(f"有不认识的字段：{error.message}", error.message),
    }.get(str(rule), lambda: None)()
    return "/".join(where), words or Text(error.message, error.message)


FORMAT_WORDS = {
    "date": Text("日期，如 2026-11-24", "a day, as 2026-11-24"),
    "date-time": Text(
        "带时区的时间，如 2026-11-24T08:00:00+08:00", "a time with its offset, as 2026-11-24T08:00:00+08:00"
    ),
}


def _few(values: list) -> str:
    return ", ".join(str(value) for value in values[:12]) + (" …" if len(values) > 12 else "")


def documents() -> Iterator[ModuleType]:
    """Every module of the package, tests left out."""
    for found in pkgutil.walk_packages(standards.__path__, f"{standards.__name__}."):
        if ".tests" not in found.name and not found.name.endswith(".conftest"):
            yield importlib.import_module(found.name)


@cache
def questions() -> dict[str, Question]:
    """Every question by its name."""
    found: dict[str, Question] = {}
    for module in documents():
        one = getattr(module, "QUESTION", None)
        for question in (one,) if isinstance(one, Question) else getattr(module, "QUESTIONS", ()):
            if question.name in found:
                raise ValueError(f"{module.__name__}: there is a question {question.name!r} already")
            found[question.name] = question
    return dict(sorted(found.items()))
