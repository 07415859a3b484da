from django.db.models import Q, QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.alarms.conditions import HELD
from anlan.watch.alarms.models import Alarm, Inhibition


def seen_by(user) -> QuerySet[Alarm]:
    return narrow(user, "alarms.see", Alarm.objects.all())


def safety(user) -> QuerySet[Alarm]:
    """What tells about a danger."""
    return seen_by(user).filter(health=False)


def desk(user) -> QuerySet[Alarm]:
    """What tells about a danger and is before people now: one line per point and rule, no history."""
    return safety(user).filter(rank__lt=HELD)


def health(user) -> QuerySet[Alarm]:
    """What tells about the sensor itself."""
    return seen_by(user).filter(health=True)


def suppressed(user) -> QuerySet[Alarm]:
    """What would be before people now, were it not held back by design: the device starts up, is repaired …"""
    return safety(user).filter(active=True, held="suppressed")


def troubled(user) -> QuerySet[Alarm]:
    """Sensors that need care now: silent, stuck, out of range, chattering."""
    return seen_by(user).filter(Q(health=True, rank__lt=HELD) | Q(chatter=True))


def shelf(user) -> QuerySet[Inhibition]:
    """What is held back, or waits for a second person."""
    return inhibitions(user).filter(ended_at=None)


def inhibitions(user) -> QuerySet[Inhibition]:
    return narrow(user, "alarms.see", Inhibition.objects.all())
