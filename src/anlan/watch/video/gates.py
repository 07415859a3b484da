from datetime import timedelta

from django.db.models import Q, QuerySet

from anlan.desk.access.standing import narrow
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices.models import Device
from anlan.watch.video.models import Camera, Picture

BEFORE = timedelta(seconds=90)
"""A rule with a delay raises its alarm after the picture that began it."""


def seen_by(user) -> QuerySet[Camera]:
    cameras = Camera.objects.exclude(device__status=Device.Status.RETIRED)
    return narrow(user, "video.see", cameras, "device__region", "device__organisation")


def pictures(user) -> QuerySet[Picture]:
    return narrow(user, "video.see", Picture.objects.all(), "device__region", "device__organisation")


def of_alarm(user, alarm: Alarm) -> QuerySet[Picture]:
    """The pictures from just before an alarm was raised until it cleared."""
    span = Q(at__gte=alarm.raised_at - BEFORE)
    if alarm.cleared_at:
        span &= Q(at__lte=alarm.cleared_at)
    return pictures(user).filter(span, point=alarm.point_id).order_by("at")


def near(user, row) -> QuerySet[Camera]:
    """The cameras of the organisation a row belongs to, those of its facility first when it has one."""
    return seen_by(user).filter(device__organisation=row.organisation) if row.organisation else Camera.objects.none()
