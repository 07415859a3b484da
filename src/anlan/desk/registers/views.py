from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.desk.access.standing import may, require
from anlan.desk.registers import actions, gaps, gates
from anlan.desk.registers.declare import RecordType, record_types


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
    shown = [{"kind": kind, **counts.get(kind.code, {"held": 0, "expired": 0})} for kind in readable]
    return render(request, "registers/ledgers.html", {"title": _("台账总览"), "rows": shown, "narrow": True})


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


def _kind(code: str) -> RecordType:
    kind = record_types().get(code)
    if kind is None:
        raise Http404(_("没有台账 %(code)s。") % {"code": code})
    return kind
