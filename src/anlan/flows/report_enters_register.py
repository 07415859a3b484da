"""An approved report of a risk changes the region's database and map."""

from django.dispatch import receiver

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.prevent.risks.reporting import enter
from anlan.prevent.risks.states import KIND


@receiver(case_moved)
def enter_register(case: Case, action: str, **_signal):
    if case.kind == KIND and action == "approve":
        enter(case)
