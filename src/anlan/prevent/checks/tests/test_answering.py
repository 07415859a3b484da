from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.prevent.checks import sheets
from anlan.prevent.checks.actions import Given, answer, answer_all, finish, hand_over, withdraw
from anlan.prevent.checks.models import Answer, Proof, Tally, Task
from anlan.prevent.checks.planning import derive, generate
from anlan.prevent.checks.rules import Item
from anlan.prevent.hazards.models import Hazard
from anlan.prevent.hazards.models import SelfCheck as HazardSelfCheck

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(cast):
    return cast.worker


@pytest.fixture
def daily(risk, works, cast):
    derive(cast.manager, works.a)
    generate(timezone.now())
    return Task.objects.get(level="post")


@pytest.fixture
def weekly(daily):
    return Task.objects.get(level="workshop")


def _key(control) -> str:
    return f"c{control.pk}"


def test_a_control_that_holds_is_proven_until_it_is_to_be_looked_at_again(daily, risk, worker):
    before = Proof.objects.get(control=risk.level).due_at
    answer(worker, daily, Given(item=_key(risk.level), verdict="ok"), at=timezone.now() + timedelta(days=1))
    proof = Proof.objects.get(control=risk.level)
    assert proof.verdict == "ok"
    assert proof.due_at == before + timedelta(days=1)
    assert not Hazard.objects.exists()


def test_a_control_that_failed_is_a_hidden_danger_at_once_and_no_longer_proven(daily, risk, worker):
    kept = answer(worker, daily, Given(item=_key(risk.valve), verdict="not", note="根部阀半关"))
    hazard = Hazard.objects.get()
    assert kept.hazard == hazard
    assert (hazard.control, hazard.point, hazard.found_by) == (risk.valve, risk.point, "check")
    assert (hazard.lon, hazard.lat) == (risk.point.lon, risk.point.lat)
    assert "根部阀半关" in hazard.words
    assert Proof.objects.get(control=risk.valve).due_at <= timezone.now()


def test_saying_it_twice_makes_one_danger_and_one_answer(daily, risk, worker):
    for _time in range(2):
        answer(worker, daily, Given(item=_key(risk.valve), verdict="not"))
    assert Hazard.objects.count() == Answer.objects.count() == 1
    daily.refresh_from_db()
    assert (daily.answered, daily.failed) == (1, 1)


def test_what_has_become_a_danger_is_not_talked_away(daily, risk, worker):
    answer(worker, daily, Given(item=_key(risk.valve), verdict="not"))
    with pytest.raises(ValidationError):
        answer(worker, daily, Given(item=_key(risk.valve), verdict="ok"))
    assert Answer.objects.get().verdict == "not"


def test_an_answer_may_be_changed_until_the_check_is_finished(daily, risk, worker):
    answer(worker, daily, Given(item=_key(risk.level), verdict="na"))
    answer(worker, daily, Given(item=_key(risk.level), verdict="ok"))
    assert Answer.objects.get().verdict == "ok"
    answer(worker, daily, Given(item=_key(risk.valve), verdict="ok"))
    finish(worker, daily)
    with pytest.raises(ValidationError):
        answer(worker, daily, Given(item=_key(risk.level), verdict="na"))


def test_a_check_is_not_finished_before_all_is_answered(daily, risk, worker):
    answer(worker, daily, Given(item=_key(risk.level), verdict="ok"))
    with pytest.raises(ValidationError, match="1"):
        finish(worker, daily)
    assert Task.objects.get(pk=daily.pk).state == "open"


def test_a_finished_check_is_counted_recorded_and_the_self_check_of_the_enterprise(daily, risk, worker, works):
    given = [Given(item=_key(risk.level), verdict="ok"), Given(item=_key(risk.valve), verdict="not")]
    done = answer_all(worker, daily, given)
    assert (done.state, done.failed, done.late, done.done_by) == ("done", 1, False, worker)
    tally = Tally.objects.get(level="post")
    assert (tally.due, tally.done, tally.items, tally.failed, tally.missed) == (1, 1, 2, 1, 0)
    assert HazardSelfCheck.objects.get().enterprise == works.a
    assert Entry.objects.filter(action="checks.finish", subject=f"check:{daily.pk}").count() == 1


