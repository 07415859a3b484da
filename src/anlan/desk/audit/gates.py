from django.db.models import QuerySet

from anlan.desk.access.models import User
from anlan.desk.access.standing import narrow
from anlan.desk.audit.models import Entry


def seen_by(user: User) -> QuerySet[Entry]:
    """What happened in the audit administrator's region; one for the whole also sees what belongs to no region."""
    return narrow(user, "audit.see", Entry.objects.all())
