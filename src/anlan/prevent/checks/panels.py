from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.prevent.checks import gates
from anlan.prevent.checks.checklists import checklists
from anlan.prevent.checks.drawing import drawn_again
from anlan.prevent.checks.figures import summed
from anlan.prevent.checks.models import Draw, Patrol, Plan
from anlan.prevent.checks.rules import often, share


def _mine(user, _row):
    return "my-checks", gates.mine(user).order_by("due_at", "id")


def _of_enterprise(user, enterprise):
    return "checks", gates.seen_by(user).filter(organisation=enterprise.code).order_by("state", "-due_at", "-id")


def _standing(user, enterprise) -> dict:
    """This month's checks of the enterprise, its unproven controls, and the way to make plans."""
    month = timezone.localdate().replace(day=1)
    total = summed(gates.tallies_seen_by(user).filter(organisation=enterprise.code, month=month))
    proofs = gates.proofs_seen_by(user).filter(organisation=enterprise.code)
    return {
        "enterprise": enterprise,
        "total": total,
        "share": share(total["done"], total["due"]),
        "unproven": proofs.filter(due_at__lte=timezone.now()).count(),
        "proofs": proofs.exists(),
        "may_plan": may_row(user, "checks.plan", enterprise),
    }


def _proofs(user, point):
    return "control-proofs", gates.proofs_seen_by(user).filter(point=point).order_by("due_at", "id")


def _checklist(plan: Plan):
    if plan.from_controls:
        return _("管控措施")
    known = checklists().get(plan.checklist)
    return known.title if known else plan.checklist


def _draw(user, made: Draw) -> dict:
    tasks = gates.seen_by(user).filter(draw=made).select_related("enterprise", "assignee").order_by("id")
    return {"draw": made, "tasks": list(tasks[:500]), "again": drawn_again(made)}


PANELS = [
    Panel(
        name="mine",
        on="home",
        title=_("我的检查"),
        order=15,
        permission=gates.SEE,
        rows=_mine,
        limit=6,
        empty=_("没有要做的检查。"),
        live=("checks",),
    ),
    Panel(
        name="standing",
        on="enterprises",
        title=_("检查落实"),
        order=24,
        permission=gates.SEE,
        template="checks/standing.html",
        context=_standing,
        live=("checks",),
    ),
    Panel(
        name="checks",
        on="enterprises",
        title=_("检查任务"),
        order=25,
        permission=gates.SEE,
        rows=_of_enterprise,
        limit=6,
        empty=_("还没有检查任务。"),
        live=("checks",),
    ),
    Panel(
        name="proofs",
        on="risks",
        title=_("管控措施验证"),
        order=60,
        permission=gates.SEE,
        rows=_proofs,
        limit=20,
        empty=_("这个风险点的管控措施没有排查周期，因此没有人来验证它们。"),
        live=("checks",),
    ),
    Panel(
        name="head",
        on="check-plans",
        title=_("基本情况"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("organisation", _("企业"), kind="organisation"),
            Attribute("kind", _("类别"), kind="choice"),
            Attribute("checklist", _("检查内容"), value=_checklist),
            Attribute("level", _("责任层级"), kind="choice"),
            Attribute("post", _("责任岗位")),
            Attribute("assignee", _("检查人"), kind="user"),
            Attribute("every_days", _("周期"), value=lambda row: often(row.every_days)),
            Attribute("starts_on", _("开始日期"), kind="date"),
            Attribute("ends_on", _("结束日期"), kind="date"),
            Attribute("next_on", _("下次生成"), kind="date"),
            Attribute("in_use", _("启用"), kind="flag"),
        ],
    ),
    Panel(
        name="tasks",
        on="check-plans",
        title=_("检查任务"),
        order=20,
        permission=gates.SEE,
        rows=lambda user, plan: ("checks", gates.seen_by(user).filter(plan=plan).order_by("-due_at", "-id")),
        limit=20,
        empty=_("到了日期，任务会自动生成。"),
        live=("checks",),
    ),
    Panel(
        name="history",
        on="check-plans",
        title=_("变更记录"),
        order=90,
        permission=gates.SEE,
        side="aside",
        template="audit/history.html",
        context=lambda user, plan: {"steps": history(f"check-plan:{plan.pk}", Plan)},
    ),
    Panel(
        name="stops",
        on="patrols",
        title=_("巡查点"),
        order=10,
        permission=gates.SEE,
        template="checks/stops.html",
        context=lambda user, patrol: {"patrol": patrol, "stops": list(patrol.stops.select_related("point"))},
    ),
    Panel(
        name="passings",
        on="patrols",
        title=_("巡查记录"),
        order=20,
        permission=gates.SEE,
        rows=lambda user, patrol: (
            "passings",
            gates.passings_seen_by(user).filter(stop__patrol=patrol).order_by("-at", "-id"),
        ),
        limit=30,
        empty=_("还没有人巡查。打印二维码贴在现场，扫码后点“我已到位”。"),
        live=("checks",),
    ),
    Panel(
        name="history",
        on="patrols",
        title=_("变更记录"),
        order=90,
        permission=gates.SEE,
        side="aside",
        template="audit/history.html",
        context=lambda user, patrol: {"steps": history(f"patrol:{patrol.pk}", Patrol)},
    ),
    Panel(
        name="drawn",
        on="check-draws",
        title=_("抽取结果"),
        order=10,
        permission="checks.inspect",
        template="checks/drawn.html",
        context=_draw,
    ),
]
