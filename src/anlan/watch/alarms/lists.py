from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction
from anlan.watch.alarms import gates
from anlan.watch.alarms.actions import acknowledge
from anlan.watch.alarms.rules import CAUSES

ACKNOWLEDGE = RowAction(
    "acknowledge",
    _("确认"),
    "alarms.acknowledge",
    lambda user, rows, words: acknowledge(user, rows, words),
    reasons=[Choice(code, title) for code, title in CAUSES.items()],
    style="primary",
    icon="check",
)

COLUMNS = [
    Column("level", _("等级"), kind="level"),
    Column("title", _("报警"), link=True, sort=""),
    Column("worst", _("最值"), kind="number", sort="", default=False),
    Column("limit", _("限值"), kind="number", sort=""),
    Column("unit", _("单位"), sort="", default=False),
    Column("raised_at", _("报警时间"), kind="time"),
    Column("cleared_at", _("恢复时间"), kind="time", sort=""),
    Column("count", _("次数"), kind="number", sort=""),
    Column("organisation", _("单位"), kind="organisation", sort=""),
    Column("region", _("辖区"), kind="region", sort="", default=False),
    Column("acknowledged_by", _("确认人"), kind="user", sort=""),
]
FILTERS = [
    Filter("level", _("等级"), kind="level"),
    Filter("active", _("报警中"), kind="flag", apply=lambda queryset, value: queryset.filter(active=True)),
    Filter(
        "unacknowledged", _("未确认"), kind="flag", apply=lambda queryset, value: queryset.filter(acknowledged_at=None)
    ),
    Filter("kind", _("种类")),
    Filter("region", _("辖区"), kind="region"),
    Filter("organisation", _("单位"), kind="organisation"),
    Filter("raised_at", _("报警时间"), kind="dates"),
]

LISTS = [
    List(
        name="alarms",
        title=_("报警"),
        gate=gates.safety,
        permission="alarms.see",
        columns=COLUMNS,
        filters=FILTERS,
        search=("title",),
        # What is active and worst stands first; among equals the one that has waited longest.
        order=("-active", "level", "raised_at"),
        related=("acknowledged_by",),
        menu=Menu(group="watch", order=10, icon="bell-ringing"),
        actions=[ACKNOWLEDGE],
        empty=_("没有报警。设备读数越限时，报警会在一秒内出现在这里。"),
        live=("alarms",),
        level="level",
    ),
    List(
        name="sensor-health",
        title=_("设备健康"),
        gate=gates.health,
        permission="alarms.see",
        columns=COLUMNS,
        filters=FILTERS,
        search=("title",),
        order=("-active", "level", "raised_at"),
        related=("acknowledged_by",),
        menu=Menu(group="watch", order=20, icon="heart-rate-monitor"),
        actions=[ACKNOWLEDGE],
        empty=_("所有设备都在按时上报。设备超过静默时限没有数据时，会出现在这里，不与安全报警混在一起。"),
        live=("alarms",),
        level="level",
    ),
]
