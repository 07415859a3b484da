"""The only doors to grades and planned visits."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.prevent.supervision.models import Grade, Visit

SEE, PLAN, VISIT = "supervision.see", "supervision.plan", "supervision.visit"


def seen_by(user) -> QuerySet[Grade]:
    return narrow(user, SEE, Grade.objects.all())


def visits_seen_by(user) -> QuerySet[Visit]:
    return narrow(user, SEE, Visit.objects.exclude(state=Visit.State.DROPPED))
