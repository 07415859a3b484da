"""A batch of readings as four arrays: which point, when, how much, how sure.

========  =======  ===========================================================================
column    type     meaning
========  =======  ===========================================================================
point     u32      id of the point in the register of devices
ts        i64      instant of the reading, microseconds since 1970-01-01 UTC
value     f32      in the point's own unit; never NaN or infinite
quality   u8       0 is good; else the bits of :class:`Quality`
========  =======  ===========================================================================
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag

import numpy as np

from anlan.columns import page

POINT, TS, VALUE, QUALITY = np.dtype("<u4"), np.dtype("<i8"), np.dtype("<f4"), np.dtype("u1")
PAGE_BITS = 12
"""A rulebook page holds the points that share ``point >> PAGE_BITS``; a shard is a set of whole pages."""


class Quality(IntFlag):
    """Why a reading is not simply good. A flagged reading is kept, never dropped."""

    GOOD = 0
    CLOCK_FUTURE = 1
    CLOCK_OLD = 2
    OUT_OF_RANGE = 4
    SUBSTITUTED = 8
    UNFIT = 16
    """Its own device says that this is no measurement: in calibration, in maintenance, at fault."""


CLOCK_WRONG = Quality.CLOCK_FUTURE | Quality.CLOCK_OLD


@dataclass(frozen=True, slots=True)
class Readings:
    """Four arrays of one length. Rows keep the order in which they arrived unless :func:`by_time` says else."""

    point: np.ndarray
    ts: np.ndarray
    value: np.ndarray
    quality: np.ndarray

    def __len__(self) -> int:
        return len(self.point)

    def take(self, rows: np.ndarray | slice) -> "Readings":
        return Readings(self.point[rows], self.ts[rows], self.value[rows], self.quality[rows])


EMPTY = Readings(np.empty(0, POINT), np.empty(0, TS), np.empty(0, VALUE), np.empty(0, QUALITY))


def readings(point: Iterable[int], ts: Iterable[int], value: Iterable[float], quality: Iterable[int]) -> Readings:
    """Readings from any four sequences of one length."""
    columns = (np.asarray(point, POINT), np.asarray(ts, TS), np.asarray(value, VALUE), np.asarray(quality, QUALITY))
    if len({len(column) for column in columns}) != 1:
        raise page.PageProblem(f"readings need four columns of one length, not {[len(c) for c in columns]}")
    return Readings(*columns)


def pack(batch: Readings, meta: dict | None = None) -> bytes:
    """A batch as one page of named arrays; see page.py for the bytes."""
    return page.pack({"ts": batch.ts, "point": batch.point, "value": batch.value, "quality": batch.quality}, meta or {})


def unpack(data: bytes) -> tuple[Readings, dict]:
    """The batch and the meta data of such a page, as views on the bytes. Errors: PageProblem."""
    columns, meta = page.unpack(data)
    try:
        batch = Readings(*(columns[name] for name in ("point", "ts", "value", "quality")))
    except KeyError as problem:
        raise page.PageProblem(f"a page of readings lacks the column {problem}") from problem
    wanted = (POINT, TS, VALUE, QUALITY)
    if any(column.dtype != dtype for column, dtype in zip(columns_of(batch), wanted, strict=True)):
        raise page.PageProblem(f"a page of readings has types {[c.dtype.str for c in columns_of(batch)]}")
    return batch, meta


def columns_of(batch: Readings) -> tuple[np.ndarray, ...]:
    """The four columns, each of n rows: point u32, ts i64 microseconds UTC, value f32, quality u8."""
    return batch.point, batch.ts, batch.value, batch.quality


def concat(batches: Iterable[Readings]) -> Readings:
    """One batch of several, in their order."""
    many = [columns_of(batch) for batch in batches]
    if not many:
        return EMPTY
    return Readings(*(np.concatenate(column) for column in zip(*many, strict=True)))


def by_time(batch: Readings) -> Readings:
    """Sorted by point, then instant; rows of equal point and instant stay in order of arrival."""
    return batch.take(np.lexsort((batch.ts, batch.point)))


def latest(batch: Readings) -> Readings:
    """The newest row of each point; of two at one instant the one that came last."""
    ordered = by_time(batch)
    last = np.append(ordered.point[1:] != ordered.point[:-1], True) if len(ordered) else slice(None)
    return ordered.take(last)


def shard_of(point: np.ndarray, shards: int) -> np.ndarray:
    """Which shard evaluates a point. Whole rulebook pages stay together."""
    return (point >> PAGE_BITS) % shards


def split(batch: Readings, shards: int) -> dict[int, Readings]:
    """The batch by shard, without the empty ones; order of arrival is kept inside each."""
    if shards == 1:
        return {0: batch} if len(batch) else {}
    owner = shard_of(batch.point, shards)
    return {int(shard): batch.take(owner == shard) for shard in np.unique(owner)}
