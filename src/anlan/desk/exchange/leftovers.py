"""Rows that could not be taken: given back as a sheet, or corrected here, cell by cell, and taken one by one."""

import tempfile
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.desk.exchange import reading, table
from anlan.desk.exchange.declare import imports
from anlan.desk.exchange.export import ExportColumn, write
from anlan.desk.exchange.judging import judge
from anlan.desk.exchange.lines import Line
from anlan.desk.exchange.models import ImportRun, Leftover


def bad_rows(run: ImportRun) -> tuple[BinaryIO, int]:
    """The bad rows as they were sent, each with its number and its reason. Errors: as `judge`."""
    if run.state == ImportRun.State.SAVED:
        bad = [table.BadRow(one.number, one.cells, one.problems) for one in run.leftovers.filter(settled_at=None)]
    else:
        bad = judge(run).bad
    columns = [
        ExportColumn(_("原表行号"), lambda row: row.number, 10),
        ExportColumn(_("原因"), lambda row: row.sentence, 50),
    ]
    columns += [ExportColumn(name or get_column_letter(n + 1), _cell(n)) for n, name in enumerate(run.heads)]
    file = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 - the response closes it
    write(file, bad, columns, "xlsx")
    return file, len(bad)


def _cell(number: int):
    return lambda row: row.cells[number] if number < len(row.cells) else None


def take(user, leftover: Leftover, cells: list[Any]) -> list[tuple[str, str]]:
    """Takes the row with its cells corrected. Answers what is still wrong with it: nothing when it was taken."""
    run = leftover.run
    entry = imports()[run.target]
    require(user, "exchange.import")
    require(user, entry.permission)
    line = Line(leftover.number, cells, "record", leftover.section)
    row, problems = table.read_line(entry, reading.of(run, entry), line)
    with transaction.atomic():
        if not problems:
            _settle(leftover, "taken")
            verdict = entry.save(user, [row])[0]
            if verdict.state != "bad":
                append(_act("exchange.leftover-taken", leftover))
                return []
            transaction.set_rollback(True)
            column = entry.by_field.get(verdict.field)
            problems = [(str(column.title) if column else "", verdict.problem)]
    Leftover.objects.filter(pk=leftover.pk).update(cells=cells, problems=problems)
    return problems


def lay_aside(user, leftover: Leftover) -> None:
    """The row is not wanted; it stays where it is, and is asked about no more."""
    require(user, "exchange.import")
    with transaction.atomic():
        _settle(leftover, "laid_aside")
        append(_act("exchange.leftover-laid-aside", leftover))


def _settle(leftover: Leftover, outcome: str) -> None:
    """Of two people one is first."""
    open_one = Leftover.objects.filter(pk=leftover.pk, settled_at=None)
    if not open_one.update(settled_at=timezone.now(), outcome=outcome):
        raise ValidationError(_("这一行已经处理过了，请刷新。"))


def _act(action: str, leftover: Leftover) -> Act:
    run = leftover.run
    data = {"target": run.target, "row": leftover.number}
    return Act(action=action, subject=f"import:{run.pk}", words=run.name, data=data)
