"""Reviews: what asks for one opens an obligation with a clock, and evaluating the point again meets it.

The rules themselves (what triggers, how long) stand in the pack `risk_control`.
"""

from datetime import datetime

from anlan.desk.obligations import gates as obligations
from anlan.desk.obligations.actions import meet as meet_obligation
from anlan.desk.obligations.generating import trigger as bind
from anlan.desk.obligations.models import Obligation
from anlan.desk.subjects.declare import Subject
from anlan.prevent.risks.models import Point
from anlan.prevent.risks.rules import TRIGGERS

EVENT = "risks.review"


def subject(point: Point) -> Subject:
    return Subject(
        key=f"risk-point:{point.pk}",
        region=point.region,
        organisation=point.organisation,
        facts={"side": "enterprise", "kind": point.kind, "level": point.level},
        title=point.name,
        url=f"/risks/{point.pk}/",
    )


def ask(point: Point, trigger: str, at: datetime, words: str = "") -> int:
    """Binds the point's owner to evaluate it anew. One open request of one trigger a day is enough."""
    if trigger not in TRIGGERS:
        raise ValueError(f"{trigger!r} is none of {', '.join(TRIGGERS)}")
    return bind(EVENT, subject(point), at, f"{trigger}:{at:%Y-%m-%d}")


def meet(user, point: Point, words: str) -> int:
    """Every open request to review this point that this person may meet is met. Answers how many."""
    waiting = Obligation.objects.filter(subject=f"risk-point:{point.pk}", is_open=True)
    rows = list(obligations.to_meet(user, waiting))
    for row in rows:
        meet_obligation(row, user, words=words)
    return len(rows)
