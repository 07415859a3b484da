"""The safety manager's desk: what is mine to do today, what is red, what is due. A fixed number of questions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.standing import posts_for
from anlan.desk.obligations.models import Obligation
from anlan.desk.registers.coverage import lacking_of
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.know.enterprises.subjects import subject_of
from anlan.prevent.checks.models import Task
from anlan.prevent.hazards.models import Grade as Gravity
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.onboarding.gates import ADOPT
from anlan.prevent.onboarding.progress import steps
from anlan.prevent.risks.models import Point
from anlan.prevent.supervision.models import Grade, Visit

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Tile:
    """One number and where it leads. `urgent`: something is late or red; said in words too."""

    title: Any
    count: int
    url: str
    urgent: int = 0
    urgent_words: Any = ""


def own_enterprise(user) -> Enterprise | None:
    """The one enterprise of an enterprise post; none for officers."""
    codes = {post.organisation for post in posts_for(user, ADOPT)}
    found = list(Enterprise.objects.filter(code__in=codes).prefetch_related("categories")[:2]) if codes else []
    return found[0] if len(found) == 1 else None


def context(user, _row) -> dict | None:
    enterprise = own_enterprise(user)
    if enterprise is None:
        return None
    today = timezone.localdate()
    loop = steps(enterprise)
    grade = Grade.objects.filter(pk=enterprise.pk).defer("explanation").first()
    visit = Visit.objects.filter(enterprise=enterprise, state=Visit.State.PLANNED, due_on__gte=today).order_by("due_on")
    return {
        "enterprise": enterprise,
        "grade": grade,
        "visit": visit.first() if grade else None,
        "tiles": _tiles(enterprise),
        "lacking": [(one, _form(one)) for one in lacking_of("enterprises", subject_of(enterprise), today)],
        "gap": _expense_gap(enterprise),
        "steps": [] if all(step.done for step in loop[:5]) else loop,
    }


def _tiles(enterprise: Enterprise) -> list[Tile]:
    now, code = timezone.now(), enterprise.code
    points = Point.objects.filter(organisation=code, in_use=True).aggregate(
        red=Count("pk", filter=Q(dynamic_level=1)), orange=Count("pk", filter=Q(dynamic_level=2))
    )
    dangers = Hazard.objects.filter(organisation=code, is_open=True).aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(cancel_by__lt=now) | Q(grade=Gravity.MAJOR))
    )
    checks = Task.objects.filter(organisation=code, state=Task.State.OPEN).aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))
    )
    duties = Obligation.objects.filter(organisation=code, is_open=True, due_at__lt=now + SOON).aggregate(
        soon=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))
    )
    return [
        Tile(_("待检查"), checks["open"], "/checks/?state=open", checks["late"], _("逾期")),
        Tile(_("未销号隐患"), dangers["open"], "/hazards/?open=1", dangers["late"], _("重大或超期")),
        Tile(_("红橙风险点"), points["red"] + points["orange"], "/risks/?level=1&level=2", points["red"], _("红色")),
        Tile(_("七天内应办"), duties["soon"], "/obligations/?open=1", duties["late"], _("逾期")),
    ]


def _form(coverage) -> str:
    """Where what is lacking is entered."""
    return f"/{record_types()[coverage.held[0].type].list_name}/new/"


def _expense_gap(enterprise: Enterprise) -> dict | None:
    """The expenses of the latest closed year that were not used."""
    closed = Record.objects.filter(
        type="safety_expenses", organisation=enterprise.code, status=Record.Status.IN_FORCE, stage="closed"
    )
    gaps = [record for record in closed.only("data", "title") if record.data.get("gap")]
    latest = max(gaps, key=lambda record: record.data["year"], default=None)
    return latest and {"year": latest.data["year"], "gap": latest.data["gap"], "pk": latest.pk}
