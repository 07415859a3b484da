from django.db.models import Prefetch
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu, RowAction
from anlan.know.organisations import gates
from anlan.know.organisations.actions import leave
from anlan.know.organisations.models import Position


def _title(person) -> str:
    return gettext("、").join(position.title for position in person.positions.all())


LISTS = [
    List(
        name="organisations",
        title=pgettext_lazy("several", "单位"),
        gate=gates.seen_by,
        permission="organisations.see",
        columns=[
            Column("name", _("名称"), link=True),
            Column("kind", _("类别"), kind="choice"),
            Column("code", _("代码"), kind="code", default=False),
            Column("parent", _("上级单位"), value=lambda row: row.parent and row.parent.name, sort=""),
            Column("region", _("辖区"), kind="region"),
            Column("duty_phone", _("值班电话"), kind="code", sort=""),
            Column("phone", _("电话"), kind="code", sort=""),
            Column("address", _("地址"), sort="", default=False),
        ],
        filters=[Filter("kind", _("类别")), Filter("region", _("辖区"), kind="region")],
        search=("name", "code", "initials"),
        order=("region", "name"),
        related=("parent",),
        menu=Menu(group="know", order=40, icon="building-bank"),
        empty=_("还没有单位。由系统管理员登记，或随演示数据载入。"),
    ),
    List(
        name="people",
        title=_("人员"),
        gate=gates.people_seen_by,
        permission="people.see",
        columns=[
            Column("name", _("姓名"), link=True),
            Column("title", _("职务"), value=_title),
            Column("phone", _("手机"), kind="code", sort=""),
            Column("organisation", _("单位"), kind="organisation"),
            Column("region", _("辖区"), kind="region", default=False),
            Column("user", _("账号"), value=lambda person: person.user and person.user.username, default=False),
        ],
        filters=[
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("region", _("辖区"), kind="region"),
            Filter("title", _("职务"), kind="text", field="positions__title"),
        ],
        search=("name", "initials", "phone"),
        order=("organisation", "name"),
        related=("user",),
        prefetch=(Prefetch("positions", queryset=Position.objects.order_by("order", "pk")),),
        menu=Menu(group="know", order=50, icon="users"),
        actions=[
            RowAction(
                "leave",
                _("离职"),
                "people.change",
                lambda user, rows, words: leave(user, rows),
                confirm=_("所选人员将不再出现在通讯录中。"),
                style="danger",
            )
        ],
        empty=_("还没有人员。点“新建”登记。"),
    ),
]
