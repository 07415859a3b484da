from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVEL_WORDS, LEVELS, Column, Layer
from anlan.watch.bulletins import gates


def _holding(user):
    return gates.seen_by(user).filter(pk__in=gates.holding(timezone.now()).values("pk"))


def _areas(user):
    return _holding(user).exclude(geometry__isnull=True)


COMMON = {
    "group": _("监测预警"),
    "permission": "bulletins.see",
    "label": "headline",
    "symbol": "level",
    "legend": LEVELS,
    "columns": {"level": Column("level", _("颜色"), words=LEVEL_WORDS)},
    "filters": ("level",),
    "search": ("headline",),
    "facts": (
        (_("事件"), "event"),
        (_("发布单位"), "sender_name"),
        (_("失效时间"), "expires"),
        (_("影响区域"), "area"),
    ),
    "detail": "bulletins.item",
    "live": "bulletins",
}

LAYERS = [
    Layer(
        name="bulletin-areas",
        title=_("外部预警区域"),
        queryset=_areas,
        kind="polygon",
        geometry="geometry",
        box=("west", "south", "east", "north"),
        order=7,
        visible=True,
        **COMMON,
    ),
    Layer(name="bulletins", title=_("外部预警"), queryset=_holding, size=9, order=6, **COMMON),
]
