from datetime import UTC, date, datetime, timedelta

import pytest

from anlan.desk.audit.models import Entry
from anlan.desk.obligations import generating
from anlan.desk.obligations.declare import rules
from anlan.desk.obligations.generating import generate, trigger
from anlan.desk.obligations.models import Obligation
from anlan.desk.subjects import declare
from anlan.desk.subjects.declare import Subject, Subjects
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, TOWN

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
MINE = Subject("enterprise:A", TOWN, ENTERPRISE_A, {"side": "enterprise", "categories": ["non_coal_mine"]}, "甲矿")
OFFICE = Subject("enterprise:B", TOWN, ENTERPRISE_B, {"side": "enterprise", "categories": []}, "乙公司")
LICENCE = Subject("record:7", TOWN, ENTERPRISE_A, {"issued_on": date(2024, 5, 31)}, "张焊")


@pytest.fixture
def subjects(monkeypatch):
    """Who is there: a mine, an office, and one certificate; a test may change the lists."""
    present = {"enterprises": [MINE, OFFICE], "records": [LICENCE]}

    def installed():
        return {room: Subjects(room, room, lambda chosen, room=room: list(present[room])) for room in present}

    monkeypatch.setattr(declare, "rooms", installed)
    monkeypatch.setattr(generating, "rooms", installed)
    return present


def made(rule):
    return list(Obligation.objects.filter(rule=rule).order_by("subject", "start_on"))


def test_the_mine_must_drill_this_half_year_and_the_office_need_not(subjects):
    generate(NOW)
    (drill,) = made("drill_listed_half_year")
    assert (drill.subject, drill.period, drill.due_on) == ("enterprise:A", "2026-07-01", date(2026, 12, 31))
    assert drill.due_at == datetime(2026, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai
    assert drill.text.article == "第八条"


def test_generating_again_makes_nothing_new(subjects):
    first = generate(NOW)
    assert first > 0 and generate(NOW) == 0 and generate(NOW + timedelta(hours=3)) == 0


def test_after_a_pause_of_two_years_no_period_is_missing_and_none_is_double(subjects):
    generate(NOW)
    generate(NOW + timedelta(days=730))
    periods = [drill.period for drill in made("drill_listed_half_year")]
    assert periods == ["2026-07-01", "2027-01-01", "2027-07-01", "2028-01-01", "2028-07-01"]


def test_what_lay_before_the_platform_knew_the_subject_is_not_demanded(subjects):
    subjects["records"] = [LICENCE._replace(facts={"issued_on": date(2015, 1, 1)})]
    generate(NOW)
    assert [row.due_on for row in made("certificate_recheck")] == [date(2027, 1, 1)]  # not 2018, 2021 and 2024


def test_a_certificate_appears_half_a_year_before_its_recheck(subjects):
    generate(NOW)
    assert made("certificate_recheck") == []
    generate(datetime(2026, 12, 3, tzinfo=UTC))
    (recheck,) = made("certificate_recheck")
    assert (recheck.period, recheck.due_on) == ("2024-05-31", date(2027, 5, 31))
    assert recheck.edition == date(2026, 6, 1)


def test_a_subject_without_the_date_gets_nothing(subjects):
    subjects["records"] = [LICENCE._replace(facts={})]
    generate(datetime(2026, 12, 3, tzinfo=UTC))
    assert made("certificate_recheck") == []


def test_from_the_last_fulfilment_the_next_waits_until_its_time(subjects):
    generate(NOW)
    (first,) = made("plan_evaluation_three_years")
    assert first.period == "first" and first.due_on == date(2027, 5, 23)
    generate(NOW + timedelta(days=900))
    assert len(made("plan_evaluation_three_years")) == 1  # one at a time, however late
    Obligation.objects.filter(pk=first.pk).update(state="met", is_open=False, met_on=date(2027, 5, 1))
    generate(datetime(2029, 4, 30, tzinfo=UTC))
    assert len(made("plan_evaluation_three_years")) == 1
    generate(datetime(2029, 5, 2, tzinfo=UTC))
    assert made("plan_evaluation_three_years")[-1].due_on == date(2030, 5, 1)


def test_who_is_no_longer_bound_is_not_pursued_and_who_returns_is_bound_again(subjects):
    generate(NOW)
    subjects["enterprises"] = [OFFICE]
    generate(NOW + timedelta(days=1))
    assert {row.state for row in made("drill_listed_half_year")} == {"lapsed"}
    subjects["enterprises"] = [MINE]
    generate(NOW + timedelta(days=2))
    assert {row.state for row in made("drill_listed_half_year")} == {"pending"}


def test_an_event_binds_once_by_working_days(subjects):
    at = datetime(2025, 9, 26, 3, tzinfo=UTC)
    assert trigger("plans.published", MINE, at, "plan:7") == 1
    assert trigger("plans.published", MINE, at, "plan:7") == 0
    assert trigger("plans.published", MINE, at, "plan:8") == 1
    assert trigger("plans.forgotten", MINE, at, "plan:9") == 0
    assert made("plan_filing")[0].due_on == date(2025, 10, 30)
    generate(NOW)  # what an event brought does not lapse by itself
    assert {row.state for row in made("plan_filing")} == {"pending"}


def test_an_event_before_the_rule_was_in_force_binds_nobody(subjects):
    assert trigger("plans.published", MINE, datetime(2019, 8, 31, tzinfo=UTC), "plan:1") == 0


def test_what_was_generated_is_in_the_audit_chain(subjects):
    generate(NOW)
    assert Entry.objects.filter(action="obligations.generate", subject="rule:drill_listed_half_year").exists()
    assert all(rule.who.room for rule in rules().values())
