"""Decisions about closed roads and ways, on values alone."""

import math
from collections.abc import Iterable
from datetime import datetime

from anlan.desk.layers.shapes import EARTH

CORNERS = 12
COMING, CLOSED, OVER, LIFTED = "coming", "closed", "over", "lifted"


def state(since: datetime, until: datetime | None, lifted_at: datetime | None, now: datetime) -> str:
    """Whether a closure is to come, in force, past its term, or lifted before it."""
    if lifted_at is not None and lifted_at <= now:
        return LIFTED
    if now < since:
        return COMING
    return CLOSED if until is None or now < until else OVER


def ring(lon: float, lat: float, radius: float) -> list[list[float]]:
    """A circle as a closed ring of places; every road that touches it is blocked. `radius` in metres."""
    bearings = [360 / CORNERS * corner for corner in range(CORNERS)]
    reach = [radius / math.cos(math.pi / CORNERS)] * CORNERS  # the sides, not the corners, lie at the radius
    lons, lats, _back = EARTH.fwd([lon] * CORNERS, [lat] * CORNERS, bearings, reach)
    corners = [[round(x, 7), round(y, 7)] for x, y in zip(lons, lats, strict=True)]
    return [*corners, corners[0]]


def box(places: Iterable[tuple[float, float]], margin: float) -> tuple[float, float, float, float]:
    """West, south, east and north of some places, widened by a margin in metres."""
    lons, lats = zip(*places, strict=True)
    north = margin / 111_320
    east = north / max(0.05, math.cos(math.radians(max(map(abs, lats)))))
    return min(lons) - east, min(lats) - north, max(lons) + east, max(lats) + north


def quickest_first(legs: Iterable) -> list[int]:
    """The order in which stations come: by time on the road, then those no road leads from, as they were."""
    given = list(legs)
    return sorted(range(len(given)), key=lambda n: (given[n] is None, given[n].seconds if given[n] else 0, n))
