"""Named places on the map: offices, schools, hospitals, fire stations, petrol stations, railway and metro
stops, parks."""

from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo import names
from anlan.demo.buildings import Buildings
from anlan.demo.cells import CORES, Cells
from anlan.demo.dice import dice
from anlan.demo.divisions import TOWNS, Divisions, spread
from anlan.demo.landuse import Landuse
from anlan.demo.roads import METRO_STATIONS, STATION, Network
from anlan.demo.terrain import Terrain

PETROL_STATIONS = 20  # the plan's number


@dataclass(frozen=True)
class Poi:
    """A named point; `kind` is ours, `tags` are OpenStreetMap's."""

    kind: str
    name: str
    x: float
    y: float
    tags: dict[str, str]


def pois(
    seed: int, land: Terrain, cells: Cells, parts: Divisions, net: Network, use: Landuse, made: Buildings
) -> tuple[Poi, ...]:
    found = [*_offices(use), *_schools(seed, cells, parts, use), *_care(seed, use), *_stations(), *_parks(seed, use)]
    found += [
        _poi(
            "village_committee",
            f"{region.name}{'村委会' if region.kind == 'village' else '居委会'}",
            region.x,
            region.y,
            "office",
            "government",
        )
        for region in parts.of("village")
    ]
    found += _petrol(seed, land, net, made)
    return tuple(found)


def _poi(kind, name, x, y, key, value) -> Poi:
    return Poi(kind, name, float(x), float(y), {key: value})


def _blocks(use: Landuse, *kinds: str):
    return [block for block in use.blocks if block.use in kinds]


def _offices(use: Landuse) -> list[Poi]:
    found = []
    seat = {key: name for key, _, name, _ in TOWNS}
    suffix = {"town": "人民政府", "office": ""}
    kinds = {key: kind for key, kind, *_ in TOWNS}
    for index, core in enumerate(CORES):
        own = [block for block in _blocks(use, "government") if block.core == index]
        for n, block in enumerate(own):
            x, y = block.origin
            if core.kind == "park":
                found.append(_poi("park_office", f"{core.name}管理办公室", x, y, "office", "government"))
            elif n == 0 and core.key == "yihu":
                found.append(_poi("district_office", f"{names.SHORT}经济开发区管理委员会", x, y, "amenity", "townhall"))
            else:
                found.append(_poi("town_office", seat[core.key] + suffix[kinds[core.key]], x, y, "amenity", "townhall"))
        if own:
            x, y = own[-1].origin + own[-1].axis * own[-1].width * 0.8
            found.append(_poi("fire_station", f"{core.name}消防救援站", x, y, "amenity", "fire_station"))
            found.append(_poi("police", f"{core.name}派出所", x, y - 60, "amenity", "police"))
    return found


def _schools(seed, cells, parts, use) -> list[Poi]:
    found = []
    village = parts.of("village")
    counted: dict[str, int] = {}
    for block in _blocks(use, "school"):
        near = village[parts.village_of_cell[block.cell]].name.removesuffix("社区").removesuffix("村")
        counted[near] = counted.get(near, 0) + 1
        level = ("小学", "中学", "实验学校", "幼儿园")[(counted[near] - 1) % 4]
        order = "" if counted[near] <= 4 else "第二"
        found.append(
            _poi(
                "school",
                f"{near}{order}{level}",
                *block.origin,
                "amenity",
                "kindergarten" if level == "幼儿园" else "school",
            )
        )
    titles = iter(("望岫理工学院", "澄江职业技术学院", "澄汀财经学院", "望岫师范学院", "澄江医药学院"))
    last = None
    for block in _blocks(use, "university"):
        if last is None or np.hypot(*(block.origin - last)) > 700:
            name = next(titles, None)
            if name:
                found.append(_poi("university", name, *block.origin, "amenity", "university"))
            last = block.origin
    return found


def _care(seed, use) -> list[Poi]:
    found = []
    for index, core in enumerate(CORES):
        for n, block in enumerate(b for b in _blocks(use, "hospital") if b.core == index):
            name = f"{core.name}{'人民医院' if n == 0 else '中医院'}"
            found.append(_poi("hospital", name, *block.origin, "amenity", "hospital"))
    return found


def _stations() -> list[Poi]:
    name, x, y = STATION
    found = [Poi("railway_station", name, x, y, {"railway": "station"})]
    return found + [
        Poi("metro_station", f"{name}站", x, y, {"railway": "station", "station": "subway"})
        for name, x, y in METRO_STATIONS
    ]


def _parks(seed, use) -> list[Poi]:
    bank = iter(names.combine(seed, "parks", names.ROAD_FIRST, names.ROAD_SECOND, "公园"))
    return [_poi("park", next(bank), *block.origin, "leisure", "park") for block in _blocks(use, "park")]


def _petrol(seed, land, net: Network, made: Buildings) -> list[Poi]:
    """Twenty well-spaced plots beside main roads, off the houses and the water."""
    lines = [
        shapely.LineString(road.line) for road in net.roads if road.kind in ("primary", "secondary") and not road.bridge
    ]
    spots = []
    for line in lines:
        for along in np.arange(120, line.length - 60, 260):
            a, b = shapely.get_coordinates(shapely.line_interpolate_point(line, [along, along + 1]))
            spots.append(a + np.array([-(b - a)[1], (b - a)[0]]) * 38)
    spots = np.array(spots)
    place = shapely.points(spots)
    free = np.ones(len(spots), bool)
    free[shapely.STRtree(made.shape).query(place, predicate="dwithin", distance=24)[0]] = False
    free &= shapely.distance(land.surface(), place) > 60
    spots = spots[free]
    chosen = spots[spread(dice(seed, "petrol"), spots, PETROL_STATIONS, np.ones(len(spots)))]
    bank = names.brands(seed)
    return [
        _poi("petrol_station", f"{names.SHORT}{bank[-1 - n]}加油站", x, y, "amenity", "fuel")
        for n, (x, y) in enumerate(chosen)
    ]
