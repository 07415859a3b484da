"""Every move of a hidden danger reaches the inbox of whoever must act next, and of the superior where one must look."""

from django.dispatch import receiver

from anlan.desk.access.standing import holders
from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.desk.notices.actions import tell
from anlan.prevent.hazards.models import KIND, Hazard

# After this step, whoever holds one of these permissions for the danger's place is told.
NEXT = {
    "open": ("hazards.grade",),
    "grade": ("hazards.settle",),
    "regrade": ("hazards.settle",),
    "settle": ("hazards.rectify",),
    "rectify": ("hazards.verify",),
    "reject": ("hazards.rectify",),
    "verify": ("hazards.cancel", "hazards.accept"),
    "ask_time": ("hazards.extend",),
    "grant_time": ("hazards.settle", "hazards.rectify"),
    "refuse_time": ("hazards.settle", "hazards.rectify"),
    "report_department": ("hazards.receive",),
    "report_congress": ("hazards.congress",),
    "list": ("hazards.settle", "hazards.assess"),
    "assess": ("hazards.list",),
    "approve_assessment": ("hazards.settle",),
    "ask_delisting": ("hazards.list",),
    "overdue": ("hazards.supervise", "hazards.settle"),
    "veto": ("hazards.supervise", "hazards.settle"),
    "urge": ("hazards.settle", "hazards.rectify"),
}
# A major danger half reported: who has received it is not told again, who is missing is.
MISSING = {"receive_department": "hazards.congress", "receive_congress": "hazards.receive"}


@receiver(case_moved)
def tell_people(case: Case, action: str, actor=None, **_signal):
    if case.kind != KIND:
        return
    people = {
        user.pk: user
        for permission in _concerned(case, action)
        for user in holders(permission, region=case.region, organisation=case.organisation)
        if actor is None or user.pk != actor.pk
    }
    if people:
        tell(
            list(people.values()),
            title=f"{case.number} {_what(case, action)}",
            body=case.title,
            url=f"/cases/{case.pk}/",
            level=case.level,
            room="hazards",
            key=f"case:{case.pk}:{case.version}:{action}:{case.escalations}",
        )


def _what(case: Case, action: str):
    known = case.process.by_action.get(action)
    return known.title if known and not known.target else case.state_title


def _concerned(case: Case, action: str) -> tuple[str, ...]:
    if action == "escalate":
        return (case.process.escalation[case.escalations - 1],)
    if action in MISSING:
        other = "congress" if action == "receive_department" else "department"
        return () if other in case.data.get("received", ()) else (MISSING[action],)
    told = NEXT.get(action, ())
    if action == "grade" and Hazard.objects.filter(pk=case.pk, graded_down=True).exists():
        return (*told, "hazards.regrade")  # an officer called general what the criteria call major
    return told
