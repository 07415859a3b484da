"""The pages of their own: statistics, analysis, the whole file of a danger, telling of a self-check, the promise."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.middleware import public
from anlan.desk.access.standing import require
from anlan.desk.pages import values
from anlan.desk.pages.widgets import NamePicker
from anlan.prevent.hazards import actions, dossier, gates
from anlan.prevent.hazards.changes import changes
from anlan.prevent.hazards.models import FirePromise, FoundBy, Grade
from anlan.prevent.hazards.rules import MAJOR, reported
from anlan.prevent.hazards.statistics import (
    SUMS,
    Asked,
    Count,
    Counted,
    counted,
    following,
    months_between,
    seasons_between,
)
from anlan.prevent.hazards.wording import titled

MOST_MONTHS = 60
PUBLISHED = 200


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    require(request.user, gates.SEE)
    asked = _asked(request, months=12)
    found = counted(request.user, asked)
    context = {
        "asked": asked,
        "whole": found.whole,
        "tables": [
            _seasons(found, asked),
            *(_table(name, found, asked) for name in ("kind", "cause", "sector", "found_by")),
        ],
        "months": _months(found, asked),
        "grades": [(value, title) for value, title in Grade.choices if value],
        "region_picker": NamePicker("region").render("region", asked.region, {"id": "region", "class": "form-control"}),
        "list_query": _list_query(asked),
        "narrow": True,
    }
    return render(request, "hazards/statistics.html", context)


@require_safe
def analysis(request: HttpRequest) -> HttpResponse:
    require(request.user, gates.SEE)
    asked = _asked(request, months=24, whole_months=True)
    context = {
        "asked": asked,
        "changes": changes(request.user, asked),
        "region_picker": NamePicker("region").render("region", asked.region, {"id": "region", "class": "form-control"}),
        "narrow": True,
    }
    return render(request, "hazards/analysis.html", context)


@require_safe
def whole_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one danger, complete on one page, to be printed or kept."""
    hazard = get_object_or_404(gates.seen_by(request.user).select_related("case", "enterprise", "finder"), pk=pk)
    happened = dossier.records(hazard)
    reports = list(hazard.reports.select_related("sent_by", "received_by"))
    context = {
        "hazard": hazard,
        "kind": titled("kind", hazard.kind),
        "cause": titled("cause", hazard.cause),
        "sector": titled("sector", hazard.sector),
        "region": values.titles("region", [hazard.region]).get(hazard.region, hazard.region),
        "records": happened,
        "answers": dossier.responsibility(happened),
        "missing": dossier.missing(hazard, happened),
        "major": hazard.grade == MAJOR,
        "reports": reports,
        "reported": reported(report.receiver for report in reports if report.received_at),
        "listing": getattr(hazard, "listing", None),
        "extensions": hazard.extension_requests.select_related("asked_by", "decided_by").order_by("asked_at"),
        "printed_at": timezone.now(),
        "narrow": True,
    }
    return render(request, "hazards/file.html", context)


