from django.utils.translation import gettext_lazy as _

from anlan.desk.obligations import actions, gates
from anlan.desk.obligations.lists import time_left
from anlan.desk.obligations.models import Obligation
from anlan.desk.panels.declare import Attribute, Panel

ACTIONS = {
    "meet": _("办理"),
    "verify": _("核实通过"),
    "send_back": _("退回"),
    "waive": _("免除"),
}


def _basis(user, row: Obligation) -> dict:
    return {"row": row, "rule": row.by, "edition": row.text}


def _verbs(user, row: Obligation) -> dict | None:
    verbs = actions.available(row, user)
    return {"row": row, "rule": row.by, "verbs": verbs} if verbs else None


def _steps(user, row: Obligation) -> dict:
    steps = row.steps.select_related("actor").prefetch_related("documents").order_by("-at", "-pk")
    return {"steps": [(step, ACTIONS.get(step.action, step.action)) for step in steps]}


PANELS = [
    Panel(
        name="head",
        on="obligations",
        title=_("应办事项"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("subject_title", _("对象")),
            Attribute("state", _("状态"), value=lambda row: row.get_state_display()),
            Attribute("due_at", _("剩余时间"), kind="due", value=time_left),
            Attribute("start_on", _("周期起"), kind="date"),
            Attribute("due_on", _("截止日"), kind="date"),
            Attribute("met_on", _("完成日期"), kind="date"),
            Attribute("late", _("逾期完成"), kind="flag"),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="verbs",
        on="obligations",
        title=_("办理"),
        order=20,
        permission=gates.SEE,
        template="obligations/verbs.html",
        context=_verbs,
    ),
    Panel(
        name="steps",
        on="obligations",
        title=_("办理记录"),
        order=30,
        permission=gates.SEE,
        template="obligations/steps.html",
        context=_steps,
        live=("obligations",),
    ),
    Panel(
        name="basis",
        on="obligations",
        title=_("依据"),
        order=10,
        permission=gates.SEE,
        side="aside",
        template="obligations/basis.html",
        context=_basis,
    ),
    Panel(
        name="obligations",
        on="enterprises",
        title=_("应办事项"),
        order=57,
        permission=gates.SEE,
        rows=lambda user, row: (
            "obligations",
            gates.seen_by(user).filter(organisation=row.code).order_by("-is_open", "due_at"),
        ),
        empty=_("没有应办事项。"),
    ),
    Panel(
        name="obligations",
        on="home",
        title=_("应办事项"),
        order=30,
        permission=gates.MEET,
        rows=lambda user, row: ("obligations", gates.to_meet(user).order_by("due_at")),
        limit=6,
        empty=_("没有到期的应办事项。"),
        live=("obligations",),
    ),
]
