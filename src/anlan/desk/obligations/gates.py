"""The only door to obligations."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.obligations.models import Obligation

SEE, MEET, VERIFY, WAIVE = "obligations.see", "obligations.meet", "obligations.verify", "obligations.waive"


def seen_by(user) -> QuerySet[Obligation]:
    return narrow(user, SEE, Obligation.objects.all())


def to_meet(user, rows: QuerySet[Obligation] | None = None) -> QuerySet[Obligation]:
    """What this person could meet now, of these rows or of all."""
    rows = Obligation.objects.all() if rows is None else rows
    states = (Obligation.State.PENDING, Obligation.State.OVERDUE)
    return narrow(user, MEET, rows.filter(is_open=True, state__in=states))
