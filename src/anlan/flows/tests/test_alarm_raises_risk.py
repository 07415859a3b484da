from anlan.prevent.risks.models import Influence
from anlan.prevent.risks.tests.conftest import BLUE, enterprise, event_of, point, workshop
from anlan.prevent.risks.tests.test_influences import blue, level_of
from anlan.watch.alarms.actions import record

__all__ = ["BLUE", "blue", "enterprise", "event_of", "point", "workshop"]  # fixtures


def test_an_alarm_at_the_facility_raises_its_points_and_its_clearing_ends_it(blue, workshop, event, gauge):
    gauge.device.facility = workshop
    gauge.device.save()
    record([event("raised", "HH", 91.0)])
    assert level_of(blue) == 1
    record([event("raised", "HH", 91.0)])
    assert Influence.objects.count() == 1
    record([event("cleared", "HH", 80.0, seconds=60)])
    assert level_of(blue) == 4


def test_a_silent_sensor_is_no_danger_and_raises_no_risk(blue, workshop, event, gauge):
    gauge.device.facility = workshop
    gauge.device.save()
    record([event("raised", "SILENCE", None)])
    assert not Influence.objects.exists()
