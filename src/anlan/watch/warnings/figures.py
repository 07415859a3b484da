"""Named numbers of warnings."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDay

from anlan.desk.cases.models import Case

LEVELS = (1, 2, 3, 4)


def open_by_level(cases: QuerySet[Case]) -> dict[int, int]:
    counted = dict(cases.filter(is_open=True).values_list("level").annotate(n=Count("pk")).order_by())
    return {level: counted.get(level, 0) for level in LEVELS}


def overdue(cases: QuerySet[Case], now: datetime) -> int:
    return cases.filter(is_open=True, due_at__lt=now).count()


def per_day(cases: QuerySet[Case], now: datetime, days: int = 14) -> list[dict]:
    """Warnings raised and, of those, closed, for each of the last days, oldest first."""
    start = (now - timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        cases.filter(opened_at__gte=start)
        .annotate(day=TruncDay("opened_at"))
        .values("day")
        .annotate(raised=Count("pk"), closed=Count("pk", filter=Q(is_open=False)))
        .order_by("day")
    )
    counted = {row["day"].date(): row for row in rows}
    wanted = [(start + timedelta(days=number)).date() for number in range(days)]
    return [
        {"day": day, "raised": counted.get(day, {}).get("raised", 0), "closed": counted.get(day, {}).get("closed", 0)}
        for day in wanted
    ]
