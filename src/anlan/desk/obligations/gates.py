"""The only door to obligations."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.obligations.models import Obligation

SEE, MEET, VERIFY, WAIVE = "obligations.see", "obligations.meet", "obligations.verify", "obligations.waive"


def seen_by(user) -> QuerySet[Obligation]:
    return narrow(user, SEE, Obligation.objects.all())


def to_meet(user) -> QuerySet[Obligation]:
    """What this person could meet now."""
    states = (Obligation.State.PENDING, Obligation.State.OVERDUE)
    return narrow(user, MEET, Obligation.objects.filter(state__in=states))
