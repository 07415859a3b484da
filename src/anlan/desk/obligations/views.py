from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.desk.access.standing import require
from anlan.desk.clocks.calendar import is_workday, known
from anlan.desk.documents.actions import add
from anlan.desk.obligations import actions, gates, month

SHOWN_IN_A_MONTH = 2000


def calendar(request):
    """What falls due in a month, day by day."""
    require(request.user, gates.SEE)
    today = timezone.localdate()
    first = month.asked(request.GET.get("month", ""), today)
    before, after = month.neighbours(first)
    rows = gates.seen_by(request.user).filter(due_on__gte=first, due_on__lt=after).order_by("due_on", "pk")
    rows = rows.only("rule", "title", "subject_title", "due_on", "state")
    found = list(rows[: SHOWN_IN_A_MONTH + 1])
    weeks = month.weeks(first.year, first.month, ((row.due_on, row) for row in found[:SHOWN_IN_A_MONTH]), is_workday)
    context = {
        "title": _("应办日历"),
        "weeks": weeks,
        "days": [day for week in weeks for day in week if day.items],
        "first": first,
        "before": before,
        "after": after,
        "today": today,
        "truncated": len(found) > SHOWN_IN_A_MONTH,
        "official": known(first),
        "narrow": True,
    }
    return render(request, "obligations/calendar.html", context)


@require_POST
def act(request, pk: int, verb: str):
    """Takes a verb with what the form brought; the page of the obligation says what came of it."""
    row = get_object_or_404(gates.seen_by(request.user), pk=pk)
    if verb not in actions.VERBS:
        raise Http404
    try:
        with transaction.atomic():
            _take(request, row, verb)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已办理。"))
    return redirect("obligations.item", pk=pk)


def _take(request, row, verb: str) -> None:
    words = request.POST.get("words", "")
    if verb != "meet":
        getattr(actions, verb)(row, request.user, words=words)
        return
    actions.check(row, "meet", request.user)
    documents = [
        add(request.user, file, region=row.region, organisation=row.organisation)
        for file in request.FILES.getlist("documents")
    ]
    actions.meet(row, request.user, words=words, documents=documents, on=_day(request.POST.get("on", "")))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError({"on": _("“%(text)s”不是日期，请写成 2026-11-24。") % {"text": text[:20]}}) from None
