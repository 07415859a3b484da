from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.lists.declare import Column, Filter, List, Menu
from anlan.watch.bulletins import gates


def _holding(queryset, _value):
    return queryset.filter(pk__in=gates.holding(timezone.now()).values("pk"))


LISTS = [
    List(
        name="bulletins",
        title=_("外部预警"),
        gate=gates.seen_by,
        permission="bulletins.see",
        columns=[
            Column("headline", _("标题"), link=True, sort=""),
            Column("level", _("颜色"), kind="level"),
            Column("event", _("事件")),
            Column("sender_name", _("发布单位"), sort=""),
            Column("region", _("辖区"), kind="region"),
            Column("sent", _("发布时间"), kind="time"),
            Column("expires", _("失效时间"), kind="time"),
            Column("kind", _("动作"), kind="choice"),
            Column("status", _("性质"), kind="choice", default=False),
        ],
        filters=[
            Filter("holding", _("现行有效"), kind="flag", apply=_holding),
            Filter("level", _("颜色"), kind="level"),
            Filter("status", _("性质")),
            Filter("sent", _("发布时间"), kind="dates"),
        ],
        search=("headline", "identifier__startswith", "event__startswith"),
        order=("-sent", "-pk"),
        defer=("geometry", "texts", "faults", "regions"),
        menu=Menu(group="watch", order=25, icon="speakerphone"),
        live=("bulletins",),
        level="level",
        empty=_("还没有收到外部预警。来源在 ANLAN_BULLETIN_SOURCES 指定的文件中配置。"),
    ),
    List(
        name="bulletin-receipts",
        title=_("外部预警收报记录"),
        gate=gates.receipts,
        permission="bulletins.receive",
        columns=[
            Column("received_at", _("收到时间"), kind="time"),
            Column("source", _("来源")),
            Column("size", _("字节"), kind="number", sort=""),
            Column("taken", _("收入条数"), kind="number", sort=""),
            Column("words", _("结果"), sort=""),
        ],
        filters=[Filter("received_at", _("收到时间"), kind="dates")],
        order=("-received_at",),
        item=False,
        menu=Menu(group="system", order=65, icon="inbox"),
        empty=_("还没有收报记录。"),
    ),
]
