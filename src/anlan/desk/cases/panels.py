from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.cases import gates, trend
from anlan.desk.cases.models import CaseStep
from anlan.desk.cases.registry import processes
from anlan.desk.panels.declare import Panel

ROOMS = tuple(sorted({gates.room(kind) for kind in processes()}))
LATEST = 12


def _waiting(user, _row):
    """By deadline: the overdue come first by themselves."""
    return "cases", gates.waiting_for(user).filter(due_at__isnull=False).order_by("due_at", "pk")


def _counts(user, _row) -> dict:
    return {"counts": trend.counts(gates.seen_by(user), gates.waiting_for(user), timezone.now())}


def _trend(user, _row) -> dict:
    return {"days": trend.days(gates.seen_by(user), timezone.localdate()), "height": trend.HEIGHT}


def _latest(user, _row) -> dict:
    """The last steps of the cases this person sees, whoever took them."""
    steps = CaseStep.objects.filter(case__in=gates.seen_by(user)).select_related("case", "actor").defer("case__data")
    return {"steps": steps.order_by("-pk")[:LATEST]}


PANELS = [
    Panel(
        name="counts",
        on="home",
        title=_("事项总览"),
        order=5,
        permission="cases.see",
        template="cases/counts.html",
        context=_counts,
        live=ROOMS,
    ),
    Panel(
        name="waiting",
        on="home",
        title=_("待我办理"),
        order=10,
        permission="cases.see",
        rows=_waiting,
        limit=8,
        empty=_("没有等您办理的事项。"),
        live=ROOMS,
    ),
    Panel(
        name="case-trend",
        on="home",
        title=_("近十四天"),
        order=60,
        permission="cases.see",
        side="aside",
        template="cases/trend.html",
        context=_trend,
    ),
    Panel(
        name="events",
        on="bigscreen",
        title=_("最新动态"),
        order=90,
        permission="cases.see",
        side="bottom",
        template="cases/events.html",
        context=_latest,
        live=ROOMS,
        refresh=30,
    ),
]
