"""The only doors to risks: government posts by region, enterprise posts what belongs to their own enterprise."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.cases.models import Case
from anlan.prevent.risks.models import (
    Agreement,
    Control,
    DisasterPoint,
    Disclosure,
    Event,
    FloorPlan,
    Point,
    SharedWarning,
)
from anlan.prevent.risks.states import KIND

SEE = "risks.see"


def seen_by(user, permission: str = SEE) -> QuerySet[Point]:
    return narrow(user, permission, Point.objects.all())


def major_seen_by(user) -> QuerySet[Point]:
    """Red ones: judged so by the enterprise or kept so by the region, whichever is worse stands first at once."""
    return seen_by(user).filter(in_use=True, dynamic_level=1)


def events_seen_by(user) -> QuerySet[Event]:
    return narrow(user, SEE, Event.objects.all(), "point__region", "point__organisation")


def controls_seen_by(user) -> QuerySet[Control]:
    return narrow(user, SEE, Control.objects.filter(in_use=True), "point__region", "point__organisation")


def plans_seen_by(user, permission: str = SEE) -> QuerySet[FloorPlan]:
    return narrow(user, permission, FloorPlan.objects.filter(in_use=True))


def reports_seen_by(user) -> QuerySet[Case]:
    return narrow(user, "risk-reports.see", Case.objects.filter(kind=KIND))


def disclosures_seen_by(user) -> QuerySet[Disclosure]:
    return narrow(user, SEE, Disclosure.objects.all())


def agreements_seen_by(user) -> QuerySet[Agreement]:
    return narrow(user, "joint-control.see", Agreement.objects.all())


def sharings_seen_by(user, permission: str = "joint-control.see") -> QuerySet[SharedWarning]:
    """Both sides see it: who was told, and who told."""
    told = narrow(user, permission, SharedWarning.objects.all())
    return told | narrow(user, permission, SharedWarning.objects.all(), region="from_region")


def disasters_seen_by(user, permission: str = "disaster-points.see") -> QuerySet[DisasterPoint]:
    return narrow(user, permission, DisasterPoint.objects.all())
