"""An alarm about a danger opens a warning, or adds to the open one; its clearing is told to the warning."""

from django.dispatch import receiver

from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm
from anlan.watch.warnings.actions import Occasion, readings_back, warn


@receiver(alarms_moved)
def tell_warning(moves: list[Move], **_):
    for move in moves:
        if move.alarm.health:
            continue
        if move.transition in ("raised", "worsened"):
            _warn(move.alarm)
        elif move.transition == "cleared" and move.alarm.case:
            readings_back(move.alarm.case, move.alarm.title, _active(move.alarm.case_id))


def _warn(alarm: Alarm) -> None:
    device = alarm.device
    subject = f"facility:{device.facility_id}" if device.facility_id else f"device:{device.pk}"
    already = Alarm.objects.filter(case__key=f"warning:{subject}", active=True).exclude(pk=alarm.pk).count()
    case = warn(
        Occasion(
            subject=subject,
            title=alarm.title,
            level=alarm.level,
            region=alarm.region,
            organisation=alarm.organisation,
            at=alarm.raised_at,
            lon=alarm.lon,
            lat=alarm.lat,
            active=already + alarm.active,
        )
    )
    if alarm.case_id != case.pk:
        alarm.case = case
        Alarm.objects.filter(pk=alarm.pk).update(case=case)


def _active(case: int) -> int:
    return Alarm.objects.filter(case=case, active=True).count()
