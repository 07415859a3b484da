from django.db.models import QuerySet

from anlan.desk.access.models import User
from anlan.desk.access.standing import may
from anlan.desk.exchange import sources
from anlan.desk.exchange.declare import Import, imports
from anlan.desk.exchange.models import ImportRun, Leftover, Source


def runs_of(user: User) -> QuerySet[ImportRun]:
    """One's own imports: a file that was uploaded is nobody else's to see."""
    return ImportRun.objects.filter(user_id=user.pk)


def offered_to(user: User) -> list[Import]:
    if not may(user, "exchange.import"):
        return []
    return [entry for entry in imports().values() if may(user, entry.permission)]


def offered_on(user: User, name: str) -> bool:
    """May this person import into the list of this name?"""
    entry = imports().get(name)
    return entry is not None and may(user, "exchange.import") and may(user, entry.permission)


def sources_of(user: User) -> QuerySet[Source]:
    return Source.objects.filter(sources.own(user))


def leftovers_of(user: User) -> QuerySet[Leftover]:
    """What is left of one's own imports, still open."""
    return Leftover.objects.filter(run__user_id=user.pk, settled_at=None).select_related("run", "run__user")
