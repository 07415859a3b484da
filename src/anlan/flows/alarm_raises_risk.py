"""An alarm at a facility makes the risk points on it worse until it clears. Sensor faults are no danger and do not."""

from collections import defaultdict

from django.dispatch import receiver

from anlan.prevent.risks.influences import Raise, raise_all
from anlan.prevent.risks.models import Influence, Point
from anlan.watch.alarms.announcements import Move, alarms_moved


@receiver(alarms_moved)
def tell_risks(moves: list[Move], **_signal):
    safety = [move for move in moves if not move.alarm.health and move.alarm.device.facility_id]
    points = _points({move.alarm.device.facility_id for move in safety})
    if not points:
        return
    last = {move.alarm.pk: move for move in safety}  # of several moves of one alarm the last one holds
    raises, ended = [], []
    for move in last.values():
        alarm = move.alarm
        if not alarm.active:
            ended.append(f"alarm:{alarm.pk}")
            continue
        raises += [
            Raise(point=point, source=f"alarm:{alarm.pk}", level=alarm.level, words=alarm.title)
            for point in points[alarm.device.facility_id]
        ]
    ended = list(Influence.objects.filter(source__in=ended, ended_at=None).values_list("source", flat=True).distinct())
    if raises or ended:
        raise_all(raises, ended)


def _points(facilities: set[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    if facilities:
        rows = Point.objects.filter(facility__in=facilities, in_use=True).values_list("facility", "pk")
        for facility, pk in rows:
            found[facility].append(pk)
    return found
