"""Bands of enterprises and parks on both sides, adjustments and what decides at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.citing import Refusal
from anlan.standards.dating import NotInForce, When
from anlan.standards.enterprise_grading import diagnosis, parks
from anlan.standards.tables import OutsideTable

TODAY = When(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("deducted", "level"),
    [(0, 4), (10, 4), (10.1, 3), (25, 3), (25.1, 2), (40, 2), (40.1, 1), (100, 1)],
)
def test_the_colour_on_both_sides_of_every_bound(deducted, level):
    assert diagnosis.grade(deducted, (), TODAY).value == level


def test_adjustments_move_the_score_and_are_named():
    finding = diagnosis.grade(30, ["standard_1", "own_rescue_team", "general_accident"], TODAY)
    assert finding.because[0].value == 80 and finding.value == 3  # 100 − 30 + 15 + 3 − 8
    assert "standardisation level 1" in finding.outline("en")


def test_one_direct_finding_is_red_whatever_the_points():
    assert diagnosis.grade(0, ["five_years_clean"], TODAY, ["uncertified"]).value == 1


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_deducted_is_never_a_better_colour(one, other):
    low, high = sorted((one, other))
    assert diagnosis.grade(high, (), TODAY).value <= diagnosis.grade(low, (), TODAY).value


def test_wrong_input_is_refused():
    with pytest.raises(OutsideTable):
        diagnosis.grade(101, (), TODAY)
    with pytest.raises(OutsideTable):
        diagnosis.grade(0, ["luck"], TODAY)
    with pytest.raises(OutsideTable):
        diagnosis.grade(0, (), TODAY, ["luck"])
    with pytest.raises(Refusal, match="one level"):
        diagnosis.grade(0, ["standard_1", "standard_2"], TODAY)
    with pytest.raises(NotInForce):
        diagnosis.grade(0, (), When(date(2018, 5, 9)))


def test_the_next_diagnosis_is_within_three_years():
    assert diagnosis.next_diagnosis(date(2024, 2, 29)).value == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("points", "grade"), [(59.9, "A"), (60, "B"), (69.9, "B"), (70, "C"), (84.9, "C"), (85, "D"), (100, "D")]
)
def test_a_park_on_both_sides_of_every_bound(points, grade):
    assert parks.grade(points).value == grade


def test_a_park_is_a_at_once_where_somebody_found_the_item():
    assert parks.grade(95, ["四至范围不清"]).value == "A"
    assert parks.consequence("A").value and parks.consequence("D").value is None
    with pytest.raises(OutsideTable):
        parks.grade(100.5)
