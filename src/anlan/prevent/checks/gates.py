"""The only doors to checks. An enterprise learns of an officer's check when it is made, not before."""

from django.db.models import Q, QuerySet

from anlan.desk.access.standing import may, narrow, posts_for
from anlan.prevent.checks.models import Draw, Passing, Patrol, Plan, Proof, Stop, Tally, Task
from anlan.prevent.checks.rules import LEVEL_PERMISSIONS

SEE = "checks.see"


def seen_by(user, permission: str = SEE) -> QuerySet[Task]:
    rows = narrow(user, permission, Task.objects.all())
    if may(user, LEVEL_PERMISSIONS["government"]):
        return rows
    return rows.exclude(level="government", state=Task.State.OPEN)


def mine(user) -> QuerySet[Task]:
    """Open checks this person is asked to make: those given to him, and those of his level given to nobody."""
    asked = Q(assignee=user)
    for level, permission in LEVEL_PERMISSIONS.items():
        if level != "government" and posts_for(user, permission):
            asked |= Q(level=level, assignee=None)
    return seen_by(user).filter(asked, state=Task.State.OPEN)


def plans_seen_by(user, permission: str = SEE) -> QuerySet[Plan]:
    return narrow(user, permission, Plan.objects.all())


def proofs_seen_by(user, permission: str = SEE) -> QuerySet[Proof]:
    return narrow(user, permission, Proof.objects.all())


def tallies_seen_by(user, permission: str = SEE) -> QuerySet[Tally]:
    return narrow(user, permission, Tally.objects.all())


def draws_seen_by(user) -> QuerySet[Draw]:
    return narrow(user, "checks.inspect", Draw.objects.all())


def patrols_seen_by(user, permission: str = SEE) -> QuerySet[Patrol]:
    return narrow(user, permission, Patrol.objects.all())


def stops_seen_by(user, permission: str = SEE) -> QuerySet[Stop]:
    return narrow(user, permission, Stop.objects.all(), "patrol__region", "patrol__organisation")


def passings_seen_by(user, permission: str = SEE) -> QuerySet[Passing]:
    return narrow(user, permission, Passing.objects.all(), "stop__patrol__region", "stop__patrol__organisation")
