"""What comes round: dangers that were not cancelled in time are reported up, listed ones that are late are marked."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.audit.context import acting
from anlan.desk.cases.actions import SomebodyWasFirst, take
from anlan.desk.clocks.tasks import Task
from anlan.prevent.hazards.models import Hazard, Listing

BATCH = 300


def report_overdue(now: datetime) -> int:
    """Every open danger whose last day is over is reported up once; a granted extension starts anew."""
    late = Hazard.objects.filter(is_open=True, cancel_by__lte=now, told_overdue_at=None)
    return sum(
        _take(hazard, "overdue", _("至期限未销号，自动上报。"))
        for hazard in late.select_related("case").order_by("cancel_by")[:BATCH]
    )


def mark_veto(now: datetime) -> int:
    """A listed danger that stands after its day brings the veto mark and a proposed measure, decided by people."""
    today = timezone.localdate(now)
    late = Listing.objects.filter(delisted_at=None, vetoed_at=None, deadline__lt=today, hazard__is_open=True)
    return sum(
        _take(listing.hazard, "veto", _("挂牌督办到期未摘牌，标记一票否决，并提出处置建议。"))
        for listing in late.select_related("hazard__case").order_by("deadline")[:BATCH]
    )


def _take(hazard: Hazard, action: str, words: str) -> bool:
    try:
        with acting("clock"), transaction.atomic():
            take(hazard.case, action, words=words)
    except SomebodyWasFirst:
        return False  # tried again when the clock comes round
    return True


TASKS = [
    Task("hazards.overdue", report_overdue, every=timedelta(minutes=5)),
    Task("hazards.veto", mark_veto, every=timedelta(minutes=30)),
]
