"""The main job: an alarm opens a warning, the right people are told, one handles it, another verifies, it closes."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.desk.audit.chain import verify
from anlan.desk.audit.models import Entry
from anlan.desk.cases.actions import SomebodyWasFirst, available, take
from anlan.desk.cases.models import Case
from anlan.desk.notices.models import Notice
from anlan.watch.alarms.actions import record
from anlan.watch.alarms.models import Alarm


@pytest.fixture
def warning(event, cast) -> Case:
    cast.all()
    record([event("raised")])
    return Case.objects.get()


def look(warning: Case, officer, outcome: str = "normal") -> None:
    take(warning, "patrol", officer, words="调看画面和读数。", values={"patrol": outcome})


def told() -> set[str]:
    return set(Notice.objects.values_list("user__username", flat=True))


def test_a_raised_alarm_opens_a_warning_with_the_clock_of_its_colour(warning):
    assert (warning.state, warning.level, warning.is_open) == ("new", 3, True)
    assert (warning.due_at - warning.entered_at).total_seconds() == 30 * 60
    assert Alarm.objects.get().case == warning


def test_those_who_must_act_are_told_and_nobody_else(warning):
    assert told() == {"duty", "second_duty", "town_officer", "manager", "team_leader", "workshop_head"}


def test_silence_opens_no_warning(event, cast):
    record([event("raised", "SILENCE", None)])
    assert not Case.objects.exists()


def test_a_weak_battery_opens_no_warning(event, gauge):
    gauge.health = True
    gauge.save()
    record([event("raised")])
    assert not Case.objects.exists()
    assert Alarm.objects.get().health


def test_a_graver_alarm_of_the_same_device_raises_the_same_warning(warning, event):
    record([event("raised", "HH", 91.0)])
    warning.refresh_from_db()
    assert (Case.objects.count(), warning.level, warning.data["active"]) == (1, 1, 2)
    assert "高高限" in warning.title


def test_the_whole_loop_closes_and_every_step_is_sealed(warning, event, cast):
    take(warning, "confirm", cast.duty)
    take(warning, "attend", cast.manager)
    record([event("cleared", value=70.0, seconds=300)])
    warning.refresh_from_db()
    take(warning, "feedback", cast.manager, words="进料阀关小，液位降至70%。", values={"cause": "operation"})
    look(warning, cast.second_duty)
    take(warning, "verify", cast.second_duty)
    assert (warning.state, warning.is_open, warning.due_at, warning.key) == ("closed", False, None, None)
    actions = list(Entry.objects.order_by("position").values_list("action", flat=True))
    taken = ("open", "confirm", "attend", "normal", "feedback", "patrol", "verify")
    assert actions == [f"warnings.{step}" for step in taken]
    assert list(verify()) == []
    record([event("raised", episode=uuid4(), seconds=900)])
    assert Case.objects.filter(is_open=True).count() == 1, "the next occasion opens a new warning"


def test_whoever_handled_it_may_not_verify_it(warning, event, cast):
    take(warning, "confirm", cast.duty)
    record([event("cleared", value=70.0)])
    warning.refresh_from_db()
    take(warning, "feedback", cast.inspector, words="现场已处置。", values={"cause": "real"})
    with pytest.raises(Refused, match="另一人"):
        take(warning, "verify", cast.inspector)
    assert "verify" not in [step.action for step in available(warning, cast.inspector)]
    look(warning, cast.duty)
    take(warning, "verify", cast.duty)


def test_it_does_not_close_while_readings_are_beyond_their_limit_unless_the_device_is_at_fault(warning, cast):
    take(warning, "attend", cast.manager)
    take(warning, "feedback", cast.manager, words="已处置", values={"cause": "real"})
    with pytest.raises(ValidationError, match="未恢复正常"):
        take(warning, "verify", cast.duty)
    take(warning, "reject", cast.duty, words="读数仍高。")
    take(warning, "feedback", cast.manager, words="液位计故障，已报修。", values={"cause": "fault"})
    look(warning, cast.duty)
    take(warning, "verify", cast.duty)
    assert not warning.is_open


def test_nobody_verifies_before_an_officer_has_looked_and_found_it_normal(warning, event, cast):
    look(warning, cast.duty)
    take(warning, "attend", cast.manager)
    record([event("cleared", value=70.0)])
    warning.refresh_from_db()
    take(warning, "feedback", cast.manager, words="已处置。", values={"cause": "operation"})
    with pytest.raises(ValidationError, match="还没有在线巡查"):
        take(warning, "verify", cast.second_duty)
    look(warning, cast.second_duty, "problem")
    with pytest.raises(ValidationError, match="发现问题"):
        take(warning, "verify", cast.second_duty)
    with pytest.raises(Refused):
        look(warning, cast.manager)
    look(warning, cast.second_duty)
    take(warning, "verify", cast.second_duty)
    assert not warning.is_open


def test_feedback_without_words_or_cause_is_refused_and_changes_nothing(warning, cast):
    take(warning, "attend", cast.manager)
    for brought in ({"words": ""}, {"words": "已处置"}):
        with pytest.raises(ValidationError):
            take(warning, "feedback", cast.manager, **brought)
    warning.refresh_from_db()
    assert warning.state == "handling"


@pytest.mark.parametrize("part", ["other_manager", "neighbour_duty", "other_town_officer", "worker", "stranger"])
def test_those_it_does_not_concern_can_take_no_step(warning, cast, part):
    user = getattr(cast, part) if part != "worker" else cast.stranger
    assert available(warning, user) == []
    with pytest.raises(Refused):
        take(warning, "confirm", user)


def test_of_two_people_at_the_same_instant_the_second_is_told(warning, cast):
    stale = Case.objects.get(pk=warning.pk)
    take(warning, "confirm", cast.duty)
    with pytest.raises(SomebodyWasFirst):
        take(stale, "confirm", cast.second_duty)


def test_the_same_events_again_open_nothing_and_tell_nobody_twice(warning, event):
    notices = Notice.objects.count()
    record([event("raised")])
    assert (Case.objects.count(), Notice.objects.count()) == (1, notices)
