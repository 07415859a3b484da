"""The only door to facilities: government posts by region, enterprise posts those of their own enterprise."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.know.facilities.models import Facility


def seen_by(user, permission: str = "facilities.see") -> QuerySet[Facility]:
    return narrow(user, permission, Facility.objects.all())
