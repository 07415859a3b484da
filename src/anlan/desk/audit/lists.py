from django.utils.translation import gettext_lazy as _

from anlan.desk.audit import gates
from anlan.desk.lists.declare import Column, Entry, Filter, List, Menu

LISTS = [
    List(
        name="audit",
        title=_("审计记录"),
        gate=gates.seen_by,
        permission="audit.see",
        columns=[
            Column("position", _("序号"), kind="code", link=True),
            Column("at", _("时间"), kind="time", sort=""),
            Column("actor", _("操作人"), kind="code", sort=""),
            Column("address", _("来源地址"), kind="code", sort=""),
            Column("action", _("操作"), kind="code", sort=""),
            Column("subject", _("对象"), kind="code", sort=""),
            Column("region", _("辖区"), kind="region", sort="", default=False),
            Column("organisation", _("单位"), kind="organisation", sort="", default=False),
            Column("words", _("说明"), sort=""),
        ],
        filters=[
            Filter("at", _("时间"), kind="dates"),
            Filter(
                "actor", _("操作人"), kind="text", apply=lambda queryset, value: queryset.filter(actor=value.strip())
            ),
            Filter(
                "action",
                _("操作"),
                kind="text",
                apply=lambda queryset, value: queryset.filter(action__startswith=value.strip()),
            ),
            Filter(
                "subject",
                _("对象"),
                kind="text",
                apply=lambda queryset, value: queryset.filter(subject=value.strip()),
            ),
            Filter("region", _("辖区"), kind="region"),
        ],
        order=("-position",),
        defer=("data", "seal"),
        menu=Menu(group="system", order=80, icon="list-check"),
        empty=_("这段时间没有记录。"),
    )
]
MENU = [Entry(_("审计校验"), "audit.verifications", "audit.verify", group="system", order=81, icon="shield-check")]
