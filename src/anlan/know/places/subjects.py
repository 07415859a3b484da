"""Regions as those whom obligations bind: a plan that every county revises, a drill that every town holds."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from anlan.desk.subjects.declare import Selector, Subject, Subjects
from anlan.know.places.models import Region

NAMES = {level.name.lower(): level for level in Region.Level}


def select(selector: Selector) -> Iterator[Subject]:
    """Kinds are kinds of regions (`town`, `community`); `level` is province, city, county, town, village or grid."""
    regions = Region.objects.filter(valid_to=None).order_by("code")
    if selector.kinds:
        regions = regions.filter(kind__in=selector.kinds)
    levels = [NAMES[name] for name in selector.where.get("level", ()) if name in NAMES]
    if levels:
        regions = regions.filter(level__in=levels)
    for region in regions.iterator(chunk_size=2000):
        yield Subject(
            key=f"region:{region.code}",
            region=region.code,
            organisation="",
            facts={"side": "government", "kind": region.kind, "level": Region.Level(region.level).name.lower()},
            title=region.name,
            url=f"/places/{region.pk}/",
        )


SUBJECTS = [Subjects("places", _("行政区划"), select)]
