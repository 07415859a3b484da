"""Reminds before the deadline, marks what is late, and tells the next one above, stage by stage."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import holders
from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.notices.actions import tell
from anlan.desk.notices.live import announce
from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.gates import MEET
from anlan.desk.obligations.models import Obligation

BATCH = 500
State = Obligation.State


def remind(now: datetime) -> int:
    """Tells those bound once for each reminder of the rule; the tightest one when several were missed."""
    today = timezone.localdate(now)
    longest = max((days for rule in rules().values() for days in rule.remind), default=0)
    soon = Obligation.objects.filter(
        state=State.PENDING, due_on__gte=today, due_on__lte=today + timedelta(days=longest)
    ).order_by("due_at")
    told = 0
    for row in soon:  # read to the end first: SQLite refuses to write behind a reading that is still open
        step = row.by.tightest((row.due_on - today).days) if row.by else None
        if step is None or (row.reminded is not None and row.reminded <= step):
            continue
        if Obligation.objects.filter(pk=row.pk, state=row.state, reminded=row.reminded).update(reminded=step):
            told += _tell(row, MEET, _("即将到期：%(title)s") % {"title": row.title}, f"remind:{step}")
    return told


def escalate(now: datetime) -> int:
    """What is past its deadline becomes overdue, and climbs one stage at a time. What was handed in waits."""
    waiting = (State.PENDING, State.OVERDUE)
    late = Obligation.objects.filter(is_open=True, state__in=waiting, climbs_at__lte=now).order_by("climbs_at")[:BATCH]
    with acting("obligations"):
        return sum(_climb(row) for row in late)


@transaction.atomic
def _climb(row: Obligation) -> bool:
    stages = row.by.escalate if row.by else ()
    stage = row.escalations
    following = stages[stage].after if stage < len(stages) else None
    climbs_at = None if following is None else row.due_at + timedelta(days=following)
    changed = Obligation.objects.filter(pk=row.pk, state=row.state, version=row.version, escalations=stage).update(
        state=State.OVERDUE, escalations=F("escalations") + 1, climbs_at=climbs_at, version=F("version") + 1
    )
    if not changed:
        return False
    whom = MEET if stage == 0 else stages[stage - 1].whom
    _tell(row, whom, _("已逾期：%(title)s") % {"title": row.title}, f"late:{stage}")
    announce("obligations", [row.pk], row.region, row.organisation)
    append(
        Act(
            action="obligations.escalate",
            subject=f"obligation:{row.pk}",
            region=row.region,
            organisation=row.organisation,
            data={"rule": row.rule, "subject": row.subject, "stage": stage, "told": whom},
        )
    )
    return True


def _tell(row: Obligation, permission: str, title: str, step: str) -> int:
    """Those nearest to the subject: its own organisation, else those posted to its very region, else whoever may."""
    people = holders(permission, region=row.region, organisation=row.organisation)
    own = people.filter(posts__organisation=row.organisation) if row.organisation else people.none()
    nearest = people.filter(posts__region=row.region)
    chosen = next((found for found in (list(own.distinct()), list(nearest.distinct())) if found), None)
    return len(
        tell(
            list(people) if chosen is None else chosen,
            title=title,
            body=f"{row.subject_title} · {_('期限')} {row.due_on:%Y-%m-%d}",
            url=f"/obligations/{row.pk}/",
            level=row.by.level if row.by else None,
            room="obligations",
            key=f"obligation:{row.pk}:{step}",
        )
    )
