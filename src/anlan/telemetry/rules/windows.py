"""Quantities over time: for each rule that needs one, a ring of buckets that together are its window.

A bucket is a thirty-second of the window. The newest bucket and the 31 before it count, so a window is never longer
than asked and at most a thirty-second shorter; the state has the same size however many readings come. A reading that
comes late still counts in its bucket while that is part of the window.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.telemetry.book import QUANTITIES

VALUE, CHANGE, SPREAD, SUM, MEAN, BITS, RANGE, DIFFERENCE = range(len(QUANTITIES))
BUCKETS = 32
EMPTY = np.iinfo(np.int64).min


class Windows(NamedTuple):
    """Per windowed rule and bucket."""

    number: np.ndarray
    """i64: which bucket since 1970 this is; EMPTY for none."""
    total: np.ndarray
    """f64: sum of its readings."""
    count: np.ndarray
    """u32."""
    low: np.ndarray
    """f32."""
    high: np.ndarray
    """f32."""
    first: np.ndarray
    """f32: its first reading."""
    begun: np.ndarray
    """i64, one a rule: reading time since which there was no gap of a whole window; EMPTY before the first reading."""


DTYPES = {"number": "<i8", "total": "<f8", "count": "<u4", "low": "<f4", "high": "<f4", "first": "<f4", "begun": "<i8"}


def empty(rules: int) -> Windows:
    """Windows without a reading."""
    made = {name: np.zeros((rules, BUCKETS) if name != "begun" else rules, dtype) for name, dtype in DTYPES.items()}
    made["number"][:] = EMPTY
    made["begun"][:] = EMPTY
    return Windows(**made)


@njit(cache=True, inline="always")
def add(cell, ts, value, window, windows):
    """A reading into its bucket; one older than the window is left out."""
    width = max(window // BUCKETS, 1)
    bucket = ts // width
    place = bucket % BUCKETS
    there = windows.number[cell, place]
    if there > bucket:
        return
    if there < bucket:
        windows.number[cell, place] = bucket
        windows.total[cell, place] = 0.0
        windows.count[cell, place] = 0
        windows.low[cell, place] = value
        windows.high[cell, place] = value
        windows.first[cell, place] = value
    windows.total[cell, place] += value
    windows.count[cell, place] += 1
    windows.low[cell, place] = min(windows.low[cell, place], value)
    windows.high[cell, place] = max(windows.high[cell, place], value)


@njit(cache=True, inline="always")
def begin(cell, ts, before, window, windows):
    """The point speaks for the first time, or after a gap of a whole window: the window is not full again."""
    if windows.begun[cell] == EMPTY or ts - before > window:
        windows.begun[cell] = ts


@njit(cache=True, inline="always")
def quantity(of, cell, ts, value, window, windows):
    """The quantity at ``ts``, after ``add``; and whether the window is full."""
    newest = ts // max(window // BUCKETS, 1)
    total, count, low, high, oldest, first = 0.0, 0, value, value, newest + 1, value
    for place in range(BUCKETS):
        number = windows.number[cell, place]
        if newest - BUCKETS < number <= newest:
            total += windows.total[cell, place]
            count += windows.count[cell, place]
            low = min(low, windows.low[cell, place])
            high = max(high, windows.high[cell, place])
            if number < oldest:
                oldest, first = number, windows.first[cell, place]
    full = ts - windows.begun[cell] >= window
    if of == CHANGE:
        return np.float32(value - first), True
    if of == SPREAD:
        return np.float32(high - low), full
    if of == SUM:
        return np.float32(total), full
    return np.float32(total / count), full
