"""Facilities: what stands in the regulated enterprises, and the public hand's slopes, flood spots, reservoirs
and hydrants."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from anlan.demo.dice import dice
from anlan.demo.divisions import spread
from anlan.demo.enterprises import Enterprise
from anlan.demo.geography import Geography
from anlan.demo.major_hazards import RESIDENTS, Installation, installations
from anlan.demo.organisations import PublicHand
from anlan.demo.plane import to_degrees

HYDRANTS, FLOOD_SPOTS, SLOPES, RAIN_GAUGES, RIVER_GAUGES = 600, 30, 24, 18, 6
CONSEQUENCE_M = {1: 1500, 2: 1000, 3: 500, 4: 300}  # invented, by level of the installation
CONNECTED_FIRE_UNITS = 80  # of 196: the plan's fire internet of things


@dataclass(frozen=True)
class Facility:
    """One facility; `owner` is the code of the body or enterprise that answers for it, `parent` another
    facility's code."""

    code: str
    kind: str
    name: str
    owner: str
    region: str
    x: float
    y: float
    enterprise: str = ""  # its credit code, or ""
    parent: str = ""
    shape: shapely.Geometry | None = None
    hazard_level: int | None = None
    r_value: float | None = None
    consequence_m: int | None = None
    attributes: dict = field(default_factory=dict)

    def geojson(self) -> dict | None:
        return None if self.shape is None else shapely.geometry.mapping(to_degrees(self.shape))


def facilities(place: Geography, hand: PublicHand, found: tuple[Enterprise, ...]) -> tuple[Facility, ...]:
    made = [
        *_chemical(place, found),
        *_petrol(found),
        *_ammonia(found),
        *_works(place, found),
        *_fire_units(place, found),
    ]
    return tuple(made + _public(place, hand))


def _own(one: Enterprise, code: str, kind: str, name: str, x: float, y: float, **more) -> Facility:
    return Facility(code, kind, name, one.code, one.region, float(x), float(y), enterprise=one.code, **more)


NAMES = {
    "works": ("workshop", "车间"),
    "warehouse": ("warehouse", "仓库"),
    "pump_room": ("pump_room", "泵房"),
    "control_room": ("control_room", "中央控制室"),
    "boiler_room": ("boiler_room", "锅炉房"),
}


