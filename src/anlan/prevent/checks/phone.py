"""Checks on the phone: the tasks one has to make, their sheets, and the answers sent back."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.desk.fieldwork.declare import MOST_ITEMS, Applied, Bundle, Form, Question, Submission, Task
from anlan.desk.wording import both, in_english
from anlan.desk.wording.units import shown
from anlan.prevent.checks import gates, sheets
from anlan.prevent.checks.actions import Given, answer_all
from anlan.prevent.checks.checklists import status_title
from anlan.prevent.checks.models import Answer, Sheet
from anlan.prevent.checks.models import Task as Check
from anlan.prevent.checks.rules import Item


def tasks_of(user) -> list[Task]:
    """What is due first comes first, with what was answered already."""
    rows = list(gates.mine(user).select_related("enterprise").order_by("due_at", "id")[: MOST_ITEMS + 1])
    known: dict[int, list[Answer]] = {}
    for one in Answer.objects.filter(task__in=[row.pk for row in rows]):
        known.setdefault(one.task_id, []).append(one)
    return [_task(row, known.get(row.pk, [])) for row in rows]


def _task(row: Check, known: list[Answer]) -> Task:
    return Task(
        key=str(row.pk),
        title=row.title,
        about=str(row.enterprise),
        form=f"checks.forms/{row.sheet_id}",
        submission="checks.answers",
        due_at=row.due_at,
        fixed={"task": row.pk},
        answers={one.item: one.verdict if one.reading is None else one.reading for one in known},
        details={one.item: {"note": one.note} for one in known if one.note},
        lon=row.enterprise.lon,
        lat=row.enterprise.lat,
    )


def forms_of(user) -> list[Form]:
    """The sheets of those tasks, each once."""
    first = gates.mine(user).order_by("due_at", "id").values_list("sheet_id", flat=True)[: MOST_ITEMS + 1]
    found = Sheet.objects.filter(pk__in=set(first)).order_by("pk")
    return [
        Form(
            key=str(sheet.pk),
            title=both(sheet.title, sheet.title_en),
            questions=[_question(item) for item in sheets.items(sheet)],
        )
        for sheet in found
    ]


def _question(item: Item) -> Question:
    """A reading is a number with its limits said; what is beyond them becomes a "not" by itself."""
    given = {
        "name": item.key,
        "title": both(item.text, item.text_en),
        "clause": _clause(item),
        "group": both(item.group, item.group_en),
    }
    if item.unit:
        least, most = item.least, item.most
        limits = [f"≥ {least:g}" if least is not None else "", f"≤ {most:g}" if most is not None else ""]
        words = _("应 %(limits)s；不适用请留空。") % {"limits": " ".join(limit for limit in limits if limit)}
        return Question(kind="number", unit=shown(item.unit), help=words, **given)
    return Question(
        kind="verdict",
        required=True,
        detail=[
            Question(name="photos", title=_("照片"), kind="photos"),
            Question(name="note", title=_("看到了什么"), kind="long"),
        ],
        **given,
    )


def _clause(item: Item) -> str:
    clause = item.clause or {}
    said, checked = clause.get("en" if in_english() else "zh", ""), status_title(clause.get("status", ""))
    return f"{said} · {checked}" if said and checked else said


def answer(user, payload: dict, files: dict) -> Applied:
    """A whole check as it was answered. The gate is asked again: the number of the task comes from outside."""
    number = payload["fixed"].get("task")
    row = gates.seen_by(user).filter(pk=number).select_related("sheet").first() if isinstance(number, int) else None
    if row is None:
        raise ValidationError(_("没有这项检查，或不在您的权限范围内。"))
    answers, details = payload["answers"], payload["details"]
    given = [_given(item, answers.get(item.key), details.get(item.key), files) for item in sheets.items(row.sheet)]
    done = answer_all(user, row, [one for one in given if one is not None], at=payload["made_at"])
    words = _("检查已完成：%(total)d 项，不符合 %(failed)d 项。") % {"total": done.total, "failed": done.failed}
    return Applied(f"check:{done.pk}", words, done.url)


def _given(item: Item, said, detail, files: dict) -> Given | None:
    """None where nothing was answered: finishing then names what is missing."""
    detail = detail if isinstance(detail, dict) else {}
    if item.unit:
        number = isinstance(said, int | float) and not isinstance(said, bool)
        return Given(item=item.key, reading=float(said)) if number else Given(item=item.key, verdict="na")
    if said not in ("ok", "not", "na"):
        return None
    photos = [files[one].pk for one in detail.get("photos") or [] if isinstance(one, str) and one in files]
    note = detail.get("note")
    return Given(item=item.key, verdict=said, note=note if isinstance(note, str) else "", photos=photos)


BUNDLES = [
    Bundle(name="checks.tasks", title=gettext_lazy("检查任务"), permission=gates.SEE, items=tasks_of, order=10),
    Bundle(name="checks.forms", title=gettext_lazy("检查表"), permission=gates.SEE, items=forms_of, order=90),
]
SUBMISSIONS = [
    Submission(name="checks.answers", title=gettext_lazy("检查结果"), permission=gates.SEE, apply=answer, order=10),
]
