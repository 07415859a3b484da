import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from anlan.columns import page

COLUMN = st.sampled_from(sorted(page.DTYPES)).flatmap(
    lambda dtype: hnp.arrays(np.dtype(dtype), st.tuples(st.just(5), st.integers(1, 3)))
)


@given(
    st.dictionaries(st.text(max_size=8), COLUMN, max_size=5), st.dictionaries(st.text(max_size=5), st.integers(0, 9))
)
def test_what_is_packed_comes_back(columns, meta):
    read, said = page.unpack(page.pack(columns, meta))
    assert said == meta and list(read) == list(columns)
    for name, column in columns.items():
        expected = column[:, 0] if column.shape[1] == 1 else column
        assert read[name].dtype == column.dtype
        assert read[name].tobytes() == np.ascontiguousarray(expected).tobytes()


def test_the_bytes_are_exactly_the_agreed_form():
    data = page.pack({"id": np.array([7, 8, 9], "<u4"), "at": np.array([[1, 2], [3, 4], [5, 6]], "<f4")}, {"a": "中"})
    (length,) = struct.unpack_from("<I", data, 4)
    header = json.loads(data[8 : 8 + length])
    assert data[:4] == b"ACOL" and (8 + length) % 8 == 0 and len(data) % 8 == 0
    assert header == {
        "count": 3,
        "meta": {"a": "中"},
        "columns": [
            {"name": "id", "dtype": "<u4", "width": 1, "offset": 0, "nbytes": 12},
            {"name": "at", "dtype": "<f4", "width": 2, "offset": 16, "nbytes": 24},
        ],
    }
    assert data[8 + length :][:12] == np.array([7, 8, 9], "<u4").tobytes()


def test_an_empty_page_and_booleans_are_pages_too():
    assert page.unpack(page.pack({}))[0] == {}
    columns, _ = page.unpack(page.pack({"on": np.array([True, False])}))
    assert columns["on"].tolist() == [1, 0] and columns["on"].dtype == np.uint8


def test_big_endian_arrays_leave_as_little_endian():
    columns, _ = page.unpack(page.pack({"x": np.array([1, 2], ">i4")}))
    assert columns["x"].tolist() == [1, 2] and columns["x"].dtype.str == "<i4"


@pytest.mark.parametrize("wrong", [np.array(["a"]), np.array([1 + 2j]), np.zeros((2, 2, 2)), np.array(3)])
def test_it_refuses_what_no_reader_could_lay_an_array_over(wrong):
    with pytest.raises(page.PageProblem, match="'x'"):
        page.pack({"x": wrong})


def test_columns_of_different_length_are_refused_by_name():
    with pytest.raises(page.PageProblem, match="'b' has 3 rows"):
        page.pack({"a": np.zeros(2), "b": np.zeros(3)})


@given(st.binary(max_size=120), st.integers(0, 200))
def test_damaged_bytes_are_a_page_problem_and_nothing_else(noise, cut):
    whole = page.pack({"a": np.arange(4), "b": np.ones((4, 2), "f4")}, {"m": 1})
    for data in (noise, b"ACOL" + noise, whole[:cut], whole[: cut // 2] + noise + whole[cut:]):
        try:
            page.unpack(data)
        except page.PageProblem:
            continue
