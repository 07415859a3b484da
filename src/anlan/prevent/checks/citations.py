"""Checklist items as the library's page of an instrument shows them."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.wording import both
from anlan.know.law.declare import Bound, Citations
from anlan.prevent.checks.checklists import checklists


def _bound(user, instrument: str) -> list[Bound]:
    today, found = timezone.localdate(), []
    for one in checklists().values():
        for question in one.on(today).questions:
            if question.bound.cited == instrument:
                title = both(f"{one.title_zh}：{question.item.text}", f"{one.title_en}: {question.item.text_en}")
                found.append(Bound(title, question.bound.article, reverse("checks.checklist", args=[one.code])))
    return found


CITATIONS = [Citations("checklists", _("检查表条目"), "checks.see", bound=_bound)]
