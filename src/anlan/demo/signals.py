"""What the demo's sensors would read on an ordinary day: what the packs' profiles say under `usual`, made numbers.

Pure functions of time and of the device's own number, on whole arrays at once. Every part of a point's day is added
up; a district at rest stays inside its alarm limits, and scenarios lay their own values over it.
"""

import zlib
from functools import cache

import numpy as np

from anlan import packs

DAY = 86_400.0


def hashed(number: np.ndarray, salt: int | np.ndarray) -> np.ndarray:
    """64 bits for each device and salt, always the same (splitmix64)."""
    own = (salt * 0xD1B54A32D192ED03) % 2**64 if isinstance(salt, int) else salt * SALTED
    z = number * STEP + (np.uint64(own) if isinstance(salt, int) else own)
    z = (z ^ (z >> THIRTY)) * FIRST
    z = (z ^ (z >> TWENTY_SEVEN)) * SECOND
    return z ^ (z >> THIRTY_ONE)


STEP, FIRST, SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
SALTED, FIELD = np.uint64(0xD1B54A32D192ED03), np.uint64(2**21 - 1)
ELEVEN, TWENTY_ONE, TWENTY_SEVEN, THIRTY, THIRTY_ONE, FORTY_TWO = (np.uint64(n) for n in (11, 21, 27, 30, 31, 42))


def chance(number: np.ndarray, salt: int) -> np.ndarray:
    """A uniform number in [0, 1) for each device and salt."""
    return (hashed(np.asarray(number, np.uint64), salt) >> ELEVEN).astype(float) / 2.0**53


def noise(number: np.ndarray, t: float | np.ndarray, step: float = 5.0) -> np.ndarray:
    """White noise of mean 0 and size about 1 that changes every `step` seconds: three uniform numbers of one hash."""
    tick = int(t // step) if isinstance(t, float | int) else (t // step).astype(np.uint64)
    bits = hashed(np.asarray(number, np.uint64), tick)
    total = (bits & FIELD) + (bits >> TWENTY_ONE & FIELD) + (bits >> FORTY_TWO & FIELD)
    return total.astype(float) * (2 / 2**21) - 3


def daily(t: float | np.ndarray, hour: float) -> float | np.ndarray:
    """-1 to 1 over a day, highest at this hour of China time."""
    return np.cos(2 * np.pi * (t / DAY + 8 / 24 - hour / 24))


class Signal:
    """One point of some devices of one profile. What does not change with time is worked out once."""

    def __init__(self, usual: dict, number: np.ndarray, salt: int):
        own = lambda place: chance(number, salt + place)  # noqa: E731
        self.usual, self.number = usual, number
        self.level = usual["base"] + usual.get("own", 0.0) * own(0)
        self.least, self.most = usual.get("least", -np.inf), usual.get("most", np.inf)
        if swing := usual.get("swing"):
            self.swing_period, self.swing_phase = swing["every"] * (0.75 + 0.5 * own(1)), own(2)
        if cycle := usual.get("cycle"):
            first, last = cycle["hours"]
            self.cycle_period, self.cycle_phase = 3_600 * (first + (last - first) * own(3)), own(4)
            self.rise = 0.25 + 0.4 * own(5)
        if burst := usual.get("burst"):
            together = burst.get("together", False)
            self.burst_period = burst["every"] * (np.ones(len(number)) if together else 0.75 + 0.5 * own(6))
            self.burst_phase = own(7) * (0.02 if together else 1.0)
            self.burst_over = np.cos(np.pi * burst["share"])
        odd = usual.get("odd")
        self.odd = own(8) < 1 / odd["one_in"] if odd else None

    def at(self, t: float | np.ndarray) -> np.ndarray:
        """What they read at Unix time t; at many times, a column of them, a row a time."""
        usual, value = self.usual, self.level
        if part := usual.get("daily"):
            value = value + part["by"] * daily(t, part["hour"])
        if part := usual.get("swing"):
            value = value + part["by"] * np.sin(2 * np.pi * (t / self.swing_period + self.swing_phase))
        if part := usual.get("cycle"):
            phase = (t / self.cycle_period + self.cycle_phase) % 1.0
            value = value + part["by"] * np.where(phase < self.rise, phase / self.rise, (1 - phase) / (1 - self.rise))
        if part := usual.get("burst"):
            wave = np.sin(2 * np.pi * (t / self.burst_period + self.burst_phase))
            value = value + part["by"] * np.clip((wave - self.burst_over) / (1 - self.burst_over), 0, 1)
        if part := usual.get("noise"):
            value = value + part["by"] * noise(self.number, t, part.get("every", 5.0))
        if self.odd is not None:
            value = np.where(self.odd, usual["odd"]["value"], value)
        value = value if np.ndim(t) == 0 else value + np.zeros_like(t)
        return np.minimum(np.maximum(value, self.least), self.most)


class Signals:
    """All points of some devices of one profile that have a usual day. `datum` is added to what has no base of its
    own, as the resting level of a gauge."""

    def __init__(self, profile: str, number: np.ndarray, datum: np.ndarray | None = None):
        days = {
            key: point["usual"]
            for key, point in packs.section("profiles")[profile]["points"].items()
            if "usual" in point
        }
        self.points = {key: Signal(usual, number, salt_of(profile, key)) for key, usual in days.items()}
        self.amounts = {key for key, usual in days.items() if usual.get("amount")}
        self.datum = np.zeros(len(number)) if datum is None else datum

    def at(self, t: float | np.ndarray) -> dict[str, np.ndarray]:
        """Readings at Unix time t (or a column of times); of amounts, those of a whole interval."""
        return {
            key: np.round(signal.at(t) + self.datum, signal.usual.get("decimals", 2))
            for key, signal in self.points.items()
        }


@cache
def salt_of(profile: str, key: str) -> int:
    """Where the chances of a point begin; points of one device must not move in step."""
    return zlib.crc32(f"{profile}/{key}".encode()) * 16


def interval(profile: str) -> int:
    """Seconds between two reports of a profile."""
    return packs.section("profiles")[profile].get("every", 60)
