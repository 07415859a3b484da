"""Methods of scores, their bounds on both sides, and the rules that join levels."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.citing import Refusal, Status
from anlan.standards.risk_grading import combining, control_levels, danger_degree, lec, ls, mes, methods
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tables import OutsideTable

EVERY = [(name, variant) for name, method in methods.METHODS.items() for variant in method.variants]


def combinations(method):
    tables = [list(method.scores(factor)) for factor in method.factors]
    return [dict(zip(method.factors, scores, strict=True)) for scores in itertools.product(*tables)]


@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_every_number_the_scores_can_make_lies_in_exactly_one_band(name, variant):
    method = methods.METHODS[name]
    for scores in combinations(method):
        number = method.number(scores).value
        assert sum(band.holds(number) for band in method.bands(variant)) == 1, number


@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_arrays_say_what_the_explained_function_says(name, variant):
    method = methods.METHODS[name]
    every = combinations(method)
    arrays = {factor: np.array([float(scores[factor]) for scores in every]) for factor in method.factors}
    expected = [method.evaluate(scores, variant).value or 0 for scores in every]
    assert method.levels(arrays, variant).tolist() == expected


@pytest.mark.parametrize(("name", "variant"), EVERY)
def test_a_higher_score_never_makes_a_risk_lower(name, variant):
    method = methods.METHODS[name]
    for scores in combinations(method):
        here = method.number(scores).value
        for factor in method.factors:
            for more in (score for score in method.scores(factor) if score > scores[factor]):
                higher = {**scores, factor: more}
                assert method.number(higher).value >= here
                assert (method.evaluate(higher, variant).value or 0) <= (method.evaluate(scores, variant).value or 0)


@pytest.mark.parametrize(
    ("scores", "number", "level"),
    [
        ({"L": 10, "E": 10, "C": 100}, 10000, 1),
        ({"L": 6, "E": 6, "C": 7}, 252, 2),
        ({"L": 3, "E": 6, "C": 15}, 270, 2),
        ({"L": 1, "E": 10, "C": 7}, 70, 3),
        ({"L": 0.5, "E": 10, "C": 15}, 75, 3),
        ({"L": 3, "E": 3, "C": 7}, 63, 4),
        ({"L": 0.1, "E": 0.5, "C": 1}, 0.05, 4),
    ],
)
def test_lec_examples_counted_by_hand(scores, number, level):
    finding = lec.METHOD.evaluate(scores)
    assert finding.value == level
    assert float(finding.because[1].value) == number


def test_the_two_lec_variants_always_agree_because_no_product_is_320():
    numbers = {lec.METHOD.number(scores).value for scores in combinations(lec.METHOD)}
    assert 320 not in numbers
    for scores in combinations(lec.METHOD):
        assert lec.METHOD.evaluate(scores, "classic5").value == lec.METHOD.evaluate(scores, "four_colour").value


def test_five_sets_of_ls_bounds_disagree_about_the_same_scores():
    found = {variant: ls.METHOD.evaluate({"L": 3, "S": 3}, variant).value for variant in ls.METHOD.variants}
    assert found == {"a_20_15_9": 3, "b_20_9_4": 2, "c_20_10_4": 3, "d_20_15_10": 4, "e_five_step": 3}
    assert ls.METHOD.evaluate({"L": 5, "S": 4}).value is RiskLevel.MAJOR


@pytest.mark.parametrize(("scores", "level"), [((5, 6, 8), 1), ((3, 6, 8), 2), ((1, 10, 8), 3), ((1, 6, 4), 4)])
def test_mes_examples_counted_by_hand(scores, level):
    finding = mes.METHOD.evaluate(dict(zip("MES", scores, strict=True)))
    assert finding.value == level and finding.status is Status.RECALLED


@pytest.mark.parametrize(
    ("points", "degree", "advised"),
    [((10, 2, 2, 2, 0), "I", True), ((5, 5, 0, 0, 5), "II", True), ((10, 0, 0, 0, 0), "III", False)],
)
def test_the_danger_degree_has_three_degrees_and_no_colour(points, degree, advised):
    scores = dict(zip(danger_degree.METHOD.factors, points, strict=True))
    finding = danger_degree.METHOD.evaluate(scores)
    assert finding.value is None and finding.because[0].value.zh.split()[0] == degree
    assert danger_degree.qra_advised(scores).value is advised


@pytest.mark.parametrize("scores", [{"L": 4, "E": 6, "C": 15}, {"L": 3, "E": 6}, {"L": 3, "E": 6, "C": 15, "X": 1}])
def test_a_score_outside_the_table_or_a_wrong_factor_is_refused(scores):
    with pytest.raises(OutsideTable, match="allowed"):
        lec.METHOD.evaluate(scores)


def test_an_array_with_one_score_outside_the_table_names_the_entry():
    with pytest.raises(OutsideTable, match="entry 1"):
        methods.levels("ls", {"L": [1, 2.5], "S": [1, 1]})
    with pytest.raises(OutsideTable):
        methods.levels("ls", {"L": [1, np.nan], "S": [1, 1]})
    with pytest.raises(Refusal, match="do not fit"):
        methods.levels("ls", {"L": [1]})


def test_an_unknown_method_or_set_of_bounds_is_refused_with_those_there_are():
    with pytest.raises(OutsideTable, match="lec, ls, mes, danger_degree"):
        methods.evaluate("hazop", {})
    with pytest.raises(OutsideTable, match="a_20_15_9"):
        methods.evaluate("ls", {"L": 1, "S": 1}, "z")


def test_the_graver_the_risk_the_higher_the_level_that_answers_and_all_below_join_in():
    major = control_levels.control_level(RiskLevel.MAJOR)
    assert major.value.code == "company" and [one.value.code for one in major.because] == ["workshop", "team", "post"]
    assert control_levels.control_level(RiskLevel.LOW).because == ()
    assert control_levels.control_level(RiskLevel.CONSIDERABLE, "with_department").value.code == "department"
    with pytest.raises(OutsideTable):
        control_levels.control_level(RiskLevel.LOW, "county")


LEVELS = st.lists(st.sampled_from([1, 2, 3, 4, None]), max_size=12)


@given(LEVELS, st.randoms())
def test_the_highest_level_does_not_depend_on_the_order_and_never_falls_when_something_joins(levels, random):
    found = combining.highest(levels).value
    mixed = levels.copy()
    random.shuffle(mixed)
    assert combining.highest(mixed).value == found
    assert combining.highest([*levels, 1]).value == 1
    assert found is None or combining.highest([*levels, 4]).value == found


@given(LEVELS)
def test_the_share_rule_is_the_highest_or_one_level_graver(levels):
    base, found = combining.highest(levels).value, combining.by_share(levels).value
    assert found == base or found == base - 1


def test_what_was_never_graded_is_named_and_never_taken_for_low():
    finding = combining.highest([None, None])
    assert finding.value is None and finding.inputs["ungraded"] == 2


def test_the_share_rule_counts_exactly_at_its_limit():
    assert combining.by_share([2, 4], "0.5").value == RiskLevel.MAJOR
    assert combining.by_share([2, 4, 4], "0.5").value == RiskLevel.CONSIDERABLE
    assert combining.by_share([3] * 7 + [2] * 3, 0.3).value == RiskLevel.MAJOR
    with pytest.raises(OutsideTable):
        combining.by_share([1], 0)


def test_a_weighted_index_is_cut_into_four_levels():
    weights = {"inherent": 0.5, "dangers": 0.3, "accidents": 0.2}
    finding = combining.weighted({"inherent": 80, "dangers": 50, "accidents": 0}, weights, (80, 55, 30))
    assert (finding.value, finding.because[0].value) == (RiskLevel.CONSIDERABLE, 55)
    with pytest.raises(Refusal, match="do not match"):
        combining.weighted({"inherent": 80}, weights, (80, 60, 40))
    with pytest.raises(OutsideTable, match="falling"):
        combining.weighted({"a": 1}, {"a": 1}, (1, 2, 3))
    with pytest.raises(OutsideTable):
        combining.weighted({"a": 101}, {"a": 1}, (3, 2, 1))


def test_a_point_is_red_at_once_where_a_condition_the_region_counts_is_met():
    assert combining.point_level([4, 3]).value == RiskLevel.GENERAL
    at_once = combining.point_level([4], met=["major_hazard_installation"])
    assert at_once.value == RiskLevel.MAJOR and "重大危险源" in at_once.outline()
    assert combining.directly_major(["ten_people_exposed"], holding=["breaks_law"]).value is False
    with pytest.raises(OutsideTable):
        combining.directly_major(["bad_luck"])
