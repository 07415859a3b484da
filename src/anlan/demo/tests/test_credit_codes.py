"""Codes that pass the check of the standard and belong to nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.demo.credit_codes import ALPHABET, ENTERPRISE, GOVERNMENT, check, credit_code, organisation_check


def test_the_check_character_is_that_of_the_standards_own_example():
    # GB 32100-2015 prints 91350100M000100Y43; its organisation part M000100Y ends in check character 4.
    assert check("91350100M000100Y4") == "3"
    assert organisation_check("M000100Y") == "4"


@given(st.sampled_from([ENTERPRISE, GOVERNMENT]), st.integers(0, 999_999))
def test_every_code_passes_its_own_check_and_names_no_real_division(kind, number):
    code = credit_code(kind, number)
    assert len(code) == 18
    assert set(code) <= set(ALPHABET)
    assert code[2:4] == "99"
    assert check(code[:17]) == code[17]


@given(st.integers(0, 999_999), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_changed_character_is_noticed(number, place, character):
    code = credit_code(ENTERPRISE, number)
    changed = code[:place] + character + code[place + 1 :]
    assert (check(changed[:17]) == changed[17]) == (changed == code)


@pytest.mark.parametrize("kind", [ENTERPRISE, GOVERNMENT])
def test_no_two_bodies_have_one_code(kind):
    assert len({credit_code(kind, number) for number in range(7_000)}) == 7_000
