"""What is decided about warnings, purely."""

from django.utils.translation import gettext_lazy as _

CAUSES = [
    ("real", _("真实险情")),
    ("operation", _("正常作业引起")),
    ("maintenance", _("检修、标定引起")),
    ("fault", _("设备故障")),
    ("false", _("误报")),
]

# Only these causes explain a reading that stays beyond its limit: the fault has a life of its own.
MAY_STAY_ABNORMAL = {"fault", "maintenance"}


def not_yet_normal(case):
    """A warning closes when its readings are back, or when the device itself is what is wrong."""
    if case.data.get("active", 0) and case.data.get("cause") not in MAY_STAY_ABNORMAL:
        return _("仍有 %(count)d 条报警未恢复正常，不能办结。") % {"count": case.data["active"]}
    return None


def more_serious(level: int, than: int | None) -> bool:
    return than is None or level < than
