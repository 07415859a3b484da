"""About 37,000 devices: 35,000 smoke detectors behind one gateway a grid, plant sensors, fire monitors, water
and slopes."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from anlan.demo.dice import dice
from anlan.demo.divisions import spread
from anlan.demo.enterprises import Enterprise
from anlan.demo.facilities import RAIN_GAUGES, RIVER_GAUGES, Facility
from anlan.demo.geography import Geography
from anlan.demo.organisations import PublicHand
from anlan.demo.plane import degrees
from anlan.demo.sectors import fitted, placed

SMOKE_INSTALLED, SMOKE_NEW = 20_000, 15_000  # the plan's numbers
HYDRANTS_WITH_GAUGE = 300
FLOOD_LIMIT = "汛限水位：水利工程调度的设定值，演示数据"
RIVER_LIMIT = "警戒水位与保证水位：演示设定值"
# Floor-space weights of where independent smoke detectors were installed first.
SMOKE_WEIGHT = {
    "old_flats": 1.0,
    "dormitory": 0.8,
    "shops": 0.9,
    "village_shop": 1.6,
    "hotel": 0.12,
    "school": 0.25,
    "market": 0.5,
    "house": 0.25,
}


@dataclass(frozen=True, slots=True)
class Device:
    """One device; `profile` is a code of the packs' device profiles, `gateway` the code of the device it
    reports through,
    `facility` (owner, code) of where it is fixed, `rules` point key -> rules that replace the profile's."""

    code: str
    name: str
    profile: str
    organisation: str
    region: str
    lon: float
    lat: float
    gateway: str = ""
    facility: tuple[str, str] | None = None
    rules: dict[str, list[dict]] = field(default_factory=dict)

    @property
    def is_gateway(self) -> bool:
        return self.profile == "gateway"


def devices(
    place: Geography, hand: PublicHand, found: tuple[Enterprise, ...], built: tuple[Facility, ...]
) -> tuple[Device, ...]:
    """Gateways stand before the devices behind them."""
    of: dict[str, list[Facility]] = {}
    for facility in built:
        of.setdefault(facility.owner, []).append(facility)
    made = [device for one in found if MONITORED & set(one.categories) for device in _plant(one, of.get(one.code, []))]
    units = [
        one
        for one in found
        if any(f.kind == "fire_control_room" and f.attributes["connected"] for f in of.get(one.code, []))
    ]
    made += [device for n, one in enumerate(units) for device in _fire_unit(n, one)]
    public = [*_hydrants(place, hand, built), *_public(place, hand, built)]
    return tuple([*made, *public, *_sectors(place, hand, found, built), *_smoke(place, hand)])


def _sectors(place: Geography, hand: PublicHand, found, built) -> list[Device]:
    """What the sector packs are shown with: behind one gateway an owner, or alone."""
    gateway: dict[str, Device] = {}
    made: list[Device] = []
    for one in fitted(place, hand, found, built):
        lon, lat = placed(one)
        if not one.alone and one.owner not in gateway:
            code = f"X{len(gateway) + 1:03d}-GW"
            gateway[one.owner] = Device(code, f"行业监测网关{code}", "gateway", one.owner, one.region, lon, lat)
        behind = "" if one.alone else gateway[one.owner].code
        at = (one.facility.owner, one.facility.code) if one.facility else None
        made.append(Device(one.code, one.name, one.profile, one.owner, one.region, lon, lat, behind, at))
    return [*gateway.values(), *made]


MONITORED = {"hazchem_producer", "hazchem_dealer_storage", "petrol_station", "ammonia"}


def _at(x: float, y: float) -> tuple[float, float]:
    lon, lat = degrees(np.array([x]), np.array([y]))
    return float(lon[0]), float(lat[0])


def _plant(one: Enterprise, built: list[Facility]) -> list[Device]:
    """The gateway of a plant, its tanks' instruments and its gas detectors."""
    base = f"P{one.code[-8:-1]}"
    gateway = Device(f"{base}-GW", f"{one.short_name}监测网关", "gateway", one.code, one.region, one.lon, one.lat)
    made = [gateway]

    def add(facility: Facility, profile: str, tag: str, name: str, dx: float = 0, dy: float = 0) -> None:
        place = _at(facility.x + dx, facility.y + dy)
        made.append(
            Device(
                f"{base}-{tag}",
                name,
                profile,
                one.code,
                one.region,
                *place,
                gateway.code,
                (facility.owner, facility.code),
            )
        )

    for facility in built:
        if facility.kind == "tank":
            number = facility.code.split("-")[-1]
            add(facility, "tank_level", f"LT{number}", f"{facility.name}液位LT-{number}")
            if not facility.attributes.get("underground"):
                add(facility, "tank_temperature", f"TT{number}", f"{facility.name}温度TT-{number}", 3)
            if facility.attributes.get("pressurised"):
                add(facility, "tank_pressure", f"PT{number}", f"{facility.name}压力PT-{number}", -3)
    for tag, profile, word, facility, dx, dy in _gas_detectors(one, built):
        add(facility, profile, tag, f"{facility.name}{word}", dx, dy)
    return made


