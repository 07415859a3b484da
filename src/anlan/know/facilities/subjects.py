"""Facilities as those for whom obligations exist: a reservoir is inspected, a tank is tested."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from anlan.desk.subjects.declare import Selector, Subject, Subjects
from anlan.know.facilities.models import Facility


def select(selector: Selector) -> Iterator[Subject]:
    facilities = Facility.objects.filter(in_service=True).order_by("pk").defer("geometry")
    if selector.kinds:
        facilities = facilities.filter(kind__in=selector.kinds)
    for facility in facilities.iterator(chunk_size=1000):
        yield Subject(
            key=f"facility:{facility.pk}",
            region=facility.region,
            organisation=facility.organisation,
            facts={
                "side": "enterprise" if facility.enterprise_id else "government",
                "kind": facility.kind,
                "code": facility.code,
                "categories": ["major_hazard"] if facility.hazard_level else [],
                "hazard_level": facility.hazard_level,
                "in_service": facility.in_service,
            },
            title=facility.name,
            url=f"/facilities/{facility.pk}/",
        )


SUBJECTS = [Subjects("facilities", _("设施"), select)]
