"""The verbs of an import: upload, read otherwise, check, save. Both ends are recorded; nothing is ever half-written."""

import logging
from dataclasses import dataclass, field
from typing import Any

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
from anlan.desk.exchange import heads, judging, reading, sheets, sources
from anlan.desk.exchange.dates import ORDERS
from anlan.desk.exchange.declare import Import, imports
from anlan.desk.exchange.judging import Gone, Judged
from anlan.desk.exchange.models import ImportRun, Leftover, Source
from anlan.desk.exchange.table import SECTION
from anlan.desk.exchange.values import plain

log = logging.getLogger(__name__)
State = ImportRun.State
AT_ONCE = 3_000  # up to so many rows the request itself does the work; more go to the background
HIGHEST = 5  # rows a heading may take
DAYS = ("date", "datetime")


@dataclass(frozen=True)
class Asked:
    """How the person wants the sheet to be read."""

    mapping: dict[str, int]
    first: int | None = None
    height: int | None = None
    constants: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    year: int | None = None
    order: str = ""
    lenient: bool = False
    carry: bool = False


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
    guesses = [heads.find(sheet.rows, entry.columns, entry.others) for sheet in found]
    best = max(range(len(found)), key=lambda number: (len(guesses[number].mapping), -number))
    with transaction.atomic():
        run = ImportRun(target=entry.name, user=user, name=(file.name or "")[:200], digest=digest)
        run.sheets = [sheet.name for sheet in found]
        _take_head(run, entry, found, best, guesses[best])
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
    found = judging.opened(run)
    if not 0 <= number < len(found):
        raise ValidationError(_("没有这张工作表。"))
    _require_open(run)
    entry = imports()[run.target]
    _take_head(run, entry, found, number, heads.find(found[number].rows, entry.columns, entry.others))
    _again(run)


def read_so(run: ImportRun, asked: Asked) -> None:
    """The person says how the sheet is to be read. Errors: ValidationError for what cannot be."""
    entry = imports()[run.target]
    _require_open(run)
    if (asked.first, asked.height) not in ((None, None), (run.first, run.height)):
        _move_head(run, entry, asked.first or 0, asked.height or 1)
        _again(run)
        return
    used = [number for number in asked.mapping.values() if number != SECTION]
    if any(name not in entry.by_field for name in asked.mapping) or any(not 0 <= n < len(run.heads) for n in used):
        raise ValidationError(_("对应的列不存在。"))
    if len(set(used)) != len(used):
        raise ValidationError(_("同一列不能对应两项。"))
    if asked.order and asked.order not in ORDERS:
        raise ValidationError(_("日期的顺序只能是“日/月/年”或“月/日/年”。"))
    run.mapping = asked.mapping
    words = {name: {**reading.meant(run).get(name, {}), **said} for name, said in asked.words.items()}
    run.manner = {
        "constants": {name: text for name, text in asked.constants.items() if name not in asked.mapping and text},
        "words": {**reading.meant(run), **words},
        "year": asked.year,
        "order": asked.order,
        "lenient": asked.lenient,
        "carry": asked.carry,
    }
    _again(run)


def start_over(run: ImportRun) -> None:
    """Forgets what was remembered of this source for this file: the headings are guessed anew."""
    _require_open(run)
    entry = imports()[run.target]
    found = judging.opened(run)
    run.source, run.manner = None, {}
    _take_head(
        run, entry, found, run.sheet, heads.find(found[run.sheet].rows, entry.columns, entry.others), known=False
    )
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


def forget(user: User, source: Source) -> None:
    with transaction.atomic():
        append(
            Act(action="exchange.forget-source", subject=f"source:{source.pk}", words=source.title, actor=user.username)
        )
        source.delete()


@task()
def check(pk: int) -> None:
    """Reads and judges every row, writes nothing but the run's own outcome."""
    run = ImportRun.objects.select_related("user").get(pk=pk)
    with acting(run.user.username), translation.override(run.user.language or translation.get_language()):
        try:
            judged = _judge(run)
        except (Gone, Refused, ValidationError) as error:
            _fail(run, _sentence(error))
            return
        except Exception as error:
            log.exception("import %s could not be checked", pk)
            _fail(run, _("核对时出错：%(error)s。没有导入任何数据。") % {"error": type(error).__name__})
            return
        ImportRun.objects.filter(pk=pk, state=State.CHECKING).update(
            state=State.CHECKED, done=run.total, manner=run.manner, **_outcome(run, judged)
        )


