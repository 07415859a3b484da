"""Instruments at the place of a permit say what the gas is now: their last values, for whoever analyses."""

from datetime import timedelta

from django.utils import timezone

from anlan.flows.alarm_stops_permit import GAS_OF_PROFILE
from anlan.prevent.permits.live_gas import SOURCES, Measured
from anlan.prevent.permits.models import Permit
from anlan.watch.devices.latest import latest
from anlan.watch.devices.models import Device, Point

GAS_OF_KEY = {"o2": "oxygen", "lel": "flammable", "nh3": "NH3", "co": "CO"}
STALE = timedelta(minutes=5)  # an older value says nothing of now


def at_the_place(permit: Permit) -> list[Measured]:
    facilities = {permit.facility_id, permit.space.facility_id if permit.space else None} - {None}
    points = Point.objects.filter(
        device__facility__in=facilities,
        device__status=Device.Status.IN_SERVICE,
        device__profile__in=GAS_OF_PROFILE,
        key__in=GAS_OF_KEY,
    ).select_related("device")
    points = {point.pk: point for point in points} if facilities else {}
    known = (latest(points) or {}) if points else {}
    fresh = timezone.now() - STALE
    return [
        Measured(
            GAS_OF_KEY[point.key], round(known[pk].value, 2), known[pk].at, f"device:{point.device_id}", str(point)
        )
        for pk, point in points.items()
        if pk in known and known[pk].quality == 0 and known[pk].at >= fresh
    ]


if at_the_place not in SOURCES:
    SOURCES.append(at_the_place)