def _gas_detectors(one: Enterprise, built: list[Facility]):
    """Rows (tag, profile, words, facility, offset east, offset north)."""
    plan = {
        "tank_farm": ("combustible_gas", "可燃气体", 12, 34.0),
        "workshop": ("combustible_gas", "可燃气体", 3, 16.0),
        "reactor": ("combustible_gas", "可燃气体", 4, 9.0),
        "fuelling_area": ("combustible_gas", "可燃气体", 4, 10.0),
        "pump_room": ("combustible_gas", "可燃气体", 2, 4.0),
        "loading_bay": ("combustible_gas", "可燃气体", 3, 8.0),
        "warehouse": ("combustible_gas", "可燃气体", 4, 14.0),
        "refrigeration": ("ammonia_gas", "氨气", 6, 6.0),
        "boiler_room": ("carbon_monoxide", "一氧化碳", 2, 4.0),
    }
    number = 0
    for facility in built:
        if facility.kind == "tank" and facility.attributes.get("pressurised"):
            yield f"NH{facility.code[-3:]}", "ammonia_gas", f"氨气AT-{facility.code[-3:]}", facility, 12.0, -9.0
        profile, word, count, reach = plan.get(facility.kind, ("", "", 0, 0.0))
        for n in range(count):
            number += 1
            angle = 2 * np.pi * (n + 0.25) / count
            yield (
                f"GD{number:03d}",
                profile,
                f"{word}GT-{number:03d}",
                facility,
                reach * np.cos(angle),
                reach * np.sin(angle),
            )


def _fire_unit(n: int, one: Enterprise) -> list[Device]:
    """User-side fire monitor of a connected key unit: three electrical monitors and the pressure at the roof
    hydrant."""
    code = f"F{n + 1:03d}"
    gateway = Device(
        f"{code}-GW",
        f"{one.short_name}用户信息传输装置",
        "gateway",
        one.code,
        one.region,
        one.lon,
        one.lat,
        facility=(one.code, "FC-1"),
    )
    made = [gateway]
    for k, room in enumerate(("一层配电间", "主楼配电间", "厨房配电间")):
        place = _at(one.x + 5 * k - 5, one.y + 4)
        made.append(
            Device(
                f"{code}-E{k + 1}",
                f"{room}电气火灾监控",
                "electrical_fire",
                one.code,
                one.region,
                *place,
                gateway.code,
                (one.code, "FB-1"),
            )
        )
    place = _at(one.x, one.y + 8)
    made.append(
        Device(
            f"{code}-H1",
            "最不利点消火栓压力",
            "hydrant_pressure",
            one.code,
            one.region,
            *place,
            gateway.code,
            (one.code, "FB-1"),
        )
    )
    return made


def _hydrants(place: Geography, hand: PublicHand, built) -> list[Device]:
    owner = hand.body("fire").code
    own = [f for f in built if f.kind == "hydrant"][:HYDRANTS_WITH_GAUGE]
    gateway = {}
    for region in place.parts.of("town"):
        code = f"HYD{region.code[-3:]}-GW"
        gateway[region.code] = Device(
            code, f"{region.name}消火栓监测网关", "gateway", owner, region.code, *_at(region.x, region.y + 12)
        )
    made = list(gateway.values())
    for f in own:
        made.append(
            Device(
                f.code,
                f"{f.name}水压",
                "hydrant_pressure",
                owner,
                f.region,
                *_at(f.x, f.y),
                gateway[f.region[:9]].code,
                (f.owner, f.code),
            )
        )
    return made


def _public(place: Geography, hand: PublicHand, built) -> list[Device]:
    """Devices of the open country and the streets report alone, each with a token of its own."""
    made = []
    for f in built:
        if f.kind == "slope":
            made.append(
                Device(
                    f.code,
                    f"{f.name}位移计",
                    "slope_displacement",
                    f.owner,
                    f.region,
                    *_at(f.x, f.y),
                    facility=(f.owner, f.code),
                )
            )
        elif f.kind == "waterlogging":
            made.append(
                Device(
                    f.code,
                    f"{f.name}积水深度",
                    "water_level",
                    f.owner,
                    f.region,
                    *_at(f.x, f.y),
                    facility=(f.owner, f.code),
                )
            )
        elif f.kind == "reservoir":
            limit = f.attributes["flood_limit_level_m"]
            rules = [
                {
                    "kind": "H",
                    "limit": limit,
                    "deadband": 0.1,
                    "on_delay": 60,
                    "level": 3,
                    "source": FLOOD_LIMIT,
                    "checked": "configured",
                },
                {
                    "kind": "HH",
                    "limit": limit + 2.5,
                    "deadband": 0.1,
                    "on_delay": 60,
                    "level": 1,
                    "source": FLOOD_LIMIT,
                    "checked": "configured",
                },
                {"kind": "SILENCE", "silence": 1800, "level": 4, "source": FLOOD_LIMIT, "checked": "configured"},
            ]
            made.append(
                Device(
                    f.code,
                    f"{f.name}水位计",
                    "reservoir_level",
                    f.owner,
                    f.region,
                    *_at(f.x, f.y),
                    facility=(f.owner, f.code),
                    rules={"level": rules},
                )
            )
    return made + _rain(place, hand) + _river(place, hand)


