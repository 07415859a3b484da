from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Choice, Column, Filter, List, Menu
from anlan.watch.warnings import gates
from anlan.watch.warnings.states import PROCESS

LISTS = [
    List(
        name="warnings",
        title=_("预警"),
        gate=gates.seen_by,
        permission="warnings.see",
        columns=[
            Column("level", _("等级"), kind="level"),
            Column("title", _("预警"), link=True, sort=""),
            Column("state", _("状态"), kind="state", sort=""),
            Column("due_at", _("期限"), kind="due", sort=""),
            Column("opened_at", _("发起"), kind="time"),
            Column("organisation", _("单位"), kind="organisation", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("number", _("编号"), kind="code", sort="", default=False),
        ],
        filters=[
            Filter("level", _("等级"), kind="level"),
            Filter("state", _("状态"), choices=[Choice(state.name, state.title) for state in PROCESS.states]),
            Filter("open", _("未办结"), kind="flag", apply=lambda queryset, value: queryset.filter(is_open=True)),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("opened_at", _("发起时间"), kind="dates"),
        ],
        search=("title", "number__startswith"),
        order=("-is_open", "level", "-opened_at"),
        menu=Menu(group="watch", order=5, icon="alert-triangle"),
        item="cases.item",
        empty=_("没有预警。报警发生时，系统会自动发起预警并通知应办的人。"),
        live=("warnings",),
        level="level",
    )
]
