"""The library of checklists, deriving plans, and the way from a proof to its risk point."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.standing import may, require
from anlan.desk.wording import both, in_english
from anlan.know.enterprises import gates as enterprise_gates
from anlan.know.enterprises.categories import said
from anlan.prevent.checks import gates, planning
from anlan.prevent.checks.checklists import Edition, checklists, status_title
from anlan.prevent.checks.models import Kind
from anlan.prevent.checks.rules import often


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """All checklists with what is to be revised; `q` finds words in titles and items."""
    require(request.user, gates.SEE)
    today, words = timezone.localdate(), request.GET.get("q", "").strip()[:80]
    rows = [_row(one, today) for one in checklists().values() if _found(one, words, today)]
    rows.sort(key=lambda row: (-bool(row["revise"]), str(row["list"].title)))
    context = {"title": _("检查表库"), "rows": rows, "words": words, "narrow": True}
    return render(request, "checks/library.html", context)


@require_safe
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    """One checklist in one of its editions: the items, their clauses, what is to be revised."""
    require(request.user, gates.SEE)
    if code not in checklists():
        raise Http404
    one, today = checklists()[code], timezone.localdate()
    edition = next((e for e in one.editions if e.number == request.GET.get("edition")), one.on(today))
    context = _row(one, today) | {
        "title": one.title,
        "edition": edition,
        "current": one.on(today),
        "groups": _groups(edition, today),
        "may_plan": may(request.user, "checks.plan"),
        "narrow": True,
    }
    return render(request, "checks/checklist.html", context)


@require_POST
def derive(request: HttpRequest, enterprise: int) -> HttpResponse:
    """Plans from the controls of an enterprise, and the tasks that are due at once."""
    row = get_object_or_404(enterprise_gates.seen_by(request.user), pk=enterprise)
    found = planning.derive(request.user, row)
    planning.generate(timezone.now())
    if found.controls == 0:
        messages.warning(request, _("还没有可排查的管控措施：请先在风险点中填写管控措施和排查周期。"))
        return redirect("enterprises.item", row.pk)
    words = _("已按 %(controls)d 项管控措施更新排查计划：新增 %(made)d 个，停用 %(rested)d 个。")
    messages.success(request, words % {"controls": found.controls, "made": found.made, "rested": found.rested})
    return redirect(f"{reverse('check-plans')}?organisation={row.code}")


@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(gates.proofs_seen_by(request.user), pk=pk)
    return redirect("risks.item", found.point_id)


def _found(one, words: str, today) -> bool:
    if not words:
        return True
    text = " ".join([one.title_zh, one.title_en, *(f"{q.item.text} {q.item.text_en}" for q in one.on(today).questions)])
    return words.casefold() in text.casefold()


def _row(one, today) -> dict:
    edition = one.on(today)
    return {
        "list": one,
        "edition": edition,
        "count": len(edition.questions),
        "revise": len(edition.to_revise(today)),
        "kind": Kind(one.kind).label,
        "often": often(one.every_days),
        "categories": said(one.categories),
    }


def _groups(edition: Edition, today) -> list[tuple]:
    groups: dict = {}
    for question in edition.questions:
        item, bound = question.item, question.bound
        clause = bound.as_dict()
        groups.setdefault(both(item.group, item.group_en), []).append(
            {
                "item": item,
                "text": both(item.text, item.text_en),
                "clause": clause["en" if in_english() else "zh"],
                "checked": status_title(bound.status),
                "replaced": bound.replaced(today),
            }
        )
    return [(title, rows) for title, rows in groups.items()]