def _rain(place: Geography, hand: PublicHand) -> list[Device]:
    owner = hand.body("weather").code
    village = place.parts.of("village")
    spot = np.array([(v.x, v.y) for v in village])
    chosen = spread(dice(place.seed, "rain gauges"), spot, RAIN_GAUGES, np.ones(len(spot)))
    return [
        Device(
            f"RG-{n + 1:03d}", f"{village[v].name}雨量站", "rain_gauge", owner, village[v].code, *_at(*(spot[v] + 20))
        )
        for n, v in enumerate(chosen)
    ]


def _river(place: Geography, hand: PublicHand) -> list[Device]:
    """River gauges on the left bank; limits are made up for the demo."""
    owner = hand.body("agriculture").code
    river = next(water for water in place.land.waters if water.kind == "river")
    bank = shapely.get_coordinates(
        shapely.intersection(shapely.boundary(river.shape), shapely.coverage_union_all(place.cells.shape))
    )
    chosen = bank[spread(dice(place.seed, "river gauges"), bank, RIVER_GAUGES, np.ones(len(bank)))]
    rules = [
        {
            "kind": "H",
            "limit": 21.5,
            "deadband": 0.1,
            "on_delay": 60,
            "level": 3,
            "source": RIVER_LIMIT,
            "checked": "configured",
        },
        {
            "kind": "HH",
            "limit": 23.0,
            "deadband": 0.1,
            "on_delay": 60,
            "level": 2,
            "source": RIVER_LIMIT,
            "checked": "configured",
        },
        {"kind": "SILENCE", "silence": 1800, "level": 4, "source": RIVER_LIMIT, "checked": "configured"},
    ]
    region = place.grid_codes(place.cell_at(*chosen.T))
    return [
        Device(
            f"RL-{n + 1:03d}",
            f"澄江{n + 1}号水位站",
            "reservoir_level",
            owner,
            str(region[n]),
            *_at(*at),
            rules={"level": rules},
        )
        for n, at in enumerate(chosen)
    ]


def _smoke(place: Geography, hand: PublicHand) -> list[Device]:
    """35,000 independent detectors in old flats, hostels, small shops, schools and old people's houses."""
    made = place.made
    rng = dice(place.seed, "smoke")
    weight = np.array([SMOKE_WEIGHT.get(use, 0.0) for use in made.use]) * made.area() * made.levels
    building = np.sort(rng.choice(len(made), SMOKE_INSTALLED + SMOKE_NEW, p=weight / weight.sum()))
    cell = made.cell[building]
    grid = place.grid_codes(cell)
    order = np.argsort(grid, kind="stable")
    building, grid = building[order], grid[order]
    fresh = np.zeros(len(order), bool)
    fresh[rng.choice(len(order), SMOKE_NEW, replace=False)] = True
    lon, lat = degrees(
        made.x[building] + rng.uniform(-6, 6, len(order)), made.y[building] + rng.uniform(-4, 4, len(order))
    )
    village_code = {body.region: body.code for body in hand.bodies if body.key.startswith("village-")}
    rows = list(zip(building.tolist(), grid.tolist(), fresh.tolist(), lon.tolist(), lat.tolist(), strict=True))
    names = {region.code: region for region in place.parts.of("grid")}
    made_devices: list[Device] = []
    last = ""
    for n, (index, code, new, x, y) in enumerate(rows):
        owner = village_code[code[:12]]
        if code != last:
            last, gateway = code, f"S{code[6:]}-GW"
            made_devices.append(
                Device(
                    gateway, f"{names[code].name}感烟网关", "gateway", owner, code, *_at(names[code].x, names[code].y)
                )
            )
        name = f"{place.address[index]}感烟{n + 1:05d}"
        made_devices.append(
            Device(f"S{'B' if new else 'A'}{n + 1:05d}", name, "smoke_detector", owner, code, x, y, gateway)
        )
    return made_devices
