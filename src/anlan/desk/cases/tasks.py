"""What comes round for cases: the clocks. Whoever is late is reminded first, then the case climbs."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders
from anlan.desk.audit.context import acting
from anlan.desk.cases.actions import escalate
from anlan.desk.cases.models import Case
from anlan.desk.clocks.tasks import Task
from anlan.desk.notices.actions import tell

BATCH = 500


def escalate_overdue(now: datetime) -> int:
    """Each open case whose clock ran out climbs one stage."""
    late = Case.objects.filter(is_open=True, climbs_at__lt=now).order_by("climbs_at")[:BATCH]
    with acting("clock"):
        return sum(escalate(case, now) for case in late)


def remind(now: datetime) -> int:
    """Shortly before a clock runs out, whoever may take the next step is told once."""
    soon = Case.objects.filter(
        is_open=True, reminded_at=None, due_at__gt=now, due_at__lt=now + timedelta(hours=24)
    ).order_by("due_at")[:BATCH]
    told = 0
    for case in soon:
        process = case.process
        clock = process.clocks[process.by_name[case.state].clock]
        if clock.remind is None or case.due_at - now > clock.remind:
            continue
        if Case.objects.filter(pk=case.pk, version=case.version, reminded_at=None).update(reminded_at=now):
            told += _tell_next(case)
    return told


def _tell_next(case: Case) -> int:
    permissions = {step.permission for step in case.process.awaited_from(case.state)}
    people = {
        user.pk: user
        for permission in permissions
        for user in holders(permission, region=case.region, organisation=case.organisation)
    }
    return len(
        tell(
            list(people.values()),
            title=_("即将到期：%(number)s") % {"number": case.number},
            body=case.title,
            url=f"/cases/{case.pk}/",
            level=case.level,
            room=case.kind.split(".")[0],
            key=f"remind:{case.pk}:{case.version}",
        )
    )


TASKS = [
    Task("cases.escalate", escalate_overdue, every=timedelta(seconds=20)),
    Task("cases.remind", remind, every=timedelta(seconds=30)),
]
