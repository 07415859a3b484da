from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu, RowAction
from anlan.watch.tuning import actions, gates
from anlan.watch.tuning.models import Change, Trial


def _each(verb):
    def run(user, rows, words):
        for row in rows:
            verb(user, row, words)

    return run


def _each_alone(verb):
    return _each(lambda user, row, words: verb(user, row))


def _undecided(change: Change) -> bool:
    return change.state in actions.UNDECIDED


def _asked(change: Change) -> bool:
    return change.state == Change.State.ASKED


def _at_work(trial: Trial) -> bool:
    return trial.state in Trial.AT_WORK


LISTS = [
    List(
        name="rule-changes",
        title=_("规则变更"),
        gate=gates.seen_by,
        permission="devices.see",
        columns=[
            Column("rule", _("报警规则"), value=lambda change: str(change.rule), link=True),
            Column("device", _("设备"), value=lambda change: change.rule.point.device.name),
            Column("why", _("变更理由"), sort=""),
            Column("state", _("状态"), kind="choice", sort=""),
            Column("asked_by", _("申请人"), kind="user", sort=""),
            Column("asked_at", _("申请时间"), kind="time"),
            Column("decided_by", _("批准人"), kind="user", sort="", default=False),
        ],
        filters=[
            Filter("state", _("状态")),
            Filter("region", _("辖区"), kind="region"),
            Filter("asked_at", _("申请时间"), kind="dates"),
        ],
        search=("why",),
        order=("-asked_at", "id"),
        related=("rule__point__device", "asked_by", "decided_by"),
        menu=Menu(group="sensing", order=42, icon="git-pull-request"),
        actions=[
            RowAction("approve", _("批准"), "tuning.approve", _each(actions.approve), style="primary", fits=_undecided),
            RowAction(
                "refuse",
                _("不批准"),
                "tuning.approve",
                _each(actions.refuse),
                words=True,
                style="danger",
                fits=_undecided,
            ),
            RowAction("withdraw", _("撤回"), "tuning.ask", _each_alone(actions.withdraw), fits=_asked),
        ],
        empty=_("没有规则变更。在报警规则页点“编辑”提出申请，由另一人批准后生效。"),
        live=("tuning",),
    ),
    List(
        name="trials",
        title=_("规则试算"),
        gate=gates.trials_seen_by,
        permission="tuning.try",
        columns=[
            Column("rule", _("报警规则"), value=lambda trial: str(trial.rule), link=True),
            Column("device", _("设备"), value=lambda trial: trial.rule.point.device.name),
            Column("scope", _("范围"), kind="choice", sort=""),
            Column("starts_at", _("起"), kind="time", sort=""),
            Column("ends_at", _("止"), kind="time", sort=""),
            Column("state", _("状态"), kind="choice", sort=""),
            Column("progress", _("进度"), kind="number", sort=""),
            Column("asked_at", _("申请时间"), kind="time"),
        ],
        filters=[Filter("state", _("状态")), Filter("asked_at", _("申请时间"), kind="dates")],
        order=("-asked_at", "id"),
        related=("rule__point__device",),
        menu=Menu(group="sensing", order=43, icon="history"),
        actions=[RowAction("cancel", _("取消试算"), "tuning.try", _each_alone(actions.cancel), fits=_at_work)],
        empty=_("没有试算。在报警规则页点“试算”，看改后的规则在过去一段时间会报什么。"),
        live=("tuning",),
    ),
]
