"""Counts of divisions as they stand."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from anlan.desk.access.regions import within
from anlan.desk.figures.declare import Figure
from anlan.know.places.models import Region


def _of_level(level: Region.Level):
    def count(start: date, end: date, region: str) -> float:
        return float(Region.objects.filter(within(region, "code"), level=level, valid_to=None).count())

    return count


def _area(start: date, end: date, region: str) -> float | None:
    """Square kilometres of the region itself, as measured from its boundary."""
    return Region.objects.filter(code=region).values_list("area_km2", flat=True).first()


FIGURES = [
    Figure("places.towns", _("乡镇街道数"), unit="1", compute=_of_level(Region.Level.TOWN)),
    Figure("places.villages", _("村和社区数"), unit="1", compute=_of_level(Region.Level.VILLAGE)),
    Figure("places.grids", _("网格数"), unit="1", compute=_of_level(Region.Level.GRID)),
    Figure("places.area", _("面积"), unit="km2", compute=_area),
]
