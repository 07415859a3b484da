"""The doors: closures by region; and what rescue needs to know of, wherever it lies.

Fire stations, hospitals, schools are public, and the nearest one may lie beyond the border of a town: whoever may ask
for ways sees them all, by name and place. Closures in force block every way, whoever set them.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from anlan.desk.access.standing import may, narrow
from anlan.know.facilities.kinds import of_role
from anlan.know.facilities.models import Facility
from anlan.know.roads.models import Closure

ASK = "roads.ask"


def seen_by(user, permission: str = "closures.see") -> QuerySet[Closure]:
    return narrow(user, permission, Closure.objects.all())


def in_force(now: datetime) -> QuerySet[Closure]:
    """Closures that hold at this instant."""
    return Closure.objects.filter(Q(until=None) | Q(until__gt=now), lifted_at=None, since__lte=now)


def public_places(user, role: str) -> QuerySet[Facility]:
    """Facilities of a role (rescue, protected) anywhere; none for who may not ask."""
    if not may(user, ASK):
        return Facility.objects.none()
    return Facility.objects.filter(kind__in=of_role(role), in_service=True, lon__isnull=False, lat__isnull=False)
