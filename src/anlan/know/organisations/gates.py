"""The only doors to organisations, people and positions."""

from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.know.organisations.models import Organisation, Person, Position


def seen_by(user, permission: str = "organisations.see") -> QuerySet[Organisation]:
    return narrow(user, permission, Organisation.objects.all())


def people_seen_by(user, permission: str = "people.see") -> QuerySet[Person]:
    """A government post sees whom it may call in its region; an enterprise post its own people."""
    return narrow(user, permission, Person.objects.filter(active=True))


def positions_seen_by(user, permission: str = "people.see") -> QuerySet[Position]:
    positions = Position.objects.filter(person__active=True)
    return narrow(user, permission, positions, "person__region", "person__organisation")
