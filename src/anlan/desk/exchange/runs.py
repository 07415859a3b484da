"""The verbs of an import: upload, map anew, check, save. Both ends are recorded; nothing is ever half-written."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.tasks import task
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from anlan.desk.access.models import User
from anlan.desk.access.standing import Refused, require
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.documents import store
from anlan.desk.exchange import heads, sheets, table
from anlan.desk.exchange.declare import Import, Row, Verdict, imports
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.table import BadRow
from anlan.desk.exchange.values import plain

log = logging.getLogger(__name__)
State = ImportRun.State
AT_ONCE = 3_000  # up to so many rows the request itself does the work; more go to the background
SAMPLE = 100
GOOD_SAMPLE = 20


class Gone(ValueError):
    """The uploaded file was swept away; it must be uploaded again."""


@dataclass(frozen=True)
class Judged:
    """Every row of a file with what will become of it."""

    good: list[tuple[Row, Verdict]]
    bad: list[BadRow]

    def count(self, state: str) -> int:
        return sum(verdict.state == state for _row, verdict in self.good)

    def to_save(self) -> list[Row]:
        return [row for row, verdict in self.good if verdict.state != "unchanged"]


def require_import(user: User, entry: Import) -> None:
    require(user, "exchange.import")
    require(user, entry.permission)


def upload(user: User, entry: Import, file: File) -> ImportRun:
    """Takes a file, finds its heading, guesses the columns and checks the rows. Errors: Refused; ValidationError for
    a file that is no table."""
    require_import(user, entry)
    if not file.size:
        raise ValidationError(_("文件“%(name)s”是空的，请重新选择。") % {"name": file.name})
    try:
        found = sheets.read(file.file if hasattr(file, "file") else file)
        digest, size = store.keep(file.chunks(), settings.DOCUMENT_BYTES)
    except (sheets.Unreadable, store.TooLarge) as error:
        raise ValidationError(str(error)) from error
    guesses = [heads.find(sheet.rows, entry.columns) for sheet in found]
    best = max(range(len(found)), key=lambda number: (len(guesses[number].mapping), -number))
    with transaction.atomic():
        run = ImportRun(target=entry.name, user=user, name=(file.name or "")[:200], digest=digest)
        run.sheets = [sheet.name for sheet in found]
        _take_head(run, best, guesses[best])
        run.total = max(0, len(found[best].rows) - guesses[best].data_from)
        run.save()
        append(
            Act(
                action="exchange.upload",
                subject=f"import:{run.pk}",
                words=run.name,
                data={"target": entry.name, "digest": digest, "size": size},
                actor=user.username,
            )
        )
    _start(run, check)
    return run


def choose_sheet(run: ImportRun, number: int) -> None:
    """Another sheet of the workbook, with its own heading."""
    found = _open(run)
    if not 0 <= number < len(found):
        raise ValidationError(_("没有这张工作表。"))
    _require_open(run)
    head = heads.find(found[number].rows, imports()[run.target].columns)
    _take_head(run, number, head)
    run.total = max(0, len(found[number].rows) - head.data_from)
    _again(run)


def map_columns(run: ImportRun, mapping: dict[str, int]) -> None:
    """The person says which column is which. Errors: ValidationError for one that does not exist or is used twice."""
    entry = imports()[run.target]
    used = list(mapping.values())
    if any(field not in entry.by_field for field in mapping) or any(not 0 <= n < len(run.heads) for n in used):
        raise ValidationError(_("对应的列不存在。"))
    if len(set(used)) != len(used):
        raise ValidationError(_("同一列不能对应两项。"))
    _require_open(run)
    run.mapping = mapping
    _again(run)


def confirm(run: ImportRun) -> None:
    """The person has seen the preview and wants it so. Of two clicks one counts."""
    require_import(run.user, imports()[run.target])
    if not run.new and not run.changed:
        raise ValidationError(_("没有可导入的行。"))
    changed = ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(state=State.SAVING, done=0)
    if not changed:
        raise ValidationError(_("这次导入已在办理，请刷新。"))
    run.state = State.SAVING
    _start(run, save)


@task()
def check(pk: int) -> None:
    """Reads and judges every row, writes nothing but the run's own outcome."""
    run = ImportRun.objects.select_related("user").get(pk=pk)
    with acting(run.user.username), translation.override(run.user.language or translation.get_language()):
        try:
            judged = judge(run)
        except (Gone, Refused, ValidationError) as error:
            _fail(run, _sentence(error))
            return
        except Exception as error:
            log.exception("import %s could not be checked", pk)
            _fail(run, _("核对时出错：%(error)s。没有导入任何数据。") % {"error": type(error).__name__})
            return
        ImportRun.objects.filter(pk=pk, state=State.CHECKING).update(
            state=State.CHECKED, done=run.total, **_counts(judged), sample=_sample(run, judged)
        )


