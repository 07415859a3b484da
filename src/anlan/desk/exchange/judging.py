"""What will become of each row of an uploaded sheet, and what the preview shows of it. Writes nothing but progress."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from anlan.desk.documents import store
from anlan.desk.exchange import reading, sheets, table
from anlan.desk.exchange.declare import Import, ImportColumn, Row, Verdict, imports
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.table import BadRow, OfPeriod, Table
from anlan.desk.exchange.values import plain
from anlan.desk.exchange.words import MOST_WORDS

SLICE = 5_000  # rows judged at a time: a capability reads what they refer to once for each slice
SAMPLE = 100
GOOD_SAMPLE = 20


class Gone(ValueError):
    """The uploaded file was swept away; it must be uploaded again."""


@dataclass(frozen=True)
class Judged:
    """Every line of a sheet with what will become of it."""

    good: list[tuple[Row, Verdict]]
    bad: list[BadRow]
    skipped: list[tuple[int, str]] = field(default_factory=list)
    words: dict[str, list] = field(default_factory=dict)
    periods: list[OfPeriod] = field(default_factory=list)

    def count(self, state: str) -> int:
        return sum(verdict.state == state for _row, verdict in self.good)

    def counts(self) -> dict[str, int]:
        """By the run's own fields."""
        states = {state: self.count(state) for state in ("new", "changed", "unchanged")}
        return states | {"bad": len(self.bad), "skipped": len(self.skipped)}


def opened(run: ImportRun) -> list[sheets.Sheet]:
    try:
        with store.path_of(run.digest).open("rb") as file:
            return sheets.read(file)
    except FileNotFoundError:
        raise Gone(_("上传的文件只保留一天，现已删除，请重新上传。")) from None


def readable(run: ImportRun) -> Table:
    """The sheet by the run's reading. Errors: Gone; ValidationError when a required column is missing."""
    entry = imports()[run.target]
    how = reading.of(run, entry)
    if lacking := table.missing(entry, how):
        titles = "、".join(str(column.title) for column in lacking)
        raise ValidationError(
            _("表中没有找到必填的列：%(titles)s。请在下面对应，或填写整表统一的内容。") % {"titles": titles}
        )
    return table.read_rows(entry, opened(run)[run.sheet].rows, how)


def judge(run: ImportRun, found: Table | None = None, progress: Callable[[int], None] = int) -> Judged:
    """What will become of each row, by the capability's own check."""
    entry, found = imports()[run.target], found or readable(run)
    verdicts: list[Verdict] = []
    for some in batched(found.good, SLICE):
        verdicts += entry.check(run.user, list(some))
        progress(len(verdicts))
    return decided(run, entry, found, verdicts)


def decided(run: ImportRun, entry: Import, found: Table, verdicts: Sequence[Verdict]) -> Judged:
    if len(verdicts) != len(found.good):
        raise RuntimeError(f"import '{entry.name}' answered {len(verdicts)} verdicts for {len(found.good)} rows")
    both = list(zip(found.good, verdicts, strict=True))
    refused = [(row, verdict) for row, verdict in both if verdict.state == "bad"]
    bad = found.bad
    if refused:
        cells = opened(run)[run.sheet].rows
        bad = bad + [
            BadRow(row.number, list(cells[row.number - 1]), [(_title(entry, verdict), verdict.problem)])
            for row, verdict in refused
        ]
    kept = [(row, verdict) for row, verdict in both if verdict.state != "bad"]
    words = {name: counted.most_common(MOST_WORDS) for name, counted in found.words.items() if counted}
    return Judged(kept, sorted(bad, key=lambda row: row.number), found.skipped, words, found.periods)


def sample(run: ImportRun, judged: Judged) -> list[dict]:
    """What the preview shows: the first bad rows with their reasons, some of the others, lines that are no rows, and
    periods of which one day was taken."""
    entry = imports()[run.target]
    names = shown_fields(run, entry)
    bad = [_line(row.number, "bad", row.cells, row.problems) for row in judged.bad[:SAMPLE]]
    good = [
        _line(row.number, verdict.state, [_said(entry.by_field[name], row.values.get(name)) for name in names])
        for row, verdict in judged.good[:GOOD_SAMPLE]
    ]
    skipped = [_line(number, "skipped", [text]) for number, text in judged.skipped[:GOOD_SAMPLE]]
    return bad + good + skipped + [_of_period(one) for one in judged.periods[:GOOD_SAMPLE]]


def _of_period(one: OfPeriod) -> dict:
    meant = _("止日") if one.column.of_period == "end" else _("起日")
    return _line(one.number, "period", [one.column.title, one.text, one.day, meant])


def _said(column: ImportColumn, value: Any) -> Any:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return column.options().get(value, value) if column.kind == "choice" else value


def shown_fields(run: ImportRun, entry: Import) -> list[str]:
    """The fields the preview has a column for, in the import's own order."""
    fields = reading.of(run, entry).fields
    return [name for name in entry.by_field if name in fields]


def _line(number: int, state: str, cells: Sequence, problems: Sequence = ()) -> dict:
    return {"row": number, "state": state, "cells": [plain(cell)[:60] for cell in cells], "problems": list(problems)}


def _title(entry: Import, verdict: Verdict) -> str:
    return str(entry.by_field[verdict.field].title) if verdict.field in entry.by_field else ""