def _chemical(place: Geography, found) -> list[Facility]:
    """Producers and depots: buildings of their block, the tank farm, its tanks, and the installations that they
    form."""
    made: list[Facility] = []
    blocks = place.use.blocks
    for number, one in enumerate(chemical_sites(found)):
        own = np.flatnonzero(place.made.block == one.block)
        tanks = own[place.made.use[own] == "tank"]
        sources = installations(number)
        farm = shapely.buffer(shapely.convex_hull(shapely.union_all(place.made.shape[tanks])), 8, join_style="mitre")
        made.append(_installation(one, sources[0], "tank_farm", f"{one.short_name}罐区", farm))
        for n, tank in enumerate(tanks):
            substance, per_tank = sources[0].rows[n * len(sources[0].rows) // len(tanks)]
            attributes = {
                "substance": substance,
                "capacity_t": per_tank,
                "diameter_m": round(float(np.sqrt(place.made.area()[tank] / np.pi) * 2), 1),
            }
            attributes["pressurised"] = substance == "液氨"
            made.append(
                _own(
                    one,
                    f"V-{101 + n}",
                    "tank",
                    f"{substance}储罐V-{101 + n}",
                    place.made.x[tank],
                    place.made.y[tank],
                    parent="TF-1",
                    shape=place.made.shape[tank],
                    attributes=attributes,
                )
            )
        counted: dict[str, int] = {}
        for index in own:
            if place.made.use[index] in NAMES:
                kind, word = NAMES[place.made.use[index]]
                counted[kind] = counted.get(kind, 0) + 1
                made.append(
                    _own(
                        one,
                        f"{kind[:2].upper()}-{counted[kind]}",
                        kind,
                        f"{counted[kind]}号{word}" if kind in ("workshop", "warehouse") else word,
                        place.made.x[index],
                        place.made.y[index],
                        shape=place.made.shape[index],
                    )
                )
        for extra in sources[1:]:
            at = next(f for f in made if f.owner == one.code and f.kind == "workshop")
            made.append(_installation(one, extra, "reactor", extra.name, shapely.buffer(shapely.Point(at.x, at.y), 12)))
        corner = blocks[one.block].origin - blocks[one.block].axis * blocks[one.block].width * 0.05
        made.append(_own(one, "LB-1", "loading_bay", "汽车装卸区", *corner))
    return made


def chemical_sites(found) -> list[Enterprise]:
    """The three producers, then the depots, the one with the major hazard installation first: the order of SITES."""
    own = [one for one in found if one.site in ("chemical", "depot")]
    return sorted(own, key=lambda one: ("hazchem_producer" not in one.categories, "major_hazard" not in one.categories))


def _installation(one: Enterprise, source: Installation, kind: str, name: str, shape) -> Facility:
    middle = shapely.centroid(shape)
    code = "TF-1" if kind == "tank_farm" else "R-1"
    if not source.identified:
        return _own(
            one, code, kind, name, middle.x, middle.y, shape=shape, attributes={"substances": source.substances()}
        )
    return _own(
        one,
        code,
        kind,
        name,
        middle.x,
        middle.y,
        shape=shape,
        hazard_level=source.level,
        r_value=source.r_value,
        consequence_m=CONSEQUENCE_M[source.level],
        attributes={
            "substances": source.substances(),
            "residents": RESIDENTS,
            "alpha": source.alpha,
            "source": source.source,
        },
    )


def _petrol(found) -> list[Facility]:
    made = []
    for one in (one for one in found if one.site == "petrol"):
        made.append(
            _own(
                one,
                "FA-1",
                "fuelling_area",
                f"{one.short_name}加油区",
                one.x,
                one.y,
                shape=shapely.box(one.x - 12, one.y - 8, one.x + 12, one.y + 8),
            )
        )
        for n, fuel in enumerate(("92号汽油", "95号汽油", "98号汽油", "柴油")):
            made.append(
                _own(
                    one,
                    f"T-{n + 1}",
                    "tank",
                    f"{fuel}埋地罐T-{n + 1}",
                    one.x - 9 + 6 * n,
                    one.y + 16,
                    attributes={
                        "substance": fuel.removeprefix("92号").removeprefix("95号").removeprefix("98号"),
                        "capacity_m3": 30,
                        "underground": True,
                    },
                )
            )
    return made


def _ammonia(found) -> list[Facility]:
    return [
        _own(
            one,
            "RF-1",
            "refrigeration",
            f"{one.short_name}制冷机房",
            one.x + 12,
            one.y + 10,
            attributes={"substance": "氨", "capacity_t": 6 + 4 * (n % 4)},
        )
        for n, one in enumerate(one for one in found if "ammonia" in one.categories)
    ]


def _works(place: Geography, found) -> list[Facility]:
    """Halls and stores of above-scale works, dust collectors, limited spaces, boilers."""
    made = []
    by_block: dict[int, list[int]] = {}
    for index in np.flatnonzero(np.isin(place.made.use, ["works", "warehouse"])).tolist():
        by_block.setdefault(int(place.made.block[index]), []).append(index)
    for one in found:
        tags = set(one.categories)
        if one.site in ("works", "logistics") and tags & {
            "above_scale",
            "dust",
            "hazchem_dealer_storage",
            "fire_key_unit",
        }:
            for n, index in enumerate(by_block.get(one.block, [])):
                kind, word = NAMES[place.made.use[index]]
                made.append(
                    _own(
                        one,
                        f"B-{n + 1}",
                        kind,
                        f"{n + 1}号{word}",
                        place.made.x[index],
                        place.made.y[index],
                        shape=place.made.shape[index],
                    )
                )
        if "dust" in tags:
            made.append(_own(one, "DC-1", "dust_collector", "1号除尘系统", one.x + 15, one.y))
        if "limited_space" in tags:
            made.append(_own(one, "LS-1", "limited_space", "污水处理池", one.x - 15, one.y + 12))
    return made


def _fire_units(place: Geography, found) -> list[Facility]:
    """Fire control room and hydrant of each of the 196 key units; the first 80 are connected."""
    made = []
    for n, one in enumerate(one for one in found if "fire_key_unit" in one.categories):
        shape = place.made.shape[one.building] if one.building >= 0 else None
        made.append(
            _own(
                one,
                "FC-1",
                "fire_control_room",
                f"{one.short_name}消防控制室",
                one.x,
                one.y - 4,
                attributes={"connected": n < CONNECTED_FIRE_UNITS},
            )
        )
        made.append(
            _own(
                one,
                "FB-1",
                "building",
                f"{one.short_name}主楼" if shape is not None else one.short_name,
                one.x,
                one.y,
                shape=shape,
            )
        )
    return made


def _public(place: Geography, hand: PublicHand) -> list[Facility]:
    code = hand.code_of()
    made = _reservoirs(place, code["agriculture"])
    made += [
        _spot(place, code["resources"], "SL", "slope", "边坡", n, at, height_m=int(6 + 3 * (n % 8)))
        for n, at in enumerate(_slopes(place))
    ]
    made += [
        _spot(place, code["city"], "WL", "waterlogging", "易涝点", n, at) for n, at in enumerate(_flood_spots(place))
    ]
    made += [_spot(place, code["fire"], "HY", "hydrant", "市政消火栓", n, at) for n, at in enumerate(_hydrants(place))]
    return made


def _spot(place: Geography, owner: str, prefix: str, kind: str, word: str, n: int, at, **attributes) -> Facility:
    cell = place.cell_at([at[0]], [at[1]])
    village = place.parts.of("village")[place.village_of(cell)[0]]
    short = village.name.removesuffix("社区").removesuffix("村")
    return Facility(
        f"{prefix}-{n + 1:03d}",
        kind,
        f"{short}{word}{n + 1:03d}",
        owner,
        str(place.grid_codes(cell)[0]),
        float(at[0]),
        float(at[1]),
        attributes=attributes,
    )


def _reservoirs(place: Geography, owner: str) -> list[Facility]:
    made = []
    for n, water in enumerate(water for water in place.land.waters if water.kind == "reservoir"):
        middle = shapely.centroid(water.shape)
        region = str(place.grid_codes(place.cell_at([middle.x], [middle.y]))[0])
        flood_limit = 62.0 + 6 * n
        attributes = {
            "flood_limit_level_m": flood_limit,
            "dead_level_m": flood_limit - 11,
            "dam_top_m": flood_limit + 4.5,
        }
        made.append(
            Facility(
                f"RV-{n + 1:03d}",
                "reservoir",
                water.name,
                owner,
                region,
                middle.x,
                middle.y,
                shape=water.shape,
                attributes=attributes,
            )
        )
    return made


def _slopes(place: Geography) -> np.ndarray:
    """Steep places near a country road."""
    x, y = place.cells.centre.T
    height = place.land.height
    steep = np.hypot(height(x + 60, y) - height(x - 60, y), height(x, y + 60) - height(x, y - 60)) / 120
    roads = shapely.union_all(
        [shapely.LineString(road.line) for road in place.net.roads if road.kind in ("tertiary", "unclassified")]
    )
    near = shapely.distance(roads, shapely.points(x, y)) < 260
    pool = np.flatnonzero((steep > np.quantile(steep, 0.82)) & near & (place.cells.core < 0) & (place.cells.wet < 0.2))
    chosen = pool[spread(dice(place.seed, "slopes"), place.cells.centre[pool], SLOPES, 1 + steep[pool])]
    return place.cells.centre[chosen]


def _corners(place: Geography) -> np.ndarray:
    return np.unique(
        np.round(
            np.vstack(
                [
                    road.line
                    for road in place.net.roads
                    if road.kind in ("secondary", "tertiary", "residential") and road.name
                ]
            ),
            1,
        ),
        axis=0,
    )


def _flood_spots(place: Geography) -> np.ndarray:
    """Low street corners, and streets that pass under railway or expressway."""
    corner = _corners(place)
    corner = corner[place.cells.core[place.cell_at(*corner.T)] >= 0]
    barrier = shapely.union_all([shapely.LineString(line) for line in (place.net.railway, *place.net.expressways)])
    under = shapely.distance(barrier, shapely.points(corner)) < 90
    low = -place.land.height(*corner.T)
    score = np.argsort(np.argsort(low)) / len(low) + 1.5 * under
    return corner[spread(dice(place.seed, "flood spots"), corner, FLOOD_SPOTS, score**2)]


def _hydrants(place: Geography) -> np.ndarray:
    corner = _corners(place)
    cell = place.cell_at(*corner.T)
    corner = corner[place.cells.core[cell] >= 0] + (9, -9)
    return corner[dice(place.seed, "hydrants").choice(len(corner), HYDRANTS, replace=False)]
