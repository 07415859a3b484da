import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.know.enterprises.categories import all_categories, code_named, title_of
from anlan.know.enterprises.rules import (
    LETTERS,
    check_character,
    code_of,
    credit_fault,
    industries,
    industry_code,
    industry_title,
    section_of,
)

# Codes that listed companies publish; they prove the rule, and nothing else is said of them.
PUBLISHED = ["91110000600037341L", "91440300708461136T", "91330100799655058B"]
seventeen = st.text(LETTERS, min_size=17, max_size=17)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_hold(code):
    assert credit_fault(code) == ""


@given(seventeen)
def test_the_check_character_makes_a_code_right(first):
    assert credit_fault(first + check_character(first)) == ""


@given(seventeen, st.integers(0, 16), st.sampled_from(LETTERS))
def test_one_wrong_character_is_always_found(first, place, letter):
    code = first + check_character(first)
    wrong = code[:place] + letter + code[place + 1 :]
    assert wrong == code or credit_fault(wrong) not in ("", "length", "letters")


@pytest.mark.parametrize(("code", "fault"), [("", "length"), ("9111", "length"), ("91110000600037341I", "letters")])
def test_a_fault_is_named(code, fault):
    assert credit_fault(code) == fault


def test_a_code_is_made_plain():
    assert code_of(" ９１１１0000 600037341l ") == "91110000600037341L"


@pytest.mark.parametrize(
    ("typed", "kept"), [("2614", "C2614"), ("c26", "C26"), ("C", "C"), ("", ""), ("5162", "F5162")]
)
def test_an_industry_is_kept_with_its_letter(typed, kept):
    assert industry_code(typed) == kept


@pytest.mark.parametrize("typed", ["Z26", "C51", "99", "C2", "化工", "26145", "C2614X"])
def test_what_is_no_industry_is_refused(typed):
    with pytest.raises(ValueError):
        industry_code(typed)


def test_every_division_lies_in_its_section():
    for code, industry in industries().items():
        assert section_of(code) == industry.section
    assert industry_title("C2614") == "化学原料和化学制品制造业"
    assert industry_title("S9221") == "公共管理、社会保障和社会组织", "where no division is known, the section"


def test_categories_are_named_in_both_languages_and_carry_a_source():
    assert code_named("消防安全重点单位") == code_named("Fire-safety key unit") == "fire_key_unit"
    assert code_named("没有这种") == "" and title_of("unknown") == "unknown"
    assert all(category.source and category.checked for category in all_categories().values())
