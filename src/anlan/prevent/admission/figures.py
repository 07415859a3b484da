"""Named numbers of admission."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.prevent.admission.models import Contractor, Entry, Violation


def _contractors(start: date, end: date, region: str) -> float:
    return float(Contractor.objects.filter(within(region)).count())


def _refused(start: date, end: date, region: str) -> float:
    first, after = (timezone.make_aware(datetime.combine(day, time())) for day in (start, end))
    refused = Entry.objects.filter(within(region), state=Entry.State.REFUSED, asked_at__gte=first, asked_at__lt=after)
    return float(refused.count())


def _violations(start: date, end: date, region: str) -> float:
    return float(Violation.objects.filter(within(region), on__gte=start, on__lt=end).count())


FIGURES = [
    Figure("admission.contractors", _("承包商数"), unit="1", compute=_contractors),
    Figure("admission.refused", _("不准入件数"), unit="1", compute=_refused),
    Figure("admission.violations", _("承包商违章数"), unit="1", compute=_violations),
]
