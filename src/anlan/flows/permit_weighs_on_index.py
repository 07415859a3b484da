"""Special work going on weighs on the index of its facility, else of its enterprise, while it lasts."""

from django.dispatch import receiver

from anlan.flows.permit_raises_risk import GOING_ON
from anlan.prevent.permits.announcements import permit_moved
from anlan.prevent.permits.models import Permit
from anlan.watch.warnings.weighing import Weigh, weigh_all


@receiver(permit_moved)
def weigh(permit: Permit, **_signal):
    source = f"permit:{permit.pk}"
    if permit.state not in GOING_ON:
        weigh_all([], ended=[source])
        return
    facility = permit.facility_id or (permit.point.facility_id if permit.point else None)
    weigh_all(
        [
            Weigh(
                kind="permit",
                source=source,
                level=permit.gravity,
                words=f"{permit.get_kind_display()} {permit.number}",
                region=permit.region,
                organisation=permit.organisation,
                facility=facility,
                enterprise=permit.enterprise_id,
                url=f"/cases/{permit.pk}/",
                since=permit.begun_at,
            )
        ]
    )
