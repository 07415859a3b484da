"""The brake on guessing from one address over many accounts."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from anlan.desk.access.models import FailingAddress

SPAN = timedelta(minutes=10)


def blocked(address: str) -> bool:
    since = timezone.now() - SPAN
    return FailingAddress.objects.filter(
        address=address, since__gte=since, failures__gte=settings.FAILURES_PER_ADDRESS
    ).exists()


@transaction.atomic
def failed(address: str) -> int:
    """Counts a failure; answers how many there are in the running span."""
    now = timezone.now()
    FailingAddress.objects.get_or_create(address=address, defaults={"since": now})
    FailingAddress.objects.filter(address=address, since__lt=now - SPAN).update(since=now, failures=0)
    FailingAddress.objects.filter(address=address).update(failures=F("failures") + 1)
    return FailingAddress.objects.get(address=address).failures


def sweep(now) -> int:
    return FailingAddress.objects.filter(since__lt=now - SPAN).delete()[0]
