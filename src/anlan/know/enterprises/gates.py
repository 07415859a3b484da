"""The only door to enterprises: government posts by region, enterprise posts their own file alone."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.know.enterprises.models import Enterprise


def seen_by(user, permission: str = "enterprises.see") -> QuerySet[Enterprise]:
    return narrow(user, permission, Enterprise.objects.all())
