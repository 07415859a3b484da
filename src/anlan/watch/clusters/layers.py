from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import BY_LEVEL, Layer
from anlan.watch.clusters import gates


def _going_on(user):
    return gates.seen_by(user).filter(ended_at=None)


LAYERS = [
    Layer(
        name="clusters",
        title=_("聚集报警"),
        group=_("监测预警"),
        permission="alarms.see",
        queryset=_going_on,
        kind="polygon",
        geometry="geometry",
        box=("west", "south", "east", "north"),
        label="title",
        **BY_LEVEL,
        search=("title",),
        facts=((_("设备数"), "devices"), (_("首个报警时间"), "first_at"), (_("最近报警时间"), "last_at")),
        detail="clusters.item",
        visible=True,
        order=9,
        live="clusters",
    )
]
