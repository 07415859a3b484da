"""The tree of hazardous factors."""

from datetime import date

import pytest

from anlan.standards.citing import Refusal, Status
from anlan.standards.dating import NotInForce, When
from anlan.standards.hazardous_factors import gbt13861

WHEN = When(date(2026, 11, 24))


def test_the_tree_has_242_factors_of_four_levels_under_four_roots():
    rows = gbt13861.factors().values()
    assert [sum(row.level == level for row in rows) for level in (1, 2, 3, 4)] == [4, 15, 94, 129]
    assert [row.code for row in gbt13861.children()] == ["1", "2", "3", "4"]


def test_every_code_begins_with_that_of_its_parent_and_stands_one_level_below():
    for row in gbt13861.factors().values():
        if row.parent:
            assert row.code.startswith(row.parent) and row.level == gbt13861.factors()[row.parent].level + 1


def test_a_factor_is_explained_by_those_above_it():
    assert [one.inputs["code"] for one in gbt13861.path("120102", WHEN)] == ["120102", "1201", "12", "1"]


def test_factors_are_found_by_words_and_by_the_beginning_of_a_code():
    assert {"120102", "120202"} <= {row.code for row in gbt13861.find("违章")}
    assert all(row.code.startswith("1104") for row in gbt13861.find("1104"))
    assert gbt13861.find(" ") == ()


def test_an_unknown_code_and_a_day_before_the_edition_are_refused():
    with pytest.raises(Refusal, match="999"):
        gbt13861.path("999", WHEN)
    with pytest.raises(NotInForce, match="2022-10-01"):
        gbt13861.path("1", When(date(2022, 9, 30)))


def test_codes_that_look_swapped_in_the_copy_say_so():
    assert gbt13861.path("320602", WHEN).status is Status.PARTIAL
