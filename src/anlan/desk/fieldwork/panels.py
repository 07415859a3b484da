import json

from django.utils.translation import gettext_lazy as _

from anlan.desk.fieldwork.gates import LETTERS
from anlan.desk.panels.declare import Attribute, Panel


def _content(user, sending) -> dict:
    parts = sending.payload
    shown = {name: parts.get(name) for name in ("answers", "details", "fixed", "place") if parts.get(name)}
    return {
        "sending": sending,
        "text": json.dumps(shown, ensure_ascii=False, indent=2),
        "files": len(parts.get("files", [])),
    }


PANELS = [
    Panel(
        name="head",
        on="letters",
        title=_("来件"),
        order=10,
        permission=LETTERS,
        attributes=[
            Attribute("state", _("状态"), kind="choice"),
            Attribute("reason", _("原因")),
            Attribute("words", _("结果")),
            Attribute("user", _("发送人"), kind="user"),
            Attribute("made_at", _("填写时间"), kind="time"),
            Attribute("received_at", _("收到时间"), kind="time"),
            Attribute("settled_at", _("办结时间"), kind="time"),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("region", _("辖区"), kind="region"),
        ],
    ),
    Panel(
        name="content",
        on="letters",
        title=_("填报内容"),
        order=20,
        permission=LETTERS,
        template="fieldwork/content.html",
        context=_content,
    ),
]
