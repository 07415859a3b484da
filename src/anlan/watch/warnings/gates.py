from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.desk.cases.models import Case
from anlan.watch.warnings.actions import KIND


def seen_by(user) -> QuerySet[Case]:
    return narrow(user, "warnings.see", Case.objects.filter(kind=KIND))
