from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.fieldwork.merging import merge

answers = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["ok", "not", "na"]))


def test_each_changes_another_field_and_both_stay():
    base = {"a": "ok"}
    assert merge(base, {"a": "ok", "b": "not"}, {"a": "na"}) == ({"a": "na", "b": "not"}, {})


def test_one_field_changed_differently_is_a_conflict_and_what_stands_stays():
    assert merge({"a": "ok"}, {"a": "not"}, {"a": "na"}) == ({"a": "na"}, {"a": ("not", "na")})


def test_a_field_emptied_by_one_is_empty():
    assert merge({"a": "ok"}, {}, {"a": "ok"}) == ({}, {})


@given(answers, answers)
def test_who_changed_nothing_takes_the_others(base, theirs):
    assert merge(base, base, theirs) == (theirs, {})
    assert merge(base, theirs, base) == (theirs, {})


@given(answers, answers, answers)
def test_it_conflicts_exactly_where_both_changed_to_different_values(base, mine, theirs):
    merged, conflicts = merge(base, mine, theirs)
    for name in set("abcd"):
        before, own, other = base.get(name), mine.get(name), theirs.get(name)
        assert (name in conflicts) == (own != before and other != before and own != other)
        assert merged.get(name) in (own, other)


@given(answers, answers, answers)
def test_conflicts_are_the_same_seen_from_either_side(base, mine, theirs):
    _, here = merge(base, mine, theirs)
    _, there = merge(base, theirs, mine)
    assert {name: pair[::-1] for name, pair in there.items()} == here
