from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anlan.desk.access.standing import Refused, may, require
from anlan.desk.measures import gates, standing
from anlan.desk.measures.computing import BACK, compute, explain, kept_regions
from anlan.desk.measures.declare import Measure, figure_titles, hand_figures, measures
from anlan.desk.measures.models import MeasureValue, Target
from anlan.desk.measures.periods import Period, before, containing
from anlan.desk.pages.values import titles
from anlan.desk.wording import in_english

GROUPS = {
    "work_safety": gettext_lazy("安全生产"),
    "disaster": gettext_lazy("防灾减灾"),
    "rescue": gettext_lazy("应急救援"),
    "management": gettext_lazy("管理"),
}
TREND = 10


def board(request):
    """All measures of one region in one year, with targets, judged."""
    region, offered = _region(request)
    year = _year(request, region)
    values, targets = _of(region)
    groups = [
        (title, [_row(standing.stand(one, _period(one, year), values, targets)) for one in _in_group(group)])
        for group, title in GROUPS.items()
    ]
    context = {
        "title": _("指标看板"),
        "region": region,
        "regions": offered,
        "year": year,
        "groups": [(title, rows) for title, rows in groups if rows],
        "may_compute": may(request.user, gates.ENTER, region=region, organisation=""),
        "narrow": True,
    }
    return render(request, "measures/board.html", context)


def detail(request, code: str):
    """One measure: its value explained, its trend as chart and table, its target and its source."""
    measure = _measure(code)
    region, offered = _region(request)
    year = _year(request, region)
    values, targets = _of(region, measure)
    period = _period(measure, year)
    stood = standing.stand(measure, period, values, targets)
    periods = [before(period, steps) for steps in reversed(range(_steps(measure)))]
    trend = [standing.stand(measure, one, values, targets) for one in periods]
    context = {
        "title": measure.title,
        "measure": measure,
        "region": region,
        "regions": offered,
        "year": year,
        "row": _row(stood),
        "tree": _explained(stood.value) if stood.value else None,
        "trend": [_row(one) for one in trend],
        "chart": _chart(measure, trend),
        "calibres": _calibres(measure),
        "narrow": True,
    }
    return render(request, "measures/detail.html", context)


@require_POST
def renew(request):
    """Computes the region's measures anew, for the year asked for and the one before."""
    region, _offered = _region(request)
    if not may(request.user, gates.ENTER, region=region, organisation=""):
        raise Refused(_("您的岗位不能重新计算此辖区的指标。"))
    year = _year(request, region)
    count = 0
    for measure in measures().values():
        for one in (_period(measure, year), _period(measure, year - 1)):
            compute(measure, region, one)
            count += 1
    messages.success(request, _("已重新计算 %(count)d 个数值。") % {"count": count})
    return redirect(f"{reverse('measures')}?region={region}&year={year}")


def _region(request) -> tuple[str, list[tuple[str, str]]]:
    """The region asked for, when the person reaches it, and those he may choose from."""
    require(request.user, gates.SEE)
    own = gates.own_region(request.user)
    asked = (request.POST.get("region") or request.GET.get("region") or own).strip()
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) <= 15):
        raise Http404
    if not gates.reaches(request.user, asked):
        raise Refused(_("此辖区不在您的岗位范围内。"))
    codes = sorted({own, asked, *(code for code in kept_regions() if gates.reaches(request.user, code))})
    called = titles("region", codes)
    return asked, [(code, called.get(code, code or _("全部"))) for code in codes]


def _year(request, region: str) -> int:
    asked = request.POST.get("year") or request.GET.get("year") or ""
    if asked.isascii() and asked.isdecimal() and 1990 <= int(asked[:6]) <= 2200:
        return int(asked)
    known = MeasureValue.objects.filter(region=region, value__isnull=False, measure__in=_yearly())
    latest = known.order_by("-start").values_list("start", flat=True).first()
    return latest.year if latest else timezone.localdate().year


def _yearly() -> list[str]:
    return [code for code, measure in measures().items() if measure.period == "year"]


def _period(measure: Measure, year: int) -> Period:
    """The measure's period that ends in the year: of this year the one of today."""
    today = timezone.localdate()
    return containing(measure.period, today if year == today.year else date(year, 12, 31))


