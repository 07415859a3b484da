"""An alarm weighs on the index of its facility, else of its enterprise, while it lasts. Sensor faults are no danger,
and what people hold back (shelved, suppressed by design) weighs nothing."""

from django.dispatch import receiver

from anlan.know.enterprises.models import Enterprise
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm
from anlan.watch.warnings.weighing import Weigh, weigh_all


@receiver(alarms_moved)
def weigh(moves: list[Move], **_signal):
    # Of several moves of one alarm the last one holds.
    alarms = {move.alarm.pk: move.alarm for move in moves if not move.alarm.health}
    if not alarms:
        return
    lasting = {key: alarm for key, alarm in alarms.items() if alarm.active and not alarm.held}
    owners = _enterprises({alarm.organisation for alarm in lasting.values() if not alarm.device.facility_id})
    weigh_all(
        [_weigh(alarm, owners.get(alarm.organisation)) for alarm in lasting.values()],
        ended=[_source(alarm) for key, alarm in alarms.items() if key not in lasting],
    )


def _weigh(alarm: Alarm, enterprise: int | None) -> Weigh:
    return Weigh(
        kind="alarm",
        source=_source(alarm),
        level=alarm.level,
        words=alarm.title,
        region=alarm.region,
        organisation=alarm.organisation,
        facility=alarm.device.facility_id,
        enterprise=enterprise,
        url=f"/alarms/{alarm.pk}/",
        since=alarm.raised_at,
    )


def _source(alarm: Alarm) -> str:
    return f"alarm:{alarm.pk}"


def _enterprises(codes: set[str]) -> dict[str, int]:
    codes = codes - {""}
    return dict(Enterprise.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}
