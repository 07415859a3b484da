from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import BY_LEVEL, Layer
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
        **BY_LEVEL,
        search=("title",),
        facts=((_("报警时间"), "raised_at"), (_("限值"), "limit"), (_("最值"), "worst")),
        detail="alarms.item",
        size=8,
        visible=True,
        order=10,
        live="alarms",
    )
]
