from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.prevent.hazards.analysis import associations, season, trend
from anlan.prevent.hazards.statistics import following, months_between

MONTHS = months_between(date(2024, 7, 1), date(2026, 6, 1))


def with_summer(usual=40, summer=80):
    return [summer if month.month in (7, 8) else usual for month in MONTHS]


def test_a_planted_seasonal_rise_is_found_with_its_months_and_size():
    """S09: twenty-four months, one sector that rises in July and August of both years."""
    found = season("dust", MONTHS, with_summer())
    assert found.months == (7, 8)
    assert found.times == pytest.approx(2.0)
    assert found.spans == ((date(2024, 7, 1), date(2024, 8, 1)), (date(2025, 7, 1), date(2025, 8, 1)))
    assert found.found == 320


def test_what_rose_in_one_year_only_is_no_season():
    counts = [80 if month.year == 2025 and month.month in (7, 8) else 40 for month in MONTHS]
    assert season("dust", MONTHS, counts) is None


def test_a_year_with_more_of_everything_is_no_season():
    assert season("dust", MONTHS, [40] * 12 + [90] * 12) is None


def test_less_than_two_years_or_a_handful_say_nothing():
    assert season("dust", MONTHS[:20], with_summer()[:20]) is None
    assert season("dust", MONTHS, [0] * 23 + [5]) is None


def test_the_last_quarter_is_compared_with_the_same_quarter_a_year_before():
    counts = [30] * 21 + [60, 60, 60]
    found = trend("fire", counts)
    assert (found.now, found.before) == (180, 90)
    assert found.change == pytest.approx(1.0)
    # by hand: (180 − 90) / √270 = 5.477
    assert found.sigma == pytest.approx(5.477, abs=0.001)
    assert trend("fire", [30] * 24) is None
    assert trend("fire", [3] * 21 + [6, 6, 5]) is None


def test_two_things_that_stand_together_are_found_and_independent_ones_are_not():
    table = {("fire", "a"): 100, ("fire", "b"): 20, ("electric", "a"): 20, ("electric", "b"): 100}
    pairs = associations(table)
    assert {(pair.first, pair.second) for pair in pairs} == {("fire", "a"), ("electric", "b")}
    # by hand: expected 60; standard error √(60 · ½ · ½) = 3.873; (100 − 60) / 3.873 = 10.33
    assert pairs[0].expected == pytest.approx(60)
    assert pairs[0].sigma == pytest.approx(10.328, abs=0.001)
    assert associations({(a, b): 50 for a in "xy" for b in "uv"}) == []
    assert associations({}) == []


@given(st.lists(st.integers(0, 500), min_size=24, max_size=24))
def test_whatever_the_counts_the_statements_can_be_made(counts):
    found = season("x", MONTHS, counts)
    if found:
        assert 0 < len(found.months) <= 6 and found.found <= sum(counts)
    trend("x", counts)


@given(st.integers(0, 400))
def test_months_follow_one_another(number):
    month = following(date(2000, 1, 1), number)
    assert following(month, -number) == date(2000, 1, 1)
    assert len(months_between(date(2000, 1, 1), month)) == number + 1
