from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from anlan.prevent.supervision.rules import PARTS, Facts, grade, policy, visit_days

BY = policy(date(2026, 11, 24))
FACTS = st.builds(
    Facts,
    level=st.sampled_from([None, 1, 2, 3, 4]),
    open=st.integers(0, 50),
    overdue=st.integers(0, 50),
    major=st.integers(0, 5),
    certificate=st.sampled_from(["", "level_1", "level_2", "level_3"]),
    accidents=st.integers(0, 5),
    deaths=st.integers(0, 5),
    credit=st.integers(0, 3),
)


@given(FACTS)
def test_every_grade_is_one_of_four_and_explains_itself_by_five_parts(facts):
    finding = grade(facts, BY)
    assert finding.value in (1, 2, 3, 4) and 0 <= finding.inputs["mark"] <= 100
    assert len(finding.because) >= len(PARTS)
    assert finding.as_dict()["said"]["zh"] == str(finding.value)


@given(FACTS, st.sampled_from(["open", "overdue", "major", "accidents", "deaths", "credit"]))
def test_one_thing_more_never_makes_the_grade_better(facts, name):
    worse = replace(facts, **{name: getattr(facts, name) + 1})
    assert grade(worse, BY).value <= grade(facts, BY).value


def test_an_open_major_danger_is_at_least_orange_and_a_death_is_red():
    calm = Facts(level=4, certificate="level_1")
    assert grade(calm, BY).value == 4
    assert grade(replace(calm, major=1), BY).value == 2
    assert grade(replace(calm, deaths=1), BY).value == 1


def test_an_enterprise_of_which_nothing_is_known_is_not_blue():
    assert grade(Facts(), BY).value < 4


def test_red_is_visited_more_often_than_blue():
    assert [BY.visits(level) for level in (1, 2, 3, 4)] == sorted((BY.visits(n) for n in (1, 2, 3, 4)), reverse=True)


@given(st.sampled_from([0.5, 1, 2, 4, 12]), st.integers(2024, 2032), st.integers(1, 366))
def test_visits_lie_in_their_year_in_order_and_after_the_day(visits, year, day):
    after = date.fromordinal(date(year, 1, 1).toordinal() + day - 2)
    days = visit_days(visits, year, after)
    assert days == sorted(set(days)) and all(one.year == year and one > after for one in days)
    whole = visit_days(visits, year, date(year - 1, 12, 31))
    assert len(whole) == (visits if visits >= 1 else year % 2 == 0)
