"""Risk points as those whose review rules bind."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from anlan.desk.subjects.declare import Selector, Subject, Subjects
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.reviewing import subject


def select(selector: Selector) -> Iterator[Subject]:
    points = Point.objects.filter(in_use=True).order_by("pk")
    if selector.kinds:
        points = points.filter(kind__in=selector.kinds)
    for point in points.defer("geometry", "explanation", "handling").iterator(2000):
        yield subject(point)


SUBJECTS = [Subjects("risk_points", _("风险点"), select)]
