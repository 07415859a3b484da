"""6,120 invented enterprises on the plots and in the buildings of the district, with the plan's counts met
exactly."""

from dataclasses import dataclass, replace

import numpy as np

from anlan.demo import names
from anlan.demo.cells import CORES
from anlan.demo.credit_codes import ENTERPRISE, credit_code
from anlan.demo.dice import dice
from anlan.demo.geography import Geography
from anlan.demo.organisations import Staff
from anlan.demo.plane import degrees
from anlan.demo.trades import LOGISTICS, OFFICES, SHOPS, SINGLE, TOWN_WORKS, WORKS_OF_CORE, Trade

TOTAL = 6_120
OFFICE_FIRMS = 12  # per office building
# The plan's figures, in the words of the packs' enterprise categories.
COUNTS = {
    "hazchem_producer": 3,
    "major_hazard": 4,
    "key_process": 1,
    "key_chemical": 4,
    "hazchem_dealer_storage": 6,
    "hazchem_dealer": 20,
    "petrol_station": 20,
    "fire_key_unit": 196,
    "global_500": 21,
    "china_500": 28,
    "listed": 18,
    "output_100_million": 214,
    "above_scale": 420,
    "dust": 42,
    "ammonia": 8,
    "limited_space": 60,
    "metal_smelting": 2,
    "gas_supplier": 2,
    "dangerous_goods_carrier": 3,
    "special_equipment": 320,
}


@dataclass(frozen=True)
class Enterprise:
    """One enterprise; lon and lat in degrees, x and y in metres of the plane, output in 10,000 yuan a year."""

    code: str
    name: str
    short_name: str
    site: str  # chemical, depot, works, logistics, petrol, building_site, hotel, mall, market, office, shop, tenant
    trade: Trade
    region: str
    address: str
    x: float
    y: float
    lon: float
    lat: float
    block: int  # index of its block, or -1
    building: int  # index of its building, or -1
    core: int  # index of its core, or -1
    scale: str
    employees: int
    output: float
    level: int
    legal_representative: str
    phone: str
    safety_officer: str
    safety_phone: str
    duty_phone: str
    founded: int  # year
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Site:
    kind: str
    x: float
    y: float
    cell: int
    block: int
    building: int
    address: str
    name: str = ""


def enterprises(place: Geography) -> tuple[Enterprise, ...]:
    sites = _sites(place)
    trades = _trades(place, sites)
    plain = _plain(place, sites, trades)
    return tuple(_categorised(place.seed, plain))


def staff(place: Geography, found: tuple[Enterprise, ...]) -> tuple[Staff, ...]:
    """The people of regulated enterprises who can be called: responsible person, safety manager, duty desk."""
    rows = []
    for one in found:
        if one.categories:
            rows.append(
                Staff(one.legal_representative, one.phone, one.code, one.region, "主要负责人", "安全生产第一责任人")
            )
            rows.append(
                Staff(
                    one.safety_officer,
                    one.safety_phone,
                    one.code,
                    one.region,
                    "安全管理人员",
                    "日常检查、预警处置与反馈",
                )
            )
    return tuple(rows)


def _sites(place: Geography) -> list[_Site]:
    made, blocks = place.made, place.use.blocks
    first: dict[int, int] = {}
    for index in np.flatnonzero(made.block >= 0).tolist():
        first.setdefault(int(made.block[index]), index)
    plot = {
        "chemical": "chemical",
        "depot": "depot",
        "industrial": "works",
        "logistics": "logistics",
        "building_site": "building_site",
    }
    found = []
    for number, block in enumerate(blocks):
        if block.use in plot and number in first:
            building = first[number]
            found.append(
                _Site(
                    plot[block.use],
                    made.x[building],
                    made.y[building],
                    block.cell,
                    number,
                    building,
                    place.address[building],
                )
            )
    found += [
        _at_building(place, kind, index)
        for kind in ("hotel", "mall", "market")
        for index in np.flatnonzero(made.use == kind)
    ]
    for poi in place.pois:
        if poi.kind == "petrol_station":
            cell = int(place.cell_at([poi.x], [poi.y])[0])
            found.append(_Site("petrol", poi.x, poi.y, cell, -1, -1, "公路旁", poi.name))
    offices = np.flatnonzero(made.use == "offices")
    found += [_at_building(place, "office", index, n + 3) for index in offices for n in range(OFFICE_FIRMS)]
    rng = dice(place.seed, "tenants")
    halls = np.flatnonzero(
        (made.use == "works")
        & (made.levels > 1)
        & (np.array([block.use for block in blocks], object)[made.block] == "industrial")
    )
    found += [
        _at_building(place, "tenant", index, 2) for index in rng.choice(halls, min(330, len(halls)), replace=False)
    ]
    shops = np.flatnonzero(np.isin(made.use, ["shops", "village_shop", "market", "mall", "old_flats"]))
    weight = np.select(
        [np.isin(made.use[shops], ["market", "mall"]), made.use[shops] == "shops", made.use[shops] == "village_shop"],
        [9.0, 2.0, 0.5],
        0.06,
    )
    chosen = rng.choice(shops, TOTAL - len(found), p=weight / weight.sum())
    return found + [_at_building(place, "shop", index) for index in chosen]


