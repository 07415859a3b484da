import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.columns import page
from anlan.columns.readings import EMPTY, Quality, by_time, concat, latest, pack, readings, split, unpack

ROW = st.tuples(
    st.integers(0, 40_000),
    st.integers(-(2**62), 2**62),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.integers(0, 31),
)
BATCH = st.lists(ROW, max_size=30).map(lambda rows: readings(*(zip(*rows, strict=True) if rows else ((),) * 4)))


def rows(batch):
    return list(zip(batch.point.tolist(), batch.ts.tolist(), batch.value.tolist(), batch.quality.tolist(), strict=True))


@given(BATCH)
def test_a_batch_survives_the_stream(batch):
    read, meta = unpack(pack(batch, {"received": 5}))
    assert rows(read) == rows(batch) and meta == {"received": 5}


@given(BATCH, st.integers(1, 5))
def test_splitting_by_shard_loses_nothing_and_keeps_whole_pages_together(batch, shards):
    parts = split(batch, shards)
    assert sorted(row for part in parts.values() for row in rows(part)) == sorted(rows(batch))
    pages = [set((part.point >> 12).tolist()) for part in parts.values()]
    assert sum(map(len, pages)) == len(set().union(*pages))
    assert all(len(part) for part in parts.values())


@given(st.lists(BATCH, max_size=4))
def test_joining_keeps_the_order_of_arrival(batches):
    assert rows(concat(batches)) == [row for batch in batches for row in rows(batch)]


def test_sorting_by_time_keeps_two_readings_of_one_instant_in_order_of_arrival():
    batch = readings([2, 1, 2, 2], [5, 9, 5, 1], [1.0, 2.0, 3.0, 4.0], [0, 0, 0, 0])
    assert rows(by_time(batch)) == [(1, 9, 2.0, 0), (2, 1, 4.0, 0), (2, 5, 1.0, 0), (2, 5, 3.0, 0)]
    assert rows(latest(batch)) == [(1, 9, 2.0, 0), (2, 5, 3.0, 0)]
    assert len(latest(EMPTY)) == 0


def test_a_zero_is_a_reading_and_flags_are_bits():
    batch = readings([1], [0], [0.0], [Quality.CLOCK_OLD | Quality.OUT_OF_RANGE])
    assert rows(unpack(pack(batch))[0]) == [(1, 0, 0.0, 6)]


def test_a_page_that_is_not_of_readings_is_refused():
    with pytest.raises(page.PageProblem, match="lacks"):
        unpack(page.pack({"point": np.zeros(1, "<u4")}))
    with pytest.raises(page.PageProblem, match="types"):
        unpack(page.pack({name: np.zeros(1, "<f8") for name in ("point", "ts", "value", "quality")}))
    with pytest.raises(page.PageProblem, match="one length"):
        readings([1], [1, 2], [1.0], [0])
