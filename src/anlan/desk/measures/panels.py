from django.utils.translation import gettext_lazy as _

from anlan.desk.measures import gates, lists
from anlan.desk.panels.declare import Attribute, Panel

PANELS = [
    Panel(
        name="head",
        on="figures",
        title=_("填报数据"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("period", _("周期"), kind="code", value=lambda row: str(row.period)),
            Attribute("value", _("数值"), kind="number"),
            Attribute("unit", _("单位"), value=lists.figure_unit),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("source", _("来源")),
            Attribute("entered_by", _("填报人"), kind="user"),
            Attribute("entered_at", _("填报时间"), kind="time"),
        ],
    ),
    Panel(
        name="head",
        on="targets",
        title=_("指标目标"),
        order=10,
        permission=gates.SEE,
        attributes=[
            Attribute("words", _("目标"), value=lists.target_words),
            Attribute("binding", _("约束性"), kind="flag"),
            Attribute("first_year", _("起始年"), kind="code"),
            Attribute("last_year", _("目标年"), kind="code"),
            Attribute("base_year", _("基期年"), kind="code"),
            Attribute("base_value", _("基期值"), kind="number"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("source", _("来源")),
        ],
    ),
]
