from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu, RowAction
from anlan.prevent.checks import gates
from anlan.prevent.checks.actions import hand_over, withdraw
from anlan.prevent.checks.models import Level, Task
from anlan.prevent.checks.rules import often


def _progress(task: Task) -> str:
    return f"{task.answered} / {task.total}"


TASK_COLUMNS = [
    Column("title", _("检查任务"), link=True, sort=""),
    Column("state", _("状态"), kind="choice", sort=""),
    Column("due_at", _("期限"), kind="due"),
    Column("progress", _("进度"), value=_progress),
    Column("failed", _("不符合"), kind="number", sort=""),
    Column("organisation", _("企业"), kind="organisation", sort=""),
    Column("level", _("责任层级"), kind="choice", sort=""),
    Column("post", _("责任岗位"), sort="", default=False),
    Column("assignee", _("检查人"), kind="user", sort=""),
    Column("kind", _("类别"), kind="choice", sort="", default=False),
    Column("done_at", _("完成时间"), kind="time", sort="", default=False),
    Column("late", _("逾期"), kind="flag", sort=""),
    Column("region", _("辖区"), kind="region", sort="", default=False),
]
TASK_FILTERS = [
    Filter("state", _("状态")),
    Filter(
        "overdue",
        _("逾期未检"),
        kind="flag",
        apply=lambda rows, _v: rows.filter(state=Task.State.OPEN, due_at__lt=timezone.now()),
    ),
    Filter("kind", _("类别")),
    Filter("level", _("责任层级")),
    Filter("region", _("辖区"), kind="region"),
    Filter("organisation", _("企业"), kind="organisation"),
    Filter("due_at", _("期限"), kind="dates"),
]


def _take_over(user, rows: list, _words: str) -> str:
    hand_over(user, rows, user)
    return _("已转给您。")


TASK_ACTIONS = [
    RowAction("take", _("由我来做"), "checks.plan", _take_over, icon="hand-grab"),
    RowAction(
        "release",
        _("不指定人"),
        "checks.plan",
        lambda user, rows, words: hand_over(user, rows, None),
        confirm=_("该层级的人员都可以做所选检查。"),
    ),
    RowAction("withdraw", _("撤销"), "checks.plan", withdraw, words=True, style="danger"),
]

