"""A case nobody handles climbs by itself, once for each clock's length, and tells the next level."""

from datetime import timedelta

import pytest

from anlan.desk.cases.actions import take
from anlan.desk.cases.models import Case
from anlan.desk.cases.tasks import escalate_overdue, remind
from anlan.desk.notices.models import Notice
from anlan.watch.alarms.actions import record


@pytest.fixture
def warning(event, cast):
    cast.all()
    record([event("raised")])
    Notice.objects.all().delete()
    return Case.objects.get()


def test_nothing_climbs_before_its_time(warning):
    assert escalate_overdue(warning.due_at - timedelta(seconds=1)) == 0


def test_an_overdue_case_climbs_once_and_tells_the_leader(warning):
    late = warning.due_at + timedelta(seconds=1)
    assert escalate_overdue(late) == 1
    assert escalate_overdue(late + timedelta(minutes=1)) == 0
    warning.refresh_from_db()
    assert warning.escalations == 1
    assert Notice.objects.filter(user__username="leader").exists()


def test_it_climbs_again_after_as_long_as_the_clock_lasted(warning):
    escalate_overdue(warning.due_at + timedelta(seconds=1))
    assert escalate_overdue(warning.due_at + timedelta(minutes=31)) == 1


def test_after_the_last_stage_it_climbs_no_more(warning):
    for minutes in (1, 31, 61, 91):
        escalate_overdue(warning.due_at + timedelta(minutes=minutes))
    warning.refresh_from_db()
    assert (warning.escalations, warning.climbs_at) == (len(warning.process.escalation), None)


def test_a_step_in_time_stops_the_climbing(warning, cast):
    late = warning.due_at + timedelta(seconds=1)
    take(warning, "confirm", cast.duty)
    assert escalate_overdue(late) == 0


def test_those_who_may_act_are_reminded_once_shortly_before(warning):
    soon = warning.due_at - timedelta(minutes=1)
    assert remind(soon) > 0
    assert remind(soon) == 0
    assert remind(warning.due_at - timedelta(minutes=20)) == 0
