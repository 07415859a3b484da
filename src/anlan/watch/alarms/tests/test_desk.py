"""The desk after ISA-18.2: states, shelving, suppression, chatter, floods."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.desk.cases.models import Case
from anlan.desk.notices.models import Notice
from anlan.watch.alarms import conditions, floods, tasks
from anlan.watch.alarms.actions import acknowledge, agree, release, retire, shelve, suppress
from anlan.watch.alarms.models import Activation, Alarm, Flood, Inhibition
from anlan.watch.alarms.recording import record
from anlan.watch.alarms.rules import chatters


def soon(**given):
    return timezone.now() + timedelta(**given)


def the_alarm() -> Alarm:
    return Alarm.objects.get()


def cycle(event, number: int, every: float, kind="H", clear=True):
    """The number-th rise of the point, and its clearing two seconds later."""
    episode = uuid4()
    rise = event("raised", kind, episode=episode, seconds=number * every)
    object.__setattr__(rise, "raised_at", rise.at)
    found = [rise]
    if clear:
        found.append(event("cleared", kind, 80.0, episode=episode, seconds=number * every + 2))
    return found


# --- states ----------------------------------------------------------------------------------------------------------
@given(some.sampled_from(["", *conditions.INHIBITIONS]), some.booleans(), some.booleans())
def test_every_combination_of_facts_is_one_state_and_what_is_held_back_is_never_annunciated(held, active, seen):
    state = conditions.state_of(held, active, seen)
    assert state.annunciated == (not held and (active or not seen))
    assert set(conditions.part_9(state.code, seen)) == {
        "AckedState", "ActiveState", "SuppressedState", "ShelvingState", "OutOfServiceState"
    }  # fmt: skip


def test_an_alarm_goes_from_unacknowledged_to_acknowledged_to_normal(event, cast):
    record([event("raised")])
    assert the_alarm().state == "unacknowledged"
    acknowledge(cast.duty, [the_alarm()], "operation")
    alarm = the_alarm()
    assert (alarm.state, alarm.last_act, alarm.last_by) == ("acknowledged", "acknowledged", cast.duty)
    record([event("cleared", value=80.0, seconds=60)])
    assert the_alarm().state == "normal"


def test_a_serious_alarm_that_returned_still_waits_to_be_seen_a_slight_one_does_not(event, cast):
    record([event("raised", "HH"), event("raised"), event("cleared", "HH", 80.0, seconds=9)])
    record([event("cleared", "H", 80.0, seconds=9)])
    states = dict(Alarm.objects.values_list("kind", "state"))
    assert states == {"HH": "returned", "H": "normal"}
    acknowledge(cast.duty, list(Alarm.objects.filter(kind="HH")))
    assert Alarm.objects.get(kind="HH").state == "normal"


# --- shelving --------------------------------------------------------------------------------------------------------
def test_a_shelved_alarm_is_off_the_desk_until_its_time_and_comes_back_with_a_note(event, cast):
    record([event("raised")])
    shelve(cast.duty, [the_alarm()], "maintenance", soon(hours=1), "标定")
    assert the_alarm().state == "shelved"
    acknowledge(cast.duty, [the_alarm()])
    assert tasks.expire(soon(minutes=59)) == 0
    assert tasks.notice(soon(minutes=56)) == 1 and tasks.notice(soon(minutes=57)) == 0
    assert Notice.objects.filter(user=cast.duty, key__startswith="shelf:").exists()
    assert tasks.expire(soon(minutes=61)) == 1
    alarm = the_alarm()
    assert (alarm.state, alarm.acknowledged_at) == ("unacknowledged", None)
    assert "搁置到期" in alarm.note and "标定" in alarm.note
    assert {"alarms.shelve", "alarms.expire"} <= set(Entry.objects.values_list("action", flat=True))


def test_a_new_activation_under_the_shelf_is_shelved_too_and_opens_no_warning(event, cast):
    record([event("raised"), event("cleared", value=80.0, seconds=5)])
    record([event("raised", episode=uuid4(), seconds=1000)])
    cases = Case.objects.count()
    one = Alarm.objects.get(active=True)
    shelve(cast.duty, [one], "fault", soon(hours=1))
    record([event("cleared", value=80.0, seconds=1100, episode=one.episode)])
    later = event("raised", episode=uuid4(), seconds=9000)
    object.__setattr__(later, "raised_at", later.at)
    record([later])
    new = Alarm.objects.get(active=True)
    assert (new.state, new.annunciated_at) == ("shelved", None)
    assert Case.objects.count() == cases
    release(cast.duty, list(Inhibition.objects.all()))
    new.refresh_from_db()
    assert new.state == "unacknowledged" and new.annunciated_at


def test_red_is_never_shelved_by_one_person(event, cast):
    record([event("raised", "HH")])
    shelve(cast.duty, [the_alarm()], "maintenance", soon(minutes=15))
    assert the_alarm().state == "unacknowledged"
    waiting = list(Inhibition.objects.all())
    with pytest.raises(Refused):
        agree(cast.duty, waiting)
    assert the_alarm().state == "unacknowledged"
    assert agree(cast.second_duty, waiting) == 1
    assert the_alarm().state == "shelved"


@pytest.mark.parametrize(
    ("reason", "words", "given"),
    [
        ("", "", {"hours": 1}),
        ("other", " ", {"hours": 1}),
        ("maintenance", "", {"days": 30}),
        ("maintenance", "", {"minutes": -1}),
    ],
)
def test_shelving_wants_a_reason_and_an_end_below_the_ceiling(event, cast, reason, words, given):
    record([event("raised")])
    with pytest.raises(ValidationError):
        shelve(cast.duty, [the_alarm()], reason, soon(**given), words)
    assert not Inhibition.objects.exists()


@pytest.mark.parametrize("part", ["manager", "inspector", "neighbour_duty", "leader"])
def test_who_is_watched_may_not_shelve_what_watches_him_nor_may_others(event, cast, part):
    record([event("raised")])
    for verb in (
        lambda user: shelve(user, [the_alarm()], "maintenance", soon(minutes=15)),
        lambda user: retire(user, [the_alarm()], "maintenance"),
        lambda user: suppress(user, the_alarm().device, "maintenance", "", soon(days=1)),
    ):
        with pytest.raises(Refused):
            verb(getattr(cast, part))


def test_the_same_alarm_lies_on_the_shelf_once(event, cast):
    record([event("raised", "HH")])
    shelve(cast.duty, [the_alarm()], "maintenance", soon(minutes=15))
    with pytest.raises(ValidationError):
        shelve(cast.second_duty, [the_alarm()], "maintenance", soon(minutes=15))


def test_out_of_service_takes_two_and_lasts_until_somebody_puts_it_back(event, cast):
    record([event("raised")])
    retire(cast.duty, [the_alarm()], "fault")
    assert the_alarm().state == "unacknowledged"
    agree(cast.second_duty, list(Inhibition.objects.all()))
    assert the_alarm().state == "out_of_service"
    tasks.expire(soon(days=400))
    assert the_alarm().state == "out_of_service"
    release(cast.duty, list(Inhibition.objects.all()))
    assert the_alarm().state == "unacknowledged"


# --- suppression by design -------------------------------------------------------------------------------------------
def in_status(gauge, status: str) -> None:
    gauge.device.status = status
    gauge.device.save()
    tasks.follow(timezone.now())


@pytest.mark.parametrize("status, why", [("startup", "开停车"), ("maintenance", "检修")])
def test_alarms_of_a_device_that_starts_up_or_is_repaired_are_suppressed_and_return_when_it_is_in_use(
    event, gauge, status, why
):
    in_status(gauge, status)
    record([event("raised")])
    alarm = the_alarm()
    assert (alarm.state, alarm.note, alarm.annunciated_at) == ("suppressed", f"设计抑制：{why}", None)
    assert not Case.objects.exists()
    in_status(gauge, "in_service")
    alarm = the_alarm()
    assert (alarm.state, alarm.note) == ("unacknowledged", f"设计抑制：{why}") and Case.objects.count() == 1


def test_what_is_suppressed_by_design_stands_on_a_page_of_its_own_with_the_reason(event, gauge, cast, signed_in):
    record([event("raised")])
    in_status(gauge, "maintenance")
    client = signed_in(cast.duty)
    page = client.get("/suppressed-alarms/").content.decode()
    assert the_alarm().title in page and "设计抑制：检修" in page
    assert the_alarm().title not in client.get("/alarms/").content.decode()
    assert "报警按设计抑制，现有 1 条" in client.get(f"/devices/{gauge.device_id}/").content.decode()
    assert "设计抑制：检修" in client.get(f"/alarms/{the_alarm().pk}/").content.decode()


def test_a_calendar_suppresses_in_its_hours_only(event, cast, gauge):
    record([event("raised")])
    now = timezone.localtime()
    other = (now.weekday() + 3) % 7
    suppress(cast.duty, gauge.device, "operation", "每周演练", soon(days=30), [[other, "00:00", "23:59"]])
    assert the_alarm().state == "unacknowledged"
    tasks.follow(timezone.now())
    assert the_alarm().state == "unacknowledged"
    tasks.follow(timezone.make_aware((now + timedelta(days=3)).replace(hour=12, tzinfo=None)))
    assert the_alarm().state == "suppressed"


# --- chatter ---------------------------------------------------------------------------------------------------------
def test_forty_cycles_in_an_hour_are_one_alarm_and_no_row_of_history_in_the_list(event):
    for number in range(40):
        record(cycle(event, number, 90))
    alarm = the_alarm()
    assert (alarm.activations, Activation.objects.count(), alarm.chattered) == (40, 39, False)


def test_three_activations_within_a_minute_are_chatter_and_the_warning_hears_of_it_once(event):
    for number in range(9):
        record(cycle(event, number, 10))
    alarm = the_alarm()
    assert (alarm.activations, alarm.chatter, alarm.trouble) == (9, True, "chatter")
    assert Case.objects.get().steps.count() <= 6
    assert tasks.settle(alarm.activated_at + timedelta(seconds=400)) == 1
    alarm.refresh_from_db()
    assert (alarm.chatter, alarm.chattered) == (False, True)
    assert Case.objects.get().data["active"] == 0


def test_a_batch_told_again_and_a_late_end_of_an_earlier_activation_change_nothing(event):
    batches = [cycle(event, number, 30) for number in range(3)]
    for batch in batches:
        record(batch)
    record(cycle(event, 3, 30, clear=False))
    before = Alarm.objects.values().get()
    for batch in batches:
        record(batch)
    assert Alarm.objects.values().get() == before


@given(some.lists(some.floats(0, 1e6), min_size=3, max_size=9).map(sorted))
def test_chatter_is_what_fits_into_the_window(times):
    assert chatters(times, 3, 60) == any(b - a <= 60 for a, b in [(times[-3], times[-1])])


# --- sensor health ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("of", "kind", "found"), [("RANGE", "H", True), ("SPREAD", "L", True), ("MEAN", "H", False)])
def test_stuck_and_out_of_range_are_sensor_health_and_no_safety_alarm(event, of, kind, found):
    one = event("raised")
    object.__setattr__(one, "of", of)
    object.__setattr__(one, "kind", kind)
    record([one])
    assert the_alarm().health is found


# --- floods ----------------------------------------------------------------------------------------------------------
def test_a_flood_begins_above_ten_names_its_first_alarm_and_ends_below_five(event, cast, gauge):
    record([event("raised")])
    first = the_alarm()
    now = timezone.now()
    for _ in range(10):
        first.pk, first.episode, first.active = None, uuid4(), False
        first.annunciated_at = now
        first.raised_at += timedelta(seconds=1)
        first.save(force_insert=True)
    floods.look(now)
    flood = Flood.objects.get(organisation="")
    assert (flood.region, flood.first.active, flood.alarms) == ("999901", True, 11)
    assert [one.pk for one in floods.going_on(cast.duty)] == [flood.pk]
    assert [one.organisation for one in floods.going_on(cast.manager)] == [gauge.device.organisation]
    assert floods.going_on(cast.neighbour_duty) == []
    floods.look(now + timedelta(minutes=5))
    assert Flood.objects.filter(ended_at=None).count() == 2
    floods.look(now + timedelta(minutes=11))
    assert not Flood.objects.filter(ended_at=None).exists()
