from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.cases.models import Case
from anlan.watch.warnings.actions import KIND
from anlan.watch.warnings.models import ColourChange, OnlinePatrol, Report, Scope, Standing

SEE = "warnings.see"


def seen_by(user) -> QuerySet[Case]:
    return narrow(user, SEE, Case.objects.filter(kind=KIND))


def standings_seen_by(user) -> QuerySet[Standing]:
    return narrow(user, SEE, Standing.objects.all())


def enterprises_seen_by(user) -> QuerySet[Standing]:
    return standings_seen_by(user).filter(scope=Scope.ENTERPRISE)


def changes_seen_by(user) -> QuerySet[ColourChange]:
    return narrow(user, SEE, ColourChange.objects.all())


def patrols_seen_by(user) -> QuerySet[OnlinePatrol]:
    return narrow(user, SEE, OnlinePatrol.objects.all())


def reports_seen_by(user) -> QuerySet[Report]:
    return narrow(user, SEE, Report.objects.all())
