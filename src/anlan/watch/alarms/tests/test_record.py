"""What the pipeline says becomes alarms: once each, whatever is repeated, lost or doubled."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anlan.desk.access.standing import Refused
from anlan.watch.alarms.actions import acknowledge, record
from anlan.watch.alarms.gates import health, safety
from anlan.watch.alarms.models import Alarm


def test_a_raised_event_becomes_an_active_alarm_at_the_place_of_its_device(event, gauge):
    record([event("raised")])
    alarm = Alarm.objects.get()
    assert (alarm.active, alarm.level, alarm.limit, alarm.region) == (True, 3, 85, gauge.device.region)
    assert alarm.cell == gauge.device.cell
    assert "1号储罐液位计 液位" in alarm.title


def test_the_same_event_twice_is_one_alarm(event):
    record([event("raised"), event("raised")])
    record([event("raised")])
    assert Alarm.objects.count() == 1


def test_a_cleared_event_ends_the_alarm_and_a_late_repeat_of_the_rise_does_not_reopen_it(event):
    record([event("raised"), event("cleared", value=80.0, seconds=60)])
    record([event("raised")])
    alarm = Alarm.objects.get()
    assert not alarm.active and alarm.cleared_at


def test_an_alarm_whose_clock_was_put_back_meanwhile_does_not_end_before_it_began(event):
    record([event("raised"), event("cleared", value=80.0, seconds=-3600)])
    alarm = Alarm.objects.get()
    assert not alarm.active and alarm.cleared_at == alarm.raised_at


def test_a_clearing_whose_rise_was_never_seen_is_kept_as_a_finished_episode(event):
    record([event("cleared", value=80.0, seconds=60)])
    assert Alarm.objects.get().active is False


def test_a_new_episode_ends_the_one_before_it_instead_of_standing_beside_it(event):
    record([event("raised")])
    record([event("raised", episode=uuid4(), seconds=90)])
    assert list(Alarm.objects.order_by("pk").values_list("active", flat=True)) == [False, True]


def test_the_database_itself_refuses_a_second_active_alarm_of_one_point_and_rule(event):
    record([event("raised")])
    alarm = Alarm.objects.select_related("device", "point").get()
    alarm.pk, alarm.episode = None, uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        alarm.save(force_insert=True)


def test_the_worst_value_and_the_count_follow_the_episode(event):
    record(
        [
            event("raised"),
            event("worsened", value=88.5, seconds=5, count=3),
            event("eased", value=86.0, seconds=9, count=3),
        ]
    )
    alarm = Alarm.objects.get()
    assert (alarm.value, alarm.worst, alarm.count) == (86.0, 88.5, 3)


def test_an_event_of_a_deleted_point_is_passed_over(event, gauge):
    gone = event("raised")
    gauge.device.delete()
    assert record([gone]) == []


def test_silence_is_sensor_health_and_no_safety_alarm(event, cast):
    record([event("raised", "SILENCE", None), event("raised")])
    assert [alarm.kind for alarm in safety(cast.duty)] == ["H"]
    assert [alarm.kind for alarm in health(cast.duty)] == ["SILENCE"]


def test_nobody_outside_region_and_enterprise_sees_the_alarm(event, cast):
    record([event("raised")])
    seers = {part for part, user in cast.all().items() if safety(user).exists()}
    government = {"duty", "second_duty", "inspector", "second_inspector", "leader", "town_officer"}
    assert seers == government | {"manager", "team_leader", "head", "workshop_head"}


def test_acknowledging_says_who_and_why_once(event, cast):
    record([event("raised")])
    assert acknowledge(cast.duty, list(Alarm.objects.all()), "operation") == 1
    assert acknowledge(cast.manager, list(Alarm.objects.all()), "fault") == 0
    alarm = Alarm.objects.get()
    assert (alarm.acknowledged_by, alarm.cause) == (cast.duty, "operation")


@pytest.mark.parametrize("part", ["inspector", "leader", "other_manager", "neighbour_duty", "stranger"])
def test_others_may_not_acknowledge(event, cast, part):
    record([event("raised")])
    with pytest.raises(Refused):
        acknowledge(getattr(cast, part), list(Alarm.objects.all()))
    assert Alarm.objects.get().acknowledged_at is None


def test_a_cause_outside_the_list_is_refused(event, cast):
    record([event("raised")])
    with pytest.raises(ValidationError):
        acknowledge(cast.duty, list(Alarm.objects.all()), "whim")
