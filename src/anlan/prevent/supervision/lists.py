from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu, RowAction
from anlan.know.organisations import gates as organisation_gates
from anlan.prevent.supervision import actions, gates
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
        menu=Menu(group="prevent", order=60, icon="stairs-up"),
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
        menu=Menu(group="prevent", order=62, icon="calendar-check"),
        live=("supervision",),
        level="level",
        empty=_("还没有计划。在“分级监管概览”为辖区制定今年的计划。"),
    ),
]
MENU = [Entry(_("分级监管概览"), "supervision.overview", gates.SEE, group="prevent", order=61, icon="layout-grid")]
