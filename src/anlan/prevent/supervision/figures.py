"""How many enterprises stand in each grade, how many nobody answers for, and how many visits were made in time."""

from collections.abc import Callable
from datetime import date

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.prevent.supervision.models import Grade, Visit


def _counting(**asked) -> Callable[[date, date, str], float]:
    return lambda start, end, region: float(Grade.objects.filter(within(region), **asked).count())


def due(start: date, end: date, region: str) -> float:
    """Visits that fell due in the days asked, up to today."""
    last = min(end, timezone.localdate())
    return float(_fell_due(start, last, region).count())


def made(start: date, end: date, region: str) -> float:
    last = min(end, timezone.localdate())
    return float(_fell_due(start, last, region).filter(state=Visit.State.DONE, done_on__lte=F("due_on")).count())


def _fell_due(start: date, end: date, region: str):
    rows = Visit.objects.filter(within(region), due_on__gte=start, due_on__lt=end)
    return rows.exclude(state=Visit.State.DROPPED)


FIGURES = [
    *(
        Figure(f"supervision.{name}", title, "1", _counting(level=level))
        for level, name, title in (
            (1, "red", _("红色监管企业数")),
            (2, "orange", _("橙色监管企业数")),
            (3, "yellow", _("黄色监管企业数")),
            (4, "blue", _("蓝色监管企业数")),
        )
    ),
    Figure("supervision.unsupervised", _("无监管部门的企业数"), "1", _counting(unsupervised=True)),
    Figure("supervision.unclear", _("行业不清的企业数"), "1", _counting(unclear=True)),
    Figure("supervision.visits_due", _("到期的计划检查"), "1", due),
    Figure("supervision.visits_made", _("按期完成的计划检查"), "1", made),
]
