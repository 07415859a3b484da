"""What the states of an instrument are called."""

from django.utils.translation import gettext_lazy as _

STATE_TITLES = {
    "in_force": _("现行有效"),
    "not_yet": _("尚未施行"),
    "superseded": _("已被替代或废止"),
    "unknown": _("施行日期待核"),
}
