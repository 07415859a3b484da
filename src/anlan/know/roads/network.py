"""The road network of one file of tiles: how far by road, which way, and what a road is called.

One network is kept for each process; a file that was replaced is opened anew. Blocked areas are GeoJSON rings: no
edge that touches one is used.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock

import shapely
import valhalla
from valhalla.midgard.utils import decode_polyline

Place = tuple[float, float]  # longitude, latitude in degrees
Ring = list[list[float]]

COSTING = "auto"
HOW = {"costing": COSTING, "units": "kilometers"}
BESIDE = (0, 250, 1000)  # metres within which a way may begin and end when the nearest road is blocked
OFF_ROAD = 3000  # metres; a place farther from every road has no way
LONGEST_RINGS = 1e9  # metres of all blocked outlines together: how many there are is bounded by who asks
MOST_VERTICES = 1_000_000
NOT_THERE = {154, 170, 171, 442, 443, 444}
"""Too far, not connected, no road near, no path: answers, not faults."""


@dataclass(frozen=True)
class Leg:
    """Length and time by road."""

    metres: float
    seconds: float


@dataclass(frozen=True)
class Way(Leg):
    """A way as a line of places, and the named streets it follows with the metres on each, in order."""

    line: tuple[Place, ...]
    streets: tuple[tuple[str, float], ...]


class Network:
    """Answers from one file of tiles. Safe for several threads: one asks at a time."""

    def __init__(self, tiles: Path):
        config = valhalla.get_config(tile_extract=tiles, tile_dir="")
        config["service_limits"] |= {
            "max_exclude_polygons_length": LONGEST_RINGS,
            "max_exclude_polygons_vertices": MOST_VERTICES,
            "max_radius": max(BESIDE),
        }
        self._asking = Lock()
        with NamedTemporaryFile("w", suffix=".json") as settings:  # read while the actor is made, and not again
            json.dump(config, settings)
            settings.flush()
            self._actor = valhalla.Actor(Path(settings.name))

    def legs(self, sources: Sequence[Place], target: Place, blocked: Sequence[Ring] = ()) -> list[Leg | None]:
        """From each source to the target; None where no way leads there."""
        if not sources:
            return []
        if blocked:
            return [self.way(source, target, blocked) for source in sources]
        answer = self._ask(
            self._actor.matrix, {"sources": [_at(place) for place in sources], "targets": [_at(target)], **HOW}
        )
        if answer is None:
            # One source off the network spoils the whole table: each is then asked alone.
            return [None] if len(sources) == 1 else [self.legs([one], target)[0] for one in sources]
        return [_leg(row[0]) for row in answer["sources_to_targets"]]

    def way(self, start: Place, end: Place, blocked: Sequence[Ring] = ()) -> Way | None:
        """The quickest way, or None. The router blocks whole edges, from junction to junction: a way that meets no
        closure is taken as it is, and one that begins or ends on a blocked edge does so on a road beside it."""
        free = self._route(start, end)
        if free is None or not blocked or not _meets(free.line, blocked):
            return free
        return next((way for reach in BESIDE if (way := self._route(start, end, blocked, reach))), None)

    def _route(self, start: Place, end: Place, blocked: Sequence[Ring] = (), reach: int = 0) -> Way | None:
        question = {"locations": [_at(start, reach), _at(end, reach)], **HOW}
        if blocked:
            question["exclude_polygons"] = list(blocked)
        answer = self._ask(self._actor.route, question)
        if answer is None:
            return None
        trip = answer["trip"]
        leg = trip["legs"][0]
        return Way(
            metres=trip["summary"]["length"] * 1000,
            seconds=trip["summary"]["time"],
            line=tuple((lon, lat) for lon, lat in decode_polyline(leg["shape"])),
            streets=_streets(leg["maneuvers"]),
        )

    def name_at(self, place: Place) -> str:
        """What the road nearest to a place is called; '' where it has no name or there is none."""
        found = self._ask(self._actor.locate, {"locations": [_at(place)], "costing": COSTING, "verbose": True})
        for edge in (found or [{}])[0].get("edges") or []:
            if names := edge.get("edge_info", {}).get("names"):
                return str(names[0])
        return ""

    def _ask(self, action, question: dict):
        try:
            with self._asking:
                return json.loads(action(json.dumps(question)))
        except valhalla.ValhallaError as problem:
            if problem.code in NOT_THERE:
                return None
            raise


@lru_cache(maxsize=1)
def _opened(tiles: Path, _stamp: tuple[int, int]) -> Network:
    return Network(tiles)


def network(tiles: Path) -> Network | None:
    """The network of the file as it is now; None without a file."""
    try:
        state = tiles.stat()
    except OSError:
        return None
    return _opened(tiles, (state.st_mtime_ns, state.st_ino))


def _at(place: Place, reach: int = 0) -> dict:
    """`reach`: every road within so many metres will do, the nearest before the others."""
    return {"lon": place[0], "lat": place[1], "search_cutoff": OFF_ROAD, "radius": reach}


def _meets(line: tuple[Place, ...], blocked: Sequence[Ring]) -> bool:
    shape = shapely.LineString(line) if len(line) > 1 else shapely.Point(line[0])
    return bool(shapely.intersects(shape, [shapely.Polygon(ring) for ring in blocked]).any())


def _leg(cell: dict) -> Leg | None:
    return None if cell["time"] is None else Leg(cell["distance"] * 1000, float(cell["time"]))


def _streets(maneuvers: list[dict]) -> tuple[tuple[str, float], ...]:
    """Named streets in order; two pieces of one street that follow each other are one."""
    found: list[tuple[str, float]] = []
    for step in maneuvers:
        name = (step.get("street_names") or [""])[0]
        metres = step["length"] * 1000
        if not name:
            continue
        if found and found[-1][0] == name:
            metres += found.pop()[1]
        found.append((name, metres))
    return tuple(found)
