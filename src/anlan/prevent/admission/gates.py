"""The only doors: government posts by region, enterprise posts the contractors that work for their own enterprise."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.prevent.admission.models import Contractor, Entry, Staff, Violation

SEE = "admission.see"


def seen_by(user, permission: str = SEE) -> QuerySet[Contractor]:
    return narrow(user, permission, Contractor.objects.all())


def staff_seen_by(user, permission: str = SEE) -> QuerySet[Staff]:
    return narrow(user, permission, Staff.objects.all())


def entries_seen_by(user, permission: str = SEE) -> QuerySet[Entry]:
    return narrow(user, permission, Entry.objects.all())


def violations_seen_by(user, permission: str = SEE) -> QuerySet[Violation]:
    return narrow(user, permission, Violation.objects.all())
