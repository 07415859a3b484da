from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import Column, Layer, Mark
from anlan.watch.fireweather import gates
from anlan.watch.fireweather.dangers import LOOKS, TITLES
from anlan.watch.fireweather.reckoning import last_day


def _newest(user) -> QuerySet:
    return gates.of_day(user, last_day(timezone.now())).select_related("device")


LAYERS = [
    Layer(
        name="fire-weather",
        title=_("火险天气指数"),
        group=_("监测预警"),
        permission="devices.see",
        queryset=_newest,
        place=("device__lon", "device__lat", "device__cell"),
        label="device__name",
        symbol="danger",
        legend=(
            *(Mark(code, *LOOKS[code], title) for code, title in TITLES.items()),
            Mark("", "grey", "cross", _("没有值")),
        ),
        columns={"danger": Column("danger", _("火险等级"), words={**TITLES, "": _("没有值")})},
        filters=("danger",),
        search=("device__name", "device__code"),
        facts=(
            (_("日期"), "day"),
            ("FWI", lambda row: None if row.fwi is None else round(row.fwi, 1)),
            (_("火险等级"), lambda row: TITLES.get(row.danger, "")),
            (_("为什么没有值"), "why"),
        ),
        detail="fire-weather.item",
        size=6.0,
        order=75,
        live="fireweather",
        changed="reckoned_at",
    )
]
