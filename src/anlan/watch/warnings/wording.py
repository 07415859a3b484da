"""What figures, causes and colours of warnings are called."""

from django.utils.translation import gettext_lazy as _

from anlan.watch.warnings.rules import CAUSES

FIGURES = {
    "opened": _("发起预警"),
    "closed": _("办结"),
    "open_at_end": _("期末未办结"),
    "escalated": _("超期升级"),
    "supervised": _("挂牌督办"),
    "patrols": _("在线巡查"),
    "patrol_problems": _("巡查发现问题"),
    "worse": _("颜色加重（次）"),
    "better": _("颜色减轻（次）"),
    "confirm_minutes": _("平均确认用时（分）"),
    "feedback_minutes": _("平均反馈用时（分）"),
    "verify_minutes": _("平均核查用时（分）"),
}
CAUSE_TITLES = {"": _("尚未说明"), **dict(CAUSES)}
LEVEL_TITLES = {1: _("红色"), 2: _("橙色"), 3: _("黄色"), 4: _("蓝色")}
