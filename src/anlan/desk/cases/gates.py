"""Which cases a person sees, and which wait for him. Each kind is opened by its own capability's permission."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from anlan.desk.access.standing import reach
from anlan.desk.cases.models import Case, CaseStep
from anlan.desk.cases.process import Process, Step
from anlan.desk.cases.registry import processes


def room(kind: str) -> str:
    """The capability a kind belongs to; also the name of its list and of its live announcements."""
    return kind.partition(".")[0]


def seen_by(user) -> QuerySet[Case]:
    """The cases of every kind that this person's posts open."""
    reached = {kind: reach(user, f"{room(kind)}.see") for kind in processes()}
    return _any(Q(kind=kind) & condition for kind, condition in reached.items() if condition is not None)


def waiting_for(user, cases: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """The open cases that this person could bring forward now: steps that change the state, are taken by hand, and
    are not kept from him because he took part before."""
    conditions = [
        condition
        for process in processes().values()
        for step in process.steps
        if step.by_hand and step.target and step.awaited and (condition := _may_take(user, process, step)) is not None
    ]
    cases = seen_by(user) if cases is None else cases
    return cases.filter(is_open=True).filter(reduce(or_, conditions)) if conditions else cases.none()


def _may_take(user, process: Process, step: Step) -> Q | None:
    condition = reach(user, step.permission)
    if condition is None:
        return None
    condition &= Q(kind=process.kind, state__in=list(step.source))
    if step.apart_from:
        taken = CaseStep.objects.filter(case=OuterRef("pk"), actor=user.pk, action__in=list(step.apart_from))
        condition &= ~Exists(taken)
    return condition


def _any(conditions) -> QuerySet[Case]:
    found = list(conditions)
    return Case.objects.filter(reduce(or_, found)) if found else Case.objects.none()
