"""Each move of a permit reaches whoever acts next; one that ran over its time, the enterprise and the department."""

from django.dispatch import receiver

from anlan.desk.access.standing import holders
from anlan.desk.notices.actions import tell
from anlan.prevent.permits.announcements import permit_moved
from anlan.prevent.permits.models import Permit

# The state a permit has come into -> who acts next there.
NEXT = {
    "sign_unit": ("permits.sign_unit",),
    "sign_profession": ("permits.sign_profession",),
    "sign_power": ("permits.sign_power",),
    "sign_safety": ("permits.sign_safety",),
    "sign_chief": ("permits.sign_chief",),
    "finished": ("permits.accept",),
}
TO_APPLICANT = {"return_unit", "return_profession", "return_power", "return_safety", "return_chief", "expire", "stop"}
OVERDUE = ("permits.apply", "permits.sign_safety", "permits.guard", "permits.supervise")


@receiver(permit_moved)
def tell_people(permit: Permit, action: str, actor=None, **_signal):
    people = {person.pk: person for person in _concerned(permit, action) if actor is None or person.pk != actor.pk}
    if people:
        case = permit.case
        tell(
            people.values(),
            title=f"{permit.number} {case.state_title}",
            body=case.title,
            url=f"/cases/{permit.pk}/",
            level=1 if action in ("stop", "escalate") else permit.gravity,
            room="permits",
            key=f"permit:{permit.pk}:{case.version}:{action}:{case.escalations}",
        )


def _concerned(permit: Permit, action: str):
    named = [person for person in (permit.applicant, permit.leader) if person]
    if action == "escalate":
        return [*named, *_holders(permit, OVERDUE)]
    if action in TO_APPLICANT:
        return [*named, *([permit.guardian] if permit.guardian else [])]
    if permit.state == "issued":
        return [*named, *([permit.guardian] if permit.guardian else [])]
    return _holders(permit, NEXT.get(permit.state, ()))


def _holders(permit: Permit, permissions):
    return [
        person
        for permission in permissions
        for person in holders(permission, region=permit.region, organisation=permit.organisation)
    ]
