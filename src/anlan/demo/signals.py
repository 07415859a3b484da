"""What the demo's sensors would read: pure functions of time and of the device's own number, on whole arrays at once.

Every signal stays inside its alarm limits, so a district at rest is quiet; scenarios lay their own values over
it. The one
exception is wanted: one smoke detector in some 3,000 has an old battery, as in any real district.
"""

from collections.abc import Callable

import numpy as np

DAY = 86_400.0
BASE_RIVER_LEVEL = 18.2


def chance(number: np.ndarray, salt: int) -> np.ndarray:
    """A uniform number in [0, 1) for each device and salt, always the same (splitmix64)."""
    with np.errstate(over="ignore"):
        z = np.asarray(number, np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
            (salt * 0xD1B54A32D192ED03) % 2**64
        )
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) / 2.0**53


def noise(number: np.ndarray, t: float, step: float = 5.0) -> np.ndarray:
    """White noise of mean 0 and size about 1 that changes every `step` seconds."""
    tick = int(t // step)
    return (chance(number, 3 * tick + 1) + chance(number, 3 * tick + 2) + chance(number, 3 * tick + 3) - 1.5) * 2


def wander(number: np.ndarray, t: float, period: float, salt: int) -> np.ndarray:
    """A slow swing between -1 and 1 whose phase and exact period are the device's own."""
    own = period * (0.75 + 0.5 * chance(number, salt))
    return np.sin(2 * np.pi * (t / own + chance(number, salt + 1)))


def daily(t: float, hour: float) -> float:
    """-1 to 1 over a day, highest at this hour of China time."""
    return float(np.cos(2 * np.pi * (t / DAY + 8 / 24 - hour / 24)))


def tank_level(number, t):
    """Filled and drawn down in cycles of some hours: a triangle, 22 to 76 %."""
    period = 3_600 * (7 + 22 * chance(number, 11))
    phase = (t / period + chance(number, 12)) % 1.0
    rise = 0.25 + 0.4 * chance(number, 13)
    share = np.where(phase < rise, phase / rise, (1 - phase) / (1 - rise))
    return 22 + 54 * share + 0.06 * noise(number, t)


def tank_pressure(number, t):
    return 0.62 + 0.18 * chance(number, 14) + 0.09 * daily(t, 15) + 0.004 * noise(number, t)


def tank_temperature(number, t):
    return 20 + 5 * chance(number, 15) + 7 * daily(t, 15.5) + 0.1 * noise(number, t)


def combustible_gas(number, t):
    """Mostly zero, a whiff now and then."""
    whiff = np.clip(wander(number, t, 5_400, 16) - 0.93, 0, 1) * 60
    return np.clip(0.4 * np.abs(noise(number, t)) + whiff, 0, 9)


def ammonia_gas(number, t):
    return np.clip(4 + 3 * wander(number, t, 7_200, 18) + 0.8 * noise(number, t), 0, 40)


def carbon_monoxide(number, t):
    return np.clip(2 + 1.5 * wander(number, t, 9_000, 20) + 0.5 * noise(number, t), 0, 12)


def oxygen(number, t):
    return 20.8 + 0.05 * noise(number, t)


def smoke(number, t):
    return np.zeros(len(number))


def battery(number, t):
    fresh = 3.05 + 0.5 * chance(number, 22)
    return np.where(chance(number, 23) < 1 / 3000, 2.45, fresh) + 0.004 * noise(number, t, 3_600)


def residual(number, t):
    return np.clip(60 + 130 * chance(number, 24) + 45 * daily(t, 19) + 6 * noise(number, t), 5, 290)


def cable(number, t):
    return 31 + 6 * chance(number, 25) + 7 * daily(t, 19.5) + 0.3 * noise(number, t)


def hydrant(number, t):
    return 0.30 + 0.05 * chance(number, 26) - 0.035 * daily(t, 19) + 0.004 * noise(number, t)


def flood_depth(number, t):
    return np.clip(
        0.002 * np.abs(noise(number, t)) + 0.03 * np.clip(wander(number, t, 3 * DAY, 27) - 0.96, 0, 1), 0, 0.05
    )


def water_level(number, t):
    """Reservoirs and the river. The caller adds the gauge's own datum (see `datum`)."""
    return 0.35 * wander(number, t, 9 * DAY, 28) + 0.01 * noise(number, t)


def rain(number, t):
    """Dry nine days in ten; a passing shower of up to some 14 mm in an hour, the whole district within two hours."""
    shower = np.clip(np.sin(2 * np.pi * (t / (4.3 * DAY) + 0.02 * chance(number, 29))) - 0.97, 0, 1) * 33
    return np.round(np.clip(shower * (12 + 2 * noise(number, t, 600)), 0, 20), 1)


def displacement(number, t):
    """Creep: some millimetres, breathing with the seasons."""
    return 3 + 5 * chance(number, 31) + 1.2 * wander(number, t, 60 * DAY, 32) + 0.08 * noise(number, t)


def signal(number, t):
    return np.round(-88 + 16 * chance(number, 34) + 2.5 * noise(number, t, 60))


Signal = Callable[[np.ndarray, float], np.ndarray]
# (profile, point) -> signal, decimals
SIGNALS: dict[tuple[str, str], tuple[Signal, int]] = {
    ("tank_level", "level"): (tank_level, 2),
    ("tank_pressure", "pressure"): (tank_pressure, 3),
    ("tank_temperature", "temperature"): (tank_temperature, 1),
    ("combustible_gas", "lel"): (combustible_gas, 1),
    ("ammonia_gas", "nh3"): (ammonia_gas, 1),
    ("carbon_monoxide", "co"): (carbon_monoxide, 1),
    ("oxygen", "o2"): (oxygen, 1),
    ("smoke_detector", "smoke"): (smoke, 0),
    ("smoke_detector", "battery"): (battery, 2),
    ("electrical_fire", "residual"): (residual, 0),
    ("electrical_fire", "cable"): (cable, 1),
    ("hydrant_pressure", "pressure"): (hydrant, 3),
    ("water_level", "level"): (flood_depth, 3),
    ("reservoir_level", "level"): (water_level, 2),
    ("rain_gauge", "rain_1h"): (rain, 1),
    ("slope_displacement", "displacement"): (displacement, 2),
    ("gateway", "signal"): (signal, 0),
}
# Seconds between two reports of a profile.
INTERVALS = {
    "tank_level": 5,
    "tank_pressure": 5,
    "tank_temperature": 5,
    "combustible_gas": 5,
    "ammonia_gas": 5,
    "carbon_monoxide": 5,
    "oxygen": 5,
    "smoke_detector": 60,
    "electrical_fire": 60,
    "hydrant_pressure": 60,
    "gateway": 60,
    "water_level": 60,
    "rain_gauge": 60,
    "reservoir_level": 60,
    "slope_displacement": 60,
}


def values(profile: str, number: np.ndarray, t: float, datum: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Readings of all points of one profile at Unix time t, for devices with these numbers; `datum` is added to
    levels."""
    read = {}
    for (kind, key), (function, decimals) in SIGNALS.items():
        if kind == profile:
            value = function(number, t)
            if datum is not None and profile == "reservoir_level":
                value = value + datum
            read[key] = np.round(value, decimals)
    return read
