"""How many duties fell due and how many were met in time; what was waived or no longer applies is not counted."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.desk.obligations.models import Obligation

OUT = (Obligation.State.WAIVED, Obligation.State.LAPSED)


def due(start: date, end: date, region: str) -> float:
    return float(_fell_due(start, end, region).count())


def met_in_time(start: date, end: date, region: str) -> float:
    return float(_fell_due(start, end, region).filter(state=Obligation.State.MET, late=False).count())


def _fell_due(start: date, end: date, region: str):
    """What still has time counts only when it is met already."""
    rows = Obligation.objects.filter(within(region), due_on__gte=start, due_on__lt=end).exclude(state__in=OUT)
    return rows.filter(Q(due_at__lte=timezone.now()) | Q(state=Obligation.State.MET))


FIGURES = [
    Figure("obligations.due", _("到期应办事项"), unit="1", compute=due),
    Figure("obligations.met_in_time", _("按期完成的应办事项"), unit="1", compute=met_in_time),
]
