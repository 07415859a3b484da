from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Entry, Filter, List
from anlan.know.places import gates

LISTS = [
    List(
        name="places",
        title=_("行政区划"),
        gate=gates.seen_by,
        permission="places.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("code", _("区划代码"), kind="code", value=lambda region: region.printed, sort="code"),
            Column("level", _("级别"), kind="choice"),
            Column("kind", _("类别"), kind="choice", sort=""),
            Column("parent", _("上级"), value=lambda region: region.parent and region.parent.name, sort=""),
            Column("area_km2", _("面积"), kind="number", unit="km²"),
            Column("valid_to", _("撤销日期"), kind="date", default=False),
            Column("source", _("来源"), sort="", default=False),
        ],
        filters=[
            Filter("level", _("级别")),
            Filter("kind", _("类别")),
            Filter("under", _("范围"), kind="region", field="code"),
            Filter("ended", _("已撤销"), kind="flag", apply=lambda regions, _value: regions.exclude(valid_to=None)),
        ],
        search=("name", "code", "initials"),
        order=("code",),
        related=("parent",),
        empty=_("还没有行政区划。请系统管理员用 anlan import regions 导入区划表。"),
    ),
]

MENU = [Entry(_("行政区划"), "places.tree", "places.see", group="know", order=60, icon="sitemap")]
