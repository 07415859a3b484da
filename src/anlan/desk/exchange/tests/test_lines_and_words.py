import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.exchange.lines import kind_of, lines
from anlan.desk.exchange.words import guess, guess_flag

GRADES = {"major": "重大", "general": "一般"}
STATES = {"done": "已整改", "open": "未整改", "doing": "整改中"}


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        ("重大隐患", GRADES, "major"),
        ("一般事故隐患", GRADES, "general"),
        ("整改完毕，已整改", STATES, "done"),
        ("正在整改中", STATES, "doing"),
        ("非重大", GRADES, None),
        ("重大/一般", GRADES, None),
        ("较大", GRADES, None),
        ("整改", STATES, None),
        ("", GRADES, None),
    ],
)
def test_a_word_is_taken_only_for_the_one_option_it_can_mean(text, options, value):
    assert guess(text, options.items()) == value


def test_a_word_within_another_that_fits_says_nothing_of_its_own():
    said = [("equipment", "设备"), ("special", "特种设备"), ("fire", "消防")]
    assert guess("特种设备类", said) == "special"
    assert guess("消防设备", said) is None


@pytest.mark.parametrize(("text", "answer"), [("没有问题", False), ("yes, done", True), ("大概", None), ("是否", None)])
def test_yes_and_no_are_found_in_longer_words(text, answer):
    assert guess_flag(text) is answer


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["一、安和化工"], "section"),
        (["（二）仓储物流"], "section"),
        (["安和化工"] * 6, "section"),
        (["合计", "12"], "about"),
        (["填表人：王刚"], "about"),
        (["备注：以上均已复查"], "about"),
        (["安和化工"], "record"),
        (["1", "安和化工", "灭火器过期", "一般"], "record"),
        (["12"], "record"),
        (["共计划三项", "安和化工", "灭火器", "一般", "2024"], "record"),
    ],
)
def test_a_line_is_a_record_unless_it_clearly_is_none(words, kind):
    assert kind_of(words, 8) == kind


def test_a_record_stands_under_the_last_section_and_keeps_its_excel_number():
    sheet = [
        ["甲", "乙", "丙"],
        ["一、东区", None, None],
        ["1", "a", "b"],
        [None] * 3,
        ["二、西区", None, None],
        ["2", "c", "d"],
    ]
    found = [(line.number, line.section) for line in lines(sheet, 1, 3) if line.kind == "record"]
    assert found == [(3, "东区"), (6, "西区")]


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=8), st.integers(0, 12))
def test_every_line_is_of_some_kind(words, width):
    assert kind_of(words, width) in ("record", "section", "about")
