"""Classes, clocks and codes of accidents."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.accidents import classes, gb6441, reporting
from anlan.standards.accidents.classes import AccidentClass, accident_class
from anlan.standards.citing import Refusal, Status
from anlan.standards.dating import NotInForce, When

WHEN = When(date(2026, 11, 24))
CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("deaths", "serious", "loss", "expected"),
    [
        (3, 0, 0, 3),
        (2, 9, 9_999_999, 4),
        (0, 10, 0, 3),
        (0, 0, 10_000_000, 3),
        (9, 50, 0, 2),
        (29, 100, 0, 1),
        (30, 0, 0, 1),
        (0, 0, 0, None),
        # both sides of every bound
        (29, 0, 0, 2),
        (10, 0, 0, 2),
        (9, 0, 0, 3),
        (1, 0, 0, 4),
        (0, 99, 0, 2),
        (0, 49, 0, 3),
        (0, 1, 0, 4),
        (0, 0, 99_999_999.99, 2),
        (0, 0, 100_000_000, 1),
        (0, 0, 50_000_000, 2),
        (0, 0, "49999999.99", 3),
        (0, 0, 0.01, 4),
    ],
)
def test_the_class_of_an_accident_is_the_gravest_of_three_criteria(deaths, serious, loss, expected):
    assert accident_class(deaths, serious, loss, WHEN).value == expected


COUNT = st.integers(0, 200)


@given(COUNT, COUNT, st.integers(0, 2 * 10**8), COUNT, COUNT, st.integers(0, 2 * 10**8))
def test_more_harm_never_makes_a_lesser_class(deaths, serious, loss, more_deaths, more_serious, more_loss):
    before = accident_class(deaths, serious, loss, WHEN).value
    after = accident_class(deaths + more_deaths, serious + more_serious, loss + more_loss, WHEN).value
    assert before is None or after <= before


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (0, 1.5, 0), (0, 0, -1), (0, 0, "nan")])
def test_counts_that_cannot_be_are_refused(wrong):
    with pytest.raises(Refusal):
        accident_class(*wrong, WHEN)


def test_an_accident_before_the_order_took_effect_is_refused():
    with pytest.raises(NotInForce, match="2007-06-01"):
        accident_class(1, 0, 0, When(date(2007, 5, 31)))


def test_a_considerable_danger_is_known_from_secondary_sources_only():
    assert classes.considerable_danger(0, 3, 0).value is True
    assert classes.considerable_danger(9, 2, 499).value is False
    assert classes.considerable_danger(0, 3, 0).status is Status.RECALLED


def test_the_unit_reports_within_an_hour_and_each_level_within_two():
    known = datetime(2026, 11, 24, 8, 10, tzinfo=CHINA)
    found = {one.name: one for one in reporting.running(AccidentClass.GENERAL, False, WHEN)}
    assert found["unit-report"].due(known) == datetime(2026, 11, 24, 9, 10, tzinfo=CHINA)
    assert found["level-report"].due(known) == known + timedelta(hours=2)
    assert "unit-report-province" not in found  # only from considerable upward


def test_numbers_may_change_for_thirty_days_and_for_seven_after_road_traffic_and_fire():
    happened = datetime(2026, 11, 24, 23, 59, tzinfo=CHINA)
    for special, last in ((False, date(2026, 12, 24)), (True, date(2026, 12, 1))):
        clocks = [one for one in reporting.running(AccidentClass.SERIOUS, special, WHEN) if one.name == "recount"]
        assert [one.due(happened) for one in clocks] == [last]


@pytest.mark.parametrize("severity", AccidentClass)
@pytest.mark.parametrize("special", [True, False])
def test_every_duty_has_exactly_one_clock_for_every_class(severity, special):
    names = [one.name for one in reporting.running(severity, special, WHEN)]
    assert len(names) == len(set(names))
    assert {"unit-report", "level-report", "follow-up", "recount", "investigation", "approval", "evaluation"} <= set(
        names
    )


def test_a_leap_day_has_its_anniversary_and_a_time_without_zone_is_refused():
    clock = next(one for one in reporting.clocks() if one.unit == "year")
    assert clock.due(datetime(2028, 2, 29, 12, tzinfo=UTC)) == date(2029, 2, 28)
    with pytest.raises(Refusal, match="时区"):
        clock.due(datetime(2026, 1, 1))


def test_the_day_of_the_accident_chooses_the_edition_of_its_code():
    assert gb6441.kind("8", When(date(2026, 6, 30))).value.zh == "火灾"
    assert gb6441.kind("wsa10009", When(date(2026, 7, 1))).value.zh == "火灾"
    with pytest.raises(Refusal, match="WSA10001"):
        gb6441.kind("08", When(date(2026, 7, 1)))
    with pytest.raises(NotInForce):
        gb6441.kind("08", When(date(1987, 1, 31)))


def test_the_editions_hold_twenty_and_twenty_seven_kinds():
    assert len(gb6441.kinds(When(date(2020, 1, 1)))) == 20
    assert len(gb6441.kinds(WHEN)) == 27


def test_kin_is_a_hint_in_both_directions():
    assert gb6441.kin("WSA10018") == ("18",)
    assert "WSA10018" in gb6441.kin("18")
    assert gb6441.kin("none") == ()


@pytest.mark.parametrize(
    ("counts", "code"),
    [((1, 5, 5), "WSA20004"), ((0, 1, 9), "WSA20003"), ((0, 0, 1), "WSA20002"), ((0, 0, 0), "WSA20001")],
)
def test_severity_is_that_of_the_worst_injury(counts, code):
    assert gb6441.severity(*counts, WHEN).inputs["code"] == code


def test_rates_are_exact_and_refuse_an_empty_base():
    assert gb6441.rate("tonnes", 3, 1_500_000, WHEN).value == 2
    assert gb6441.rate("gdp", 234, "360000000000", WHEN).value * 3600 == 234
    with pytest.raises(Refusal):
        gb6441.rate("gdp", 1, 0, WHEN)
