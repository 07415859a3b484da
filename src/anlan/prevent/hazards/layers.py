from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS, LEVELS, Column, Layer
from anlan.prevent.hazards import gates
from anlan.prevent.hazards.states import PROCESS

STATES = {state.name: state.title for state in PROCESS.states}

LAYERS = [
    Layer(
        name="hazards",
        title=_("重大事故隐患"),
        group=_("双重预防"),
        permission="hazards.see",
        queryset=gates.major_seen_by,
        label="title",
        symbol="level",
        legend=LEVELS[:1],
        columns={
            "level": Column("level", _("等级"), words=LEVEL_WORDS),
            "state": Column("state", _("状态"), words=STATES),
            "listed": Column("listed", _("挂牌督办"), words={True: _("是"), False: _("否")}),
        },
        filters=("state", "listed"),
        search=("title", "number"),
        facts=(
            (_("编号"), "number"),
            (_("发现时间"), "found_at"),
            (_("整改期限"), "deadline"),
            (_("整改责任人"), "responsible"),
        ),
        detail="cases.item",
        size=11,
        order=8,
        live="hazards",
        changed="changed_at",
    )
]