def _judge(run: ImportRun) -> Judged:
    """Judges the rows; words that can only mean one option are taken for it, and the preview says so."""
    found, known = judging.readable(run), reading.meant(run)
    if guesses := reading.guessed(imports()[run.target], found, known):
        both = {name: {**known.get(name, {}), **guesses.get(name, {})} for name in {**known, **guesses}}
        run.manner = {**run.manner, "words": both}
        found = judging.readable(run)
    return judging.judge(run, found, lambda done: ImportRun.objects.filter(pk=run.pk).update(done=done))


@task()
def save(pk: int) -> None:
    """The rows judged again, as things are now, and the good ones saved in one transaction, or nothing. Those that
    could not be taken are kept beside."""
    run = ImportRun.objects.select_related("user").get(pk=pk)
    entry = imports()[run.target]
    with acting(run.user.username), translation.override(run.user.language or translation.get_language()):
        try:
            found = judging.readable(run)
            with transaction.atomic():
                if not ImportRun.objects.filter(pk=pk, state=State.SAVING).update(done=run.total):
                    return  # another worker has saved it, before this one was started again
                require_import(run.user, entry)
                judged = judging.decided(run, entry, found, entry.save(run.user, found.good))
                _keep_leftovers(run, judged)
                run.source = sources.remember(run)
                ImportRun.objects.filter(pk=pk).update(
                    state=State.SAVED, ended_at=timezone.now(), source=run.source, **_outcome(run, judged)
                )
                append(_act("exchange.import", run, judged.counts()))
        except (Gone, Refused, ValidationError) as error:
            _fail(run, _sentence(error))
        except Exception as error:
            log.exception("import %s could not be saved", pk)
            _fail(run, _("保存时出错：%(error)s。没有导入任何数据。") % {"error": type(error).__name__})


def _keep_leftovers(run: ImportRun, judged: Judged) -> None:
    left = [
        Leftover(
            run=run,
            number=row.number,
            section=row.section[:200],
            cells=[_kept(cell) for cell in row.cells],
            problems=row.problems,
        )
        for row in judged.bad
    ]
    Leftover.objects.bulk_create(left, batch_size=1000)


def _kept(cell: Any) -> Any:
    return cell if cell is None or isinstance(cell, (str, int, float, bool)) else plain(cell)


def _outcome(run: ImportRun, judged: Judged) -> dict:
    return {**judged.counts(), "words": judged.words, "sample": judging.sample(run, judged)}


def _take_head(
    run: ImportRun, entry: Import, found: list[sheets.Sheet], sheet: int, head: heads.Head, known: bool = True
) -> None:
    """The heading of a sheet, the columns it names, and how such a sheet was read before."""
    run.sheet, run.first, run.height = sheet, head.first, head.rows
    run.heads, rows = head.names, found[sheet].rows
    run.mapping = reading.plausible(entry, rows[head.data_from :], head.mapping)
    run.total = max(0, len(rows) - head.data_from)
    days = [run.mapping[one.field] for one in entry.columns if one.kind in DAYS and one.field in run.mapping]
    run.manner = {**run.manner, **reading.proposed(rows, head.data_from, run.name, days)}
    run.manner["carry"] = reading.carries(entry, rows, run.mapping, head)
    if known and (source := sources.recognised(run.user, run.target, run.heads)):
        sources.apply(run, source)
    own = reading.own(entry, run.user, run.mapping)
    run.manner["constants"] = {**own, **run.manner.get("constants", {})}


def _move_head(run: ImportRun, entry: Import, first: int, height: int) -> None:
    """The heading stands elsewhere: its columns are guessed anew."""
    found = judging.opened(run)
    rows = found[run.sheet].rows
    if not (0 <= first < len(rows) and 1 <= height <= HIGHEST and first + height <= len(rows)):
        raise ValidationError(_("表头不在表内：起始行应在 1 到 %(rows)d 之间，最多占 5 行。") % {"rows": len(rows)})
    names = heads.names_of(rows, first, height)
    mapping, _certain = heads.guess(names, entry.columns, entry.others)
    _take_head(run, entry, found, run.sheet, heads.Head(first, height, names, mapping))


def _require_open(run: ImportRun) -> None:
    if run.state in (State.SAVING, State.SAVED):
        raise ValidationError(_("这次导入已经完成，不能再改。"))


def _again(run: ImportRun) -> None:
    run.state, run.problem, run.done, run.sample, run.words = State.CHECKING, "", 0, [], {}
    run.save()
    _start(run, check)


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
