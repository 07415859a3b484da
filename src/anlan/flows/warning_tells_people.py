"""Every move of a warning reaches the inbox of whoever must act next, the map and the big screen."""

from django.dispatch import receiver

from anlan.desk.access.standing import holders
from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility
from anlan.watch.warnings.actions import KIND

GRID = "warnings.grid"
# After this step, whoever holds one of these permissions for the case's place is told.
NEXT = {
    "open": ("warnings.confirm", "warnings.handle"),
    "worsen": ("warnings.confirm", "warnings.handle"),
    "confirm": ("warnings.handle",),
    "feedback": ("warnings.verify",),
    "reject": ("warnings.handle",),
    "urge": ("warnings.handle",),
    "supervise": ("warnings.handle", "warnings.confirm"),
}


@receiver(case_moved)
def tell_people(case: Case, action: str, actor=None, **_signal):
    if case.kind != KIND:
        return
    announce("warnings", [case.pk], case.region, case.organisation)
    people = {
        user.pk: user
        for permission in _concerned(case, action)
        for user in holders(permission, region=case.region, organisation=case.organisation)
        if actor is None or user.pk != actor.pk
    }
    if people:
        tell(
            list(people.values()),
            title=f"{case.number} {case.state_title}",
            body=case.title,
            url=f"/cases/{case.pk}/",
            level=case.level,
            room="warnings",
            key=f"case:{case.pk}:{case.version}:{action}:{case.level}:{case.escalations}",
        )


def _concerned(case: Case, action: str) -> tuple[str, ...]:
    if action == "escalate":
        return (case.process.escalation[case.escalations - 1],)
    return NEXT.get(action, ()) + ((GRID,) if action in ("open", "worsen") and _patrolled(case.subject) else ())


def _patrolled(subject: str) -> bool:
    """Whether it is about a place where grid workers walk: an old building, a slope, a waterlogging spot."""
    room, _, number = subject.partition(":")
    if room != "facility":
        return False
    kind = Facility.objects.filter(pk=number).values_list("kind", flat=True).first()
    return kind in all_kinds() and all_kinds()[kind].patrolled
