"""An open danger makes its risk point worse until it is cancelled; a graver one makes it worse by more."""

from django.dispatch import receiver

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.prevent.hazards.models import KIND, Hazard
from anlan.prevent.risks.actions import end_influence, raise_influence


@receiver(case_moved)
def weigh_on_the_point(case: Case, **_signal):
    if case.kind != KIND:
        return
    hazard = Hazard.objects.select_related("point").filter(pk=case.pk, point__isnull=False).first()
    if hazard is None:
        return
    if case.is_open and hazard.level:
        raise_influence(hazard.point, source=f"hazard:{hazard.pk}", level=hazard.level, words=hazard.title)
    elif not case.is_open:
        end_influence(f"hazard:{hazard.pk}")
