"""A gas alarm where people work stops the work: the permit is suspended, its leader ordered out, the duty told."""

from django.dispatch import receiver

from anlan.desk.access.standing import holders
from anlan.desk.notices.actions import tell
from anlan.prevent.permits.actions import stop_at
from anlan.prevent.permits.models import Permit
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm

# What each kind of instrument warns of, as permits call it.
GAS_OF_PROFILE = {
    "oxygen": "oxygen",
    "combustible_gas": "flammable",
    "ammonia_gas": "toxic",
    "carbon_monoxide": "toxic",
}


@receiver(alarms_moved)
def stop_work(moves: list[Move], **_signal):
    for move in moves:
        alarm = move.alarm
        gas = GAS_OF_PROFILE.get(alarm.device.profile)
        graver = move.transition in ("raised", "repeated", "worsened")
        if gas is None or alarm.health or not graver or not alarm.device.facility_id:
            continue
        for permit in stop_at(alarm.device.facility_id, gas, alarm.title):
            _tell_duty(permit, alarm)


def _tell_duty(permit: Permit, alarm: Alarm) -> None:
    tell(
        holders("permits.supervise", region=permit.region),
        title=f"{permit.number} {permit.case.state_title}",
        body=f"{alarm.title} · {permit.place}",
        url=f"/cases/{permit.pk}/",
        level=1,
        room="permits",
        key=f"permit-alarm:{permit.pk}:{alarm.pk}",
    )
