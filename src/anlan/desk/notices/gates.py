from django.db.models import QuerySet

from anlan.desk.access.gates import accounts_kept_by
from anlan.desk.access.models import User
from anlan.desk.access.standing import may
from anlan.desk.notices.models import Delivery, Notice


def seen_by(user: User) -> QuerySet[Notice]:
    """A person's notices are his own; no post opens another's inbox."""
    return Notice.objects.filter(user_id=user.pk)


def unread(user: User) -> int:
    """The count at the bell; past 99 it is not counted further."""
    return len(seen_by(user).filter(read_at=None).values_list("pk", flat=True)[:100])


def deliveries_seen_by(user: User) -> QuerySet[Delivery]:
    """What left the platform for the accounts this administrator keeps: channel, state and reason, not the words."""
    if not may(user, "notices.deliveries"):
        return Delivery.objects.none()
    return Delivery.objects.filter(notice__user__in=accounts_kept_by(user))
