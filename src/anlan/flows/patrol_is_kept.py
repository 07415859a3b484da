"""A patrol that is a step of a warning is kept among the on-line patrols, and a problem it found becomes a task."""

from django.db import transaction
from django.dispatch import receiver

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.watch.warnings.actions import KIND
from anlan.watch.warnings.patrolling import keep


@receiver(case_moved)
def keep_patrol(case: Case, action: str, step=None, **_signal):
    if case.kind == KIND and action == "patrol":
        with transaction.atomic():
            keep(case, step)
