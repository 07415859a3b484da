from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.registers import schema
from anlan.desk.registers.codes import Code, CodeList, code_lists, faults
from anlan.desk.registers.declare import record_types

DAY = date(2026, 11, 24)
TEAM = {
    "name": "临江镇综合应急救援队",
    "kind": "综合应急救援",
    "staffing": "semi",
    "level": "乡镇（街道）级",
    "people": "27",
    "skills": ["flood", "forest"],
    "leader": "李明",
    "phone": "0791-8000001",
}


def clean(code, raw, refers=lambda kind, key: True, **more):
    return schema.clean(record_types()[code], raw, codes=code_lists(), day=DAY, refers=refers, **more)


def test_what_people_write_becomes_what_is_kept():
    data, wrong = clean("rescue_teams", TEAM | {"trained_on": "2026年3月5日"})
    assert wrong == {}
    assert (data["kind"], data["level"], data["people"], data["trained_on"]) == (
        "comprehensive",
        "town",
        27,
        "2026-03-05",
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "必填"),
        ("people", "NaN", "不是数字"),
        ("people", "1e999", "不是数字"),
        ("people", "27.5", "整数"),
        ("people", "0", "不能小于 1"),
        ("people", True, "应为数字"),
        ("kind", "太空救援", "不在“应急救援队伍类别”中"),
        ("kind", ["flood", "forest"], "只能选一项"),
        ("phone", "call me", "格式不对"),
        ("trained_on", "2026-02-30", "没有“2026-02-30”这一天"),
        ("trained_on", "yesterday", "不是日期"),
        ("name", "名" * 101, "最多 100 个字"),
        ("name", "a\x00b", "不可用的字符"),
        ("colour", "red", "没有字段 colour"),
    ],
)
def test_each_wrong_value_is_named_at_its_field(field, value, sentence):
    _data, wrong = clean("rescue_teams", TEAM | {field: value})
    assert sentence in wrong[field] and len(wrong) == 1


def test_a_reference_to_nothing_is_refused_and_one_that_stands_may_stay():
    raw = {"name": "棉被", "kind": "living_quilt", "store": "K-9", "quantity": 430, "measure": "床"}
    _data, wrong = clean("emergency_supplies", raw, refers=lambda kind, key: False)
    assert "K-9" in wrong["store"]
    _data, wrong = clean("emergency_supplies", raw, refers=lambda kind, key: False, standing={"store": "K-9"})
    assert wrong == {}


def test_a_code_counts_only_in_its_time_and_below_its_parent():
    codes = CodeList("t", "T", "s", "found", {"a": Code("a", "A"), "b": Code("b", "B", "a", None, date(2020, 1, 1))})
    assert codes.below("a") == {"a", "b"}
    assert [code.code for code, _depth in codes.ordered(DAY)] == ["a"]
    assert [depth for _code, depth in codes.ordered(date(2019, 1, 1))] == [0, 1]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([Code("a", "A"), Code("a", "B")], "'a' stands twice"),
        ([Code("a", "A", "z")], "stands under 'z'"),
        ([Code("a", "A", "b"), Code("b", "B", "a")], "stands under itself"),
        ([Code("a", "A", "", date(2021, 1, 1), date(2020, 1, 1))], "ends before it begins"),
    ],
)
def test_each_unsoundness_of_a_code_list_is_named(values, sentence):
    assert any(sentence in fault for fault in faults(values))


STATES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3) | st.none())


@given(STATES, STATES)
def test_a_difference_leads_from_the_old_to_the_new(old, new):
    found = schema.difference(old, new)
    assert all(before != after for before, after in found.values())
    reached = {name: found[name][1] if name in found else old.get(name) for name in {*old, *new}}
    assert all(reached[name] == new.get(name) for name in reached)


@given(STATES, STATES, STATES)
def test_a_conflict_is_only_where_another_changed_and_i_would_undo_it(base, theirs, mine):
    for name, (now, wanted) in schema.conflict(base, theirs, mine).items():
        assert base.get(name) != theirs.get(name) == now != wanted == mine.get(name)


@given(
    st.dictionaries(
        st.sampled_from(list(TEAM)), st.text() | st.integers() | st.floats() | st.lists(st.text()) | st.none()
    )
)
def test_whatever_is_typed_is_kept_clean_or_refused_with_a_reason(raw):
    data, wrong = clean("rescue_teams", raw)
    assert all(wrong.values()) and not set(data) & set(wrong)
    again, wrong_again = clean("rescue_teams", data)
    assert again == data and set(wrong_again) <= set(wrong)
