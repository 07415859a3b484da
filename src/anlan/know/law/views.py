from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.desk.access.standing import may, require
from anlan.desk.exchange.export import ExportColumn, export
from anlan.know.law import asking, library
from anlan.know.law.declare import citations
from anlan.know.law.rules import STATES
from anlan.know.law.words import STATE_TITLES
from anlan.standards.citing import KINDS, Refusal, Status, Text, instruments
from anlan.standards.coverage import covered
from anlan.standards.questions import Question, WrongInput, questions


@require_safe
def library_page(request: HttpRequest) -> HttpResponse:
    require(request.user, "law.see")
    words, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    state = request.GET.get("state", "")
    shelves = library.found(
        words, kind if kind in KINDS else "", state if state in STATES else "", timezone.localdate()
    )
    if wanted := request.GET.get("export"):
        require(request.user, "exchange.export")
        return export(request.user, "law", shelves, COLUMNS, wanted, data={"query": request.GET.urlencode()[:300]})
    context = {
        "title": _("法规标准库"),
        "shelves": shelves,
        "questions": library.asked_by(words),
        "words": words,
        "kind": kind,
        "state": state,
        "kinds": KINDS,
        "states": STATE_TITLES,
        "may_export": may(request.user, "exchange.export"),
        "narrow": True,
    }
    return render(request, "law/library.html", context)


def _said(text: Text) -> str:
    return text.said(get_language() or "zh")


COLUMNS = [
    ExportColumn(gettext_lazy("编号"), lambda one: one.instrument.id),
    ExportColumn(gettext_lazy("名称"), lambda one: _said(one.instrument.title)),
    ExportColumn(gettext_lazy("文号"), lambda one: one.instrument.number),
    ExportColumn(gettext_lazy("种类"), lambda one: _said(KINDS[one.instrument.kind])),
    ExportColumn(gettext_lazy("发布"), lambda one: one.instrument.issued),
    ExportColumn(gettext_lazy("施行"), lambda one: one.instrument.effective),
    ExportColumn(gettext_lazy("废止"), lambda one: one.instrument.until),
    ExportColumn(gettext_lazy("效力"), lambda one: str(STATE_TITLES[one.standing.state])),
    ExportColumn(gettext_lazy("核对情况"), lambda one: _said(one.instrument.status.title)),
    ExportColumn(gettext_lazy("来源"), lambda one: one.instrument.source),
]


@require_safe
def instrument_page(request: HttpRequest, id: str) -> HttpResponse:
    require(request.user, "law.see")
    entry = instruments().get(id)
    if entry is None:
        raise Http404(_("库中没有这一文件。"))
    shelf = library.shelf(entry, timezone.localdate())
    bound = [
        (kind, rows)
        for kind in citations()
        if may(request.user, kind.permission) and (rows := list(kind.bound(request.user, entry.id)))
    ]
    earlier = [
        library.shelf(one, timezone.localdate()) for one in instruments().values() if one.replaced_by == entry.id
    ]
    context = {
        "title": entry.id,
        "shelf": shelf,
        "entry": entry,
        "kind": KINDS[entry.kind],
        "state": STATE_TITLES[shelf.standing.state],
        "bound": bound,
        "earlier": earlier,
        "narrow": True,
    }
    return render(request, "law/instrument.html", context)


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    require(request.user, "law.see")
    asked = request.GET.get("status", "")
    rows = list(covered())
    counts = Counter(row.part.status for row in rows)
    context = {
        "title": _("收录与核对情况"),
        "rows": [row for row in rows if not asked or row.part.status == asked],
        "counts": [(status, counts[status]) for status in Status],
        "asked": asked,
        "narrow": True,
    }
    return render(request, "law/coverage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, name: str) -> HttpResponse:
    """A document as a calculator. Asking changes nothing; it is a POST because the input can be long."""
    require(request.user, "law.see")
    asked = questions().get(name)
    if asked is None:
        raise Http404(_("没有这一项计算。"))
    answered = _answered(request, asked) if request.method == "POST" else {"given": _example(request, asked)}
    context = {
        "title": _said(asked.title),
        "question": asked,
        "fields": asking.fields(asked, answered["given"], answered.get("problems", {})),
        "finding": answered.get("finding"),
        "refused": answered.get("refused"),
        "on": request.POST.get("on") or timezone.localdate().isoformat(),
        "since": request.POST.get("since", ""),
        "narrow": True,
    }
    status = 422 if answered.get("refused") or answered.get("problems") else 200
    return render(request, "law/question.html", context, status=status)


def _example(request: HttpRequest, asked: Question) -> dict:
    place = request.GET.get("example", "")
    return dict(asked.examples[int(place)].input) if place.isdecimal() and int(place) < len(asked.examples) else {}


def _answered(request: HttpRequest, asked: Question) -> dict:
    given = asking.given(asked, request.POST)
    if request.POST.get("rows"):  # a row was added or taken away: nothing is asked yet
        return {"given": given}
    try:
        return {"given": given, "finding": asked.ask(given, asking.asked_when(request.POST)).as_dict()}
    except WrongInput as error:
        return {
            "given": given,
            "problems": dict(error.problems),
            "refused": Text("请更正标出的各项。", "Mend the fields that are marked."),
        }
    except Refusal as error:
        return {"given": given, "refused": error.text}
    except ValueError:
        return {"given": given, "refused": Text("日期应如 2026-11-24。", "A day is written as 2026-11-24.")}