@require_POST
def tell_self_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise says that it has searched and found nothing; what is found is registered danger by danger."""
    enterprise = get_object_or_404(gates.enterprises_for(request.user, "hazards.selfcheck"), pk=pk)
    day = timezone.localdate()
    actions.self_checked(
        request.user, enterprise, words=request.POST.get("words", ""), key=f"told:{enterprise.pk}:{day:%Y%m%d}"
    )
    messages.success(request, _("已记录今天的自查。"))
    return redirect("enterprises.item", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def make_promise(request: HttpRequest, pk: int) -> HttpResponse:
    enterprise = get_object_or_404(gates.enterprises_for(request.user, "hazards.promise"), pk=pk)
    faults: dict[str, list[str]] = {}
    given = {name: request.POST.get(name, "") for name in ("risks", "words")}
    if request.method == "POST":
        try:
            actions.promise(request.user, enterprise, **given)
        except ValidationError as error:
            faults = error.message_dict
        except PermissionDenied as error:
            faults = {"risks": [str(error)]}
        else:
            messages.success(request, _("承诺已公示。"))
            return redirect("enterprises.item", pk)
    last = FirePromise.objects.filter(enterprise=enterprise).order_by("-year").first()
    if request.method != "POST" and last:
        given = {"risks": last.risks, "words": last.words}
    context = {"enterprise": enterprise, "given": given, "faults": faults, "last": last, "narrow": True}
    return render(request, "hazards/promise.html", context, status=422 if faults else 200)


@public
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """What the public may read without an account: listed dangers an officer has published, and that they are gone."""
    listings = gates.published_listings().select_related("hazard__enterprise").order_by("-published_at")[:PUBLISHED]
    regions = values.titles("region", {listing.region for listing in listings})
    rows = [(listing, regions.get(listing.region, listing.region)) for listing in listings]
    return render(request, "hazards/published.html", {"rows": rows})


def _asked(request: HttpRequest, months: int, whole_months: bool = False) -> Asked:
    """From the address; wrong values fall back to the last months."""
    today = timezone.localdate().replace(day=1)
    end = following(today, -1) if whole_months else today
    last = _month(request.GET.get("to", "")) or end
    first = _month(request.GET.get("from", "")) or following(last, 1 - months)
    if not first <= last or len(months_between(first, last)) > MOST_MONTHS:
        first = following(last, 1 - months)
    region = request.GET.get("region", "") or request.GET.get("region__text", "")
    region = region if region.isascii() and region.isdecimal() and len(region) <= 15 else ""
    grade = request.GET.get("grade")
    return Asked(first, last, region, grade if grade in ("general", "major") else None)


def _month(words: str) -> date | None:
    try:
        return date.fromisoformat(f"{words}-01") if len(words) == 7 else None
    except ValueError:
        return None


def _list_query(asked: Asked, **more) -> str:
    """The records behind a number: the same months, region and grade, as filters of the list."""
    given = {
        "found_at_from": asked.first.isoformat(),
        "found_at_to": (following(asked.last) - timedelta(days=1)).isoformat(),
        "region": asked.region,
        "level": {"major": "1", "general": "3"}.get(asked.grade or "", ""),
        **more,
    }
    return f"{reverse('hazards')}?{urlencode({name: value for name, value in given.items() if value})}"


def _table(dimension: str, found: Counted, asked: Asked) -> dict:
    titles = {"kind": _("按类别"), "cause": _("按成因"), "sector": _("按行业"), "found_by": _("按发现方式")}
    counts = sorted(found.by_value[dimension].items(), key=lambda pair: -pair[1].found)
    most = max((count.found for _value, count in counts), default=1) or 1
    rows = [
        {
            "title": _said(dimension, value) or _("未填"),
            "count": count,
            "share": round(100 * count.found / most),
            "url": _list_query(asked, **{dimension: value}) if value else "",
        }
        for value, count in counts
        if count.found
    ]
    return {"title": titles[dimension], "rows": rows}


def _said(dimension: str, value: str) -> str:
    return str(FoundBy(value).label) if dimension == "found_by" and value else titled(dimension, value)


def _seasons(found: Counted, asked: Asked) -> dict:
    """Season by season, as far as the period holds it; each leads to its records."""
    by_month = found.by_month["all", ""]
    names = (_("%(year)d 年春季"), _("%(year)d 年夏季"), _("%(year)d 年秋季"), _("%(year)d 年冬季"))
    rows = []
    for year, season, months in seasons_between(asked.first, asked.last):
        count = Count()
        for month in months:
            count.add([getattr(by_month[month], name) for name in SUMS])
        url = _list_query(Asked(months[0], months[-1], asked.region, asked.grade))
        rows.append({"title": names[season] % {"year": year}, "count": count, "url": url})
    return {"title": _("按季节"), "rows": [row for row in rows if row["count"].found]}


def _months(found: Counted, asked: Asked) -> list[dict]:
    by_month = found.by_month["all", ""]
    months = months_between(asked.first, asked.last)
    most = max((by_month[month].found for month in months), default=1) or 1
    return [
        {
            "month": month,
            "count": by_month[month],
            "x": 10 * index,
            "found_height": round(40 * by_month[month].found / most),
            "found_top": 40 - round(40 * by_month[month].found / most),
            "closed_height": round(40 * by_month[month].closed / most),
            "closed_top": 40 - round(40 * by_month[month].closed / most),
            "url": _list_query(Asked(month, month, asked.region, asked.grade)),
        }
        for index, month in enumerate(months)
    ]