@task()
def save(pk: int) -> None:
    """Judges the rows again, as things are now, and saves the good ones in one transaction, or nothing."""
    run = ImportRun.objects.select_related("user").get(pk=pk)
    entry = imports()[run.target]
    with acting(run.user.username), translation.override(run.user.language or translation.get_language()):
        try:
            good, bad = readable(run)
            with transaction.atomic():
                if not ImportRun.objects.filter(pk=pk, state=State.SAVING).update(done=run.total):
                    return  # another worker has saved it, before this one was started again
                require_import(run.user, entry)
                judged = decided(run, good, bad)
                saved = entry.save(run.user, judged.to_save())
                counts = _counts(judged)
                ImportRun.objects.filter(pk=pk).update(
                    state=State.SAVED, ended_at=timezone.now(), **counts, sample=_sample(run, judged)
                )
                append(_act("exchange.import", run, {**counts, "saved": saved}))
        except (Gone, Refused, ValidationError) as error:
            _fail(run, _sentence(error))
        except Exception as error:
            log.exception("import %s could not be saved", pk)
            _fail(run, _("保存时出错：%(error)s。没有导入任何数据。") % {"error": type(error).__name__})


def judge(run: ImportRun) -> Judged:
    """What will become of each row, by the capability's own check."""
    return decided(run, *readable(run))


def readable(run: ImportRun) -> tuple[list[Row], list[BadRow]]:
    """The rows whose cells can be read, and the others. Errors: Gone; ValidationError when a column is missing."""
    entry = imports()[run.target]
    if lacking := table.missing(entry, run.mapping):
        titles = "、".join(str(column.title) for column in lacking)
        raise ValidationError(_("表中没有找到必填的列：%(titles)s。请在下面对应。") % {"titles": titles})
    rows = _open(run)[run.sheet].rows
    progress = ImportRun.objects.filter(pk=run.pk)
    return table.read_rows(
        entry, rows, run.first + run.height, run.mapping, lambda number: progress.update(done=number)
    )


def decided(run: ImportRun, good: list[Row], bad: list[BadRow]) -> Judged:
    entry = imports()[run.target]
    verdicts = entry.check(run.user, good) if good else []
    if len(verdicts) != len(good):
        raise RuntimeError(f"import '{entry.name}': check answered {len(verdicts)} verdicts for {len(good)} rows")
    both = list(zip(good, verdicts, strict=True))
    refused = [(row, verdict) for row, verdict in both if verdict.state == "bad"]
    if refused:
        cells = _open(run)[run.sheet].rows
        bad = bad + [
            BadRow(row.number, list(cells[row.number - 1]), [(_title(entry, verdict), verdict.problem)])
            for row, verdict in refused
        ]
    kept = [(row, verdict) for row, verdict in both if verdict.state != "bad"]
    return Judged(kept, sorted(bad, key=lambda row: row.number))


def _title(entry: Import, verdict: Verdict) -> str:
    return str(entry.by_field[verdict.field].title) if verdict.field in entry.by_field else ""


def _sample(run: ImportRun, judged: Judged) -> list[dict]:
    """What the preview shows: the first bad rows with their reasons, then some of the others."""
    shown = [
        {"row": row.number, "state": "bad", "cells": _shown(row.cells), "problems": row.problems}
        for row in judged.bad[:SAMPLE]
    ]
    entry = imports()[run.target]
    for row, verdict in judged.good[:GOOD_SAMPLE]:
        cells = [row.values.get(field) for field in entry.by_field if field in run.mapping]
        shown.append({"row": row.number, "state": verdict.state, "cells": _shown(cells), "problems": []})
    return shown


def _shown(cells: Sequence) -> list[str]:
    return [plain(cell)[:60] for cell in cells]


def _counts(judged: Judged) -> dict[str, int]:
    return {state: judged.count(state) for state in ("new", "changed", "unchanged")} | {"bad": len(judged.bad)}


def _take_head(run: ImportRun, sheet: int, head: heads.Head) -> None:
    run.sheet, run.first, run.height = sheet, head.first, head.rows
    run.heads, run.mapping = head.names, head.mapping


def _require_open(run: ImportRun) -> None:
    if run.state in (State.SAVING, State.SAVED):
        raise ValidationError(_("这次导入已经完成，不能再改。"))


def _again(run: ImportRun) -> None:
    run.state, run.problem, run.done, run.sample = State.CHECKING, "", 0, []
    run.save()
    _start(run, check)


def _open(run: ImportRun) -> list[sheets.Sheet]:
    try:
        with store.path_of(run.digest).open("rb") as file:
            return sheets.read(file)
    except FileNotFoundError:
        raise Gone(_("上传的文件只保留一天，现已删除，请重新上传。")) from None


def _start(run: ImportRun, verb) -> None:
    if run.total <= AT_ONCE:
        verb.call(run.pk)
        run.refresh_from_db()
    else:
        transaction.on_commit(lambda: verb.enqueue(run.pk))


def _fail(run: ImportRun, problem: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(state=State.FAILED, problem=problem[:500], ended_at=timezone.now())
    append(_act("exchange.import-failed", run, {"problem": problem[:200]}))


def _act(action: str, run: ImportRun, data: dict) -> Act:
    return Act(action=action, subject=f"import:{run.pk}", words=run.name, data={"target": run.target, **data})


def _sentence(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
