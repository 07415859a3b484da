"""`anlan standard`: asks a document of law or standards from the command line, with a file as the question."""

import csv
import json
import sys
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from anlan.standards.citing import Refusal
from anlan.standards.dating import When
from anlan.standards.questions import Question, questions


def run(name: str, file: Path | None, json: bool, on: str, since: str, language: str) -> int:
    """Lists the questions, shows one, or answers it; 1 when there is no answer, 2 when the question is wrong."""
    if not name:
        return _list(language)
    question = questions().get(name)
    if question is None:
        print(f"There is no standard {name!r}; known are {', '.join(questions())}.", file=sys.stderr)
        return 2
    if file is None:
        return _show(question, language)
    try:
        when = When(date.fromisoformat(on) if on else date.today(), date.fromisoformat(since) if since else None)
        asked = _read(question, file)
    except (OSError, ValueError, yaml.YAMLError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 2
    return max((_answer(question, one, when, json, language) for one in asked), default=2)


def _list(language: str) -> int:
    for question in questions().values():
        print(f"{question.name:<28} {question.title.said(language)} [{question.clause.said(language)}]")
    return 0


def _show(question: Question, language: str) -> int:
    print(f"{question.title.said(language)} [{question.clause.said(language)}]\n{question.about.said(language)}\n")
    for example in question.examples:
        print(f"# {example.title.said(language)}")
        print(yaml.safe_dump(_thawed(example.input), allow_unicode=True, sort_keys=False))
    return 0


def _answer(question: Question, asked: Any, when: When, as_json: bool, language: str) -> int:
    try:
        finding = question.ask(asked, when)
    except Refusal as error:
        print(error.text.said(language), file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps(finding.as_dict(), ensure_ascii=False))
    else:
        print(finding.outline(language))
        if finding.status.value != "verified":
            print(f"* {finding.status.title.said(language)}")
    return 0


def _read(question: Question, file: Path) -> list[Any]:
    """What the file asks: one question, or of a CSV for a question without lists, one a row."""
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    if file.suffix.lower() == ".csv":
        return from_rows(question.schema, list(csv.DictReader(text.splitlines(), strict=True)))
    return [yaml.load(text, Loader=_Plain)]  # JSON is YAML


class _Plain(yaml.SafeLoader):
    """Leaves days and times as they are written: the schemas take them as text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def from_rows(schema: dict[str, Any], rows: list[dict[str, str]]) -> list[Any]:
    """Rows of a table as the input of a schema: columns are its fields; a list is made of the rows that agree in the
    fields above it. Without a list in the schema, each row is a question of its own."""
    if unknown := {column for row in rows for column in row} - _columns(schema):
        wrong = ", ".join(str(column) for column in unknown)
        raise ValueError(f"no column {wrong}; known are {', '.join(sorted(_columns(schema)))}")
    return _records(schema, rows)


def _columns(schema: dict[str, Any]) -> set[str]:
    fields = schema["properties"]
    below = [_columns(_below(field)) for field in fields.values() if _below(field)]
    return {name for name, field in fields.items() if not _below(field)}.union(*below)


def _below(field: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the fields within a list of records or a group; None for a plain field."""
    if _is_list(field):
        return field["items"]
    return field if field["type"] == "object" else None


def _is_list(field: dict[str, Any]) -> bool:
    return field["type"] == "array" and field["items"].get("type") == "object"


def _records(schema: dict[str, Any], rows: Iterable[dict[str, str]]) -> list[dict[str, Any]]:
    plain = sorted(_columns({"properties": {n: f for n, f in schema["properties"].items() if not _is_list(f)}}))
    nested = {name: field["items"] for name, field in schema["properties"].items() if _is_list(field)}
    if not nested:
        return [_values(schema, row) for row in rows]
    return [
        _values(schema, members[0]) | {name: _records(below, members) for name, below in nested.items()}
        for members in (
            list(group) for _, group in groupby(rows, key=lambda row: [row.get(name, "") for name in plain])
        )
    ]


def _values(schema: dict[str, Any], row: dict[str, str]) -> dict[str, Any]:
    found = {}
    for name, field in schema["properties"].items():
        if field["type"] == "object":
            found[name] = _values(field, row)
        elif not _is_list(field) and (cell := (row.get(name) or "").strip()):
            found[name] = _value(field, cell)
    return found


def _value(field: dict[str, Any], cell: str) -> Any:
    kind = field["type"]
    if kind == "array":
        return [_value(field["items"], part.strip()) for part in cell.split(";") if part.strip()]
    if kind in ("integer", "number", "boolean"):
        return yaml.safe_load(cell)
    return cell


def _thawed(value: Any) -> Any:
    return json.loads(json.dumps(value))
