"""Pages of their own: the comprehensive analysis, the chain of one warning as a file, the on-line patrol."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.desk.access.regions import within
from anlan.desk.access.standing import may, require
from anlan.desk.cases.views import said
from anlan.desk.documents.actions import add
from anlan.desk.exchange.export import ExportColumn, export
from anlan.desk.pages.values import titles
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.enterprises.categories import title_of
from anlan.know.places import gates as place_gates
from anlan.watch.alarms import gates as alarm_gates
from anlan.watch.warnings import analysis, gates, patrolling
from anlan.watch.warnings.models import OnlinePatrol
from anlan.watch.warnings.wording import CAUSE_TITLES, FIGURES, LEVEL_TITLES

PERIODS = (7, 30, 90, 365)
MOST_FILES = 6


def _asked(request: HttpRequest) -> tuple[str, int, date, date]:
    """The region, and the period that ends today."""
    region = request.GET.get("region", "")
    region = region if region.isascii() and region.isdigit() and len(region) <= 15 else ""
    days = request.GET.get("days", "30")
    length = int(days) if days in map(str, PERIODS) else 30
    last = timezone.localdate()
    return region, length, last - timedelta(days=length - 1), last


def _rows(user, region: str) -> analysis.Rows:
    here = within(region)
    return analysis.Rows(
        cases=gates.seen_by(user).filter(here),
        changes=gates.changes_seen_by(user).filter(here),
        patrols=gates.patrols_seen_by(user).filter(here),
    )


@require_safe
def analysis_page(request: HttpRequest) -> HttpResponse:
    """What happened in a period, beside the one before; who, why, how fast."""
    require(request.user, gates.SEE)
    region, length, first, last = _asked(request)
    rows = _rows(request.user, region)
    found = analysis.compared(rows, first, last)
    days = analysis.per_day(rows, first, last)
    now = found["now"]
    names = titles("organisation", {code for code, _count in now["organisations"]})
    context = {
        "region": region,
        "length": length,
        "first": first,
        "last": last,
        "places": place_gates.seen_by(request.user).filter(level__in=(6, 9), valid_to=None).order_by("code")[:120],
        "periods": [(days, _("%(count)d 天") % {"count": days}) for days in PERIODS],
        "tiles": [
            {"title": FIGURES[name], "now": now[name], "before": found["before"][name], "by": found["difference"][name]}
            for name in analysis.COMPARED
        ],
        "levels": [
            (level, LEVEL_TITLES[level], now["levels"][str(level)], found["before"]["levels"][str(level)])
            for level in analysis.LEVELS
        ],
        "bars": _bars(days),
        "days": days,
        "causes": [(CAUSE_TITLES.get(code, code), count) for code, count in now["causes"].items()],
        "organisations": [(code, names.get(code, code), count) for code, count in now["organisations"]],
        "sectors": [(code, title_of(code), count) for code, count in now["sectors"]],
        "standings": gates.enterprises_seen_by(request.user)
        .filter(within(region), level__isnull=False)
        .defer("explanation")
        .order_by("-value", "pk")[:10],
        "may_export": may(request.user, "exchange.export"),
        "narrow": True,
    }
    return render(request, "warnings/analysis.html", context)


def _bars(days: list[dict]) -> dict:
    """The days as stacked bars in a drawing of 100 by 40; the table below says the same."""
    most = max([sum(count for _level, count in day["levels"]) for day in days] + [1])
    wide, parts = 100 / len(days), []
    for index, day in enumerate(days):
        top = 40.0
        for level, count in reversed(day["levels"]):
            height = 40 * count / most
            top -= height
            if count:
                parts.append((level, round(index * wide, 3), round(top, 3), round(wide * 0.8, 3), round(height, 3)))
    return {"parts": parts, "most": most}


@require_safe
def analysis_export(request: HttpRequest) -> HttpResponse:
    """The days of the analysis as CSV or XLSX."""
    require(request.user, gates.SEE)
    require(request.user, "exchange.export")
    region, _length, first, last = _asked(request)
    days = analysis.per_day(_rows(request.user, region), first, last)
    columns = [
        ExportColumn(_("日期"), lambda day: day["day"]),
        *(
            ExportColumn(LEVEL_TITLES[level], lambda day, level=level: dict(day["levels"])[level])
            for level in analysis.LEVELS
        ),
        ExportColumn(FIGURES["closed"], lambda day: day["closed"]),
    ]
    data = {"region": region, "first": first.isoformat(), "last": last.isoformat()}
    fmt = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    return export(request.user, "warning-days", days, columns, fmt, data=data)


@require_safe
def chain(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole chain of one warning as a file: every step with who, when, words, files and its place in the audit."""
    require(request.user, "exchange.export")
    case = get_object_or_404(gates.seen_by(request.user), pk=pk)
    states = case.process.by_name
    steps = case.steps.select_related("actor").prefetch_related("documents").order_by("at", "pk")
    columns = [
        ExportColumn(_("时间"), lambda step: step.at, 20),
        ExportColumn(_("办理"), lambda step: said(case, step.action), 18),
        ExportColumn(_("办理人"), lambda step: step.actor or _("系统"), 14),
        ExportColumn(_("状态"), lambda step: states[step.target].title if step.target in states else step.target),
        ExportColumn(_("说明"), lambda step: step.words, 40),
        ExportColumn(_("期限"), lambda step: step.due_at, 20),
        ExportColumn(_("文件"), lambda step: "；".join(f"{one.name} {one.digest}" for one in step.documents.all()), 40),
        ExportColumn(_("审计序号"), lambda step: step.position),
    ]
    fmt = "csv" if request.GET.get("format") == "csv" else "xlsx"
    return export(request.user, case.number, steps, columns, fmt, data={"case": case.pk})


@require_http_methods(["GET", "HEAD", "POST"])
def look_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An on-line patrol of an enterprise: what the data say now, and the record of what was found."""
    enterprise = get_object_or_404(enterprise_gates.seen_by(request.user), pk=pk)
    require(request.user, "warnings.look", enterprise)
    wrong: list[str] = []
    if request.method == "POST":
        try:
            patrol = _looked(request, enterprise)
        except ValidationError as error:
            wrong = error.messages
        else:
            messages.success(request, _("已记录在线巡查。"))
            return redirect("online-patrols.item", patrol.pk)
    points = patrolling.points_of(enterprise)
    context = {
        "title": _("在线巡查：%(name)s") % {"name": enterprise},
        "enterprise": enterprise,
        "standing": gates.enterprises_seen_by(request.user).filter(enterprise=enterprise).first(),
        "alarms": alarm_gates.safety(request.user)
        .filter(organisation=enterprise.code, active=True)
        .order_by("level", "raised_at")[:20],
        "values": patrolling.values_now(points),
        "outcomes": OnlinePatrol.Outcome.choices,
        "given": request.POST,
        "wrong": wrong,
        "narrow": True,
    }
    return render(request, "warnings/look.html", context, status=422 if wrong else 200)


def _looked(request: HttpRequest, enterprise) -> OnlinePatrol:
    files = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise ValidationError(_("一次最多上传 %(count)d 个文件。") % {"count": MOST_FILES})
    place = {"region": enterprise.region, "organisation": enterprise.code}
    return patrolling.look(
        request.user,
        enterprise,
        outcome=request.POST.get("outcome", ""),
        words=request.POST.get("words", ""),
        documents=[add(request.user, file, **place) for file in files],
    )
