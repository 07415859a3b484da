from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Attribute, Panel
from anlan.desk.registers import gates as registers
from anlan.desk.registers.declare import record_type
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.onboarding.gates import ADOPT
from anlan.prevent.risks import gates as risks
from anlan.prevent.supervision import desk, gates, hazard_view
from anlan.prevent.supervision.models import Grade
from anlan.prevent.supervision.rules import policies


def explained(grade: Grade) -> dict:
    """The stored finding in the reader's language, with what the policy says of itself."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    used = grade.explanation.get("inputs", {}).get("policy")
    by = next((one for one in policies() if one.code == used), None)
    parts = [
        {
            "rule": part["rule"][language],
            "value": part["said"][language],
            "inputs": [(INPUTS.get(name, name), _said(value, language)) for name, value in part["inputs"].items()],
        }
        for part in grade.explanation.get("because", [])
    ]
    return {"grade": grade, "policy": by, "parts": parts}


def _said(value, language: str):
    return value.get(language) if isinstance(value, dict) else "—" if value is None else value


def _of_enterprise(user, enterprise: Enterprise) -> dict | None:
    grade = gates.seen_by(user).filter(pk=enterprise.pk).first()
    if grade is None:
        return None
    changes = enterprise.grade_changes.order_by("-at")[:5]
    return explained(grade) | {"changes": changes}


INPUTS = {
    "level": _("等级"),
    "open": _("未销号"),
    "overdue": _("超期"),
    "major": _("重大"),
    "certificate": _("证书"),
    "accidents": _("事故"),
    "deaths": _("死亡"),
    "years": _("年数"),
    "entries": _("失信记录"),
}
PANELS = [
    Panel(
        name="desk",
        on="home",
        title=_("安全管理台"),
        order=1,
        permission=ADOPT,
        template="supervision/desk.html",
        context=desk.context,
        live=("checks", "hazards", "risks", "obligations", "supervision", "registers"),
    ),
    Panel(
        name="head",
        on="supervision",
        title=_("监管等级"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("level", _("等级"), kind="level"),
            Attribute("mark", _("得分"), kind="number"),
            Attribute("visits", _("每年检查次数"), kind="number"),
            Attribute("unsupervised", _("无监管部门"), kind="flag"),
            Attribute("unclear", _("行业不清"), kind="flag"),
            Attribute("since", _("本等级起"), kind="date"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="why",
        on="supervision",
        title=_("等级的由来"),
        order=20,
        permission=gates.SEE,
        template="supervision/why.html",
        context=lambda user, row: explained(row) | {"changes": row.enterprise.grade_changes.order_by("-at")[:10]},
        live=("supervision",),
    ),
    Panel(
        name="grade",
        on="enterprises",
        title=_("监管等级"),
        order=12,
        permission=gates.SEE,
        template="supervision/why.html",
        context=_of_enterprise,
        live=("supervision",),
    ),
    Panel(
        name="visits",
        on="enterprises",
        title=_("计划检查"),
        order=58,
        permission=gates.SEE,
        rows=lambda user, row: ("visits", gates.visits_seen_by(user).filter(enterprise=row).order_by("-due_on")),
        empty=_("没有计划检查。"),
    ),
    Panel(
        name="head",
        on="visits",
        title=_("计划检查"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("enterprise", _("企业")),
            Attribute("level", _("等级"), kind="level"),
            Attribute("due_on", _("应检查日期"), kind="date"),
            Attribute("state", _("状态"), kind="choice"),
            Attribute("done_on", _("检查日期"), kind="date"),
            Attribute("done_by", _("检查人"), kind="user"),
            Attribute("words", _("说明")),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="graded",
        on="places",
        title=_("红色和橙色监管企业"),
        order=32,
        permission=gates.SEE,
        rows=lambda user, region: (
            "supervision",
            gates.seen_by(user).filter(region__startswith=region.code, level__lte=2).order_by("level", "-mark"),
        ),
        empty=_("没有红色和橙色监管企业。"),
    ),
]

FIVE = {"on": "five-in-one", "permission": gates.SEE}
PANELS += [
    Panel(
        name="head",
        on="major-hazards",
        title=_("重大危险源"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("hazard_level", _("级别"), kind="choice"),
            Attribute("r_value", _("R 值"), kind="number"),
            Attribute("enterprise", _("企业")),
            Attribute("filed_on", _("备案日期"), kind="date", value=lambda row: row.filed_on),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="filings",
        on="major-hazards",
        title=_("备案记录"),
        order=30,
        permission=gates.SEE,
        rows=lambda user, row: (
            f"ledgers/{hazard_view.FILING}",
            registers.of_type(user, record_type(hazard_view.FILING)).filter(key=f"{row.organisation}|{row.code}"),
        ),
        empty=_("没有备案：列入异常清单。"),
    ),
    Panel(
        name="now",
        title=_("正在发生"),
        order=5,
        template="supervision/now.html",
        context=hazard_view.now,
        live=("risks", "registers"),
        **FIVE,
    ),
    Panel(
        name="hazards",
        title=_("重大危险源监控"),
        order=20,
        rows=lambda user, row: ("major-hazards", hazard_view.hazards_seen_by(user).filter(enterprise=row)),
        empty=_("没有重大危险源。"),
        live=("facilities",),
        **FIVE,
    ),
    Panel(
        name="zones",
        title=_("安全风险分区"),
        order=40,
        rows=lambda user, row: (
            "risks",
            risks.seen_by(user).filter(enterprise=row, in_use=True).order_by("dynamic_level", "code"),
        ),
        empty=_("没有划分风险分区。"),
        live=("risks",),
        **FIVE,
    ),
    Panel(
        name="people",
        title=_("在岗在位人员"),
        order=50,
        rows=lambda user, row: ("ledgers/shift_presence", hazard_view.held(user, "shift_presence", row)),
        empty=_("没有登记在岗人员。"),
        live=("registers",),
        **FIVE,
    ),
    Panel(
        name="process",
        title=_("生产全流程"),
        order=60,
        rows=lambda user, row: ("ledgers/process_steps", hazard_view.held(user, "process_steps", row)),
        empty=_("没有登记生产步骤。"),
        live=("registers",),
        **FIVE,
    ),
]
