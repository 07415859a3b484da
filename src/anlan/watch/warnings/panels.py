from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.layers.declare import LEVELS
from anlan.desk.panels.declare import Panel
from anlan.watch.warnings import figures, gates


def _of_enterprise(user, enterprise):
    return "warnings", gates.seen_by(user).filter(organisation=enterprise.code).order_by(
        "-is_open", "level", "-opened_at"
    )


def _of_device(user, device):
    return "warnings", gates.seen_by(user).filter(pk__in=device.alarms.exclude(case=None).values("case"))


def _open(user, _row):
    return "warnings", gates.seen_by(user).filter(is_open=True).order_by("level", "due_at")


def _overview(user, _row) -> dict:
    cases, now = gates.seen_by(user), timezone.now()
    counts = figures.open_by_level(cases)
    return {
        "levels": [{"mark": mark, "count": counts[mark.value]} for mark in LEVELS],
        "overdue": figures.overdue(cases, now),
    }


PANELS = [
    Panel(
        name="warnings",
        on="enterprises",
        title=_("预警"),
        order=16,
        permission="warnings.see",
        rows=_of_enterprise,
        live=("warnings",),
    ),
    Panel(name="warnings", on="devices", title=_("预警"), order=45, permission="warnings.see", rows=_of_device),
    Panel(
        name="overview",
        on="home",
        title=_("预警概况"),
        order=20,
        permission="warnings.see",
        side="aside",
        template="warnings/overview.html",
        context=_overview,
        live=("warnings",),
    ),
    Panel(
        name="overview",
        on="bigscreen",
        title=_("预警概况"),
        order=10,
        permission="warnings.see",
        side="left",
        template="warnings/overview.html",
        context=_overview,
        live=("warnings",),
        refresh=30,
    ),
    Panel(
        name="open",
        on="bigscreen",
        title=_("未办结预警"),
        order=20,
        permission="warnings.see",
        side="left",
        rows=_open,
        limit=8,
        empty=_("没有未办结的预警。"),
        live=("warnings",),
        refresh=30,
    ),
]
