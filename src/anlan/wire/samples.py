"""What a frame says, as columns: whose, which key, when, how much, how sure. Codecs fill them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from anlan.columns.readings import Quality

OUT_OF_RANGE = Quality.OUT_OF_RANGE.value
UNFIT = Quality.UNFIT.value
SECOND = 1_000_000
CHINA = 8 * 3600 * SECOND
"""All three of GB/T 26875.3, JT/T 808 and HJ 212 write local time, UTC+8, without saying so in the frame."""

_EPOCH, _MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)


@dataclass(slots=True)
class Samples:
    """Five columns of one length."""

    owner: list[str] = field(default_factory=list)
    """Empty for the device itself, else the name of what it speaks for."""
    key: list[str] = field(default_factory=list)
    ts: list[int | None] = field(default_factory=list)
    """Microseconds UTC; None where the frame says no time that can be."""
    value: list[float] = field(default_factory=list)
    quality: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.key)

    def add(self, key: str, ts: int | None, value: float, quality: int = 0, owner: str = "") -> None:
        self.owner.append(owner)
        self.key.append(key)
        self.ts.append(ts)
        self.value.append(value)
        self.quality.append(quality)

    def extend(self, keys: tuple[str, ...], ts: int | None, values: tuple[float, ...]) -> None:
        """Many good values of the device itself, of one instant."""
        count = len(keys)
        self.owner += [""] * count
        self.key += keys
        self.ts += [ts] * count
        self.value += values
        self.quality += [0] * count

    def rows(self) -> list[tuple]:
        return list(zip(self.owner, self.key, self.ts, self.value, self.quality, strict=True))


@lru_cache(8192)
def local_instant(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    """Microseconds UTC of a time on the clock of China; None for one that no clock shows."""
    try:
        return (datetime(year, month, day, hour, minute, second) - _EPOCH) // _MICROSECOND - CHINA
    except ValueError:
        return None


def local_fields(instant: int) -> tuple[int, int, int, int, int, int]:
    """Year to second on the clock of China."""
    at = _EPOCH + timedelta(microseconds=instant + CHINA)
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def bcd(data: bytes) -> str:
    """The digits of packed decimals; empty when a half byte is no digit."""
    digits = data.hex()
    return digits if digits.isdecimal() else ""
