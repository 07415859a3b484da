"""The page of a check. Each answer is sent by itself and kept at once; the row comes back as it now stands."""

import math
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.documents import actions as documents
from anlan.desk.pages.values import titles
from anlan.desk.wording import both, in_english
from anlan.prevent.checks import actions, gates, sheets
from anlan.prevent.checks.actions import Given
from anlan.prevent.checks.checklists import checklists, status_title
from anlan.prevent.checks.models import Answer, Task
from anlan.prevent.checks.rules import Item

MOST_PHOTOS = 9


@dataclass(frozen=True)
class Row:
    """One question with what was answered."""

    number: int
    item: Item
    answer: Answer | None
    replaced: str = ""  # what has replaced the instrument of its clause since

    @property
    def text(self):
        return both(self.item.text, self.item.text_en)

    @property
    def group(self):
        return both(self.item.group, self.item.group_en)

    @property
    def clause(self) -> str:
        clause = self.item.clause or {}
        return clause.get("en" if in_english() else "zh", "")

    @property
    def checked(self) -> str:
        return status_title((self.item.clause or {}).get("status", ""))

    @property
    def limits(self) -> str:
        least, most = self.item.least, self.item.most
        parts = [f"≥ {least:g}" if least is not None else "", f"≤ {most:g}" if most is not None else ""]
        return " ".join(part for part in parts if part)


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _task(request, pk)
    answers = {one.item: one for one in asked.answers.select_related("hazard", "by")}
    replaced = _replaced(asked)
    rows = [
        Row(number, item, answers.get(item.key), replaced.get(item.key, ""))
        for number, item in enumerate(sheets.items(asked.sheet), start=1)
    ]
    groups = [(group, list(found)) for group, found in groupby(rows, key=lambda row: str(row.group))]
    context = _context(request, asked) | {
        "title": asked.title,
        "groups": groups,
        "organisation": titles("organisation", [asked.organisation]).get(asked.organisation, asked.organisation),
        "narrow": True,
    }
    return render(request, "checks/task.html", context)


@require_POST
def answer(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """Keeps one answer and gives the row back; a fault is said in the row and what was typed stays."""
    asked = _task(request, pk)
    found = next(((n, one) for n, one in enumerate(sheets.items(asked.sheet), start=1) if one.key == item), None)
    if found is None:
        raise Http404
    fault, kept = "", None
    try:
        with transaction.atomic():
            kept = actions.answer(request.user, asked, _given(request, asked, item))
    except ValidationError as error:
        fault = " ".join(error.messages)
        kept = asked.answers.select_related("hazard", "by").filter(item=item).first()
    asked.refresh_from_db(fields=["answered", "failed", "state"])
    row = Row(found[0], found[1], kept, _replaced(asked).get(item, ""))
    context = _context(request, asked) | {"row": row, "fault": fault, "typed": request.POST, "fragment": True}
    return render(request, "checks/task.html#answered", context)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _task(request, pk)
    try:
        done = actions.finish(request.user, asked, words=request.POST.get("words", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("checks.task", pk)
    words = _("检查已完成：%(total)d 项，不符合 %(failed)d 项。") % {"total": done.total, "failed": done.failed}
    messages.success(request, words)
    return redirect("my-checks")


def _task(request: HttpRequest, pk: int) -> Task:
    seen = gates.seen_by(request.user).select_related("sheet", "enterprise", "assignee", "done_by")
    return get_object_or_404(seen, pk=pk)


def _context(request: HttpRequest, asked: Task) -> dict[str, Any]:
    open_still = asked.state == Task.State.OPEN
    return {
        "task": asked,
        "may_answer": open_still and actions.may_answer(request.user, asked),
        "whose": str(asked.assignee) if asked.assignee_id else asked.get_level_display(),
        "left": max(asked.total - asked.answered, 0),
    }


def _replaced(asked: Task) -> dict[str, str]:
    """Items of a pack's checklist whose instrument has been replaced since the sheet was made."""
    known = checklists().get(asked.sheet.code)
    if known is None or asked.state != Task.State.OPEN:
        return {}
    edition = next((one for one in known.editions if one.number == asked.sheet.edition), None)
    return {q.item.key: by for q, by in edition.to_revise(timezone.localdate())} if edition else {}


def _given(request: HttpRequest, asked: Task, item: str) -> Given:
    files = request.FILES.getlist("photos")
    if len(files) > MOST_PHOTOS:
        raise ValidationError(_("一项最多附 %(most)d 张照片。") % {"most": MOST_PHOTOS})
    before = asked.answers.filter(item=item).values_list("photos", flat=True).first() or []
    added = [
        documents.add(request.user, file, region=asked.region, organisation=asked.organisation).pk for file in files
    ]
    return Given(
        item=item,
        verdict=request.POST.get("verdict", ""),
        reading=_reading(request.POST.get("reading", "")),
        note=request.POST.get("note", ""),
        photos=[*before, *added],
    )


def _reading(text: str) -> float | None:
    text = text.strip().replace("，", ".").replace(",", ".")
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        raise ValidationError(_("“%(text)s”不是数字。") % {"text": text[:20]}) from None
    if not math.isfinite(found):
        raise ValidationError(_("“%(text)s”不是数字。") % {"text": text[:20]})
    return found
