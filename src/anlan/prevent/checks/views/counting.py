"""How many checks were due, made, late and missed: by month, post and enterprise. Read from tallies, never counted."""

from datetime import date

from django.db.models import F, Sum
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from anlan.desk.access.regions import within
from anlan.desk.access.standing import require
from anlan.desk.pages.values import titles
from anlan.prevent.checks import gates
from anlan.prevent.checks.figures import COUNTS, summed
from anlan.prevent.checks.models import Level
from anlan.prevent.checks.rules import share

SHOWN = 50
MONTHS = 12
TOWN = 9


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    require(request.user, gates.SEE)
    month = _month(request.GET.get("month", ""))
    region, organisation = _code(request.GET.get("region", "")), request.GET.get("organisation", "")[:32]
    rows = gates.tallies_seen_by(request.user)
    if region:
        rows = rows.filter(within(region))
    if organisation:
        rows = rows.filter(organisation=organisation)
    ours = rows.filter(month=month)
    total = summed(ours)
    context = {
        "title": _("检查统计"),
        "month": month,
        "region": region,
        "organisation": organisation,
        "called": titles("organisation", [organisation]).get(organisation, "") if organisation else "",
        "total": total,
        "done_share": share(total["done"], total["due"]),
        "trend": _trend(rows, month),
        "posts": _by(ours, ("level", "post"), lambda key: (Level(key[0]).label, key[1])),
        "towns": [] if organisation else _towns(ours),
        "enterprises": [] if organisation else _enterprises(ours),
        "narrow": True,
    }
    return render(request, "checks/statistics.html", context)


def _by(rows, fields: tuple[str, ...], said) -> list[dict]:
    found = rows.values(*fields).annotate(**{f"n_{name}": Sum(name) for name in COUNTS}).order_by(*fields)[:200]
    return [_counts(one) | {"key": said([one[field] for field in fields])} for one in found]


def _counts(one: dict) -> dict:
    counts = {name: one[f"n_{name}"] or 0 for name in COUNTS}
    return counts | {"share": share(counts["done"], counts["due"])}


def _trend(rows, month: date) -> list[dict]:
    first = date(month.year - 1, month.month, 1)
    names = ("due", "done", "late", "missed", "failed")
    found = rows.filter(month__gt=first, month__lte=month).values("month").order_by("month")
    found = found.annotate(**{f"n_{name}": Sum(name) for name in names})
    return [{"month": one["month"]} | _counts(one | {"n_items": 0}) for one in found]


def _towns(rows) -> list[dict]:
    found = (
        rows.annotate(town=Substr("region", 1, TOWN))
        .values("town")
        .annotate(**{f"n_{name}": Sum(name) for name in COUNTS})
        .order_by("town")[:SHOWN]
    )
    called = titles("region", [one["town"] for one in found])
    return [_counts(one) | {"code": one["town"], "key": called.get(one["town"], one["town"])} for one in found]


def _enterprises(rows) -> list[dict]:
    """Those that missed most come first: they are whom to ask."""
    found = list(
        rows.values("organisation")
        .annotate(**{f"n_{name}": Sum(name) for name in COUNTS}, open=Sum(F("due") - F("done")))
        .order_by("-n_missed", "-open", "organisation")[:SHOWN]
    )
    called = titles("organisation", [one["organisation"] for one in found])
    return [
        _counts(one) | {"code": one["organisation"], "key": called.get(one["organisation"], one["organisation"])}
        for one in found
    ]


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _code(text: str) -> str:
    text = text.strip()
    return text if text.isascii() and text.isdecimal() and len(text) <= 15 else ""
