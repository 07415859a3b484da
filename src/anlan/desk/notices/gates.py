from django.db.models import QuerySet

from anlan.desk.access.models import User
from anlan.desk.notices.models import Notice


def seen_by(user: User) -> QuerySet[Notice]:
    """A person's notices are his own; no post opens another's inbox."""
    return Notice.objects.filter(user_id=user.pk)


def unread(user: User) -> int:
    """The count at the bell; past 99 it is not counted further."""
    return len(seen_by(user).filter(read_at=None).values_list("pk", flat=True)[:100])
