"""The pages of an import: what can be imported, the upload, the preview with its columns, the confirmation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.middleware import passive
from anlan.desk.access.standing import require
from anlan.desk.documents.sending import send
from anlan.desk.exchange import gates, leftovers, runs
from anlan.desk.exchange.declare import Import, imports
from anlan.desk.exchange.export import MEDIA_TYPES
from anlan.desk.exchange.models import ImportRun

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
    recent = gates.runs_of(request.user).defer("sample", "mapping", "heads").order_by("-created_at")[:RECENT]
    context = {
        "title": _("数据导入"),
        "imports": gates.offered_to(request.user),
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
        "columns": [(column, leftovers.kind_words(column)) for column in entry.columns],
        "problem": problem,
    }
    return render(request, "exchange/upload.html", context, status=400 if problem else 200)


@require_safe
def template(request: HttpRequest, name: str) -> HttpResponse:
    entry = _entry(request, name)
    file, size = leftovers.template(entry)
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
    run = _run(request, pk)
    try:
        if request.POST.get("sheet", "").isdecimal() and int(request.POST["sheet"]) != run.sheet:
            runs.choose_sheet(run, int(request.POST["sheet"]))
        else:
            fields = imports()[run.target].by_field
            chosen = {field: request.POST.get(f"column.{field}", "") for field in fields}
            runs.map_columns(run, {field: int(value) for field, value in chosen.items() if value.isdecimal()})
    except (ValidationError, runs.Gone) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    return redirect("imports.run", run.pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        runs.confirm(run)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("imports.run", run.pk)


@require_safe
def bad(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        file, _count = leftovers.bad_rows(run)
    except (ValidationError, runs.Gone) as error:
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
    mapped = {field: run.mapping.get(field) for field in entry.by_field}
    context = {
        "title": _("导入：%(title)s") % {"title": entry.title},
        "run": run,
        "entry": entry,
        "columns": [(column, mapped[column.field]) for column in entry.columns],
        "heads": list(enumerate(run.heads)),
        "sheets": list(enumerate(run.sheets)),
        "mapped_titles": [column.title for column in entry.columns if mapped[column.field] is not None],
        "bad": [row for row in run.sample if row["state"] == "bad"],
        "good": [row for row in run.sample if row["state"] != "bad"],
        "working": run.state in (ImportRun.State.CHECKING, ImportRun.State.SAVING),
        "open": run.state in (ImportRun.State.CHECKED, ImportRun.State.FAILED),
        "may_confirm": run.state == ImportRun.State.CHECKED and (run.new or run.changed),
        "percent": _percent(run),
        "unmapped": [name for number, name in enumerate(run.heads) if name and number not in run.mapping.values()],
    }
    return render(request, "exchange/run.html", context)
