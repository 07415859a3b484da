"""The only doors: government posts by region, enterprise posts what belongs to their own enterprise."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.prevent.permits.models import Permit, SmallWork, Space

SEE = "permits.see"
LIVE = ("issued", "working", "interrupted", "suspended", "finished")


def seen_by(user, permission: str = SEE) -> QuerySet[Permit]:
    return narrow(user, permission, Permit.objects.all())


def live_seen_by(user, permission: str = SEE) -> QuerySet[Permit]:
    """Issued and not yet closed: what is or may be going on now."""
    return seen_by(user, permission).filter(is_open=True, state__in=LIVE)


def spaces_seen_by(user, permission: str = "spaces.see") -> QuerySet[Space]:
    return narrow(user, permission, Space.objects.all())


def small_works_seen_by(user, permission: str = "small-works.see") -> QuerySet[SmallWork]:
    return narrow(user, permission, SmallWork.objects.all())


def by_token(token: str) -> Permit | None:
    """Whoever holds the printed permit may see whether it is valid now, and nothing else of it."""
    return Permit.objects.filter(token=token).select_related("enterprise", "case").first() if token else None
