"""Map datums: the shifted coordinates of online maps turned into WGS 84, and back.

GCJ-02 (Gaode, Tencent, Google in China) moves a place by up to 700 m with a fixed formula; BD-09 (Baidu) moves it once
more. Neither has a closed inverse: it is found by repetition, to 1e-9 degree and better. CGCS2000 differs from WGS 84
by centimetres and is taken as the same.

Outside-China rule: the formula is applied only inside the box 72.004–137.8347° E, 0.8293–55.8271° N, as the map
services do; places outside are returned as they are. In the strip of less than 0.02° along the edge of that box, sea
and foreign land, a shifted place cannot be told from an unshifted one.

All functions take and return degrees, longitude first, as scalars or arrays (float64, any one shape).

Source of the formulae: no official text is public; these are the ones in common use since 2013, compared with an
independent implementation in docs/decisions/0070.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

SEMI_MAJOR = 6_378_245.0  # Krasovsky 1940, metres
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_TURN = np.pi * 3000.0 / 180.0
BOX = (72.004, 0.8293, 137.8347, 55.8271)
ROUNDS = 6
"""Each round leaves less than a hundredth of an error that begins below 0.01 degree."""

Pair = tuple[np.ndarray, np.ndarray]


class Datum(StrEnum):
    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class UnknownDatum(ValueError):
    """The name is no datum known here; the text lists those that are."""


def datum_of(name: str) -> Datum:
    """The datum by any usual spelling: `GCJ-02`, `gcj02`, `BD-09LL`, `WGS 84`, `CGCS2000`."""
    plain = "".join(letter for letter in name.lower() if letter.isalnum()).removesuffix("ll")
    try:
        return Datum(plain)
    except ValueError:
        known = ", ".join(Datum)
        raise UnknownDatum(f"'{name}' is not a known datum; write one of {known}") from None


def to_wgs84(datum: Datum | str, lon, lat) -> Pair:
    """Places of a datum as WGS 84. Errors: ValueError when a coordinate is not a finite number or off the globe."""
    lon, lat = _checked(lon, lat)
    match datum_of(datum):
        case Datum.GCJ02:
            return gcj02_to_wgs84(lon, lat)
        case Datum.BD09:
            return bd09_to_wgs84(lon, lat)
        case _:
            return lon, lat


def inside_box(lon, lat) -> np.ndarray:
    west, south, east, north = BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def wgs84_to_gcj02(lon, lat) -> Pair:
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    shifted = _shift(lon, lat)
    within = inside_box(lon, lat)
    return np.where(within, shifted[0], lon), np.where(within, shifted[1], lat)


def gcj02_to_wgs84(lon, lat) -> Pair:
    return _inverse(_shift, lon, lat)


def gcj02_to_bd09(lon, lat) -> Pair:
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    turned = _turn(lon, lat)
    within = inside_box(lon, lat)
    return np.where(within, turned[0], lon), np.where(within, turned[1], lat)


def bd09_to_gcj02(lon, lat) -> Pair:
    return _inverse(_turn, lon, lat)


def wgs84_to_bd09(lon, lat) -> Pair:
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon, lat) -> Pair:
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _inverse(forward: Callable[[np.ndarray, np.ndarray], Pair], lon, lat) -> Pair:
    """The place that `forward` moves to this one: guess, see where the guess goes, correct by the miss."""
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    guess_lon, guess_lat = lon, lat
    for _ in range(ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (lon - there_lon), guess_lat + (lat - there_lat)
    within = inside_box(guess_lon, guess_lat)
    return np.where(within, guess_lon, lon), np.where(within, guess_lat, lat)


def _shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """WGS 84 to GCJ-02 without the outside rule."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    radians = np.radians(lat)
    magic = 1.0 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / magic**1.5
    normal = SEMI_MAJOR / np.sqrt(magic)
    return lon + np.degrees(east / (normal * np.cos(radians))), lat + np.degrees(north / meridian)


def _turn(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """GCJ-02 to BD-09 without the outside rule."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _checked(lon, lat) -> Pair:
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) < 90.0)
    if not np.all(good):
        place = np.argmin(np.atleast_1d(good))
        wrong = f"{np.atleast_1d(lon).flat[place]},{np.atleast_1d(lat).flat[place]}"
        raise ValueError(f"place {place}: '{wrong}' is not longitude,latitude in degrees; is the order right?")
    return lon, lat
