"""An alarm about a danger opens a warning, or adds to the open one; its clearing is told to the warning."""

from collections import defaultdict

from django.dispatch import receiver

from anlan.desk.cases.models import Case
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm
from anlan.watch.warnings.actions import Occasion, readings_back, warn

RISEN = {"raised", "repeated", "worsened", "released"}


@receiver(alarms_moved)
def tell_warning(moves: list[Move], **_):
    """Each thing in danger is told once a batch, by its worst alarm; what is held back says nothing until it is
    free."""
    raised, cleared = defaultdict(dict), {}
    for move in moves:
        alarm = move.alarm
        if alarm.health:
            continue
        if move.transition in RISEN and not alarm.held:
            raised[_subject(alarm)][alarm.pk] = alarm
        elif move.transition == "cleared" and alarm.case_id:
            cleared[alarm.case_id] = alarm
    for subject, alarms in raised.items():
        _warn(subject, list(alarms.values()))
    cases = Case.objects.in_bulk(cleared)
    for number, alarm in cleared.items():
        readings_back(cases[number], alarm.title, _active(number))


def _subject(alarm: Alarm) -> str:
    device = alarm.device
    return f"facility:{device.facility_id}" if device.facility_id else f"device:{device.pk}"


def _warn(subject: str, alarms: list[Alarm]) -> None:
    worst = min(alarms, key=lambda alarm: (alarm.level, alarm.raised_at))
    numbers = [alarm.pk for alarm in alarms]
    already = Alarm.objects.filter(case__key=f"warning:{subject}", active=True).exclude(pk__in=numbers).count()
    case = warn(
        Occasion(
            subject=subject,
            title=worst.title,
            level=worst.level,
            region=worst.region,
            organisation=worst.organisation,
            at=worst.raised_at,
            lon=worst.lon,
            lat=worst.lat,
            active=already + sum(alarm.active for alarm in alarms),
        )
    )
    strange = [alarm for alarm in alarms if alarm.case_id != case.pk]
    for alarm in strange:
        alarm.case = case
    if strange:
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in strange]).update(case=case)


def _active(case: int) -> int:
    return Alarm.objects.filter(case=case, active=True).count()