def _at_building(place: Geography, kind: str, index: int, floor: int = 0) -> _Site:
    made = place.made
    address = place.address[index] + (f"{floor}层" if floor else "")
    return _Site(kind, made.x[index], made.y[index], int(made.cell[index]), int(made.block[index]), int(index), address)


def _trades(place: Geography, sites: list[_Site]) -> list[Trade]:
    rng = dice(place.seed, "trades")

    def draw(bank):
        weights = np.array([trade.weight for trade in bank])
        return bank[rng.choice(len(bank), p=weights / weights.sum())]

    found = []
    for site in sites:
        if site.kind in ("works", "tenant"):
            core = place.cells.core[site.cell]
            found.append(draw(WORKS_OF_CORE.get(CORES[core].key, TOWN_WORKS)))
        else:
            bank = {"logistics": LOGISTICS, "office": OFFICES, "shop": SHOPS}.get(site.kind)
            found.append(draw(bank) if bank else SINGLE[site.kind])
    _place_rare(rng, sites, found)
    return found


def _place_rare(rng, sites, trades) -> None:
    """Trades that the plan counts but chance might miss."""
    offices = [n for n, site in enumerate(sites) if site.kind == "office"]
    yards = [n for n, site in enumerate(sites) if site.kind == "logistics"]
    works = [n for n, site in enumerate(sites) if site.kind == "works"]
    for n in rng.choice(offices, COUNTS["hazchem_dealer"], replace=False):
        trades[n] = SINGLE["hazchem_dealer"]
    for n, key in zip(rng.choice(yards, 5, replace=False), ["carrier"] * 3 + ["gas"] * 2, strict=True):
        trades[n] = SINGLE[key]
    food = [trade for trade in TOWN_WORKS if trade.word in ("肉食品", "乳品")]
    for n in rng.choice(works, 6, replace=False):
        trades[n] = food[int(n) % 2]


SIZES = {  # median employees, median output (10,000 yuan), spread
    "chemical": (420, 62000, 0.25),
    "depot": (60, 21000, 0.3),
    "works": (130, 5200, 1.25),
    "logistics": (45, 2600, 0.9),
    "petrol": (9, 2400, 0.3),
    "building_site": (120, 9000, 0.5),
    "hotel": (70, 1500, 0.5),
    "mall": (90, 4200, 0.6),
    "market": (35, 900, 0.5),
    "office": (14, 420, 1.0),
    "tenant": (22, 700, 0.8),
    "shop": (5, 70, 0.7),
}


def _plain(place: Geography, sites: list[_Site], trades: list[Trade]) -> list[Enterprise]:
    count = len(sites)
    rng = dice(place.seed, "enterprises")
    size = np.array([SIZES[site.kind] for site in sites])
    luck = rng.normal(size=count)
    employees = np.maximum(2, size[:, 0] * np.exp(size[:, 2] * 0.8 * luck)).astype(int)
    output = size[:, 1] * np.exp(size[:, 2] * (0.85 * luck + 0.5 * rng.normal(size=count)))
    output = _hundred_million(np.array([site.kind for site in sites]), output)
    lon, lat = degrees(np.array([site.x for site in sites]), np.array([site.y for site in sites]))
    cell = np.array([site.cell for site in sites])
    region = place.grid_codes(cell)
    town = {r.code: r.name for r in place.parts.of("town")}
    village = {r.code: r.name for r in place.parts.of("village")}
    people = names.people(place.seed, "enterprises", 2 * count).tolist()
    phones = names.phones(place.seed, "enterprises", 3 * count).tolist()
    title = _titles(place.seed, sites, trades)
    founded = (2024 - rng.gamma(2.2, 4.5, count)).astype(int).clip(1992, 2024)
    return [
        Enterprise(
            code=credit_code(ENTERPRISE, n + 1),
            name=title[n][0],
            short_name=title[n][1],
            site=site.kind,
            trade=trades[n],
            region=str(region[n]),
            address=town[region[n][:9]] + village[region[n][:12]] + site.address,
            x=float(site.x),
            y=float(site.y),
            lon=float(lon[n]),
            lat=float(lat[n]),
            block=site.block,
            building=site.building,
            core=int(place.cells.core[site.cell]),
            scale=_scale(int(employees[n]), float(output[n])),
            employees=int(employees[n]),
            output=round(float(output[n]), 1),
            level=4,
            legal_representative=people[2 * n],
            phone=phones[3 * n],
            safety_officer=people[2 * n + 1],
            safety_phone=phones[3 * n + 1],
            duty_phone=phones[3 * n + 2],
            founded=int(founded[n]),
        )
        for n, site in enumerate(sites)
    ]


