"""Special work going on at a risk point makes the point worse while it lasts."""

from django.dispatch import receiver

from anlan.prevent.permits.announcements import permit_moved
from anlan.prevent.permits.models import Permit
from anlan.prevent.risks.actions import end_influence
from anlan.prevent.risks.influences import Raise, raise_all
from anlan.prevent.risks.models import Point

GOING_ON = {"working", "interrupted", "suspended", "finished"}


@receiver(permit_moved)
def tell_risks(permit: Permit, action: str, **_signal):
    source = f"permit:{permit.pk}"
    if permit.state not in GOING_ON:
        end_influence(source)
        return
    words = f"{permit.get_kind_display()} {permit.number}"
    points = [permit.point_id] if permit.point_id else _points(permit)
    raise_all([Raise(point=point, source=source, level=permit.gravity, words=words) for point in points])


def _points(permit: Permit) -> list[int]:
    if not permit.facility_id:
        return []
    return list(Point.objects.filter(facility=permit.facility_id, in_use=True).values_list("pk", flat=True))