def _steps(measure: Measure) -> int:
    return 3 if measure.period == "five_years" else max(TREND, BACK[measure.period])


def _of(region: str, measure: Measure | None = None) -> tuple[list[MeasureValue], list[Target]]:
    narrowed = {"measure": measure.code} if measure else {}
    values = MeasureValue.objects.filter(region=region, **narrowed)
    return list(values if measure else values.defer("tree")), list(Target.objects.filter(region=region, **narrowed))


def _in_group(group: str) -> list[Measure]:
    return [measure for measure in measures().values() if measure.group == group]


def _measure(code: str) -> Measure:
    measure = measures().get(code)
    if measure is None:
        raise Http404(_("没有指标 %(code)s。") % {"code": code})
    return measure


def _row(stood: standing.Standing) -> dict:
    """A standing as the pages show it: numbers rounded as the measure says."""
    value = stood.value
    decimals = stood.measure.decimals
    return {
        "standing": stood,
        "measure": stood.measure,
        "period": stood.period,
        "number": None if value is None or value.value is None else f"{value.value:,.{decimals}f}",
        "reason": _reason(stood.measure, value),
        "change": None if stood.change is None else f"{stood.change:+.2f}%",
        "change_reason": stood.change_reason,
        "target": standing.described(stood.target, stood.measure.unit_title) if stood.target else "",
        "limit": _limit(stood, decimals),
        "verdict": stood.verdict,
    }


def _reason(measure: Measure, value: MeasureValue | None) -> str:
    """Why there is no number. What was kept is Chinese; another reader is told anew."""
    if value is None:
        return _("尚未计算")
    if value.value is not None or not in_english():
        return value.reason
    return explain(measure, value.region, value.period)[0].reason or _("尚未计算")


def _limit(stood: standing.Standing, decimals: int) -> str:
    if stood.verdict is None or stood.verdict.limit is None:
        return ""
    return f"{stood.verdict.limit:,.{max(decimals, 1)}f}"


def _explained(value: MeasureValue) -> dict:
    """The formula's tree with the figures' titles, and where each figure is from."""
    called = figure_titles()

    def node(given: dict) -> dict:
        text = called.get(given["text"], given["text"]) if given["kind"] == "name" else given["text"]
        return given | {"shown": text, "below": [node(one) for one in given["below"]]}

    figures = value.tree.get("figures", {})
    region_codes = {part["title"] for one in figures.values() if one["how"] == "summed" for part in one["parts"]}
    names = titles("region", region_codes)
    return {
        "formula": node(value.tree["formula"]),
        "figures": [
            one
            | {
                "title": called.get(name, name),
                "how_words": HOW.get(one["how"], ""),
                "parts": [part | {"title": names.get(part["title"], part["title"])} for part in one["parts"]],
            }
            for name, one in figures.items()
        ],
    }


HOW = {
    "entered": gettext_lazy("填报"),
    "filled": gettext_lazy("由较短周期合成"),
    "summed": gettext_lazy("由下级辖区合计"),
    "computed": gettext_lazy("由平台数据计算"),
    "built_in": gettext_lazy("周期长度"),
}


def _calibres(measure: Measure) -> list[tuple]:
    known = hand_figures()
    return [(known[name].title, one) for name in measure.names if name in known for one in known[name].calibres]


def _chart(measure: Measure, trend: list[standing.Standing]) -> dict:
    """What the trend island draws. A change of calibre breaks the line."""
    points, breaks, last = [], [], None
    for one in trend:
        value = one.value
        points.append(None if value is None else value.value)
        if value is not None and last is not None and not standing.alike(value, last):
            breaks.append(str(one.period))
        last = value or last
    return {
        "title": str(measure.title),
        "unit": str(measure.unit_title),
        "decimals": measure.decimals,
        "labels": [str(one.period) for one in trend],
        "values": points,
        "paths": [_path(one) for one in trend],
        "breaks": breaks,
        "words": {"value": str(_("数值")), "path": str(_("目标进度")), "break": str(_("口径变化"))},
    }


def _path(one: standing.Standing) -> float | None:
    if one.verdict is None:
        return None
    return one.verdict.limit if one.verdict.path is None else one.verdict.path
