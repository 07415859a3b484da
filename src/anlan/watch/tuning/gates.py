"""The only doors: whoever sees a device sees what is asked of its rules; trials are seen by those who may make them."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.tuning.models import Change, Trial


def seen_by(user) -> QuerySet[Change]:
    return narrow(user, "devices.see", Change.objects.all())


def trials_seen_by(user) -> QuerySet[Trial]:
    return narrow(user, "tuning.try", Trial.objects.all())
