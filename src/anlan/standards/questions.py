"""What a person can ask of a document.

A module that holds a document ends with `QUESTION = Question(...)` or `QUESTIONS = (Question(...), ...)`. Whoever shows
questions (the command line, the API, the pages) walks the package and finds them; nobody lists them by hand.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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

    def problems(self, given: Any) -> tuple[tuple[str, str], ...]:
        """Where the input does not fit the schema: (place in the input, what is wrong)."""
        found = jsonschema.Draft202012Validator(self.schema).iter_errors(given)
        return tuple(sorted(("/".join(str(step) for step in one.absolute_path), one.message) for one in found))

    def ask(self, given: Mapping[str, Any], when: When) -> Finding:
        """The answer, once the input fits; WrongInput or another Refusal else."""
        if problems := self.problems(given):
            raise WrongInput(problems)
        return self.answer(given, when)


class WrongInput(Refusal):
    """The input does not fit; `problems` says where and what."""

    def __init__(self, problems: tuple[tuple[str, str], ...]):
        self.problems = problems
        said = "; ".join(f"{where}: {what}" if where else what for where, what in problems)
        super().__init__(Text(f"输入不合要求：{said}", f"the input does not fit: {said}"))


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
