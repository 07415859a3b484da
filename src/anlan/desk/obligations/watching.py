"""Reminds before the deadline, marks what is late, and tells the next one above, stage by stage."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anlan.desk.audit.chain import Act, append
from anlan.desk.audit.context import acting
from anlan.desk.notices.live import announce
from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.gates import MEET
from anlan.desk.obligations.models import Obligation
from anlan.desk.obligations.telling import Telling

BATCH = 500
State = Obligation.State


@transaction.atomic
def remind(now: datetime) -> int:
    """Tells those bound once for each reminder of the rule; the tightest one when several were missed."""
    today, telling, told = timezone.localdate(now), Telling(late=False), 0
    longest = max((days for rule in rules().values() for days in rule.remind), default=0)
    soon = Obligation.objects.filter(
        state=State.PENDING, due_on__gte=today, due_on__lte=today + timedelta(days=longest)
    ).order_by("due_at")
    steps: dict[int, list[int]] = {}
    for row in soon.iterator(chunk_size=BATCH):
        step = row.by.tightest((row.due_on - today).days) if row.by else None
        if step is None or (row.reminded is not None and row.reminded <= step):
            continue
        steps.setdefault(step, []).append(row.pk)
        told += telling.add(row, MEET, f"remind:{step}")
    for step, rows in steps.items():
        for first in range(0, len(rows), BATCH):
            Obligation.objects.filter(pk__in=rows[first : first + BATCH]).update(reminded=step)
    return told + telling.finish()


@transaction.atomic
def escalate(now: datetime) -> int:
    """What is past its deadline becomes overdue, and climbs one stage at a time. What was handed in waits."""
    waiting = (State.PENDING, State.OVERDUE)
    late = Obligation.objects.filter(is_open=True, state__in=waiting, climbs_at__lte=now).order_by("climbs_at")[:BATCH]
    telling = Telling(late=True)
    with acting("obligations"):
        acts = [act for row in late if (act := _climb(row, telling))]
        telling.finish()
        append(*acts)
    return len(acts)


def _climb(row: Obligation, telling: Telling) -> Act | None:
    """One stage up; None when somebody acted meanwhile."""
    stages = row.by.escalate if row.by else ()
    stage = row.escalations
    climbs_at = row.due_at + timedelta(days=stages[stage].after) if stage < len(stages) else None
    changed = Obligation.objects.filter(pk=row.pk, state=row.state, version=row.version, escalations=stage).update(
        state=State.OVERDUE, escalations=F("escalations") + 1, climbs_at=climbs_at, version=F("version") + 1
    )
    if not changed:
        return None
    whom = MEET if stage == 0 else stages[stage - 1].whom
    telling.add(row, whom, f"late:{stage}")
    announce("obligations", [row.pk], row.region, row.organisation)
    return Act(
        action="obligations.escalate",
        subject=f"obligation:{row.pk}",
        region=row.region,
        organisation=row.organisation,
        data={"rule": row.rule, "subject": row.subject, "stage": stage, "told": whom},
    )
