"""From what a device said to readings of known points. Pure: the register, the message and the time of reception in."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from anlan.columns.readings import Quality, Readings
from anlan.telemetry.book import Known
from anlan.wire.thingsboard.payload import FLOAT32_MOST, Fault, Sample

SECOND = 1_000_000


class Rows:
    """Readings in the making: four growing arrays without a Python object per value."""

    __slots__ = ("point", "quality", "ts", "value")

    def __init__(self) -> None:
        self.point, self.ts, self.value, self.quality = array("I"), array("q"), array("f"), array("B")

    def __len__(self) -> int:
        return len(self.point)

    def append(self, point: int, ts: int, value: float, quality: int) -> None:
        self.point.append(point)
        self.ts.append(ts)
        self.value.append(value)
        self.quality.append(quality)

    def readings(self) -> Readings:
        return Readings(
            np.frombuffer(self.point, np.uint32),
            np.frombuffer(self.ts, np.int64),
            np.frombuffer(self.value, np.float32),
            np.frombuffer(self.quality, np.uint8),
        )


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


# Plain numbers: the operations of an IntFlag cost more than all the rest of a sample.
CLOCK_FUTURE, CLOCK_OLD = Quality.CLOCK_FUTURE.value, Quality.CLOCK_OLD.value
OUT_OF_RANGE = Quality.OUT_OF_RANGE.value
