from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan import packs
from anlan.desk import wording
from anlan.desk.access.middleware import public
from anlan.desk.access.standing import may, require
from anlan.desk.registers import actions, advancing, gaps, gates, words
from anlan.desk.registers.coverage import NAMED, cover, coverages
from anlan.desk.registers.declare import RecordType, record_types

PUBLISHED, FARTHEST = 50, 200  # records a page, pages: nobody is made to count a million rows for a stranger


def ledgers(request):
    """All ledgers with how much they hold, what is about to end and what has ended."""
    today = timezone.localdate()
    readable = [kind for kind in record_types().values() if may(request.user, kind.see)]
    if not readable:
        require(request.user, "registers.see")
    held = Q(status="in_force")
    rows = (
        gates.seen_by(request.user)
        .order_by()
        .values("type")
        .annotate(held=Count("pk", filter=held), expired=Count("pk", filter=held & Q(valid_to__lt=today)))
    )
    counts = {row["type"]: row for row in rows}
    shown: dict[str, list] = {}
    for kind in readable:
        shown.setdefault(kind.pack, []).append({"kind": kind, **counts.get(kind.code, {"held": 0, "expired": 0})})
    parts = [{"title": wording.title(packs.about(pack)), "rows": rows} for pack, rows in shown.items()]
    return render(request, "registers/ledgers.html", {"title": _("台账总览"), "parts": parts, "narrow": True})


def gap(request, code: str):
    kind = _kind(code)
    require(request.user, kind.see)
    day = timezone.localdate()
    return render(
        request,
        "registers/gap.html",
        {
            "title": _("%(ledger)s：配备差距") % {"ledger": kind.title},
            "kind": kind,
            "comparisons": gaps.for_reader(request.user, kind, day),
            "day": day,
            "narrow": True,
        },
    )


@require_POST
def turn(request, code: str, pk: int, verb: str):
    """Retire or restore: the page of the record says what came of it."""
    kind = _kind(code)
    record = get_object_or_404(gates.of_type(request.user, kind), pk=pk)
    try:
        {"retire": actions.retire, "restore": actions.restore}[verb](
            request.user, record, request.POST.get("words", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已办理。"))
    return redirect(f"/{kind.list_name}/{pk}/")


@require_POST
def stage(request, code: str, pk: int):
    """Opens the stage the button names; what stands in the way is said on the record's page."""
    kind = _kind(code)
    record = get_object_or_404(gates.of_type(request.user, kind), pk=pk)
    try:
        turned = advancing.advance(request.user, record, request.POST.get("stage", ""), request.POST.get("words", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("现在是“%(stage)s”。") % {"stage": kind.stage_titles[turned.stage]})
    return redirect(f"/{kind.list_name}/{pk}/")


@require_POST
def sign(request, code: str, pk: int):
    kind = _kind(code)
    record = get_object_or_404(gates.of_type(request.user, kind), pk=pk)
    try:
        advancing.sign(request.user, record, request.POST.get("words", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已签署。"))
    return redirect(f"/{kind.list_name}/{pk}/")


@require_safe
def coverage_list(request):
    """Every coverage this person may read, over those he reaches."""
    require(request.user, "registers.see")
    day = timezone.localdate()
    rows = [(c, cover(c, day, request.user)) for c in coverages().values() if may(request.user, c.permission)]
    context = {"title": _("覆盖情况"), "rows": rows, "day": day, "narrow": True}
    return render(request, "registers/coverages.html", context)


@require_safe
def coverage_page(request, code: str):
    """One coverage on a day, with those named who lack it."""
    coverage = coverages().get(code)
    if coverage is None:
        raise Http404
    require(request.user, coverage.permission)
    day = parse_date(request.GET.get("day", "")) or timezone.localdate()
    context = {"title": coverage.title, "coverage": coverage, "day": day, "narrow": True, "named": NAMED}
    return render(request, "registers/coverage.html", context | {"covered": cover(coverage, day, request.user)})


@public
@require_safe
def published(request, code: str):
    """What a ledger shows to everybody: only the fields its pack publishes, newest first."""
    kind = _kind(code)
    if not kind.published:
        raise Http404
    organisation = request.GET.get("organisation", "")[:32]
    page = (
        min(int(given), FARTHEST)
        if (given := request.GET.get("page", "")).isdecimal() and given.isascii() and int(given)
        else 1
    )
    found = list(gates.published(kind, organisation)[(page - 1) * PUBLISHED : page * PUBLISHED + 1])
    fields = [kind.by_name[name] for name in kind.published]
    rows = [
        (record, [(field.title, words.shown(field, record.data.get(field.name))) for field in fields])
        for record in found[:PUBLISHED]
    ]
    context = {"title": kind.title, "kind": kind, "rows": rows, "organisation": organisation}
    context |= {"before": page - 1, "after": page + 1 if len(found) > PUBLISHED and page < FARTHEST else 0}
    return render(request, "registers/published.html", context)


def _kind(code: str) -> RecordType:
    kind = record_types().get(code)
    if kind is None:
        raise Http404(_("没有台账 %(code)s。") % {"code": code})
    return kind
