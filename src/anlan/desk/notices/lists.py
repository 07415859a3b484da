from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from anlan.desk.lists.declare import Choice, Column, Entry, Filter, List, Menu, RowAction
from anlan.desk.notices import deliveries, gates
from anlan.desk.notices.channels.registry import CHANNELS


def masked(address: str) -> str:
    """Enough of an address to recognise it, not enough to use it."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:2]}…@{host}"
    return f"{name[:3]}****{name[-4:]}" if len(name) > 7 else name


def _try_again(_user, rows, _words):
    again = deliveries.try_again(rows)
    return ngettext("%(count)d 条重新发送。", "%(count)d 条重新发送。", again) % {"count": again}


def _channel_choices(_user):
    return [Choice(name, channel.TITLE) for name, channel in CHANNELS.items()]


LISTS = [
    List(
        name="deliveries",
        title=_("外发记录"),
        gate=gates.deliveries_seen_by,
        permission="notices.deliveries",
        columns=[
            Column("created_at", _("时间"), kind="time"),
            Column("channel", _("渠道"), value=lambda row: CHANNELS[row.channel].TITLE, sort="channel"),
            Column("address", _("地址"), value=lambda row: masked(row.address)),
            Column("state", _("状态"), kind="choice"),
            Column("attempts", _("次数"), kind="number"),
            Column("reason", _("原因")),
            Column("next_at", _("下次发送"), kind="time"),
            Column("ended_at", _("完成时间"), kind="time", default=False),
            Column("receipt", _("回执号"), kind="code", default=False),
        ],
        filters=[
            Filter("state", _("状态")),
            Filter("channel", _("渠道"), choices=_channel_choices),
            Filter("created_at", _("时间"), kind="dates"),
        ],
        order=("-created_at",),
        menu=Menu(group="system", order=60, icon="send"),
        actions=[RowAction("try-again", _("重新发送"), "notices.deliveries", _try_again, icon="refresh")],
        item=False,
        empty=_("还没有外发记录。配置短信、邮件或推送接口后，消息会同时发往这些渠道。"),
    )
]
MENU = [Entry(_("收件箱"), "inbox", group="today", order=20, icon="inbox")]
