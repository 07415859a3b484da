from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.audit.history import history
from anlan.desk.panels.declare import Attribute, Panel
from anlan.prevent.risks import counting, disasters, gates
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.rules import held_high_enough
from anlan.prevent.risks.wording import method_title, tree

POINT = [
    Attribute("dynamic_level", _("当前等级"), kind="level"),
    Attribute("level", _("静态等级"), kind="level"),
    Attribute("registered_level", _("在册等级"), kind="level"),
    Attribute("kind", _("类别"), kind="choice"),
    Attribute("enterprise", _("企业")),
    Attribute("facility", _("设施")),
    Attribute("responsible_level", _("管控层级"), kind="choice"),
    Attribute("responsible", _("责任人")),
    Attribute("phone", _("联系电话"), kind="code"),
    Attribute("post", _("岗位")),
    Attribute("code", _("编号"), kind="code"),
    Attribute("reviewed_on", _("最近评估"), kind="date"),
    Attribute("review_due", _("应复评"), kind="date"),
    Attribute("region", _("辖区"), kind="region"),
]
DISASTER = [
    Attribute("level", _("等级"), kind="level"),
    Attribute("kind", _("灾害类型")),
    Attribute("households", _("户数"), kind="number"),
    Attribute("persons", _("人数"), kind="number"),
    Attribute("signs", _("前兆与预警信号")),
    Attribute("shelter", _("避险安置点")),
    Attribute("region", _("辖区"), kind="region"),
]
DISCLOSURE = [
    Attribute("region", _("辖区"), kind="region"),
    Attribute("due_on", _("应公布日期"), kind="date"),
    Attribute("published_at", _("公布时间"), kind="time"),
    Attribute("published_by", _("公布人"), kind="user"),
    Attribute("count", _("风险数"), kind="number", value=lambda row: len(row.content)),
]
AGREEMENT = [
    Attribute("subject", _("联防事项")),
    Attribute("regions", _("联防地区"), value=lambda row: "、".join(row.regions)),
    Attribute("from_level", _("通报等级"), kind="level"),
    Attribute("reply_hours", _("回复时限"), kind="number", unit=_("小时")),
    Attribute("since", _("起"), kind="date"),
    Attribute("until", _("止"), kind="date"),
]
SHARING = [
    Attribute("level", _("等级"), kind="level"),
    Attribute("words", _("内容")),
    Attribute("from_region", _("通报地区"), kind="region"),
    Attribute("region", _("接收地区"), kind="region"),
    Attribute("sent_at", _("通报时间"), kind="time"),
    Attribute("due_at", _("应回复"), kind="time"),
    Attribute("reply", _("回复")),
    Attribute("replied_at", _("回复时间"), kind="time"),
    Attribute("replied_by", _("回复人"), kind="user"),
]


def _identified(user, point) -> dict:
    units = point.units.prefetch_related("events__controls")
    return {
        "units": units,
        "point": point,
        "may_change": may_row(user, "risks.change", point),
        "may_evaluate": may_row(user, "risks.evaluate", point),
        "new_event": f"{reverse('risk-events.new')}?point={point.pk}",
    }


def _levels(user, point) -> dict | None:
    found = [tree(point.explanation.get(name)) for name in ("dynamic", "static")]
    if not any(found):
        return None
    return {
        "trees": [each for each in found if each],
        "too_low": not held_high_enough(point.level, point.responsible_level),
    }


def _influences(user, point) -> dict | None:
    rows = list(point.influences.order_by("-ended_at", "level", "-since")[:12])
    return {"rows": rows} if rows else None


def _cards(user, point) -> dict:
    return {
        "links": [
            (reverse("risks.card", args=[point.pk]), _("岗位安全风险告知卡")),
            (reverse("risks.handling", args=[point.pk]), _("岗位应急处置卡")),
            (reverse("risks.board", args=[point.enterprise_id]), _("企业“一图、一牌、三清单”")),
        ]
    }


def _editions(user, point) -> dict | None:
    rows = list(point.editions.defer("content").select_related("by")[:8])
    return {"rows": rows, "point": point} if rows else None


def _evaluation(user, event) -> dict:
    return {
        "event": event,
        "method": method_title(event.method),
        "tree": tree(event.explanation),
        "may_evaluate": may_row(user, "risks.evaluate", event.point),
    }


def _controls(user, event):
    return "risk-controls", gates.controls_seen_by(user).filter(event=event).order_by("order", "id")


def _of_enterprise(user, enterprise) -> dict | None:
    points = gates.seen_by(user).filter(enterprise=enterprise, in_use=True)
    counts = counting.by_level(points)
    return {"counts": counts, "enterprise": enterprise, "total": sum(each["count"] for each in counts)}


def _of_place(user, region) -> dict:
    return {"counts": counting.by_level(counting.within_region(gates.seen_by(user), region.code)), "region": region}


def _home(user, _row) -> dict | None:
    points = gates.seen_by(user).filter(in_use=True)
    return {"counts": counting.by_level(points)}


