"""What lies around a place, and which rescue is there first by road: the question of whoever stands before a hazard."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anlan.desk.layers.shapes import distances
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility
from anlan.know.roads import gates
from anlan.know.roads.rules import box, quickest_first, ring

Place = tuple[float, float]

USUAL_REACH, FARTHEST_REACH = 500, 20_000  # metres
NEAR = 3  # protected places are told up to so many times the reach, at least NEAR_AT_LEAST
NEAR_AT_LEAST = 1000
PROTECTED = 30
STATIONS = 5  # of each kind, nearest by air, are asked by road
SEARCH = (20_000, 100_000)  # metres by air within which stations are looked for
CLOSURES_WITHIN = 20_000  # metres around the places of a question
MOST_CLOSURES = 300  # the newest; each costs the router a search
FIRST_OF = "fire_station"  # whose way is shown before one chooses


@dataclass(frozen=True)
class Found:
    """A facility, how far by air, and by road where a way is known."""

    pk: int
    name: str
    kind: str
    lon: float
    lat: float
    attributes: dict
    air: float
    inside: bool
    leg: object | None = None  # network.Leg

    @property
    def title(self):
        return all_kinds()[self.kind].title

    @property
    def phone(self) -> str:
        return str(self.attributes.get("duty_phone") or "")

    @property
    def place(self) -> Place:
        return self.lon, self.lat


@dataclass(frozen=True)
class Around:
    """`known`: there is a road network. `way`: of `first`, when one leads there. `closed`: closures avoided."""

    place: Place
    reach: int
    protected: list[Found]
    stations: list[Found]
    known: bool
    first: Found | None = None
    way: object | None = None  # network.Way
    closed: int = 0
    counts: dict = field(default_factory=dict)

    @property
    def gap(self) -> float:
        """Metres by air from the end of the way to the place."""
        if self.way is None:
            return 0.0
        lon, lat = np.array(self.way.line[-1:], dtype=float).T
        return float(distances(*self.place, lon, lat)[0])


def around(user, place: Place, reach: int, now: datetime, chosen: int | None = None) -> Around:
    """Protected places and rescue stations around a place; the way of the chosen station, or of the first one."""
    told = max(NEAR * reach, NEAR_AT_LEAST)
    protected = _near(gates.public_places(user, "protected"), place, told, reach)
    stations = _stations(user, place, reach, chosen)
    blocked = _blocked([place, *(station.place for station in stations)], now)
    roads = _roads()
    if roads is not None:
        legs = roads.legs([station.place for station in stations], place, blocked)
        stations = [replace(stations[n], leg=legs[n]) for n in quickest_first(legs)]
    first = _first(stations, chosen)
    way = roads.way(first.place, place, blocked) if roads is not None and first is not None else None
    return Around(
        place=place,
        reach=reach,
        protected=protected[:PROTECTED],
        stations=stations,
        known=roads is not None,
        first=first,
        way=way,
        closed=len(blocked),
        counts={"protected": sum(one.inside for one in protected), "near": len(protected)},
    )


def too_far() -> str:
    return _("范围最大 %(most)d 米。") % {"most": FARTHEST_REACH}


def _roads():
    from anlan.know.roads.network import network  # brings the router with it: only who asks waits for it

    return network(settings.ROADS)


def _stations(user, place: Place, reach: int, chosen: int | None) -> list[Found]:
    """The nearest of each kind by air, and the chosen one wherever it is."""
    places = gates.public_places(user, "rescue")
    found: list[Found] = []
    for metres in SEARCH:
        found = _near(places, place, metres, reach)
        if found:
            break
    kept: list[Found] = []
    for kind in dict.fromkeys(one.kind for one in found):
        kept += [one for one in found if one.kind == kind][:STATIONS]
    if chosen and all(one.pk != chosen for one in kept):
        kept += _measured(places.filter(pk=chosen), place, reach)
    return sorted(kept, key=lambda one: one.air)


def _near(places: QuerySet[Facility], place: Place, metres: float, reach: int) -> list[Found]:
    """Nearest first, exactly within the metres."""
    west, south, east, north = box([place], metres)
    found = _measured(places.filter(lon__range=(west, east), lat__range=(south, north)), place, reach)
    return sorted((one for one in found if one.air <= metres), key=lambda one: (one.air, one.pk))


def _measured(places: QuerySet[Facility], place: Place, reach: int) -> list[Found]:
    rows = list(places.values_list("pk", "name", "kind", "lon", "lat", "attributes"))
    if not rows:
        return []
    lon, lat = np.array([row[3:5] for row in rows], dtype=float).T
    metres = distances(*place, lon, lat)
    return [Found(*row, float(air), bool(air <= reach)) for row, air in zip(rows, metres, strict=True)]


def _blocked(places: Sequence[Place], now: datetime) -> list[list[list[float]]]:
    west, south, east, north = box(places, CLOSURES_WITHIN)
    closures = gates.in_force(now).filter(passable=False, lon__range=(west, east), lat__range=(south, north))
    return [ring(*row) for row in closures.order_by("-pk").values_list("lon", "lat", "radius")[:MOST_CLOSURES]]


def _first(stations: list[Found], chosen: int | None) -> Found | None:
    if chosen:
        return next((one for one in stations if one.pk == chosen), None)
    return next((one for one in stations if one.kind == FIRST_OF), stations[0] if stations else None)
