from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction
from anlan.prevent.permits import gates, small_works, spaces
from anlan.prevent.permits.states import PROCESS

STATES = [Choice(state.name, state.title) for state in PROCESS.states]


def _state(permit):
    return PROCESS.by_name[permit.state].title


def _overdue(rows, _value):
    return rows.filter(is_open=True, state__in=gates.LIVE, valid_until__lt=timezone.now())


def _checked(safe: bool, ended: bool = False):
    def run(user, rows, words):
        for row in rows:
            small_works.check(user, row, words, safe=safe, ended=ended)

    return run


PERMIT_FILTERS = [
    Filter("kind", _("作业类别")),
    Filter("state", _("状态"), choices=STATES),
    Filter("overdue", _("已超时"), kind="flag", apply=_overdue),
    Filter("gravity", _("等级"), kind="level"),
    Filter("region", _("辖区"), kind="region"),
    Filter("organisation", _("企业"), kind="organisation"),
]

LISTS = [
    List(
        name="permits",
        title=_("作业票"),
        gate=gates.seen_by,
        permission=gates.SEE,
        columns=[
            Column("gravity", _("等级"), kind="level", sort=""),
            Column("work", _("作业内容"), link=True, sort=""),
            Column("kind", _("作业类别"), kind="choice", sort=""),
            Column("level", _("作业级别"), kind="choice", sort=""),
            Column("state", _("状态"), value=_state),
            Column("starts_at", _("计划开始"), kind="time"),
            Column("valid_until", _("有效期至"), kind="time", sort="", default=False),
            Column("place", _("作业地点"), sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("number", _("票号"), kind="code", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
        ],
        filters=[*PERMIT_FILTERS, Filter("starts_at", _("计划开始"), kind="dates")],
        search=("number__startswith", "work", "place"),
        order=("-starts_at", "pk"),
        defer=("measures", "facts", "hazards"),
        menu=Menu(group="permits", order=20, icon="file-certificate"),
        item="cases.item",
        empty=_("没有作业票。点“新建”申请一张，系统会逐项核对能不能作业。"),
        live=("permits",),
        level="gravity",
    ),
    List(
        name="live-permits",
        title=_("作业现况"),
        gate=gates.live_seen_by,
        permission=gates.SEE,
        columns=[
            Column("gravity", _("等级"), kind="level", sort=""),
            Column("work", _("作业内容"), link=True, sort=""),
            Column("state", _("状态"), value=_state),
            Column("valid_until", _("剩余时间"), kind="due"),
            Column("kind", _("作业类别"), kind="choice", sort=""),
            Column("place", _("作业地点"), sort=""),
            Column("guardian", _("监护人"), kind="user", sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("number", _("票号"), kind="code", sort="", default=False),
        ],
        filters=PERMIT_FILTERS,
        search=("number__startswith", "work", "place"),
        order=("valid_until", "pk"),
        related=("guardian",),
        defer=("measures", "facts", "hazards"),
        menu=Menu(group="permits", order=10, icon="flame"),
        item="cases.item",
        empty=_("现在没有正在进行的特殊作业。"),
        live=("permits",),
        level="gravity",
    ),
    List(
        name="spaces",
        title=_("有限空间"),
        gate=gates.spaces_seen_by,
        permission="spaces.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("code", _("编号"), kind="code", sort=""),
            Column("kind", _("类别"), kind="choice", sort=""),
            Column("factors", _("危险有害因素"), sort=""),
            Column("toxic", _("中毒窒息"), kind="flag", sort=""),
            Column("signed", _("警示标志"), kind="flag", sort=""),
            Column("barred", _("上锁围栏"), kind="flag", sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
        ],
        filters=[
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
            Filter("kind", _("类别")),
            Filter("toxic", _("有中毒或窒息风险"), kind="flag"),
            Filter("unsigned", _("没有警示标志"), kind="flag", apply=lambda rows, _v: rows.filter(signed=False)),
            Filter("in_use", _("在用"), kind="flag"),
        ],
        search=("name", "code", "initials"),
        order=("name", "id"),
        menu=Menu(group="permits", order=30, icon="door-enter"),
        actions=[
            RowAction(
                "retire",
                _("停用"),
                "spaces.change",
                lambda user, rows, words: spaces.retire(user, rows),
                confirm=_("停用的有限空间不能再申请作业，记录保留。"),
                style="danger",
            )
        ],
        empty=_("还没有登记有限空间。工贸企业应辨识每一处并建立台账（应急管理部令第13号第6条）。"),
        live=("spaces",),
    ),
    List(
        name="small-works",
        title=_("小散工程"),
        gate=gates.small_works_seen_by,
        permission="small-works.see",
        columns=[
            Column("level", _("等级"), kind="level", sort=""),
            Column("title", _("作业内容"), link=True, sort=""),
            Column("kind", _("作业类别"), kind="choice", sort=""),
            Column("place", _("地点"), sort=""),
            Column("next_check", _("下次检查"), kind="date"),
            Column("every_days", _("间隔（天）"), kind="number", sort=""),
            Column("owner", _("业主或发包人"), sort="", default=False),
            Column("is_open", _("进行中"), kind="flag", sort="", default=False),
            Column("region", _("辖区"), kind="region", sort=""),
        ],
        filters=[
            Filter("open", _("进行中"), kind="flag", apply=lambda rows, _v: rows.filter(is_open=True)),
            Filter(
                "late",
                _("应检查"),
                kind="flag",
                apply=lambda rows, _v: rows.filter(is_open=True, next_check__lte=timezone.localdate()),
            ),
            Filter("level", _("等级"), kind="level"),
            Filter("kind", _("作业类别")),
            Filter("region", _("辖区"), kind="region"),
        ],
        search=("title", "place", "owner"),
        order=("-is_open", "next_check", "id"),
        defer=("explanation",),
        menu=Menu(group="permits", order=40, icon="hammer", sides=("government",)),
        actions=[
            RowAction("safe", _("检查：未发现问题"), "small-works.check", _checked(True), words=True, style="primary"),
            RowAction("unsafe", _("检查：发现问题"), "small-works.check", _checked(False), words=True, style="danger"),
            RowAction("ended", _("已完工"), "small-works.check", _checked(True, ended=True), words=True),
        ],
        empty=_("没有登记小散工程。巡查发现未登记的作业，当场点“新建”登记。"),
        live=("small-works",),
        level="level",
    ),
]