PANELS = [
    Panel(name="head", on="risks", title=_("风险点"), order=10, permission=gates.SEE, attributes=POINT),
    Panel(
        name="identified",
        on="risks",
        title=_("辨识、评价与管控"),
        order=20,
        permission=gates.SEE,
        template="risks/identified.html",
        context=_identified,
        live=("risks",),
    ),
    Panel(
        name="levels",
        on="risks",
        title=_("等级的由来"),
        order=30,
        permission=gates.SEE,
        template="risks/levels.html",
        context=_levels,
        live=("risks",),
    ),
    Panel(
        name="cards",
        on="risks",
        title=_("打印"),
        order=10,
        permission=gates.SEE,
        side="aside",
        template="risks/links.html",
        context=_cards,
    ),
    Panel(
        name="influences",
        on="risks",
        title=_("动态影响"),
        order=20,
        permission=gates.SEE,
        side="aside",
        template="risks/influences.html",
        context=_influences,
        live=("risks",),
    ),
    Panel(
        name="reports",
        on="risks",
        title=_("安全风险报告"),
        order=40,
        permission="risk-reports.see",
        rows=lambda user, point: (
            "risk-reports",
            gates.reports_seen_by(user).filter(subject=f"risk-point:{point.pk}").order_by("-opened_at"),
        ),
        empty=_("没有上报过。红色、橙色的变化会自动上报。"),
        live=("risk-reports",),
    ),
    Panel(
        name="editions",
        on="risks",
        title=_("历史版本"),
        order=80,
        permission=gates.SEE,
        side="aside",
        template="risks/editions.html",
        context=_editions,
    ),
    Panel(
        name="history",
        on="risks",
        title=_("变更记录"),
        order=90,
        permission=gates.SEE,
        side="aside",
        template="audit/history.html",
        context=lambda user, point: {"steps": history(f"risk-point:{point.pk}", Point)},
    ),
    Panel(
        name="head",
        on="risk-events",
        title=_("风险事件"),
        order=10,
        permission=gates.SEE,
        template="risks/event.html",
        context=_evaluation,
    ),
    Panel(
        name="controls",
        on="risk-events",
        title=_("管控措施"),
        order=20,
        permission=gates.SEE,
        rows=_controls,
        limit=40,
        empty=_("还没有管控措施。"),
    ),
    Panel(
        name="head",
        on="risk-controls",
        title=_("管控措施"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("level", _("等级"), kind="level", value=lambda row: row.event.level),
            Attribute("text", _("管控措施")),
            Attribute("check_text", _("排查内容")),
            Attribute("kind", _("措施类别"), kind="choice"),
            Attribute("responsible_level", _("责任层级"), kind="choice"),
            Attribute("post", _("责任岗位")),
            Attribute("every_days", _("周期"), kind="number", unit=_("天")),
            Attribute("clause", _("依据条款")),
            Attribute("event", _("风险事件")),
            Attribute("point", _("风险点")),
        ],
    ),
    Panel(
        name="head",
        on="risk-disclosures",
        title=_("风险公告"),
        order=10,
        permission=gates.SEE,
        attributes=DISCLOSURE,
    ),
    Panel(
        name="content",
        on="risk-disclosures",
        title=_("公布内容"),
        order=20,
        permission=gates.SEE,
        template="risks/disclosed.html",
        context=lambda user, row: {"rows": row.content, "disclosure": row},
    ),
    Panel(
        name="head", on="joint-control", title=_("协议"), order=10, permission="joint-control.see", attributes=AGREEMENT
    ),
    Panel(
        name="warnings",
        on="joint-control",
        title=_("联防通报"),
        order=20,
        permission="joint-control.see",
        rows=lambda user, row: (
            "shared-warnings",
            gates.sharings_seen_by(user).filter(agreement=row).order_by("-sent_at"),
        ),
        empty=_("还没有通报。"),
        live=("joint-control",),
    ),
    Panel(
        name="head",
        on="shared-warnings",
        title=_("联防通报"),
        order=10,
        permission="joint-control.see",
        attributes=SHARING,
        live=("joint-control",),
    ),
    Panel(
        name="head",
        on="disaster-points",
        title=_("自然灾害风险点"),
        order=10,
        permission="disaster-points.see",
        attributes=DISASTER,
    ),
    Panel(
        name="papers",
        on="disaster-points",
        title=_("“一牌、两图、三清单”"),
        order=20,
        permission="disaster-points.see",
        template="risks/papers.html",
        context=lambda user, row: {
            "papers": disasters.papers(row),
            "faults": disasters.route_faults(row),
            "point": row,
        },
    ),
    Panel(
        name="risks",
        on="enterprises",
        title=_("安全风险"),
        order=14,
        permission=gates.SEE,
        template="risks/of_enterprise.html",
        context=_of_enterprise,
        live=("risks",),
    ),
    Panel(
        name="risks",
        on="places",
        title=_("安全风险"),
        order=20,
        permission=gates.SEE,
        template="risks/of_place.html",
        context=_of_place,
    ),
    Panel(
        name="risks",
        on="facilities",
        title=_("风险点"),
        order=25,
        permission=gates.SEE,
        rows=lambda user, row: ("risks", gates.seen_by(user).filter(facility=row, in_use=True).order_by("level", "id")),
        empty=_("没有登记在此设施上的风险点。"),
    ),
    Panel(
        name="risks",
        on="home",
        title=_("安全风险"),
        order=40,
        permission=gates.SEE,
        side="aside",
        template="risks/overview.html",
        context=_home,
        live=("risks",),
    ),
    Panel(
        name="risks",
        on="bigscreen",
        title=_("安全风险"),
        order=30,
        permission=gates.SEE,
        side="right",
        template="risks/overview.html",
        context=_home,
        live=("risks",),
        refresh=60,
    ),
]