LISTS = [
    List(
        name="my-checks",
        title=_("我的检查"),
        gate=gates.mine,
        permission=gates.SEE,
        columns=TASK_COLUMNS,
        filters=[Filter("kind", _("类别")), Filter("organisation", _("企业"), kind="organisation")],
        search=("title",),
        order=("due_at", "id"),
        related=("assignee",),
        item="checks.task",
        menu=Menu(group="today", order=20, icon="clipboard-check"),
        empty=_("没有要做的检查。到期的任务会自动出现在这里，也会发到您的消息中。"),
        live=("checks",),
    ),
    List(
        name="checks",
        title=_("检查任务"),
        gate=gates.seen_by,
        permission=gates.SEE,
        columns=TASK_COLUMNS,
        filters=TASK_FILTERS,
        search=("title",),
        order=("-due_at", "-id"),
        related=("assignee",),
        item="checks.task",
        actions=TASK_ACTIONS,
        menu=Menu(group="checks", order=10, icon="clipboard-check"),
        empty=_("还没有检查任务。先从风险管控措施生成排查计划，任务会按周期自动生成。"),
        live=("checks",),
    ),
    List(
        name="check-plans",
        title=_("排查计划"),
        gate=gates.plans_seen_by,
        permission=gates.SEE,
        columns=[
            Column("title", _("名称"), link=True, sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("kind", _("类别"), kind="choice", sort=""),
            Column("level", _("责任层级"), kind="choice", sort=""),
            Column("post", _("责任岗位"), sort=""),
            Column("every_days", _("周期"), value=lambda row: often(row.every_days), sort=""),
            Column("next_on", _("下次生成"), kind="date", sort=""),
            Column("from_controls", _("来自管控措施"), kind="flag", sort=""),
            Column("in_use", _("启用"), kind="flag", sort=""),
        ],
        filters=[
            Filter("kind", _("类别")),
            Filter(
                "level", _("责任层级"), choices=[Choice(one.value, one.label) for one in Level if one != "government"]
            ),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
        ],
        search=("title",),
        order=("-id",),
        menu=Menu(group="checks", order=20, icon="calendar-repeat"),
        empty=_("还没有排查计划。在企业档案中点“按管控措施生成计划”，或点“新建”选一张检查表。"),
        live=("checks",),
    ),
    List(
        name="control-proofs",
        title=_("管控措施验证"),
        gate=gates.proofs_seen_by,
        permission=gates.SEE,
        columns=[
            Column("control", _("管控措施"), link=True, sort=""),
            Column("point", _("风险点"), sort=""),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("verdict", _("最近结论"), kind="choice", sort=""),
            Column("at", _("最近检查"), kind="time", sort=""),
            Column("due_at", _("应再检查"), kind="due"),
        ],
        filters=[
            Filter(
                "unproven",
                _("未验证"),
                kind="flag",
                apply=lambda rows, _v: rows.filter(due_at__lte=timezone.now()),
            ),
            Filter("verdict", _("最近结论")),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("企业"), kind="organisation"),
        ],
        order=("due_at", "id"),
        related=("control", "point"),
        item="checks.proof",
        menu=Menu(group="checks", order=50, icon="shield-question"),
        empty=_("没有需要验证的管控措施。给管控措施填上排查周期，它就会出现在这里。"),
        live=("checks",),
    ),
    List(
        name="patrols",
        title=_("巡查路线"),
        gate=gates.patrols_seen_by,
        permission=gates.SEE,
        columns=[
            Column("title", _("名称"), link=True),
            Column("organisation", _("企业"), kind="organisation", sort=""),
            Column("in_use", _("启用"), kind="flag", sort=""),
        ],
        filters=[Filter("organisation", _("企业"), kind="organisation"), Filter("region", _("辖区"), kind="region")],
        search=("title",),
        order=("-id",),
        menu=Menu(group="checks", order=40, icon="route"),
        empty=_("还没有巡查路线。点“新建”选几个风险点，打印二维码贴在现场。"),
    ),
    List(
        name="passings",
        title=_("巡查记录"),
        gate=gates.passings_seen_by,
        permission=gates.SEE,
        columns=[
            Column("at", _("时间"), kind="time"),
            Column("stop", _("巡查点"), sort=""),
            Column("by", _("巡查人"), kind="user", sort=""),
            Column("round", _("第几轮"), kind="number", sort=""),
            Column("in_order", _("按序"), kind="flag", sort=""),
            Column("metres", _("距巡查点（米）"), kind="number", sort=""),
        ],
        filters=[Filter("at", _("时间"), kind="dates")],
        order=("-at", "-id"),
        related=("stop", "by"),
        item=False,
    ),
    List(
        name="check-draws",
        title=_("双随机抽查"),
        gate=gates.draws_seen_by,
        permission="checks.inspect",
        columns=[
            Column("number", _("编号"), kind="code", link=True),
            Column("title", _("名称"), sort=""),
            Column("count", _("抽取"), kind="number", value=lambda row: len(row.drawn)),
            Column("field", _("范围"), kind="number", value=lambda row: len(row.field["enterprises"]), sort=""),
            Column("at", _("抽取时间"), kind="time"),
            Column("due_at", _("期限"), kind="due", sort=""),
        ],
        order=("-at", "-id"),
        menu=Menu(group="checks", order=30, icon="dice-5"),
        empty=_("还没有抽查。点“新建”，系统按公开的随机种子抽取企业和检查人员。"),
    ),
]
MENU = [
    Entry(_("检查表库"), "checks.library", gates.SEE, group="checks", order=60, icon="list-search"),
    Entry(_("检查统计"), "checks.statistics", gates.SEE, group="checks", order=70, icon="chart-bar"),
]
