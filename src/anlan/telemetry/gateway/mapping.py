"""From what a device said to readings of known points. Pure: the register, the message and the time of reception in."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from anlan.columns.readings import Quality, Readings
from anlan.telemetry.book import Known
from anlan.wire.thingsboard.payload import FLOAT32_MOST, Fault, Sample

SECOND = 1_000_000
DTYPES = (np.uint32, np.int64, np.float32, np.uint8)
FIRST_ROWS = 1_024


class Rows:
    """Readings in the making: columns that grow, filled one by one, or many at a time without an object per value."""

    __slots__ = ("_columns", "_count", "_single")

    def __init__(self) -> None:
        self._count = 0
        self._columns = tuple(np.empty(0, dtype) for dtype in DTYPES)
        self._single = tuple(array(code) for code in "IqfB")

    def __len__(self) -> int:
        return self._count + len(self._single[0])

    def append(self, point: int, ts: int, value: float, quality: int) -> None:
        points, instants, values, qualities = self._single
        points.append(point)
        instants.append(ts)
        values.append(value)
        qualities.append(quality)

    def room(self, count: int) -> tuple[np.ndarray, ...]:
        """Where the next ``count`` rows go: point, ts, value, quality. They count once :meth:`filled` says so."""
        if self._single[0]:
            self._settle()
        until = self._count + count
        if until > len(self._columns[0]):
            self._grow(until)
        return tuple(column[self._count : until] for column in self._columns)

    def filled(self, count: int) -> None:
        self._count += count

    def readings(self) -> Readings:
        self.room(0)
        return Readings(*(column[: self._count] for column in self._columns))

    def _settle(self) -> None:
        """What came one by one goes behind what came before it."""
        single, self._single = self._single, tuple(array(code) for code in "IqfB")
        for place, column in zip(self.room(len(single[0])), single, strict=True):
            place[:] = np.frombuffer(column, place.dtype)
        self.filled(len(single[0]))

    def _grow(self, least: int) -> None:
        size = max(FIRST_ROWS, least, 2 * len(self._columns[0]))
        wider = tuple(np.empty(size, dtype) for dtype in DTYPES)
        for new, old in zip(wider, self._columns, strict=True):
            new[: self._count] = old[: self._count]
        self._columns = wider


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a device's clock may be off before its readings are flagged, microseconds."""

    future: int = 300 * SECOND
    old: int = 7 * 86_400 * SECOND


@dataclass(slots=True)
class Mapped:
    accepted: int = 0
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Keys that the register does not name for this device."""


def map_samples(device: Known, samples: Iterable[Sample], received: int, clock: Clock, rows: Rows) -> Mapped:
    """Append the device's samples to ``rows``; a sample without time is of ``received`` (microseconds UTC)."""
    result, points = Mapped(), device.points
    ahead, behind = received + clock.future, received - clock.old
    for key, ts, value in samples:
        known = points.get(key)
        if known is None:
            result.unknown.append(key)
            continue
        point, scale, offset, low, high = known
        value = value * scale + offset
        if not -FLOAT32_MOST <= value <= FLOAT32_MOST:
            result.faults.append(Fault(key, "too large for a reading after scaling"))
            continue
        quality = Quality.GOOD.value if low <= value <= high else OUT_OF_RANGE
        if ts is None:
            at = received
        else:
            at = ts * 1000
            if at > ahead:
                quality |= CLOCK_FUTURE
            elif at < behind:
                quality |= CLOCK_OLD
        rows.append(point, at, value, quality)
        result.accepted += 1
    return result


def map_rows(device: Known, said: Iterable[tuple], received: int, clock: Clock, rows: Rows) -> Mapped:
    """As :func:`map_samples` for what frames say: (owner, key, microseconds UTC or None, value, quality) each."""
    result, points = Mapped(), device.points
    ahead, behind = received + clock.future, received - clock.old
    for _owner, key, ts, value, quality in said:
        known = points.get(key)
        if known is None:
            result.unknown.append(key)
            continue
        point, scale, offset, low, high = known
        value = value * scale + offset
        if not -FLOAT32_MOST <= value <= FLOAT32_MOST:
            result.faults.append(Fault(key, "too large for a reading after scaling"))
            continue
        if not low <= value <= high:
            quality |= OUT_OF_RANGE
        if ts is not None and ts > ahead:
            quality |= CLOCK_FUTURE
        elif ts is not None and ts < behind:
            quality |= CLOCK_OLD
        rows.append(point, received if ts is None else ts, value, quality)
        result.accepted += 1
    return result


# Plain numbers: the operations of an IntFlag cost more than all the rest of a sample.
CLOCK_FUTURE, CLOCK_OLD = Quality.CLOCK_FUTURE.value, Quality.CLOCK_OLD.value
OUT_OF_RANGE = Quality.OUT_OF_RANGE.value
