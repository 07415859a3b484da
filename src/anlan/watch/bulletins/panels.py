from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Attribute, Panel
from anlan.watch.bulletins import gates


def _texts(user, bulletin) -> dict | None:
    return {"texts": bulletin.texts, "faults": bulletin.faults} if bulletin.texts or bulletin.faults else None


def _linked(user, bulletin):
    return "bulletins", gates.seen_by(user).filter(ended_by=bulletin)


def _holding(user, _row):
    return "bulletins", gates.seen_by(user).filter(pk__in=gates.holding(timezone.now()).values("pk"))


PANELS = [
    Panel(
        name="head",
        on="bulletins",
        title=_("外部预警"),
        order=10,
        permission="bulletins.see",
        attributes=[
            Attribute("level", _("颜色"), kind="level"),
            Attribute("colour_from", _("颜色依据"), kind="choice"),
            Attribute("kind", _("动作"), kind="choice"),
            Attribute("status", _("性质"), kind="choice"),
            Attribute("scope", _("公开范围"), kind="choice"),
            Attribute("event", _("事件")),
            Attribute("event_code", _("事件代码"), kind="code"),
            Attribute("category", _("类别")),
            Attribute("severity", _("严重程度")),
            Attribute("urgency", _("紧迫程度")),
            Attribute("certainty", _("确定程度")),
            Attribute("sender_name", _("发布单位")),
            Attribute("sent", _("发布时间"), kind="time"),
            Attribute("effective", _("生效时间"), kind="time"),
            Attribute("expires", _("失效时间"), kind="time"),
            Attribute("expires_said", _("报文写明失效时间"), kind="flag"),
            Attribute("area", _("影响区域")),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("source", _("来源")),
            Attribute("identifier", _("标识"), kind="code"),
            Attribute("received_at", _("收到时间"), kind="time"),
            Attribute("ended_at", _("结束时间"), kind="time"),
            Attribute("ended_by", _("由何报文结束")),
        ],
    ),
    Panel(
        name="texts",
        on="bulletins",
        title=_("正文"),
        order=20,
        permission="bulletins.see",
        template="bulletins/texts.html",
        context=_texts,
    ),
    Panel(name="ends", on="bulletins", title=_("由此结束的报文"), order=30, permission="bulletins.see", rows=_linked),
    Panel(
        name="bulletins",
        on="home",
        title=_("现行外部预警"),
        order=25,
        permission="bulletins.see",
        rows=_holding,
        side="aside",
        empty=_("现在没有外部预警。"),
        live=("bulletins",),
    ),
]
