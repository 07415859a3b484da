import json

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire import numbers


def read(form, payload: bytes):
    found, whole = np.empty(form.numbers), np.empty(form.numbers, np.uint8)
    good = numbers.read(np.frombuffer(payload, np.uint8), form.literals, form.ends, found, whole)
    return (found.tolist(), whole.tolist()) if good else None


leaves = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=6), st.booleans())
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


def in_order(document) -> list[float]:
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        return [number for one in document for number in in_order(one)]
    return [float(document)] if type(document) in (int, float) else []


@given(documents)
def test_the_numbers_of_any_document_are_found_in_order_and_strings_are_left_alone(document):
    form, found = numbers.form_of(json.dumps(document).encode())
    assert found == in_order(document)
    assert form.numbers == len(found)


@given(st.one_of(st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_is_read_to_the_last_bit_or_not_at_all(number):
    form, _ = numbers.form_of(b"[0]")
    for text in {json.dumps(number).encode(), orjson.dumps(number) if abs(number) < 2**63 else b"0"}:
        got = read(form, b"[" + text + b"]")
        assert got is None or got[0] == [float(text)]


@pytest.mark.parametrize("text", ["0", "-0.0", "1.5", "1e3", "1E-3", "12345678901234", "0.001", "2.5e+10"])
def test_ordinary_numbers_are_read(text):
    form, _ = numbers.form_of(b'{"a":1,"b":[2]}')
    got = read(form, f'{{"a":{text},"b":[7]}}'.encode())
    assert got == ([float(text), 7.0], [text.isdigit(), 1])


ODD = ["", "-", "01", "1.", ".5", "1e", "+1", "1e400", "12345678901234567890", "NaN", "0x1", "1 "]


@pytest.mark.parametrize("text", ODD)
def test_what_is_no_number_or_not_exact_is_left_to_the_slower_reader(text):
    form, _ = numbers.form_of(b'{"a":1}')
    assert read(form, f'{{"a":{text}}}'.encode()) is None


@given(st.binary(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_anything_else_than_the_form_is_refused(noise, at, cut):
    whole = b'{"ts":1767576600000,"values":{"a":1,"b":2}}'
    form, _ = numbers.form_of(whole)
    spoilt = whole[:at] + noise + whole[at + cut :]
    got = read(form, spoilt)
    if got is not None:
        try:
            document = json.loads(spoilt)
        except ValueError:
            pytest.fail(f"{spoilt!r} is no JSON and was read")
        assert in_order(document) == got[0] and list(document) == ["ts", "values"]
