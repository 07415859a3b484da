"""The arithmetic of the index: what it is made of, that it explains itself, and what can never be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan import packs
from anlan.watch.warnings.index import (
    PARTS,
    Member,
    Weight,
    _read,
    level_of,
    of_enterprise,
    of_facility,
    of_region,
    policy,
)

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BY = policy(date(2026, 3, 2))


def weight(kind="alarm", level=2, source="alarm:1", ended=None) -> Weight:
    return Weight(kind=kind, level=level, source=source, words="液位高", url="/alarms/1/", since=NOW, ended_at=ended)


def member(value: float, level=None, number=1) -> Member:
    return Member(subject=f"enterprise:{number}", title="企业", value=value, level=level)


def test_nothing_weighs_nothing_whatever_the_grade_of_the_installation():
    found = of_facility(BY, 1, [], NOW)
    assert (found.value, level_of(found)) == (0, None)


def test_an_alarm_alone_has_its_own_colour():
    for level in (1, 2, 3, 4):
        assert level_of(of_facility(BY, None, [weight(level=level)], NOW)) == level


def test_the_grade_of_the_installation_makes_the_same_alarm_graver():
    plain, graded = (of_facility(BY, grade, [weight(level=2)], NOW) for grade in (None, 1))
    assert (plain.value, level_of(plain)) == (42, 2)
    assert (graded.value, level_of(graded)) == (63, 1)


def test_alarm_danger_permit_and_weather_add_up_by_weight():
    weights = [
        weight(level=3),
        weight("danger", 1, "hazard:1"),
        weight("permit", 2, "permit:1"),
        weight("weather", 1, "alert:1"),
    ]
    found = of_facility(BY, None, weights, NOW)
    assert found.value == 24 + 20 + 7 + 10
    assert level_of(found) == 1


def test_each_further_alarm_counts_a_share_and_the_part_never_more_than_its_weight():
    two = of_facility(BY, None, [weight(level=3), weight(level=3, source="alarm:2")], NOW)
    assert two.value == 30  # 0.6 × (40 + 0.25 × 40)
    many = of_facility(BY, None, [weight(level=1, source=f"alarm:{n}") for n in range(50)], NOW)
    assert many.value == 60


def test_a_cleared_alarm_fades_by_half_with_its_half_life_and_sets_no_floor():
    ended = NOW - timedelta(minutes=60)
    found = of_facility(BY, None, [weight(level=1, ended=ended)], NOW)
    assert (found.value, level_of(found)) == (30, 3)
    gone = BY.gone_at("alarm", 1, ended)
    assert of_facility(BY, None, [weight(level=1, ended=ended)], gone + timedelta(seconds=1)).value == 0
    assert of_facility(BY, None, [weight(level=1, ended=ended)], gone - timedelta(minutes=1)).value > 0


def test_what_has_no_half_life_is_gone_at_once():
    found = of_facility(BY, None, [weight("danger", 1, "hazard:1", ended=NOW)], NOW)
    assert found.value == 0


def test_every_number_leads_to_its_record_and_to_the_edition_it_was_reckoned_by():
    found = of_facility(BY, 2, [weight()], NOW)
    assert found.inputs["policy"] == "default"
    leaves = [one for one in found if one.inputs.get("source")]
    assert [(one.inputs["source"], one.inputs["url"]) for one in leaves] == [("alarm:1", "/alarms/1/")]
    assert found.as_dict()["because"][0]["inputs"]["mark"] == 70


def test_an_enterprise_is_no_better_than_its_gravest_facility_and_worse_with_two():
    one = of_enterprise(BY, [], [member(42, 2)], NOW)
    two = of_enterprise(BY, [], [member(42, 2), member(42, 2, 2)], NOW)
    assert (one.value, level_of(one)) == (42, 2)
    assert two.value == pytest.approx(46.2)
    assert level_of(of_enterprise(BY, [], [member(9, 4)], NOW)) == 4


def test_a_region_stands_by_its_gravest_enterprises_and_the_share_of_coloured_ones():
    assert level_of(of_region(BY, [], [], 100, NOW)) is None
    one_red = of_region(BY, [], [member(60, 1)], 100, NOW)
    assert (one_red.value, level_of(one_red)) == (5, 3), "one red enterprise makes the region yellow at least"
    many = of_region(BY, [], [member(60, 1, n) for n in range(10)], 10, NOW)
    assert (many.value, level_of(many)) == (68, 1)


levels = st.integers(1, 4)
ends = st.none() | st.integers(0, 600).map(lambda minutes: NOW - timedelta(minutes=minutes))
weights = st.lists(
    st.builds(weight, kind=st.sampled_from(PARTS), level=levels, source=st.integers(1, 99).map(str), ended=ends),
    max_size=12,
)
grades = st.none() | levels


@given(grades, weights)
def test_an_index_lies_between_nought_and_a_hundred_and_is_the_sum_of_what_it_says(grade, given):
    found = of_facility(BY, grade, given, NOW)
    assert 0 <= found.value <= 100
    parts = [one for one in found.because if "part" in one.inputs]
    factor = next(one.value for one in found.because if "hazard_level" in one.inputs)
    assert found.value == pytest.approx(min(100, factor * sum(one.value for one in parts)), abs=0.1)


@given(grades, weights, levels)
def test_one_more_alarm_never_makes_it_better(grade, given, level):
    before, after = (of_facility(BY, grade, all_, NOW) for all_ in (given, [*given, weight(level=level, source="new")]))
    assert after.value >= before.value
    assert level_of(before) is None or level_of(after) <= level_of(before)


@given(grades, weights)
def test_the_order_of_what_weighs_changes_nothing(grade, given):
    assert of_facility(BY, grade, given, NOW).value == of_facility(BY, grade, given[::-1], NOW).value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda entry: entry["steps"].update(level_2=80), "steps fall"),
        (lambda entry: entry["parts"]["alarm"].update(weight=70), "make 100"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_with_its_name(change, words):
    import copy

    entry = copy.deepcopy(packs.section("warning_index")["default"])
    change(entry)
    with pytest.raises(packs.PackError, match=words):
        _read("own", entry)
