"""What people are not shown weighs nothing, from when it is held back until it is released."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.prevent.risks.tests.conftest import enterprise, workshop
from anlan.watch.alarms import tasks
from anlan.watch.alarms.actions import release, shelve
from anlan.watch.alarms.models import Alarm, Inhibition
from anlan.watch.alarms.recording import record
from anlan.watch.warnings.models import Contribution

__all__ = ["enterprise", "workshop"]  # fixtures


@pytest.fixture
def weighing(workshop, event, gauge):
    """An alarm at a workshop; says whether it weighs there now."""
    gauge.device.facility = workshop
    gauge.device.save()
    record([event("raised")])
    return lambda: Contribution.objects.filter(facility=workshop, ended_at=None).exists()


def test_an_alarm_under_repair_weighs_no_more_until_the_device_is_in_use(weighing, gauge):
    assert weighing()
    for status, weighs in (("maintenance", False), ("in_service", True)):
        gauge.device.status = status
        gauge.device.save()
        tasks.follow(timezone.now())
        assert weighing() == weighs


def test_a_shelved_alarm_weighs_no_more_until_it_is_released(weighing, cast):
    shelve(cast.duty, [Alarm.objects.get()], "known", timezone.now() + timedelta(hours=1))
    assert not weighing()
    release(cast.duty, list(Inhibition.objects.all()))
    assert weighing()
