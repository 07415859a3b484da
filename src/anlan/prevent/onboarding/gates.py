"""The only door to adoptions."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.know.enterprises import gates as enterprises
from anlan.know.enterprises.models import Enterprise
from anlan.prevent.onboarding.models import Adoption

ADOPT = "onboarding.adopt"


def seen_by(user) -> QuerySet[Adoption]:
    return narrow(user, ADOPT, Adoption.objects.all())


def enterprises_of(user) -> QuerySet[Enterprise]:
    """Those for which this person may take over a template."""
    return enterprises.seen_by(user, ADOPT).exclude(status=Enterprise.Status.CLOSED)
