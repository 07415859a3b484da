"""Checks as they were made: due, done, late and missed in a period, from the tallies the verbs keep."""

from datetime import date

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.prevent.checks.models import Proof, Tally

COUNTS = ("due", "done", "late", "missed", "items", "failed")


def summed(rows: QuerySet[Tally]) -> dict[str, int]:
    """All counts added up; of nothing, zeros."""
    found = rows.aggregate(**{name: Sum(name) for name in COUNTS})
    return {name: found[name] or 0 for name in COUNTS}


def _of(name: str):
    def compute(start: date, end: date, region: str) -> float:
        rows = Tally.objects.filter(within(region), month__gte=start.replace(day=1), month__lt=end)
        return float(rows.aggregate(found=Sum(name))["found"] or 0)

    return compute


def _unproven(start: date, end: date, region: str) -> float:
    return float(Proof.objects.filter(within(region), due_at__lte=timezone.now()).count())


FIGURES = [
    Figure("checks.due", _("应检任务数"), unit="1", compute=_of("due")),
    Figure("checks.done", _("完成检查数"), unit="1", compute=_of("done")),
    Figure("checks.late", _("逾期完成检查数"), unit="1", compute=_of("late")),
    Figure("checks.missed", _("漏检数"), unit="1", compute=_of("missed")),
    Figure("checks.failed", _("检查不符合项数"), unit="1", compute=_of("failed")),
    Figure("checks.unproven", _("未验证的管控措施数"), unit="1", compute=_unproven),
]
