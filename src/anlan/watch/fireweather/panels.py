from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Attribute, Panel
from anlan.standards.fire_weather import fwi
from anlan.watch.fireweather import gates
from anlan.watch.fireweather.dangers import TITLES
from anlan.watch.fireweather.policy import policies

SHOWN = 14
LEAST = {one.code: one.least for one in fwi.classes()}
DAYS = ((31, _("一个月")), (92, _("一季")), (366, _("一年")))


def _of_device(user, device) -> dict | None:
    """The last days of a station; nothing on the page of any other device."""
    of_profile = [one for one in policies() if device.profile in one.stations]
    if not of_profile:
        return None
    rows = list(gates.seen_by(user).filter(device=device).defer("explanation").order_by("-day")[:SHOWN])
    return {
        "device": device,
        "rows": [(row, TITLES.get(row.danger, "")) for row in rows],
        "days": DAYS,
        "very_high": LEAST["very_high"],
        "extreme": LEAST["extreme"],
        "very_high_title": TITLES["very_high"],
        "extreme_title": TITLES["extreme"],
        "says_itself": any("fwi" in one.stations[device.profile] for one in of_profile),
    }


def _number(name: str, title, unit: str = "") -> Attribute:
    return Attribute(name, title, kind="number", value=lambda row: row.to_a_tenth(name), unit=unit)


def _explained(_user, row) -> dict | None:
    return {"finding": row.explanation} if row.explanation else None


PANELS = [
    Panel(
        name="fire-weather",
        on="devices",
        title=_("火险天气（平台按正午读数计算）"),
        order=25,
        permission="devices.see",
        template="fireweather/station.html",
        context=_of_device,
        live=("fireweather",),
    ),
    Panel(
        name="head",
        on="fire-weather",
        title=_("火险天气"),
        order=10,
        permission="devices.see",
        attributes=[
            Attribute("device", _("林区气象站")),
            Attribute("day", _("日期"), kind="date"),
            _number("fwi", "FWI"),
            Attribute("danger", _("火险等级"), value=lambda row: TITLES.get(row.danger, "")),
            Attribute("why", _("为什么没有值")),
            _number("temperature", _("气温"), "℃"),
            _number("humidity", _("相对湿度"), "%"),
            _number("wind", _("风速"), "km/h"),
            _number("rain", _("24小时雨量"), "mm"),
            Attribute("carried_from", _("接续自"), kind="date"),
            Attribute("told_at", _("送入规则时间"), kind="time"),
            Attribute("reckoned_at", _("计算时间"), kind="time"),
        ],
    ),
    Panel(
        name="explanation",
        on="fire-weather",
        title=_("由来"),
        order=20,
        permission="devices.see",
        template="law/finding.html",
        context=_explained,
    ),
]