def test_a_second_sending_of_the_whole_finds_all_done(daily, risk, worker):
    given = [Given(item=_key(risk.level), verdict="ok"), Given(item=_key(risk.valve), verdict="not")]
    for _time in range(2):
        answer_all(worker, daily, given)
    assert Hazard.objects.count() == 1
    assert HazardSelfCheck.objects.count() == 1
    assert Tally.objects.get(level="post").done == 1


def test_what_was_answered_in_time_without_a_network_counts_when_it_arrives(daily, risk, worker):
    in_time = timezone.now()
    generate(in_time + timedelta(days=1))
    assert Task.objects.get(pk=daily.pk).state == "missed"
    given = [Given(item=_key(control), verdict="ok") for control in (risk.level, risk.valve)]
    done = answer_all(worker, daily, given, at=in_time)
    assert (done.state, done.late) == ("done", False)
    assert sum(row.missed for row in Tally.objects.filter(level="post")) == 0


def test_what_was_missed_cannot_be_made_up_afterwards(daily, risk, worker):
    generate(timezone.now() + timedelta(days=1))
    with pytest.raises(ValidationError):
        answer(worker, daily, Given(item=_key(risk.level), verdict="ok"), at=daily.due_at + timedelta(hours=1))


def test_a_level_is_answered_by_that_level_and_by_the_manager(daily, weekly, risk, worker, cast):
    with pytest.raises(Refused):
        answer(worker, weekly, Given(item=_key(risk.drill), verdict="ok"))
    answer(cast.team_leader, weekly, Given(item=_key(risk.drill), verdict="ok"))
    for person in (cast.duty, cast.inspector, cast.town_officer, cast.other_manager, cast.stranger):
        with pytest.raises(Refused):
            answer(person, daily, Given(item=_key(risk.level), verdict="ok"))


def test_what_was_given_to_somebody_is_answered_by_him_or_the_manager(daily, risk, worker, cast):
    hand_over(cast.manager, [daily], worker)
    with pytest.raises(Refused):
        answer(cast.team_leader, daily, Given(item=_key(risk.level), verdict="ok"))
    answer(worker, daily, Given(item=_key(risk.level), verdict="ok"))
    answer(cast.manager, daily, Given(item=_key(risk.valve), verdict="ok"))


def test_a_check_goes_only_to_somebody_of_its_level_and_only_by_who_plans(daily, weekly, worker, cast):
    with pytest.raises(ValidationError):
        hand_over(cast.manager, [weekly], worker)
    with pytest.raises(ValidationError):
        hand_over(cast.manager, [daily], cast.other_manager)
    with pytest.raises(Refused):
        hand_over(cast.team_leader, [daily], worker)


def test_a_withdrawn_check_wants_a_reason_and_counts_no_longer(daily, cast):
    with pytest.raises(ValidationError):
        withdraw(cast.manager, [daily], " ")
    with pytest.raises(Refused):
        withdraw(cast.team_leader, [daily], "停产")
    withdraw(cast.manager, [daily], "停产检修")
    assert Task.objects.get(pk=daily.pk).state == "withdrawn"
    assert Tally.objects.get(level="post").due == 0


def test_an_item_that_is_not_on_the_sheet_is_refused(daily, worker):
    with pytest.raises(ValidationError):
        answer(worker, daily, Given(item="c0", verdict="ok"))


def test_a_reading_beyond_its_limits_registers_the_danger_with_the_value(daily, worker):
    daily.sheet = sheets.keep([Item(key="o2", text="氧含量", unit="%VOL", least=19.5, most=23.5)], title="读数")
    daily.save()
    answer(worker, daily, Given(item="o2", verdict="ok", reading=18.0))
    words = Hazard.objects.get().words
    assert "18 %VOL" in words
    assert "19.5" in words
