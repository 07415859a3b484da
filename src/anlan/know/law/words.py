"""What the states of an instrument are called."""

from django.utils.translation import gettext_lazy as _

STATE_TITLES = {
    "in_force": _("现行有效"),
    "not_yet": _("尚未施行"),
    "superseded": _("已被替代或废止"),
    "unknown": _("施行日期待核"),
}

# What rules call the values they were given, where the name in code is no name people use.
INPUT_TITLES = {
    "at": _("测于"),
    "class": _("等级"),
    "who": _("谁"),
    "to": _("向谁"),
    "from": _("自"),
    "within": _("时限"),
    "units": _("单元数"),
    "kind": _("类别"),
    "table1": _("表1行号"),
    "substance": _("物质"),
    "category": _("危险类别"),
    "assumed": _("假定"),
    "residents": _("人数"),
    "code": _("代码"),
    "value": _("数值"),
    "least": _("不低于"),
    "most": _("不高于"),
    "range": _("区间"),
    "meaning": _("含义"),
    "gas": _("气体"),
    "limit": _("限值"),
    "level": _("等级"),
    "count": _("数量"),
}
