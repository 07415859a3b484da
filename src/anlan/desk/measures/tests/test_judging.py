import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.measures.judging import Goal, change, judge

NUMBERS = st.floats(0, 1e6)


def fall(**more):
    return Goal(**{"kind": "fall", "value": 20, "last_year": 2025, "base": 100.0, "base_year": 2020} | more)


@pytest.mark.parametrize(
    ("year", "value", "colour"),
    [
        (2025, 80, "green"),
        (2025, 80.1, "red"),
        (2023, 88, "green"),  # the straight line stands at 88
        (2023, 88.1, "amber"),
        (2023, 100, "amber"),
        (2023, 100.1, "red"),
        (2021, 80, "green"),
        (2021, None, "grey"),
    ],
)
def test_a_fall_is_judged_against_the_straight_line_on_the_way_and_its_limit_at_the_end(year, value, colour):
    assert judge(fall(), value, year).colour == colour


def test_without_a_base_a_fall_cannot_be_judged():
    assert judge(fall(base=None), 10, 2025).colour == "grey"


@pytest.mark.parametrize(("value", "colour"), [(0.9, "green"), (0.91, "amber"), (1.0, "amber"), (1.01, "red")])
def test_near_a_ceiling_is_amber(value, colour):
    assert judge(Goal(kind="ceiling", value=1, last_year=2025), value, 2025).colour == colour


@pytest.mark.parametrize(("year", "value", "colour"), [(2023, 95, "amber"), (2023, 80, "red"), (2025, 95, "red")])
def test_a_coverage_on_the_way_is_amber_when_near(year, value, colour):
    assert judge(Goal(kind="coverage", value=100, last_year=2025), value, year).colour == colour


@given(NUMBERS, NUMBERS, st.integers(2020, 2026))
def test_a_lower_value_is_never_judged_worse_by_a_fall(first, second, year):
    order = ["green", "amber", "red"]
    low, high = sorted([first, second])
    assert order.index(judge(fall(), low, year).colour) <= order.index(judge(fall(), high, year).colour)


@given(NUMBERS, NUMBERS)
def test_a_change_leads_back(before, now):
    found = change(before, now)
    assert (found is None) == (before == 0)
    if found is not None and before > 1e-6:
        assert before * (1 + found / 100) == pytest.approx(now, rel=1e-6, abs=1e-6)


def test_every_verdict_has_a_word_beside_its_colour():
    for value in (None, 10, 90, 200):
        verdict = judge(fall(), value, 2023)
        assert str(verdict.word) and str(verdict.reason)
