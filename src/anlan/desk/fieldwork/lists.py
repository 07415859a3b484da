from django.utils.translation import gettext_lazy as _

from anlan.desk.fieldwork import actions, gates
from anlan.desk.fieldwork.models import Sending
from anlan.desk.lists.declare import Column, Entry, Filter, List, Menu, RowAction


def _again(user, rows, words):
    done = [actions.again(user, row) for row in rows]
    applied = sum(row.state == Sending.State.APPLIED for row in done)
    return _("已办 %(done)d 件，未能办理 %(left)d 件。") % {"done": applied, "left": len(done) - applied}


def _settle(user, rows, words):
    for row in rows:
        actions.settle(user, row, words)


LISTS = [
    List(
        name="letters",
        title=_("手机来件"),
        gate=gates.letters,
        permission=gates.LETTERS,
        columns=[
            Column("title", _("名称"), link=True),
            Column("state", _("状态"), kind="choice"),
            Column("reason", _("原因"), sort=""),
            Column("user", _("发送人"), kind="user"),
            Column("made_at", _("填写时间"), kind="time", default=False),
            Column("received_at", _("收到时间"), kind="time"),
            Column("organisation", _("单位"), kind="organisation"),
            Column("region", _("辖区"), kind="region", default=False),
        ],
        filters=[
            Filter("is_open", _("只看未办结"), kind="flag"),
            Filter("state", _("状态")),
            Filter("region", _("辖区"), kind="region"),
            Filter("organisation", _("单位"), kind="organisation"),
            Filter("received_at", _("收到时间"), kind="dates"),
        ],
        search=("title",),
        order=("-received_at",),
        related=("user",),
        defer=("payload", "fields"),
        menu=Menu(group="today", order=70, icon="device-mobile-message"),
        actions=[
            RowAction(
                "again",
                _("再次办理"),
                gates.LETTERS,
                _again,
                confirm=_("按来件内容、以发送人的名义再办一次；未到的照片不再等待。"),
                style="primary",
                icon="refresh",
            ),
            RowAction(
                "settle",
                _("另行处理"),
                gates.LETTERS,
                _settle,
                words=True,
                confirm=_("写明如何处理，发送人会收到。"),
                icon="checks",
            ),
        ],
        empty=_("没有来件。现场人员在手机上填报、因故未能办理的，会带着原因列在这里。"),
        live=("letters",),
    )
]
MENU = [Entry(_("手机端"), "phone.install", "", group="today", order=80, icon="device-mobile")]
