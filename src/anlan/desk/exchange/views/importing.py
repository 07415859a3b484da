"""The pages of an import: what can be imported, the upload, the preview with its columns, the confirmation."""

from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.middleware import passive
from anlan.desk.access.standing import require
from anlan.desk.documents.sending import send
from anlan.desk.exchange import blank, gates, judging, leftovers, runs
from anlan.desk.exchange.declare import Import, imports
from anlan.desk.exchange.export import MEDIA_TYPES
from anlan.desk.exchange.models import ImportRun
from anlan.desk.exchange.views.assistant import asked, assistant

RECENT = 20


def _entry(request: HttpRequest, name: str) -> Import:
    entry = imports().get(name)
    if entry is None:
        raise Http404
    runs.require_import(request.user, entry)
    return entry


def _run(request: HttpRequest, pk: int) -> ImportRun:
    run = get_object_or_404(gates.runs_of(request.user), pk=pk)
    if run.target not in imports():
        raise Http404
    return run


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    require(request.user, "exchange.import")
    own = gates.sources_of(request.user)
    recent = gates.runs_of(request.user).defer("sample", "mapping", "heads").order_by("-created_at")[:RECENT]
    context = {
        "title": _("数据导入"),
        "imports": gates.offered_to(request.user),
        "sources": [(source, imports()[source.target].title) for source in own if source.target in imports()],
        "runs": [(run, imports()[run.target].title) for run in recent if run.target in imports()],
    }
    return render(request, "exchange/overview.html", context)


def upload(request: HttpRequest, name: str) -> HttpResponse:
    entry = _entry(request, name)
    problem = ""
    if request.method == "POST":
        try:
            if "file" not in request.FILES:
                raise ValidationError(_("请选择文件。"))
            return redirect("imports.run", runs.upload(request.user, entry, request.FILES["file"]).pk)
        except ValidationError as error:
            problem = " ".join(error.messages)
    context = {
        "title": _("导入：%(title)s") % {"title": entry.title},
        "entry": entry,
        "columns": [(column, blank.kind_words(column)) for column in entry.columns],
        "problem": problem,
    }
    return render(request, "exchange/upload.html", context, status=400 if problem else 200)


@require_safe
def template(request: HttpRequest, name: str) -> HttpResponse:
    entry = _entry(request, name)
    file, size = blank.template(entry)
    file.seek(0)
    return send(file, name=f"{entry.title}.xlsx", media_type=MEDIA_TYPES["xlsx"], size=size)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview, the progress or the outcome, as the run stands."""
    return _page(request, _run(request, pk))


@passive
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every second by a page whose run is at work; when it is done, the page comes anew."""
    run = _run(request, pk)
    if run.state not in (ImportRun.State.CHECKING, ImportRun.State.SAVING):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/run.html#progress", {"run": run, "percent": _percent(run)})


@require_POST
def remap(request: HttpRequest, pk: int) -> HttpResponse:
    """The page's form: another sheet, or the same read otherwise."""
    run = _run(request, pk)
    sheet = request.POST.get("sheet", "")
    with _told(request):
        if sheet.isdecimal() and int(sheet) != run.sheet:
            runs.choose_sheet(run, int(sheet))
        else:
            runs.read_so(run, asked(imports()[run.target], run, request.POST))
    return redirect("imports.run", run.pk)


@require_POST
def afresh(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    with _told(request):
        runs.start_over(run)
    return redirect("imports.run", run.pk)


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """The next ledger of this source is guessed anew. What was imported stays."""
    source = get_object_or_404(gates.sources_of(request.user), pk=pk)
    runs.forget(request.user, source)
    messages.success(request, _("已忘记“%(title)s”的读法。") % {"title": source.title})
    return redirect("imports")


@contextmanager
def _told(request: HttpRequest):
    """What was refused is said on the next page."""
    try:
        yield
    except (ValidationError, judging.Gone) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    with _told(request):
        runs.confirm(run)
    return redirect("imports.run", run.pk)


@require_safe
def bad(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        file, _count = leftovers.bad_rows(run)
    except (ValidationError, judging.Gone) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("imports.run", run.pk)
    size = file.tell()
    file.seek(0)
    stem = run.name.rpartition(".")[0] or run.name
    return send(file, name=_("%(name)s-有误.xlsx") % {"name": stem}, media_type=MEDIA_TYPES["xlsx"], size=size)


def _percent(run: ImportRun) -> int:
    return min(99, 100 * run.done // run.total) if run.total else 0


def _page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    entry = imports()[run.target]
    lines = {state: [line for line in run.sample if line["state"] == state] for state in ("bad", "skipped", "period")}
    context = {
        "title": _("导入：%(title)s") % {"title": entry.title},
        "run": run,
        "entry": entry,
        "mapped_titles": [entry.by_field[name].title for name in judging.shown_fields(run, entry)],
        "bad": lines["bad"],
        "skipped": lines["skipped"],
        "periods": lines["period"],
        "good": [line for line in run.sample if line["state"] not in lines],
        "left": run.leftovers.filter(settled_at=None).count() if run.state == ImportRun.State.SAVED else 0,
        "working": run.state in (ImportRun.State.CHECKING, ImportRun.State.SAVING),
        "saving": run.state == ImportRun.State.SAVING,
        "may_confirm": run.state == ImportRun.State.CHECKED and (run.new or run.changed),
        "percent": _percent(run),
    }
    if run.state in (ImportRun.State.CHECKED, ImportRun.State.FAILED):
        context["assistant"] = assistant(entry, run)
    return render(request, "exchange/run.html", context)
