from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.standing import may_row
from anlan.desk.layers.declare import LEVELS
from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.warnings import figures, gates
from anlan.watch.warnings.index import policies
from anlan.watch.warnings.models import Scope
from anlan.watch.warnings.reports import lines


def _of_enterprise(user, enterprise):
    return "warnings", gates.seen_by(user).filter(organisation=enterprise.code).order_by(
        "-is_open", "level", "-opened_at"
    )


def _of_device(user, device):
    return "warnings", gates.seen_by(user).filter(pk__in=device.alarms.exclude(case=None).values("case"))


def _open(user, _row):
    return "warnings", gates.seen_by(user).filter(is_open=True).order_by("level", "due_at")


def _overview(user, _row) -> dict:
    cases, now = gates.seen_by(user), timezone.now()
    counts = figures.open_by_level(cases)
    return {
        "levels": [{"mark": mark, "count": counts[mark.value]} for mark in LEVELS],
        "overdue": figures.overdue(cases, now),
    }


def _index(_user, standing) -> dict:
    """The standing with all it was reckoned from, and the edition it was reckoned by."""
    return {
        "standing": standing,
        "finding": standing.explanation,
        "policy": next((one for one in policies() if one.code == standing.policy), None),
        "changes": standing.changes.select_related("case").defer("explanation").order_by("-at")[:20],
    }


def _of_enterprise_index(user, enterprise) -> dict | None:
    held = gates.enterprises_seen_by(user).filter(enterprise=enterprise).first()
    if held is None:
        return None
    return _index(user, held) | {"may_look": may_row(user, "warnings.look", enterprise), "enterprise": enterprise}


def _of_facility_index(user, facility) -> dict | None:
    held = gates.standings_seen_by(user).filter(facility=facility).first()
    return _index(user, held) if held else None


def _of_case(user, case) -> dict | None:
    """What the warning's subject stands at now."""
    held = gates.standings_seen_by(user).filter(subject=case.subject).first()
    return _index(user, held) if held else None


def _facilities(user, standing):
    held = gates.standings_seen_by(user).filter(scope=Scope.FACILITY)
    if standing.scope == Scope.REGION:
        held = gates.enterprises_seen_by(user).filter(region__startswith=standing.region, level__isnull=False)
    elif standing.scope == Scope.ENTERPRISE:
        held = held.filter(enterprise=standing.enterprise_id)
    else:
        held = held.none()
    return "indexes", held.order_by("-value", "pk")


def _seen(_user, patrol) -> dict:
    return {"patrol": patrol, "seen": patrol.seen, "documents": patrol.documents.all()}


def _report(_user, report) -> dict:
    return {"report": report, "lines": lines(report), "earlier": report.content["before"]}


PANELS = [
    Panel(
        name="index",
        on="indexes",
        title=_("预警指数及由来"),
        order=10,
        permission=gates.SEE,
        template="warnings/index.html",
        context=_index,
        live=("indexes",),
    ),
    Panel(
        name="members",
        on="indexes",
        title=_("下级指数"),
        order=20,
        permission=gates.SEE,
        rows=_facilities,
        empty=_("没有下级。"),
        live=("indexes",),
    ),
    Panel(
        name="index",
        on="enterprises",
        title=_("四色预警指数"),
        order=13,
        permission=gates.SEE,
        template="warnings/index.html",
        context=_of_enterprise_index,
        live=("indexes",),
    ),
    Panel(
        name="index",
        on="facilities",
        title=_("四色预警指数"),
        order=18,
        permission=gates.SEE,
        template="warnings/index.html",
        context=_of_facility_index,
        live=("indexes",),
    ),
    Panel(
        name="index",
        on="warnings",
        title=_("现在的预警指数"),
        order=30,
        permission=gates.SEE,
        template="warnings/index.html",
        context=_of_case,
        live=("indexes",),
    ),
    Panel(
        name="chain",
        on="warnings",
        title=_("导出全链条"),
        order=90,
        permission="exchange.export",
        side="aside",
        template="warnings/chain.html",
        context=lambda _user, case: {"case": case},
    ),
    Panel(
        name="patrols",
        on="enterprises",
        title=_("在线巡查"),
        order=17,
        permission=gates.SEE,
        rows=lambda user, enterprise: ("online-patrols", gates.patrols_seen_by(user).filter(enterprise=enterprise)),
        limit=5,
        empty=_("还没有在线巡查。"),
    ),
    Panel(
        name="head",
        on="online-patrols",
        title=_("在线巡查"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("enterprise", _("企业")),
            Attribute("at", _("巡查时间"), kind="time"),
            Attribute("by", _("巡查人"), kind="user"),
            Attribute("outcome", _("巡查结果"), kind="choice"),
            Attribute("words", _("巡查情况")),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="seen",
        on="online-patrols",
        title=_("当时的数据"),
        order=20,
        permission=gates.SEE,
        template="warnings/seen.html",
        context=_seen,
    ),
    Panel(
        name="report",
        on="warning-reports",
        title=_("与上期比较"),
        order=10,
        permission=gates.SEE,
        template="warnings/report.html",
        context=_report,
    ),
    Panel(
        name="warnings",
        on="enterprises",
        title=_("预警"),
        order=16,
        permission="warnings.see",
        rows=_of_enterprise,
        live=("warnings",),
    ),
    Panel(name="warnings", on="devices", title=_("预警"), order=45, permission="warnings.see", rows=_of_device),
    Panel(
        name="overview",
        on="home",
        title=_("预警概况"),
        order=20,
        permission="warnings.see",
        side="aside",
        template="warnings/overview.html",
        context=_overview,
        live=("warnings",),
    ),
    Panel(
        name="overview",
        on="bigscreen",
        title=_("预警概况"),
        order=10,
        permission="warnings.see",
        side="left",
        template="warnings/overview.html",
        context=_overview,
        live=("warnings",),
        refresh=30,
    ),
    Panel(
        name="open",
        on="bigscreen",
        title=_("未办结预警"),
        order=20,
        permission="warnings.see",
        side="left",
        rows=_open,
        limit=8,
        empty=_("没有未办结的预警。"),
        live=("warnings",),
        refresh=30,
    ),
]
