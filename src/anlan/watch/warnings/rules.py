"""What is decided about warnings, purely."""

from django.utils.translation import gettext_lazy as _

CAUSES = [
    ("real", _("真实险情")),
    ("operation", _("正常作业引起")),
    ("maintenance", _("检修、标定引起")),
    ("fault", _("设备故障")),
    ("false", _("误报")),
]

OUTCOMES = [("normal", _("正常")), ("problem", _("发现问题"))]

# Only these causes explain a reading that stays beyond its limit: the fault has a life of its own.
MAY_STAY_ABNORMAL = {"fault", "maintenance"}


def not_yet_normal(case):
    """A warning closes when its readings are back, or when the device itself is what is wrong."""
    if case.data.get("active", 0) and case.data.get("cause") not in MAY_STAY_ABNORMAL:
        return _("仍有 %(count)d 条报警未恢复正常，不能办结。") % {"count": case.data["active"]}
    return None


def not_yet_seen(last: str | None, outcome: str | None):
    """Nobody verifies what he has not looked at: after the feedback an officer has been on patrol, on line or on the
    spot, and found it normal. `last`: the latest of feedback and patrol."""
    if last != "patrol":
        return _("反馈之后还没有在线巡查。请先巡查并记录结果，再核查办结。")
    return None if outcome == "normal" else _("最近一次巡查发现问题，不能办结。")


def still_coloured(level: int | None, closes_from: int):
    """While the index is graver than this, something goes on, whatever the readings say."""
    if level is None or level >= closes_from:
        return None
    return _("预警指数仍高，不能办结。请先消除仍在起作用的隐患、作业等因素。")


def more_serious(level: int, than: int | None) -> bool:
    return than is None or level < than
