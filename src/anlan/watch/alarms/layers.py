from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS, LEVELS, Column, Layer
from anlan.watch.alarms import gates


def _active(user):
    return gates.safety(user).filter(active=True)


LAYERS = [
    Layer(
        name="alarms",
        title=_("报警"),
        group=_("监测预警"),
        permission="alarms.see",
        queryset=_active,
        label="title",
        symbol="level",
        legend=LEVELS,
        columns={"level": Column("level", _("等级"), words=LEVEL_WORDS)},
        filters=("level",),
        search=("title",),
        facts=((_("报警时间"), "raised_at"), (_("限值"), "limit"), (_("最值"), "worst")),
        detail="alarms.item",
        size=8,
        visible=True,
        order=10,
        live="alarms",
    )
]
