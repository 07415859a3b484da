from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu, RowAction
from anlan.know.roads import gates
from anlan.know.roads.actions import lift
from anlan.know.roads.wording import state_of


def _in_force(closures, _value):
    now = timezone.now()
    return closures.filter(Q(until=None) | Q(until__gt=now), lifted_at=None, since__lte=now)


LISTS = [
    List(
        name="closures",
        title=_("道路封闭"),
        gate=gates.seen_by,
        permission="closures.see",
        columns=[
            Column("road", _("道路"), link=True, value=str, sort="road"),
            Column("state", _("状态"), value=state_of, sort=""),
            Column("reason", _("封闭原因"), kind="choice", sort=""),
            Column("words", _("说明"), sort=""),
            Column("since", _("封闭时间"), kind="time"),
            Column("until", _("预计恢复"), kind="time"),
            Column("passable", _("救援车辆可通行"), kind="flag", sort=""),
            Column("region", _("辖区"), kind="region"),
            Column("lifted_at", _("解除时间"), kind="time", sort="", default=False),
            Column("lift_words", _("解除说明"), sort="", default=False),
        ],
        filters=[
            Filter("now", _("封闭中"), kind="flag", apply=_in_force),
            Filter("reason", _("封闭原因")),
            Filter("region", _("辖区"), kind="region"),
            Filter("since", _("封闭时间"), kind="dates"),
        ],
        search=("road", "words"),
        order=("-since", "-id"),
        menu=Menu(group="know", order=60, icon="barrier-block", sides=("government",)),
        actions=[
            RowAction("lift", _("解除封闭"), "closures.lift", lift, words=True, style="primary", icon="road"),
        ],
        empty=_("没有道路封闭。在地图上点一处，或点“新建”登记。"),
        live=("closures",),
    ),
]
