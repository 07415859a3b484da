"""Counts of facilities as they stand."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.know.facilities.models import Facility


def _count(start: date, end: date, region: str) -> float:
    return float(Facility.objects.filter(within(region), in_service=True).count())


def _hazards(start: date, end: date, region: str) -> float:
    return float(Facility.objects.filter(within(region), in_service=True, hazard_level__isnull=False).count())


FIGURES = [
    Figure("facilities.count", _("设施数"), unit="1", compute=_count),
    Figure("facilities.major_hazards", _("重大危险源数"), unit="1", compute=_hazards),
]
