"""A few facilities of every sector, and the devices that stand at them: what the sector packs are shown with.

Two tables say all of it. A facility of the public hand or of an enterprise gets the devices of its kind; those of one
owner report through the owner's gateway, what moves (vehicles, ships) and what the standard lets dial by itself (fire
transmission units) report alone.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import shapely

from anlan.demo.dice import dice
from anlan.demo.divisions import spread
from anlan.demo.enterprises import Enterprise
from anlan.demo.facilities import Facility
from anlan.demo.geography import Geography
from anlan.demo.organisations import PublicHand
from anlan.demo.plane import degrees


class Stands(NamedTuple):
    """`count` facilities of a kind; `owner` is the key of a public body, or a category or site of enterprises;
    `where`: uses of buildings, "hills", "bank", "railway" or "corner"; enterprises' own stand on their ground."""

    kind: str
    prefix: str
    word: str
    count: int
    owner: str
    where: str = ""


PUBLIC = (
    Stands("watch_tower", "WT", "防火瞭望点", 6, "forestry", "hills"),
    Stands("forest_station", "FW", "林区气象站", 4, "forestry", "hills"),
    Stands("mine", "MN", "井下工作面", 1, "resources", "hills"),
    Stands("mine_slope", "MS", "采石场边坡", 2, "resources", "hills"),
    Stands("tailings_pond", "TP", "尾矿库", 1, "emergency", "hills"),
    Stands("muck_site", "MK", "渣土受纳场", 2, "city", "hills"),
    Stands("slope_station", "GE", "地质灾害监测站", 4, "resources", "hills"),
    Stands("drain_well", "DW", "排水检查井", 8, "city", "corner"),
    Stands("gas_well", "GW", "燃气相邻井", 6, "city", "corner"),
    Stands("water_main", "WM", "供水测点", 5, "city", "corner"),
    Stands("bridge", "BR", "桥", 4, "transport", "bank"),
    Stands("road_tunnel", "RU", "下穿通道", 3, "transport", "railway"),
    Stands("metro_station", "MT", "轨道交通站", 4, "transport", "corner"),
    Stands("metro_section", "MX", "轨道交通区间", 2, "transport", "corner"),
    Stands("quay", "QY", "码头", 3, "transport", "bank"),
    Stands("container_yard", "CY", "危险货物堆场", 1, "transport", "bank"),
    Stands("public_square", "PS", "广场", 4, "public_security", "mall"),
    Stands("scenic_spot", "SS", "景区", 2, "culture", "hills"),
    Stands("old_house", "OH", "老旧房屋", 8, "housing", "old_flats"),
    Stands("charging_area", "CA", "电动车充电棚", 10, "fire", "old_flats"),
    Stands("gas_regulator", "GR", "调压站", 4, "city", "old_flats"),
)
PRIVATE = (
    Stands("lift", "LF", "电梯", 8, "hotel"),
    Stands("boiler", "BL", "锅炉", 4, "special_equipment"),
    Stands("pressure_vessel", "PV", "压力容器", 4, "special_equipment"),
    Stands("tower_crane", "TC", "塔吊", 8, "building_site"),
    Stands("foundation_pit", "FP", "深基坑", 4, "building_site"),
    Stands("waste_store", "HW", "危险废物贮存库", 4, "hazchem_producer"),
    Stands("emission_outlet", "EO", "废气排放口", 3, "hazchem_producer"),
    Stands("lithium_store", "LI", "锂电池库", 2, "fire_key_unit"),
    Stands("pump_room", "PR", "消防泵房", 6, "mall"),
    Stands("restaurant", "RS", "后厨", 10, "餐饮"),
    Stands("gas_station", "GS", "储配站", 1, "gas_supplier"),
)
AT = {
    "watch_tower": ("forest_camera",),
    "forest_station": ("fire_weather",),
    "mine_slope": ("mine_slope",),
    "mine": ("mine_air",),
    "tailings_pond": ("tailings_pond",),
    "muck_site": ("muck_site",),
    "slope_station": ("slope_station",),
    "drain_well": ("drain_well",),
    "gas_well": ("gas_well",),
    "water_main": ("water_main",),
    "bridge": ("bridge",),
    "road_tunnel": ("road_tunnel",),
    "metro_station": ("metro_entrance",),
    "metro_section": ("metro_tunnel",),
    "quay": ("quay",),
    "container_yard": ("container_yard",),
    "public_square": ("crowd_counter",),
    "scenic_spot": ("scenic_spot",),
    "old_house": ("house_monitor",),
    "charging_area": ("charging_point",),
    "gas_regulator": ("gas_regulator",),
    "lift": ("lift",),
    "boiler": ("boiler",),
    "pressure_vessel": ("pressure_vessel",),
    "tower_crane": ("tower_crane", "site_dust"),
    "foundation_pit": ("foundation_pit", "formwork"),
    "waste_store": ("waste_store",),
    "emission_outlet": ("emission_station",),
    "lithium_store": ("lithium_store",),
    "pump_room": ("fire_pump",),
    "gas_station": ("lpg_station",),
    "restaurant": ("restaurant_gas",),
}
# Facilities that stand there already, and how many of each get what more.
MORE = (
    ("dust_collector", 6, ("dust_collector", "wet_scrubber")),
    ("limited_space", 6, ("limited_space_gas",)),
    ("refrigeration", 8, ("refrigeration_process", "ammonia_explosion")),
    ("reactor", 4, ("reactor_process", "reactor_trip", "toxic_h2s", "toxic_chlorine", "oxygen")),
    ("warehouse", 3, ("chemical_warehouse",)),
    ("fire_control_room", 6, ("fire_component",)),
)
MOVING = (
    ("key_vehicle", "KV", "危货车辆", 12, "dangerous_goods_carrier"),
    ("tank_truck", "TT", "罐车", 4, "dangerous_goods_carrier"),
)
SHIPS = 6
FIRE_UNITS = 4


