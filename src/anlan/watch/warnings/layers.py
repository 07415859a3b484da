from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS, LEVELS, Column, Layer
from anlan.watch.warnings import gates
from anlan.watch.warnings.states import PROCESS


def _open(user):
    return gates.seen_by(user).filter(is_open=True)


LAYERS = [
    Layer(
        name="warnings",
        title=_("预警"),
        group=_("监测预警"),
        permission="warnings.see",
        queryset=_open,
        label="title",
        symbol="level",
        legend=LEVELS,
        columns={
            "level": Column("level", _("等级"), words=LEVEL_WORDS),
            "state": Column("state", _("状态"), words={state.name: state.title for state in PROCESS.states}),
        },
        filters=("level", "state"),
        search=("title", "number"),
        facts=((_("编号"), "number"), (_("发起时间"), "opened_at"), (_("期限"), "due_at")),
        detail="cases.item",
        size=10,
        visible=True,
        order=5,
        live="warnings",
    )
]
