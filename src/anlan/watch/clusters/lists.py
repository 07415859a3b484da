from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu
from anlan.watch.clusters import gates
from anlan.watch.clusters.area_rules import area_rules


def _going_on(queryset, _value):
    return queryset.filter(ended_at=None)


LISTS = [
    List(
        name="clusters",
        title=_("聚集报警"),
        gate=gates.seen_by,
        permission="alarms.see",
        columns=[
            Column("title", _("标题"), link=True, sort=""),
            Column("level", _("等级"), kind="level"),
            Column("devices", _("设备数"), kind="number", sort=""),
            Column("region", _("辖区"), kind="region"),
            Column("organisation", _("单位"), kind="organisation", default=False),
            Column("first_at", _("首个报警时间"), kind="time", sort=""),
            Column("found_at", _("发现时间"), kind="time"),
            Column("ended_at", _("结束时间"), kind="time", sort=""),
        ],
        filters=[
            Filter("going_on", _("仍在持续"), kind="flag", apply=_going_on),
            Filter("rule", _("规则"), choices=lambda user: [Choice(one.code, one.title) for one in area_rules()]),
            Filter("level", _("等级"), kind="level"),
            Filter("region", _("辖区"), kind="region"),
            Filter("found_at", _("发现时间"), kind="dates"),
        ],
        search=("title",),
        order=("-found_at",),
        defer=("geometry",),
        menu=Menu(group="watch", order=22, icon="chart-bubble"),
        live=("clusters",),
        level="level",
        empty=_("没有聚集报警。同类报警在一定范围和时间内达到规定台数时，会出现在这里。"),
    )
]