def sector_facilities(place: Geography, hand: PublicHand, found: tuple[Enterprise, ...]) -> tuple[Facility, ...]:
    """Pure; the same seed gives the same ones."""
    made = []
    for plan in PUBLIC:
        owner = hand.body(plan.owner).code
        for n, (x, y) in enumerate(_places(place, plan)):
            cell = place.cell_at([x], [y])
            village = place.parts.of("village")[place.village_of(cell)[0]]
            name = f"{village.name.removesuffix('社区').removesuffix('村')}{plan.word}{n + 1:02d}"
            region = str(place.grid_codes(cell)[0])
            made.append(
                Facility(f"{plan.prefix}-{n + 1:03d}", _kind(plan.kind), name, owner, region, float(x), float(y))
            )
    for plan in PRIVATE:
        for n, one in enumerate(_owners(plan, found)):
            name, code = f"{one.short_name}{plan.word}", f"{plan.prefix}-{n + 1:03d}"
            made.append(
                Facility(code, plan.kind, name, one.code, one.region, one.x + 9, one.y - 7, enterprise=one.code)
            )
    return tuple(made)


def _kind(kind: str) -> str:
    return {"slope_station": "slope"}.get(kind, kind)


def _owners(plan: Stands, found: tuple[Enterprise, ...]) -> list[Enterprise]:
    own = [one for one in found if plan.owner in one.categories or plan.owner in (one.site, one.trade.word)]
    return own[: plan.count]


def _places(place: Geography, plan: Stands) -> np.ndarray:
    pool, weight = _pool(place, plan.where)
    rng = dice(place.seed, f"sector {plan.kind}")
    if len(pool) > 400:
        few = rng.choice(len(pool), 400, replace=False)
        pool, weight = pool[few], weight[few]
    return pool[spread(rng, pool, plan.count, weight)]


def _pool(place: Geography, where: str) -> tuple[np.ndarray, np.ndarray]:
    centre, built = place.cells.centre, place.cells.core >= 0
    if where == "hills":
        x, y = centre.T
        height = place.land.height(x, y)
        pool = (height > np.quantile(height, 0.85)) & ~built & (place.cells.wet < 0.1)
        return centre[pool], np.ones(int(pool.sum()))
    if where == "bank":
        river = next(water for water in place.land.waters if water.kind == "river")
        bank = shapely.get_coordinates(
            shapely.intersection(shapely.boundary(river.shape), shapely.coverage_union_all(place.cells.shape))
        )
        return bank, np.ones(len(bank))
    corner = np.unique(np.round(np.vstack([road.line for road in place.net.roads if road.name]), 1), axis=0)
    if where == "railway":
        away = shapely.distance(shapely.LineString(place.net.railway), shapely.points(corner))
        return corner[away < 150], np.ones(int((away < 150).sum()))
    if where == "corner":
        pool = corner[built[place.cell_at(*corner.T)]]
        return pool, np.ones(len(pool))
    of_use = place.made.use == where
    return np.column_stack([place.made.x[of_use], place.made.y[of_use]]), place.made.area()[of_use]


