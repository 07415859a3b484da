"""A risk that changed its level, and each move of its report, reaches whoever answers and whoever must act next."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders
from anlan.desk.cases.announcements import case_moved
from anlan.desk.cases.models import Case
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.prevent.risks.announcements import Change, levels_changed
from anlan.prevent.risks.states import KIND

DEPARTMENT, ENTERPRISE = "risks.approve", "risks.report"
# After this step of a report, the holders of one of these permissions are told.
NEXT = {
    "open": (DEPARTMENT,),
    "amend": (DEPARTMENT,),
    "resubmit": (DEPARTMENT,),
    "return": (ENTERPRISE,),
    "approve": (ENTERPRISE, DEPARTMENT),
    "withdraw": (DEPARTMENT,),
    "urge": (DEPARTMENT,),
}


@receiver(case_moved)
def tell_about_report(case: Case, action: str, actor=None, **_signal):
    if case.kind != KIND:
        return
    announce("risk-reports", [case.pk], case.region, case.organisation)
    permissions = (case.process.escalation[case.escalations - 1],) if action == "escalate" else NEXT.get(action, ())
    _tell(
        permissions,
        case.region,
        case.organisation,
        title=f"{case.number} {case.state_title}",
        body=case.title,
        url=f"/cases/{case.pk}/",
        level=case.level,
        key=f"case:{case.pk}:{case.version}:{action}:{case.data.get('version', 0)}",
    )


@receiver(levels_changed)
def tell_about_level(changes: list[Change], **_signal):
    """Only what an evaluation changed, and only when red or orange comes or goes: alarms tell people themselves."""
    for change in changes:
        point = change.point
        if change.why != "evaluated" or not {change.before, change.after} & {1, 2}:
            continue
        _tell(
            (ENTERPRISE, DEPARTMENT),
            point.region,
            point.organisation,
            title=_("风险等级变化：%(name)s") % {"name": point.name},
            body=_("责任人：%(person)s") % {"person": point.responsible or _("未指定")},
            url=f"/risks/{point.pk}/",
            level=change.after,
            key=f"risk:{point.pk}:{point.version}",
        )


def _tell(permissions, region: str, organisation: str, **notice) -> None:
    people = {
        user.pk: user
        for permission in permissions
        for user in holders(permission, region=region, organisation=organisation)
    }
    if people:
        tell(list(people.values()), room="risks", **notice)
