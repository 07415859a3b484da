"""A warning within the border of a joint-control agreement is told to the partners, who must answer."""

from django.dispatch import receiver

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.prevent.risks.joining import share
from anlan.watch.warnings.actions import KIND


@receiver(case_moved)
def tell_neighbours(case: Case, action: str, **_signal):
    if case.kind == KIND and action in ("open", "worsen") and case.level and not case.exercise:
        share(source=f"case:{case.pk}", region=case.region, level=case.level, words=case.title)
