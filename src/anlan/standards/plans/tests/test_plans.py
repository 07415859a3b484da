"""Clocks of plans and drills."""

from datetime import date

import pytest

from anlan.standards.citing import Refusal, Status
from anlan.standards.plans import clocks
from anlan.standards.tables import OutsideTable


@pytest.mark.parametrize(
    ("kinds", "on_site", "day"),
    [
        (["mine"], False, date(2027, 2, 28)),
        ((), False, date(2027, 8, 31)),
        ((), True, date(2027, 2, 28)),
    ],
)
def test_listed_units_exercise_each_half_year_and_others_each_year(kinds, on_site, day):
    assert clocks.next_drill(date(2026, 8, 31), kinds, on_site).value == day


def test_the_half_year_of_listed_units_is_verified_and_the_yearly_rule_is_not():
    assert clocks.next_drill(date(2026, 1, 1), ["hotel"]).status is Status.VERIFIED
    assert clocks.next_drill(date(2026, 1, 1)).status is Status.PARTIAL


def test_a_plan_is_filed_within_twenty_working_days():
    assert clocks.due("file_unit", date(2026, 11, 2), lambda day: day.weekday() < 5).value == date(2026, 11, 30)
    with pytest.raises(Refusal, match="calendar"):
        clocks.due("file_unit", date(2026, 11, 2))


def test_six_events_make_a_plan_be_revised_and_nothing_else_does():
    assert len(clocks.REVISE) == 6
    assert clocks.must_revise([]).value is False
    assert clocks.must_revise(["drill"]).value is True
    with pytest.raises(OutsideTable):
        clocks.must_revise(["boredom"])
    with pytest.raises(OutsideTable):
        clocks.must_file(["bakery"])
    with pytest.raises(OutsideTable):
        clocks.due("tea", date(2026, 1, 1))
