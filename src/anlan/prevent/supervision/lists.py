from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu, RowAction
from anlan.desk.registers.declare import record_type
from anlan.know.organisations import gates as organisation_gates
from anlan.prevent.supervision import actions, gates, hazard_view
from anlan.prevent.supervision.models import Grade


def _departments(user) -> list[Choice]:
    bodies = organisation_gates.seen_by(user).filter(supervised__isnull=False).distinct().order_by("name")[:200]
    return [Choice(str(body.pk), body.name) for body in bodies]


def _of_departments(rows, chosen):
    return rows.filter(enterprise__supervisors__in=[int(pk) for pk in chosen if pk.isdigit()]).distinct()


def _blind(row: Grade) -> str:
    told = [_("无监管部门")] if row.unsupervised else []
    told += [_("行业不清")] if row.unclear else []
    return "、".join(str(one) for one in told)


def _visited(user, rows: list, words: str) -> str:
    return _("已登记 %(count)d 次检查。") % {"count": actions.visited(user, rows, words)}


def _filing(row) -> str:
    """The stage of its filing in words; who has none stands on the exception list."""
    kind = record_type(hazard_view.FILING)
    return str(kind.stage_titles.get(row.filing_stage, "")) or str(_("未备案"))


LISTS = [
    List(
        name="supervision",
        title=_("监管等级"),
        gate=gates.seen_by,
        permission=gates.SEE,
        columns=[
            Column("level", _("等级"), kind="level"),
            Column("enterprise", _("企业"), link=True, sort="enterprise__name"),
            Column("mark", _("得分"), kind="number"),
            Column("visits", _("每年检查次数"), kind="number", sort=""),
            Column("blind", _("监管盲区"), value=_blind),
            Column("since", _("本等级起"), kind="date", sort=""),
            Column("region", _("辖区"), kind="region"),
            Column("graded_at", _("评定时间"), kind="time", default=False, sort=""),
        ],
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("region", _("辖区"), kind="region"),
            Filter("department", _("监管部门"), choices=_departments, apply=_of_departments),
            Filter("unsupervised", _("无监管部门"), kind="flag"),
            Filter("unclear", _("行业不清"), kind="flag"),
        ],
        search=("enterprise__name", "organisation", "enterprise__initials"),
        order=("level", "-mark", "enterprise"),
        related=("enterprise",),
        defer=("explanation",),
        menu=Menu(group="supervision", order=20, icon="stairs-up"),
        live=("supervision",),
        level="level",
        empty=_("还没有评定。评定每天夜里进行一次，风险、隐患变化时也随之更新。"),
    ),
    List(
        name="visits",
        title=_("计划检查"),
        gate=gates.visits_seen_by,
        permission=gates.SEE,
        columns=[
            Column("enterprise", _("企业"), link=True, sort=""),
            Column("level", _("等级"), kind="level"),
            Column("due_on", _("应检查日期"), kind="date"),
            Column("state", _("状态"), kind="choice"),
            Column("done_on", _("检查日期"), kind="date", sort=""),
            Column("words", _("说明"), default=False),
            Column("region", _("辖区"), kind="region"),
        ],
        filters=[
            Filter("state", _("状态")),
            Filter("level", _("等级"), kind="level"),
            Filter("region", _("辖区"), kind="region"),
            Filter("due_on", _("应检查日期"), kind="dates"),
        ],
        search=("organisation",),
        order=("state", "due_on", "id"),
        related=("enterprise",),
        actions=[RowAction("visited", _("登记检查"), gates.VISIT, _visited, words=True)],
        menu=Menu(group="supervision", order=30, icon="calendar-check"),
        live=("supervision",),
        level="level",
        empty=_("还没有计划。在“分级监管概览”为辖区制定今年的计划。"),
    ),
]
LISTS += [
    List(
        name="major-hazards",
        title=_("重大危险源备案和监视"),
        gate=hazard_view.hazards_seen_by,
        permission=gates.SEE,
        columns=[
            Column("name", _("单元"), link=True),
            Column("hazard_level", _("级别"), kind="choice"),
            Column("r_value", _("R 值"), kind="number", sort=""),
            Column("enterprise", _("企业"), sort=""),
            Column("filing", _("备案"), value=_filing),
            Column("filed_on", _("备案日期"), kind="date", value=lambda row: row.filed_on),
            Column("region", _("辖区"), kind="region"),
        ],
        filters=[
            Filter("hazard_level", _("级别")),
            Filter("unfiled", _("只看未备案"), kind="flag", apply=lambda rows, _value: rows.filter(filed=False)),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("name", "code", "initials"),
        order=("hazard_level", "name"),
        related=("enterprise",),
        defer=("geometry",),
        menu=Menu(group="supervision", order=40, icon="flame"),
        live=("facilities", "registers"),
        empty=_("没有登记重大危险源。"),
    ),
    List(
        name="five-in-one",
        title=_("化工企业五位一体"),
        gate=hazard_view.chemical_seen_by,
        permission=gates.SEE,
        columns=[
            Column("name", _("企业"), link=True),
            Column("level", _("风险等级"), kind="level"),
            Column("region", _("辖区"), kind="region"),
        ],
        filters=[Filter("region", _("辖区"), kind="region"), Filter("level", _("风险等级"), kind="level")],
        search=("name", "code", "initials"),
        order=("name",),
        menu=Menu(group="supervision", order=50, icon="layout-dashboard"),
        live=("risks",),
        empty=_("没有危险化学品生产或者使用企业。"),
    ),
]
MENU = [
    Entry(
        _("分级监管概览"),
        "supervision.overview",
        gates.SEE,
        group="supervision",
        order=10,
        icon="layout-grid",
        sides=("government",),
    )
]