def _hundred_million(kind: np.ndarray, output: np.ndarray) -> np.ndarray:
    """The 214 largest above 100 million yuan (10,000 in our unit), all others below it; order is kept."""
    order = np.argsort(-output)
    top, rest = order[: COUNTS["output_100_million"]], order[COUNTS["output_100_million"] :]
    border = (output[top[-1]] + output[rest[0]]) / 2
    return output * 10_000 / border


def _scale(employees: int, output: float) -> str:
    """The statistics bureau's sizes of industrial enterprises (2017), the lower of both criteria; recalled."""
    for scale, people, income in (("large", 1000, 40_000), ("medium", 300, 2_000), ("small", 20, 300)):
        if employees >= people and output >= income:
            return scale
    return "micro"


def _titles(seed, sites, trades) -> list[tuple[str, str]]:
    bank = names.brands(seed)
    taken: set[str] = set()
    found = []
    for n, (site, trade) in enumerate(zip(sites, trades, strict=True)):
        if site.name:
            full, short = site.name, site.name.removeprefix(names.SHORT)
        else:
            turn = n
            while True:
                brand = bank[turn % (len(bank) - 40)]
                short = brand + trade.word
                full = f"{names.SHORT}{short}{_form(site.kind, trade)}"
                if full not in taken:
                    break
                turn += 7
        taken.add(full)
        found.append((full, short))
    return found


def _form(kind: str, trade: Trade) -> str:
    if kind == "shop":
        return "馆" if trade.word in ("餐饮", "小吃") else "店"
    return "股份有限公司" if kind == "chemical" else "有限公司"


def _categorised(seed: int, plain: list[Enterprise]) -> list[Enterprise]:
    tags: list[set[str]] = [set() for _ in plain]
    rng = dice(seed, "categories")

    def sites(*kinds):
        return [n for n, one in enumerate(plain) if one.site in kinds]

    def trades(*words):
        return [n for n, one in enumerate(plain) if one.trade.word in words and one.site != "shop"]

    def mark(key, chosen):
        for n in chosen:
            tags[n].add(key)

    def draw(key, pool, size=None):
        pool = [n for n in pool if key not in tags[n]]
        mark(key, rng.choice(pool, size or COUNTS[key], replace=False).tolist())

    producers = sites("chemical")
    depots = sorted(sites("depot"), key=lambda n: CORES[plain[n].core].key != "linjiang")  # the large one first
    mark("hazchem_producer", producers)
    mark("key_process", producers[:1])
    mark("major_hazard", [*producers, depots[0]])
    mark("key_chemical", [*producers, depots[0]])
    mark("hazchem_dealer_storage", depots)
    draw(
        "hazchem_dealer_storage",
        [n for n in trades("仓储") if plain[n].core >= 0],
        COUNTS["hazchem_dealer_storage"] - len(depots),
    )
    mark("hazchem_dealer", trades("化工贸易"))
    mark("petrol_station", sites("petrol"))
    mark("gas_supplier", trades("燃气"))
    mark("dangerous_goods_carrier", trades("危货运输"))
    mark("construction", sites("building_site"))
    mark("crowded_place", sites("hotel", "mall", "market"))
    draw("metal_smelting", [n for n in trades("铝熔铸", "铸造") if plain[n].site == "works"])
    draw("dust", [n for n in trades("家具", "木业", "铝业", "粮油") if plain[n].site == "works"])
    draw("ammonia", [n for n in trades("肉食品", "乳品", "冷链")])
    draw(
        "limited_space",
        [n for n in trades("食品", "纺织", "包装", "印务", "肉食品", "乳品", "表面处理", "药业", "粮油")],
    )
    by_output = sorted(range(len(plain)), key=lambda n: -plain[n].output)
    large = [n for n in by_output if plain[n].site in ("works", "chemical", "logistics")]
    mark("output_100_million", by_output[: COUNTS["output_100_million"]])
    mark("above_scale", [n for n in large if plain[n].site != "logistics"][: COUNTS["above_scale"]])
    for key in ("global_500", "china_500", "listed"):
        draw(key, [n for n in large[:200] if not tags[n] & {"global_500", "china_500", "listed", "hazchem_producer"}])
    sure = [*sites("hotel", "mall", "market", "petrol"), *producers, *depots]
    mark("fire_key_unit", sure)
    mark("fire_key_unit", [n for n in large if n not in set(sure)][: COUNTS["fire_key_unit"] - len(sure)])
    draw("special_equipment", [*large[:400], *sites("hotel", "mall")])
    return [replace(one, categories=tuple(sorted(tags[n])), level=_level(tags[n])) for n, one in enumerate(plain)]


def _level(tags: set[str]) -> int:
    """A starting risk level by what the enterprise is regulated as; grading replaces it."""
    if "major_hazard" in tags:
        return 1
    if tags & {"hazchem_dealer_storage", "ammonia", "metal_smelting", "petrol_station", "gas_supplier"}:
        return 2
    return (
        3
        if tags
        & {"dust", "limited_space", "construction", "fire_key_unit", "dangerous_goods_carrier", "hazchem_dealer"}
        else 4
    )
