from django.db.models import QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.alarms.models import Alarm


def seen_by(user) -> QuerySet[Alarm]:
    return narrow(user, "alarms.see", Alarm.objects.all())


def safety(user) -> QuerySet[Alarm]:
    """What tells about a danger."""
    return seen_by(user).filter(health=False)


def health(user) -> QuerySet[Alarm]:
    """What tells about the sensor itself."""
    return seen_by(user).filter(health=True)
