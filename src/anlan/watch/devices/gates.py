from django.db.models import QuerySet

from anlan.desk.access.standing import may, narrow
from anlan.watch.devices.models import DeadLetter, Device, Point, Rule, Stranger


def seen_by(user) -> QuerySet[Device]:
    return narrow(user, "devices.see", Device.objects.exclude(status=Device.Status.RETIRED))


def gateways_for(user) -> QuerySet[Device]:
    """The gateways behind which somebody may put a device."""
    running = Device.objects.filter(is_gateway=True).exclude(status=Device.Status.RETIRED)
    return narrow(user, "devices.change", running)


def points_seen_by(user) -> QuerySet[Point]:
    return narrow(user, "devices.see", Point.objects.all(), "device__region", "device__organisation")


def rules_seen_by(user) -> QuerySet[Rule]:
    rules = Rule.objects.exclude(point__device__status=Device.Status.RETIRED)
    return narrow(user, "devices.see", rules, "point__device__region", "point__device__organisation")


def dead_letters(user) -> QuerySet[DeadLetter]:
    """A message nobody could read may belong to anybody: only those who operate the platform see it."""
    return DeadLetter.objects.all() if may(user, "devices.letters") else DeadLetter.objects.none()


def strangers(user) -> QuerySet[Stranger]:
    """Who is not registered belongs to nobody yet: only those who admit devices see him."""
    return Stranger.objects.all() if may(user, "devices.admit") else Stranger.objects.none()
