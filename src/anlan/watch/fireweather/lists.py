from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu
from anlan.watch.fireweather import gates
from anlan.watch.fireweather.dangers import TITLES


def _number(name: str, title, sort: str = "", default: bool = True) -> Column:
    """With one decimal: more would say more than a station measures."""

    return Column(name, title, kind="number", value=lambda row: row.to_a_tenth(name), sort=sort, default=default)


WEATHER = [
    _number("temperature", _("气温（℃）")),
    _number("humidity", _("相对湿度（%）")),
    _number("wind", _("风速（km/h）")),
    _number("rain", _("24小时雨量（mm）")),
]
CODES = [_number(name.lower(), name) for name in ("FFMC", "DMC", "DC")]
INDICES = [_number(name.lower(), name, default=False) for name in ("ISI", "BUI", "DSR")]

LISTS = [
    List(
        name="fire-weather",
        title=_("火险天气"),
        gate=gates.seen_by,
        permission="devices.see",
        columns=[
            Column("day", _("日期"), kind="date", link=True),
            Column("device", _("林区气象站"), sort="device__name"),
            _number("fwi", "FWI", sort="fwi"),
            Column("danger", _("火险等级"), value=lambda row: TITLES.get(row.danger, "")),
            Column("why", _("为什么没有值"), sort=""),
            *WEATHER,
            *CODES,
            *INDICES,
            Column("device_code", _("编号"), kind="code", value=lambda row: row.device.code, default=False),
            Column("region", _("辖区"), kind="region", value=lambda row: row.device.region, default=False),
        ],
        filters=[
            Filter("day", _("日期"), kind="dates"),
            Filter("danger", _("火险等级"), choices=[Choice(code, title) for code, title in TITLES.items()]),
            Filter("without", _("没有值"), kind="flag", apply=lambda rows, _value: rows.filter(fwi=None)),
            Filter("region", _("辖区"), kind="region", field="device__region"),
        ],
        search=("device__name", "device__code__startswith"),
        order=("-day", "device"),
        related=("device",),
        defer=("explanation",),
        menu=Menu(group="sensing", order=48, icon="flame", sides=("government",)),
        empty=_("还没有火险天气。林区气象站登记并有正午读数后，每天中午以后在此列出。"),
        live=("fireweather",),
    )
]
