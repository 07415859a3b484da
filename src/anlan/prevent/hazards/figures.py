"""Named numbers of hidden dangers for measures, and the few that stand on the home page."""

from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.prevent.hazards.models import Hazard, Tally

MOST = 10_000  # beyond this a tile says "more than"


def overview(hazards: QuerySet[Hazard], now: datetime) -> list[tuple]:
    """(title, number, query of the list) of the tiles: each counts on an index and stops at MOST."""
    running = hazards.filter(is_open=True)
    asked = (
        (_("未销号"), running, "open=1"),
        (_("已超期"), running.filter(cancel_by__lt=now), "overdue=1"),
        (_("重大未销号"), running.filter(level=1), "open=1&level=1"),
        (_("挂牌督办"), hazards.filter(listed=True), "listed=1"),
        (_("疑似降级"), hazards.filter(graded_down=True), "graded_down=1"),
    )
    return [(title, rows.order_by().values("pk")[:MOST].count(), query) for title, rows, query in asked]


def _sum(name: str, grade: str | None = None):
    def compute(start: date, end: date, region: str) -> float:
        rows = Tally.objects.filter(dimension="all", month__gte=start.replace(day=1), month__lt=end)
        rows = rows.filter(within(region, "region")) if region else rows
        rows = rows if grade is None else rows.filter(grade=grade)
        return rows.aggregate(total=Sum(name))["total"] or 0

    return compute


FIGURES = [
    Figure("hazards.found", _("发现隐患数"), "1", _sum("found")),
    Figure("hazards.closed", _("已销号隐患数"), "1", _sum("closed")),
    Figure("hazards.closed_in_time", _("按期销号隐患数"), "1", _sum("in_time")),
    Figure("hazards.repeated", _("重复隐患数"), "1", _sum("repeated")),
    Figure("hazards.major_found", _("发现重大隐患数"), "1", _sum("found", "major")),
    Figure("hazards.major_closed", _("已销号重大隐患数"), "1", _sum("closed", "major")),
]
