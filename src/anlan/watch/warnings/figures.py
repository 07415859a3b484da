"""Named numbers of warnings."""

from datetime import datetime

from django.db.models import Count, QuerySet

from anlan.desk.cases.models import Case

LEVELS = (1, 2, 3, 4)


def open_by_level(cases: QuerySet[Case]) -> dict[int, int]:
    counted = dict(cases.filter(is_open=True).values_list("level").annotate(n=Count("pk")).order_by())
    return {level: counted.get(level, 0) for level in LEVELS}


def overdue(cases: QuerySet[Case], now: datetime) -> int:
    return cases.filter(is_open=True, due_at__lt=now).count()
