"""Counts of enterprises as they stand; the register keeps no past, so the period does not matter."""

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.know.enterprises.categories import all_categories
from anlan.know.enterprises.models import Enterprise, RegulatedAs


def _open(region: str) -> QuerySet[Enterprise]:
    return Enterprise.objects.filter(within(region)).exclude(status=Enterprise.Status.CLOSED)


def _count(start: date, end: date, region: str) -> float:
    return float(_open(region).count())


def _of_category(code: str) -> Callable[[date, date, str], float]:
    def count(start: date, end: date, region: str) -> float:
        return float(_open(region).filter(pk__in=RegulatedAs.objects.filter(code=code).values("enterprise")).count())

    return count


def _of_level(level: int) -> Callable[[date, date, str], float]:
    return lambda start, end, region: float(_open(region).filter(level=level).count())


FIGURES = [
    Figure("enterprises.count", _("企业数"), unit="1", compute=_count),
    Figure("enterprises.red", _("重大风险企业数"), unit="1", compute=_of_level(1)),
    *(
        Figure(f"enterprises.{code}", category.title, unit="1", compute=_of_category(code))
        for code, category in all_categories().items()
    ),
]
