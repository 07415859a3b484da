"""The pages of scorecards: which there are, one being answered, and what is done with it."""

import contextlib

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.desk.access.standing import Refused, may, may_row, require
from anlan.desk.measures import assessing, gates
from anlan.desk.measures.scorecards import scorecards

SUBJECTS_OFFERED = 500


@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """All cards, with whom this person may assess by each; one subject needs no choosing."""
    require(request.user, "assessments.see")
    rows = [(card, assessing.subjects_for(request.user, card)[:SUBJECTS_OFFERED]) for card in scorecards().values()]
    context = {"title": _("评分和自评"), "rows": rows, "narrow": True, "may": _answers(request.user)}
    return render(request, "measures/cards.html", context)


def _answers(user) -> bool:
    return any(may(user, card.by) for card in scorecards().values())


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    card = scorecards().get(code)
    if card is None:
        raise Http404
    chosen = request.POST.get("subject", "")
    subject = next((one for one in assessing.subjects_for(request.user, card) if one.key == chosen), None)
    if subject is None:
        raise Refused(_("您的岗位不能为此单位自评。"))
    row = assessing.begin(request.user, card, subject)
    return redirect("assessments.answer" if row.state in ("draft", "returned") else "assessments.item", pk=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """All items on one page; every change of an answer is saved by itself, and the button submits the whole."""
    row = get_object_or_404(gates.assessments_seen_by(request.user), pk=pk)
    if row.scorecard is None or not may_row(request.user, row.scorecard.by, row):
        return redirect("assessments.item", pk=pk)
    if request.method == "POST":
        try:
            row = assessing.answer(request.user, row, given(request.POST, row.scorecard))
            if request.POST.get("then") == "submit":
                row = assessing.submit(request.user, row)
                messages.success(request, _("已提交，得分 %(score)s。") % {"score": row.score})
        except ValidationError as error:
            if request.headers.get("HX-Request"):
                return render(request, "measures/saved.html", {"problem": " ".join(error.messages)})
            for sentence in error.messages[:5]:
                messages.error(request, sentence)
            return redirect("assessments.answer", pk=pk)
        if request.headers.get("HX-Request"):
            return render(request, "measures/saved.html", {"row": row, "answered": answered(row)})
        return redirect("assessments.item", pk=pk)
    items = [(item, row.answers.get(item.code, {})) for item in row.scorecard.items]
    context = {"title": row.scorecard.title, "row": row, "card": row.scorecard, "items": items, "narrow": True}
    return render(request, "measures/answer.html", context | {"answered": answered(row)})


def answered(row) -> int:
    return sum(1 for one in row.answers.values() if one.get("answer") or one.get("points") is not None)


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = get_object_or_404(gates.assessments_seen_by(request.user), pk=pk)
    if verb not in ("confirm", "send_back"):
        raise Http404
    try:
        getattr(assessing, verb)(request.user, row, request.POST.get("words", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已办理。"))
    return redirect("assessments.item", pk=pk)


def given(post, card) -> dict:
    """The answers a form brought: `<item>` yes, no or na, `<item>.points`, `<item>.words`."""
    found = {}
    for item in card.items:
        if item.code in post or f"{item.code}.points" in post or f"{item.code}.words" in post:
            one = {"answer": post.get(item.code, ""), "words": post.get(f"{item.code}.words", "")}
            with contextlib.suppress(ValueError):
                one["points"] = float(post.get(f"{item.code}.points") or "x")
            found[item.code] = one
    return found
