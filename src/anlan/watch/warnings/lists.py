from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu
from anlan.know.enterprises.categories import all_categories
from anlan.know.enterprises.models import RegulatedAs
from anlan.watch.warnings import gates
from anlan.watch.warnings.states import PROCESS


def _categories(_user) -> list[Choice]:
    return [Choice(one.code, one.title) for one in all_categories().values()]


def _of_categories(rows, chosen):
    return rows.filter(enterprise__in=RegulatedAs.objects.filter(code__in=chosen).values("enterprise"))


LISTS = [
    List(
        name="warnings",
        title=_("预警"),
        gate=gates.seen_by,
        permission="warnings.see",
        columns=[
            Column("level", _("等级"), kind="level"),
            Column("title", _("预警"), link=True, sort=""),
            Column("state", _("状态"), kind="state", sort=""),
            Column("due_at", _("期限"), kind="due", sort=""),
            Column("opened_at", _("发起"), kind="time"),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("number", _("编号"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("state", _("状态"), choices=[Choice(state.name, state.title) for state in PROCESS.states]),
            Filter("open", _("未办结"), kind="flag", apply=lambda queryset, value: queryset.filter(is_open=True)),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("opened_at", _("发起时间"), kind="dates"),
        ],
        search=("title", "number__startswith"),
        order=("-is_open", "level", "-opened_at"),
        menu=Menu(group="watch", order=5, icon="alert-triangle"),
        item="cases.item",
        empty=_("没有预警。报警发生时，系统会自动发起预警并通知应办的人。"),
        live=("warnings",),
        level="level",
    ),
    List(
        name="indexes",
        title=_("四色预警指数"),
        gate=gates.standings_seen_by,
        permission=gates.SEE,
        columns=[
            Column("level", _("颜色"), kind="level", sort=""),
            Column("title", _("对象"), link=True, sort=""),
            Column("scope", _("范围"), kind="choice", sort=""),
            Column("value", _("预警指数"), kind="number"),
            Column("since", _("颜色起于"), kind="time", sort=""),
            Column("region", _("辖区"), kind="region", sort=""),
            Column("reckoned_at", _("计算时间"), kind="time", sort="", default=False),
            Column("policy", _("指数版本"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("level", _("颜色"), kind="level"),
            Filter("scope", _("范围")),
            Filter("coloured", _("有预警"), kind="flag", apply=lambda rows, _value: rows.filter(level__isnull=False)),
            Filter("category", _("监管类别"), choices=_categories, apply=_of_categories),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("title",),
        order=("-value", "-pk"),
        defer=("explanation",),
        menu=Menu(group="watch", order=6, icon="gauge"),
        empty=_("还没有算过指数。指数每天计算一次，也会在报警、隐患、作业变化后几秒内计算。"),
        live=("indexes",),
        level="level",
    ),
    List(
        name="online-patrols",
        title=_("在线巡查"),
        gate=gates.patrols_seen_by,
        permission=gates.SEE,
        columns=[
            Column("at", _("巡查时间"), kind="time", link=True),
            Column("enterprise", _("企业"), sort=""),
            Column("outcome", _("巡查结果"), kind="choice", sort=""),
            Column("words", _("巡查情况"), sort=""),
            Column("by", _("巡查人"), kind="user", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
        ],
        filters=[
            Filter("outcome", _("巡查结果")),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("at", _("巡查时间"), kind="dates"),
        ],
        search=("words", "enterprise__name"),
        order=("-at", "-pk"),
        related=("enterprise", "by"),
        defer=("seen",),
        menu=Menu(group="watch", order=8, icon="eye"),
        empty=_("还没有在线巡查记录。在企业页点“在线巡查”，或在预警里办理“在线巡查”。"),
    ),
    List(
        name="warning-reports",
        title=_("预警日报和月报"),
        gate=gates.reports_seen_by,
        permission=gates.SEE,
        columns=[
            Column("number", _("编号"), kind="code", link=True, sort=""),
            Column("kind", _("类型"), kind="choice", sort=""),
            Column("first", _("起"), kind="date"),
            Column("last", _("止"), kind="date", sort=""),
            Column("opened", _("发起预警"), kind="number", value=lambda row: row.content["now"]["opened"]),
            Column("closed", _("办结"), kind="number", value=lambda row: row.content["now"]["closed"]),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("region", _("辖区"), kind="region", sort=""),
        ],
        filters=[
            Filter("kind", _("类型")),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("first", _("日期"), kind="dates"),
        ],
        search=("number__startswith",),
        order=("-first", "-pk"),
        menu=Menu(group="watch", order=9, icon="report-analytics"),
        empty=_("还没有报告。日报在次日、月报在次月初自动生成。"),
    ),
]
MENU = [Entry(_("预警综合分析"), "warnings.analysis", gates.SEE, group="watch", order=7, icon="chart-line")]
