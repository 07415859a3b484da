"""The only doors to figures, targets and values."""

from django.db.models import QuerySet

from anlan.desk.access.standing import may, narrow, posts_for
from anlan.desk.measures.models import Assessment, FigureValue, MeasureValue, Target

SEE, ENTER, TARGET = "measures.see", "measures.enter", "measures.target"


def figures_seen_by(user) -> QuerySet[FigureValue]:
    return narrow(user, SEE, FigureValue.objects.all())


def targets_seen_by(user) -> QuerySet[Target]:
    return narrow(user, SEE, Target.objects.all())


def values_seen_by(user) -> QuerySet[MeasureValue]:
    return narrow(user, SEE, MeasureValue.objects.all())


def assessments_seen_by(user) -> QuerySet[Assessment]:
    return narrow(user, "assessments.see", Assessment.objects.all())


def own_region(user) -> str:
    """The region of the person's widest post that sees measures."""
    return min((post.region for post in posts_for(user, SEE)), key=len, default="")


def reaches(user, region: str) -> bool:
    return may(user, SEE, region=region, organisation="")
