from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.measures import assessing, gates, lists
from anlan.desk.measures.models import Assessment
from anlan.desk.panels.declare import Attribute, Panel

VERBS = {
    "confirm": (assessing.CONFIRM, ("submitted",)),
    "send_back": (assessing.CONFIRM, ("submitted",)),
}


def _lines(user, row: Assessment) -> dict:
    card = row.scorecard
    found = row.result.get("lines", []) if row.state in ("submitted", "confirmed") else []
    items = card.by_code if card else {}
    lines = [(items[line["item"]], line) for line in found if line["item"] in items]
    verbs = VERBS | ({"submit": (card.by, ("draft", "returned"))} if card else {})
    may = {verb: row.state in states and may_row(user, permission, row) for verb, (permission, states) in verbs.items()}
    if row.submitted_by_id == user.pk:
        may |= {"confirm": False, "send_back": False}
    answered = sum(1 for given in row.answers.values() if given.get("answer") or given.get("points") is not None)
    return {"row": row, "card": card, "lines": lines, "may": may, "answered": answered}


PANELS = [
    Panel(
        name="head",
        on="assessments",
        title=_("评分"),
        order=10,
        permission="assessments.see",
        attributes=[
            Attribute("title", _("对象")),
            Attribute("period", _("期次"), kind="code"),
            Attribute("state", _("状态"), kind="choice"),
            Attribute("score", _("得分（%）"), kind="number"),
            Attribute("grade", _("结论")),
            Attribute("gaps", _("差距"), kind="number"),
            Attribute("vetoed", _("一票否决"), kind="flag"),
            Attribute("submitted_by", _("提交人"), kind="user"),
            Attribute("submitted_at", _("提交时间"), kind="time"),
            Attribute("reviewed_by", _("复核人"), kind="user"),
            Attribute("review", _("复核意见")),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="lines",
        on="assessments",
        title=_("逐项"),
        order=20,
        permission="assessments.see",
        template="measures/lines.html",
        context=_lines,
        live=("assessments",),
    ),
    Panel(
        name="assessments",
        on="enterprises",
        title=_("评分和自评"),
        order=55,
        permission="assessments.see",
        rows=lambda user, row: ("assessments", gates.assessments_seen_by(user).filter(organisation=row.code)),
        empty=_("还没有评分。从“评分和自评”选一张评分表开始。"),
    ),
    Panel(
        name="head",
        on="figures",
        title=_("填报数据"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("period", _("周期"), kind="code", value=lambda row: str(row.period)),
            Attribute("value", _("数值"), kind="number"),
            Attribute("unit", _("单位"), value=lists.figure_unit),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("source", _("来源")),
            Attribute("entered_by", _("填报人"), kind="user"),
            Attribute("entered_at", _("填报时间"), kind="time"),
        ],
    ),
    Panel(
        name="head",
        on="targets",
        title=_("指标目标"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("words", _("目标"), value=lists.target_words),
            Attribute("binding", _("约束性"), kind="flag"),
            Attribute("first_year", _("起始年"), kind="code"),
            Attribute("last_year", _("目标年"), kind="code"),
            Attribute("base_year", _("基期年"), kind="code"),
            Attribute("base_value", _("基期值"), kind="number"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("source", _("来源")),
        ],
    ),
]
