"""An open hidden danger weighs on the index of its facility, else of its enterprise, until it is cancelled."""

from django.dispatch import receiver

from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.prevent.hazards.models import KIND, Hazard
from anlan.watch.warnings.weighing import Weigh, weigh_all


@receiver(case_moved)
def weigh(case: Case, **_signal):
    if case.kind != KIND:
        return
    hazard = Hazard.objects.select_related("point").filter(pk=case.pk).first()
    if hazard is None:
        return
    source = f"hazard:{hazard.pk}"
    if not case.is_open:
        weigh_all([], ended=[source])
    elif hazard.level:
        weigh_all([_weigh(hazard, source)])


def _weigh(hazard: Hazard, source: str) -> Weigh:
    return Weigh(
        kind="danger",
        source=source,
        level=hazard.level,
        words=hazard.title,
        region=hazard.region,
        organisation=hazard.organisation,
        facility=hazard.point.facility_id if hazard.point else None,
        enterprise=hazard.enterprise_id,
        url=f"/cases/{hazard.pk}/",
        since=hazard.found_at,
    )