class Fitted(NamedTuple):
    """A device at a facility, or of an enterprise (`facility` None); `alone`: it has a token of its own."""

    code: str
    name: str
    profile: str
    owner: str
    region: str
    x: float
    y: float
    facility: Facility | None
    alone: bool = False


def fitted(
    place: Geography, hand: PublicHand, found: tuple[Enterprise, ...], built: tuple[Facility, ...]
) -> Iterator[Fitted]:
    """Every device of the sectors but the gateways."""
    yield from _standing(built)
    for profile, prefix, word, count, category in MOVING:
        own = [one for one in found if category in one.categories]
        for n in range(count if own else 0):
            one = own[n % len(own)]
            name = f"{one.short_name}{word}{n + 1:02d}"
            yield Fitted(f"{prefix}-{n + 1:03d}", name, profile, one.code, one.region, one.x + 6 * n, one.y, None, True)
    boats = hand.body("agriculture").code
    for n, quay in enumerate((f for f in built if f.kind == "quay") if SHIPS else ()):
        for k in range(SHIPS // 3):
            code, name = f"SH-{n + 1}{k + 1}", f"{quay.name}{'客船' if k == 0 else '渔船'}{n + 1}{k + 1}"
            yield Fitted(code, name, "ship_terminal", boats, quay.region, quay.x + 20 * k, quay.y + 20, None, True)


def _standing(built: tuple[Facility, ...]) -> Iterator[Fitted]:
    more = {kind: [profiles] * count for kind, count, profiles in MORE}
    sector = {plan.prefix: plan.kind for plan in PUBLIC + PRIVATE}
    number: dict[str, int] = {}

    def one(facility: Facility, profile: str, away: float, alone: bool = False) -> Fitted:
        number[profile] = number.get(profile, 0) + 1
        code = f"X-{profile.upper().replace('_', '')[:12]}-{number[profile]:02d}"
        name = f"{facility.name}{'传输装置' if alone else WORDS.get(profile, '监测')}"
        spot = facility.x + away, facility.y + 2
        return Fitted(code, name, profile, facility.owner, facility.region, *spot, facility, alone)

    for facility in built:
        kind = sector.get(facility.code.split("-")[0], "")
        profiles = AT.get(kind, ()) or (more[facility.kind].pop() if more.get(facility.kind) else ())
        yield from (one(facility, profile, 2 * n) for n, profile in enumerate(profiles))
        if facility.kind == "fire_control_room" and number.get("fire_unit", 0) < FIRE_UNITS:
            yield one(facility, "fire_unit", 4, alone=True)


WORDS = {
    "forest_camera": "视频",
    "fire_weather": "",
    "slope_station": "",
    "water_main": "",
    "metro_entrance": "出入口积水",
    "crowd_counter": "客流",
    "scenic_spot": "客流",
    "lift": "终端",
    "reactor_trip": "联锁测温",
    "site_dust": "扬尘",
    "formwork": "高支模",
    "emission_station": "在线监测",
    "restaurant_gas": "燃气报警器",
    "wet_scrubber": "湿式除尘",
    "limited_space_gas": "气体监测",
    "refrigeration_process": "压力",
    "ammonia_explosion": "氨可燃浓度",
    "toxic_h2s": "硫化氢",
    "toxic_chlorine": "氯气",
    "oxygen": "氧气",
    "chemical_warehouse": "温湿度",
    "fire_component": "手动报警按钮",
}
"""What a device is called after its facility, where not 监测."""


def placed(one: Fitted) -> tuple[float, float]:
    """Longitude and latitude."""
    lon, lat = degrees(np.array([one.x]), np.array([one.y]))
    return float(lon[0]), float(lat[0])
