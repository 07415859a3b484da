from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu, RowAction
from anlan.know.facilities import gates
from anlan.know.facilities.actions import retire
from anlan.know.facilities.kinds import all_kinds, title_of

LISTS = [
    List(
        name="facilities",
        title=pgettext_lazy("several", "设施"),
        gate=gates.seen_by,
        permission="facilities.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("kind", _("类别"), value=lambda row: title_of(row.kind), sort="kind"),
            Column("enterprise", _("企业"), value=lambda row: row.enterprise and row.enterprise.name, sort=""),
            Column("code", _("编号"), kind="code"),
            Column("hazard_level", _("重大危险源"), kind="choice", sort=""),
            Column("r_value", _("R 值"), kind="number", sort="", default=False),
            Column("region", _("辖区"), kind="region"),
            Column("in_service", _("在用"), kind="flag", sort="", default=False),
        ],
        filters=[
            Filter("region", _("辖区"), kind="region"),
            Filter(
                "kind",
                _("类别"),
                choices=lambda user: [Choice(code, kind.title) for code, kind in all_kinds().items()],
            ),
            Filter("hazard_level", _("重大危险源等级")),
            Filter("hazard", _("构成重大危险源"), kind="flag", apply=lambda rows, _v: rows.exclude(hazard_level=None)),
            Filter("organisation", _("单位"), kind="organisation"),
        ],
        search=("name", "code", "initials"),
        order=("name", "id"),
        related=("enterprise",),
        defer=("geometry", "attributes"),
        menu=Menu(group="know", order=30, icon="building-warehouse"),
        actions=[
            RowAction(
                "retire",
                _("停用"),
                "facilities.change",
                lambda user, rows, words: retire(user, rows),
                confirm=_("所选设施将从地图上移除，记录保留。"),
                style="danger",
            )
        ],
        empty=_("还没有设施。在企业档案中登记，或点“新建”。"),
        live=("facilities",),
    ),
]
