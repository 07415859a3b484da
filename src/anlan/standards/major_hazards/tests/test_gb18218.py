"""GB 18218-2018 against its worked examples, its edges and its own algebra."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards import exact
from anlan.standards.citing import Refusal, Status
from anlan.standards.dating import NotInForce, When
from anlan.standards.major_hazards import asking, gb18218, many_units, substances
from anlan.standards.major_hazards.gb18218 import Item, Level, Mixture
from anlan.standards.tables import OutsideTable

WHEN = When(date(2026, 11, 24))
EXAMPLES = yaml.safe_load((Path(__file__).parent / "gb18218_examples.yaml").read_text(encoding="utf-8"))["examples"]
LEVELS = {None: 0, "一级": 1, "二级": 2, "三级": 3, "四级": 4}


def items_of(example) -> list[Item]:
    return [
        Item(row["ref"], row["q_t"]) if row["ref"].startswith("table1") else Item("", row["q_t"], (row["ref"][7:],))
        for row in example["items"]
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_every_worked_example_agrees_to_the_digit(example):
    items = items_of(example)
    for item, row in zip(items, example["items"], strict=True):
        assert gb18218.critical_quantity(item).value == exact.exact(row["Q_t"])
        assert gb18218.beta(item).value == exact.exact(row["beta"])
        assert gb18218.ratio(item).value == exact.exact(row["q_over_Q"])
    people = example["population_500m"]
    assert gb18218.alpha(people).value == exact.exact(example["alpha"])
    assert gb18218.sum_of_ratios(items, WHEN).value == exact.exact(example["S"])
    assert gb18218.index(items, people, WHEN).value == exact.exact(example["R"])
    assert gb18218.identified(items, WHEN).value is example["is_major_hazard"]
    assert gb18218.grade(items, people, WHEN).value == LEVELS[example["level"]]


def test_the_arrays_answer_every_worked_example_as_the_explained_functions_do():
    known = many_units.catalogue()
    sizes = [len(example["items"]) for example in EXAMPLES]
    rows = [row for example in EXAMPLES for row in example["items"]]
    found = many_units.grade_units(
        np.cumsum([0, *sizes]),
        [known.code(row["ref"]) for row in rows],
        [row["q_t"] for row in rows],
        [example["population_500m"] for example in EXAMPLES],
        WHEN,
    )
    assert found.level.tolist() == [LEVELS[example["level"]] for example in EXAMPLES]
    np.testing.assert_allclose(found.total, [example["S"] for example in EXAMPLES], rtol=1e-12)
    np.testing.assert_allclose(found.index, [example["R"] for example in EXAMPLES], rtol=1e-12)


# Examples of our own, counted by hand in the comments.
def test_tenths_of_a_critical_quantity_that_add_up_to_one_make_a_major_hazard():
    # 350/500 + 100/500 + 50/500 = 0.7 + 0.2 + 0.1 = 1; in floating point 0.9999999999999999
    items = [Item("甲醇", 350), Item("丙酮", 100), Item("甲苯", 50)]
    assert 0.7 + 0.2 + 0.1 < 1
    assert gb18218.identified(items, WHEN).value is True
    assert gb18218.identified([*items[:2], Item("甲苯", "49.999999999999")], WHEN).value is False
    codes = [many_units.catalogue().code(f"table1:{no}") for no in (65, 59, 64)]
    assert many_units.grade_units([0, 3], codes, [350, 100, 50], [0], WHEN).level.tolist() == [4]
    assert many_units.grade_units([0, 3], codes, [350, 100, 49.999999999999], [0], WHEN).level.tolist() == [0]


@pytest.mark.parametrize(
    ("residents", "alpha"),
    [(0, "0.5"), (1, 1), (29, 1), (30, "1.2"), (49, "1.2"), (50, "1.5"), (99, "1.5"), (100, 2), (10**6, 2)],
)
def test_alpha_on_both_sides_of_every_bound(residents, alpha):
    assert gb18218.alpha(residents).value == exact.exact(alpha)


@pytest.mark.parametrize(
    ("tonnes", "level"), [(10, 4), ("99.999", 4), (100, 3), ("499.999", 3), (500, 2), ("999.999", 2), (1000, 1)]
)
def test_levels_on_both_sides_of_every_bound(tonnes, level):
    # ammonia: Q 10 t, β 2, no residents α 0.5, so R = 0.5 · 2 · q/10 = q/10
    assert gb18218.grade([Item("氨", tonnes)], 0, WHEN).value == level


def test_a_substance_of_table_1_keeps_its_critical_quantity_whatever_its_category():
    # benzene: table 1 says 50 t; W5.1 would say 10 t, and gives only its β of 1.5
    benzene = Item("苯", 50, ("W5.1",))
    assert (gb18218.critical_quantity(benzene).value, gb18218.beta(benzene).value) == (50, Fraction(3, 2))


def test_of_several_categories_the_lowest_critical_quantity_counts():
    item = Item("某溶剂", 60, ("W5.3", "J5", "W5.2"))
    finding = gb18218.critical_quantity(item)
    assert finding.value == 50 and finding.because[0].value == "W5.2"
    assert [str(one) for one in finding.clauses()] == ["GB 18218-2018 表2", "GB 18218-2018 4.1.2"]


def test_a_mixture_in_the_same_category_counts_whole_as_its_substance():
    finding = gb18218.ratio(Item("氨", 20, ("J3",), Mixture.SAME))
    assert finding.value == 2 and "4.2.3" in finding.outline()


def test_a_mixture_in_another_category_is_counted_by_its_own():
    ammonia_water = Item("氨", 20, ("J5",), Mixture.OTHER)
    assert gb18218.critical_quantity(ammonia_water).value == 500
    assert gb18218.beta(ammonia_water).value == 1
    with pytest.raises(Refusal, match="needs its own category"):
        gb18218.critical_quantity(Item("氨", 20, (), Mixture.OTHER))


@pytest.mark.parametrize(
    ("words", "no"),
    [
        ("氯", 12),
        ("液氯", 12),
        ("Chlorine", 12),
        ("7782-50-5", 12),
        ("光气", 6),
        ("1，3－丁二烯", 47),
        ("TNT", 35),
        ("一氧化碳", 13),
        ("甲醚", 48),
    ],
)
def test_a_substance_is_found_by_name_alias_english_name_and_cas(words, no):
    assert substances.named(words).no == no


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("硝化棉", {37, 38, 39, 40, 41}),
        ("9004-70-0", {37, 38, 39, 40, 41, 42}),
        ("硝酸铵", {43, 44}),
        ("6484-52-2", {43, 44}),
    ],
)
def test_a_name_of_several_rows_is_refused_with_the_rows_to_choose_from(words, rows):
    with pytest.raises(substances.Ambiguous) as refused:
        substances.named(words)
    assert {row.no for row in refused.value.rows} == rows
    assert all(f"table1:{no}" in refused.value.text.zh for no in rows)
    assert substances.named("硝酸铵肥料").no == 45


def test_what_is_in_no_table_is_refused_and_says_what_to_give():
    with pytest.raises(Refusal, match="安全技术说明书"):
        gb18218.grade([Item("水", 10)], 0, WHEN)
    with pytest.raises(OutsideTable, match=r"W99.*J1, J2"):
        gb18218.grade([Item("", 10, ("W99",))], 0, WHEN)
    with pytest.raises(OutsideTable, match="table1:86"):
        gb18218.grade([Item("table1:86", 10)], 0, WHEN)
    for wrong in (-1, "nan", "inf", "some"):
        with pytest.raises(Refusal):
            gb18218.grade([Item("氯", wrong)], 0, WHEN)
    for wrong in (-1, 1.5, True):
        with pytest.raises(OutsideTable):
            gb18218.alpha(wrong)


def test_a_day_before_the_edition_of_2018_took_effect_is_refused():
    for ask in (
        lambda when: gb18218.grade([Item("氯", 5)], 0, when),
        lambda when: many_units.grade_units([0], [], [], np.array([], int), when),
    ):
        with pytest.raises(NotInForce, match="2019-03-01"):
            ask(When(date(2019, 2, 28)))


def test_an_assumed_category_is_said_and_a_given_one_is_sure():
    assert gb18218.beta(Item("苯", 1)).status is Status.RECALLED
    assert gb18218.beta(Item("苯", 1, ("W5.2",))).status is Status.VERIFIED
    assert gb18218.beta(Item("氯", 1)).status is Status.VERIFIED
    assert gb18218.beta(Item("煤气", 1)).status is Status.PARTIAL  # table 3 names carbon monoxide alone
    assert gb18218.beta(Item("", 1, ("W5.1", "W5.2"))).status is Status.PARTIAL


def test_every_row_of_table_1_has_a_critical_quantity_and_a_factor_from_a_cited_table():
    for no, row in substances.substances().items():
        item = Item(f"table1:{no}", row.critical)
        assert gb18218.ratio(item).value == 1
        assert gb18218.beta(item).clause.article in ("表3", "表4")
        assert (no in substances.named_factors()) != (no in substances.assumed())


def test_every_assumed_factor_is_that_of_its_category_in_table_4():
    for row in substances.assumed().values():
        # W1.1 to W1.3 share a factor; explosives, flammable liquids and toxics are given as ranges of one factor
        assert {substances.category_factors()[symbol].beta for symbol in row.categories} <= {row.beta}, row


def test_cas_numbers_carry_their_check_digit():
    for row in substances.substances().values():
        for cas in row.cas:
            digits = cas.replace("-", "")
            assert sum(int(d) * i for i, d in enumerate(reversed(digits[:-1]), 1)) % 10 == int(digits[-1]), row


def test_each_unit_of_a_plant_is_graded_by_itself():
    found = asking.QUESTION.ask(asking.PHOSGENATION, WHEN)
    assert found.value == Level.ONE
    assert [unit.value for unit in found.because] == [Level.ONE, Level.TWO]
    # two halves of a critical quantity in two units make no major hazard: units are not added up
    half = gb18218.Unit("半", (Item("氯", "2.5"),))
    assert gb18218.grade_enterprise([half, half], 500, WHEN).value == Level.NONE


QUANTITY = st.decimals(0, 5000, places=3)
ITEM = st.builds(lambda no, q: Item(f"table1:{no}", q), st.integers(1, 85), QUANTITY)
UNIT = st.lists(ITEM, min_size=1, max_size=6)


@given(UNIT, st.integers(0, 200), st.randoms())
def test_the_order_of_chemicals_does_not_matter(items, residents, dice):
    other = list(items)
    dice.shuffle(other)
    assert gb18218.index(items, residents, WHEN).value == gb18218.index(other, residents, WHEN).value
    assert gb18218.grade(items, residents, WHEN).value == gb18218.grade(other, residents, WHEN).value


@given(UNIT, st.integers(0, 200), st.decimals(0, 1000, places=3))
def test_more_of_a_chemical_never_makes_a_unit_less_grave(items, residents, more):
    fuller = [replace(items[0], tonnes=items[0].tonnes + more), *items[1:]]
    before, after = (gb18218.grade(one, residents, WHEN).value for one in (items, fuller))
    assert after != Level.NONE or before == Level.NONE
    assert before == Level.NONE or after <= before


@given(UNIT, st.integers(0, 200), st.integers(1, 50))
def test_n_times_the_quantities_are_n_times_s_and_r(items, residents, n):
    larger = [replace(item, tonnes=item.tonnes * n) for item in items]
    assert gb18218.sum_of_ratios(larger, WHEN).value == n * gb18218.sum_of_ratios(items, WHEN).value
    assert gb18218.index(larger, residents, WHEN).value == n * gb18218.index(items, residents, WHEN).value


@given(UNIT, st.integers(0, 150))
def test_more_neighbours_never_make_a_unit_less_grave(items, residents):
    before, after = (gb18218.grade(items, people, WHEN).value for people in (residents, residents + 1))
    assert after <= before


@given(st.lists(st.tuples(st.lists(ITEM, max_size=5), st.integers(0, 200)), max_size=8))
def test_arrays_and_explained_functions_agree_unit_for_unit(units):
    known = many_units.catalogue()
    flat = [item for items, _ in units for item in items]
    found = many_units.grade_units(
        np.cumsum([0, *(len(items) for items, _ in units)]),
        np.array([known.code(item.substance) for item in flat], int),
        np.array([float(item.tonnes) for item in flat]),
        np.array([residents for _, residents in units], int),
        WHEN,
    )
    assert found.level.tolist() == [gb18218.grade(items, residents, WHEN).value for items, residents in units]


@given(st.lists(st.integers(1, 999), min_size=1, max_size=9), st.sampled_from([-1, 0, 1]))
def test_arrays_are_right_at_the_limit_itself(parts, off):
    """Methanol in parts that add up to exactly 500 t, or a gram beside it."""
    total = sum(parts)
    shares = [Fraction(500_000_000 * part // total, 1_000_000) for part in parts]  # whole grams
    shares[0] += 500 - sum(shares) + Fraction(off, 1_000_000)
    code = many_units.catalogue().code("table1:65")
    found = many_units.grade_units([0, len(parts)], [code] * len(parts), [float(s) for s in shares], [0], WHEN)
    assert found.level.tolist() == [4 if off >= 0 else 0]
    assert (found.total[0] >= 1) == (off >= 0)


@pytest.mark.parametrize(
    "arrays",
    [
        ([0, 1], [0], [float("nan")], [0]),
        ([0, 1], [0], [-1.0], [0]),
        ([0, 1], [999], [1.0], [0]),
        ([0, 1], [0], [1.0], [-1]),
        ([0, 1], [0], [1.0], [1.5]),
        ([0, 2], [0], [1.0], [0]),
        ([1, 1], [0], [1.0], [0]),
        ([0, 1], [0], [1.0], [0, 0]),
    ],
)
def test_arrays_outside_the_tables_or_not_fitting_each_other_are_refused(arrays):
    with pytest.raises(ValueError):
        many_units.grade_units(*arrays, WHEN)
