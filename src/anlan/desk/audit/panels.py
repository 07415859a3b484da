from django.utils.translation import gettext_lazy as _

from anlan.desk.panels.declare import Attribute, Panel

PANELS = [
    Panel(
        name="head",
        on="audit",
        title=_("审计记录"),
        order=10,
        permission="audit.see",
        attributes=[
            Attribute("position", _("序号"), kind="code"),
            Attribute("at", _("时间"), kind="time"),
            Attribute("actor", _("操作人"), kind="code"),
            Attribute("address", _("来源地址"), kind="code"),
            Attribute("action", _("操作"), kind="code"),
            Attribute("subject", _("对象"), kind="code"),
            Attribute("region", _("辖区"), kind="region"),
            Attribute("organisation", _("单位"), kind="organisation"),
            Attribute("words", _("说明")),
            Attribute("data", _("内容"), kind="code"),
            Attribute("seal", _("校验值"), kind="code"),
        ],
    )
]
