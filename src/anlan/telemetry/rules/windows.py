"""Quantities over time: for each point and length of window a ring of buckets, shared by all rules that look at it.

A bucket is a thirty-second of the window. The newest bucket and the 31 before it count, so a window is never longer
than asked and at most a thirty-second shorter; the state has the same size however many readings come. A reading that
comes late still counts in its bucket while that is part of the window.

What the buckets before the newest give together is kept in the cell and made anew only when the newest changes: a
reading costs the same whether its window is a minute or a day.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.telemetry.book import QUANTITIES

VALUE, CHANGE, SPREAD, SUM, MEAN, BITS, RANGE, DIFFERENCE = range(len(QUANTITIES))
BUCKETS = 32
EMPTY = np.iinfo(np.int64).min

BUCKET = np.dtype(
    [("number", "<i8"), ("total", "<f8"), ("count", "<u4"), ("low", "<f4"), ("high", "<f4"), ("first", "<f4")]
)
"""``number``: which bucket since 1970 this is, EMPTY for none; then the sum, number, extremes and first of its
readings."""
CELL = np.dtype(
    [
        ("begun", "<i8"),
        ("newest", "<i8"),
        ("total", "<f8"),
        ("count", "<u4"),
        ("low", "<f4"),
        ("high", "<f4"),
        ("first", "<f4"),
    ]
)
"""``begun``: reading time since which there was no gap of a whole window, EMPTY before the first reading. ``newest``:
number of the newest bucket, EMPTY when what follows must be made anew: the buckets before it together."""


class Windows(NamedTuple):
    """Per point and length."""

    cells: np.ndarray
    """Of CELL."""
    buckets: np.ndarray
    """Of BUCKET, BUCKETS to a cell."""


def empty(cells: int) -> Windows:
    """Windows without a reading."""
    made = Windows(np.zeros(cells, CELL), np.zeros((cells, BUCKETS), BUCKET))
    made.cells["begun"] = made.cells["newest"] = made.buckets["number"] = EMPTY
    return made


def columns(windows: Windows) -> dict[str, np.ndarray]:
    """What must be kept of them: everything else can be made of it."""
    kept = {name: np.ascontiguousarray(windows.buckets[name]) for name in BUCKET.names}
    return kept | {"begun": np.ascontiguousarray(windows.cells["begun"])}


def restored(kept: dict[str, np.ndarray]) -> Windows:
    """Windows of such columns."""
    made = empty(len(kept["begun"]))
    for name in BUCKET.names:
        made.buckets[name] = kept[name].reshape(-1, BUCKETS)
    made.cells["begun"] = kept["begun"]
    return made


@njit(cache=True)
def _gather(cell, newest, cells, buckets):
    """The buckets before the newest, together."""
    held = cells[cell]
    held.newest, held.total, held.count = newest, 0.0, 0
    oldest = newest
    for place in range(BUCKETS):
        one = buckets[cell, place]
        if newest - BUCKETS < one.number < newest:
            if held.count == 0:
                held.low, held.high = one.low, one.high
            held.total += one.total
            held.count += one.count
            held.low = min(held.low, one.low)
            held.high = max(held.high, one.high)
            if one.number < oldest:
                oldest, held.first = one.number, one.first


@njit(cache=True, inline="always")
def add(cell, ts, value, window, cells, buckets):
    """A reading into its bucket; one older than the window is left out."""
    bucket = ts // max(window // BUCKETS, 1)
    one = buckets[cell, bucket % BUCKETS]
    if one.number > bucket:
        return
    if one.number < bucket:
        one.number, one.total, one.count = bucket, 0.0, 0
        one.low = one.high = one.first = value
    one.total += value
    one.count += 1
    one.low = min(one.low, value)
    one.high = max(one.high, value)
    newest = cells[cell].newest
    if bucket != newest:
        _gather(cell, max(bucket, newest), cells, buckets)


@njit(cache=True)
def forget(cell, cells, buckets):
    """The window is as before its first reading."""
    cells[cell].begun = cells[cell].newest = EMPTY
    for place in range(BUCKETS):
        buckets[cell, place].number = EMPTY


@njit(cache=True, inline="always")
def begin(cell, ts, before, window, cells):
    """The point speaks for the first time, or after a gap of a whole window: the window is not full again."""
    if cells[cell].begun == EMPTY or ts - before > window:
        cells[cell].begun = ts


@njit(cache=True, inline="always")
def quantity(of, cell, ts, value, window, cells, buckets):
    """The quantity at ``ts``, after ``add`` of a reading that is the newest; and whether the window is full."""
    held = cells[cell]
    one = buckets[cell, held.newest % BUCKETS]
    others = held.count > 0
    full = ts - held.begun >= window
    if of == CHANGE:
        return np.float32(value - (held.first if others else one.first)), True
    if of == SPREAD:
        low = min(held.low, one.low) if others else one.low
        high = max(held.high, one.high) if others else one.high
        return np.float32(high - low), full
    total = held.total + one.total
    if of == SUM:
        return np.float32(total), full
    return np.float32(total / (held.count + one.count)), full
