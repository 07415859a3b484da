"""The district's ledgers and figures as rows: certificates, teams, stores, shelters, lifts; deaths and GDP; the plan's
targets. The sizes are those of the development-zone plan; some teams are too small on purpose, so that gaps show."""

from datetime import date, timedelta

from anlan.demo import names
from anlan.demo.dice import deal, dice
from anlan.demo.divisions import DISTRICT_CODE
from anlan.desk.measures.models import FigureValue, Target
from anlan.desk.measures.periods import read
from anlan.desk.registers import schema
from anlan.desk.registers.actions import Entry, add_many, fill
from anlan.desk.registers.codes import code_lists
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.models import Record
from anlan.know.enterprises.models import Enterprise
from anlan.know.places.models import Region

DEMO = "虚构演示数据"
CERTIFICATES, LIFTS = 400, 240
WITH_BODY = 0.85  # of the units that must have one
EQUIPMENT = {"3000": 0.5, "4000": 0.2, "2000": 0.15, "5000": 0.1, "1000": 0.05}
WORK = {"electric_low": 0.35, "welding": 0.3, "height_maintain": 0.15, "refrigeration": 0.1, "hazchem": 0.1}
SUPPLIES = (
    ("棉被", "living_quilt", "床", 430, 500),
    ("帐篷", "living_tent", "顶", 160, 100),
    ("折叠床", "living_bed", "张", 320, 200),
    ("编织袋", "rescue_sand", "条", 24_000, 20_000),
    ("排水泵", "rescue_pump", "台", 14, 12),
    ("冲锋舟", "rescue_boat", "艘", 3, 4),
    ("发电机", "rescue_light", "台", 9, 8),
    ("空气呼吸器", "protection", "套", 40, 40),
    ("便携式气体检测仪", "detection", "台", 7, 10),
    ("风力灭火机", "forest", "台", 36, 30),
)
# year: accidents, deaths, larger accidents, deaths in industry, workers in industry, GDP in 100 million yuan
YEARS = {
    2020: (16, 15, 0, 6, 182_000, 558.0),
    2021: (15, 14, 0, 6, 186_000, 601.0),
    2022: (13, 13, 0, 5, 189_000, 642.0),
    2023: (12, 11, 0, 4, 193_000, 683.0),
    2024: (11, 10, 0, 4, 196_000, 722.0),
    2025: (10, 9, 0, 3, 199_000, 764.0),
}
FIGURES = ("accidents", "deaths", "larger_accidents", "industry_deaths", "industry_workers", "gdp")
POPULATION = 530_000
PLAN = "澄汀经济开发区应急管理体系“十四五”规划（虚构）"
# measure, kind, value, strict, binding
TARGETS = (
    ("accidents_count", "fall", 35, False, True),
    ("deaths_count", "fall", 35, False, True),
    ("deaths_per_gdp", "fall", 30, False, True),
    ("deaths_per_workers", "fall", 25, False, True),
    ("larger_accidents_count", "ceiling", 1, False, False),
    ("fire_staff_share", "floor", 0.4, True, False),
    ("disaster_loss_share", "ceiling", 1, True, False),
    ("disaster_deaths_per_million", "ceiling", 0.9, True, False),
)


def load_ledgers(seed: int, today: date) -> None:
    """All records, each checked by its type as a person's entry would be."""
    towns = list(Region.objects.filter(synthetic=True, level=Region.Level.TOWN).order_by("code"))
    villages = list(Region.objects.filter(synthetic=True, level=Region.Level.VILLAGE).order_by("code"))
    enterprises = list(Enterprise.objects.filter(synthetic=True).prefetch_related("categories").order_by("pk"))
    put_records("certificates", _certificates(seed, enterprises, today))
    put_records("safety_bodies", _bodies(seed, enterprises))
    put_records("supply_stores", _stores(seed, towns))
    put_records("emergency_supplies", _supplies(today))
    put_records("rescue_teams", _teams(seed, towns, villages, today))
    put_records("shelters", _shelters(seed, towns))
    put_records("special_equipment", _equipment(seed, enterprises, today))


def load_figures() -> None:
    """The years of the plan before last, with the targets of the plan."""
    given = [(name, str(year), value) for year, row in YEARS.items() for name, value in zip(FIGURES, row, strict=True)]
    given += [("population", str(year), POPULATION) for year in YEARS]
    given += [("fire_staff", str(year), 196 + 6 * (year - 2020)) for year in YEARS]
    given += [("disaster_deaths", "2021-2025", 2), ("disaster_loss", "2021-2025", 11.6)]
    FigureValue.objects.bulk_create(
        FigureValue(
            figure=name, region=DISTRICT_CODE, start=read(period).start, end=read(period).end, value=value,
            source=DEMO, synthetic=True, version=1,
        )
        for name, period, value in given
    )  # fmt: skip
    Target.objects.bulk_create(
        Target(
            measure=measure, region=DISTRICT_CODE, kind=kind, value=value, strict=strict, binding=binding,
            first_year=2021, last_year=2025, base_year=2020 if kind == "fall" else None, source=PLAN,
            synthetic=True, version=1,
        )
        for measure, kind, value, strict, binding in TARGETS
    )  # fmt: skip


def put_records(code: str, entries: list[Entry]) -> None:
    """Keeps records of one ledger, each checked by its type. Errors: ValueError naming what is wrong."""
    kind, records = record_types()[code], []
    for entry in entries:
        data, wrong = schema.clean(
            kind, entry.values, codes=code_lists(), day=date(2026, 1, 1), refers=lambda to, key: True
        )
        if wrong:
            raise ValueError(f"the demo's {code} are wrong: {wrong} in {entry.values}")
        record = Record(type=code, synthetic=True)
        fill(record, kind, (entry, data))
        records.append(record)
    add_many(None, kind, records, DEMO)


def _certificates(seed: int, enterprises: list[Enterprise], today: date) -> list[Entry]:
    rng = dice(seed, "certificates")
    holders = names.people(seed, "certificates", CERTIFICATES)
    kinds = deal(rng, WORK, CERTIFICATES)
    found = []
    for number in range(CERTIFICATES):
        enterprise = enterprises[int(rng.integers(len(enterprises)))]
        ends = today + timedelta(days=int(rng.integers(-20, 2100)))
        issued = ends.replace(year=ends.year - 6, day=min(ends.day, 28))
        values = {"holder": str(holders[number]), "number": f"DEMO{number:08d}", "kind": str(kinds[number])}
        found.append(
            record_of(enterprise, values | {"issued_on": issued, "issuer": DEMO}, valid_from=issued, valid_to=ends)
        )
    return found


def _bodies(seed: int, enterprises: list[Enterprise]) -> list[Entry]:
    rng = dice(seed, "safety bodies")
    bound = set(record_types()["safety_bodies"].standards[0].who.categories)
    chosen = [one for one in enterprises if bound & {category.code for category in one.categories.all()}]
    heads = names.people(seed, "safety bodies", len(chosen))
    found = []
    for enterprise, head, lot in zip(chosen, heads, rng.random(len(chosen)), strict=True):
        if lot < WITH_BODY:
            form = "department" if lot < WITH_BODY / 2 else "full_time"
            values = {"enterprise": enterprise.code, "name": "安全管理部", "form": form, "head": str(head)}
            found.append(record_of(enterprise, values | {"full_time_staff": 1 + int(lot * 4)}))
    return found


def _stores(seed: int, towns: list[Region]) -> list[Entry]:
    keepers = names.people(seed, "stores", len(towns) + 1)
    district = Region.objects.get(code=DISTRICT_CODE)
    values = {"code": "WZ-01", "name": "区应急物资储备库", "level": "county", "area": 1200, "keeper": str(keepers[0])}
    found = [_at(district, values)]
    for number, town in enumerate(towns, 1):
        name = f"{town.name}物资储备点"
        values = {"code": f"WZ-{number + 1:02d}", "name": name, "level": "town", "area": 80 + 30 * number}
        found.append(_at(town, values | {"keeper": str(keepers[number])}))
    return found


def _supplies(today: date) -> list[Entry]:
    found = []
    for name, kind, measure, quantity, least in SUPPLIES:
        values = {"name": name, "kind": kind, "store": "WZ-01", "batch": "2024", "quantity": quantity}
        values |= {"measure": measure, "minimum": least, "counted_on": today - timedelta(days=40)}
        found.append(Entry(values=values, region=DISTRICT_CODE, synthetic=True))
    return found


def _teams(seed: int, towns: list[Region], villages: list[Region], today: date) -> list[Entry]:
    leaders = names.people(seed, "teams", 1 + len(towns) + len(villages))
    phones = names.phones(seed, "teams", len(leaders))
    rng, found = dice(seed, "teams"), []
    sizes = [72, *(27 if n == 1 else int(rng.integers(30, 42)) for n in range(len(towns)))]
    sizes += [int(people) for people in rng.integers(8, 16, len(villages))]
    for number, place in enumerate([Region.objects.get(code=DISTRICT_CODE), *towns, *villages]):
        level = "county" if number == 0 else "town" if number <= len(towns) else "village"
        name = f"{place.name}应急救援队" if number else "区综合应急救援大队"
        values = {"name": name, "kind": "comprehensive", "level": level, "people": sizes[number]}
        values |= {"staffing": "full_time" if number == 0 else "semi", "leader": str(leaders[number])}
        trained = today - timedelta(days=int(rng.integers(5, 300)))
        found.append(_at(place, values | {"phone": str(phones[number]), "trained_on": trained}))
    return found


def _shelters(seed: int, towns: list[Region]) -> list[Entry]:
    keepers, phones = names.people(seed, "shelters", 2 * len(towns)), names.phones(seed, "shelters", 2 * len(towns))
    found = []
    for number in range(2 * len(towns)):
        town, second = towns[number // 2], number % 2
        values = {"code": f"BN-{number + 1:02d}", "name": f"{town.name}{'中心小学' if second else '文体广场'}避难场所"}
        values |= {"level": "town", "duration": "short", "space": "indoor" if second else "outdoor"}
        values |= {"area": 900 if second else 4200, "capacity": 300 if second else 1400, "occupied": 0}
        values |= {"keeper": str(keepers[number]), "phone": str(phones[number]), "accessible": bool(second)}
        found.append(_at(town, values, shift=0.004 * (1 if second else -1)))
    return found


def _equipment(seed: int, enterprises: list[Enterprise], today: date) -> list[Entry]:
    rng = dice(seed, "special equipment")
    kinds = deal(rng, EQUIPMENT, LIFTS)
    titled = code_lists()["special_equipment_kind"].values
    placed = [one for one in enterprises if one.lon is not None]
    found = []
    for number in range(LIFTS):
        enterprise = placed[int(rng.integers(len(placed)))]
        ends = today + timedelta(days=int(rng.integers(-15, 360)))
        values = {"code": f"DEMO-{number:06d}", "name": f"{titled[str(kinds[number])].title}{number % 4 + 1}号"}
        values |= {"kind": str(kinds[number]), "state": "in_use", "inspected_on": ends - timedelta(days=365)}
        lon, lat = enterprise.lon + float(rng.normal(0, 2e-4)), enterprise.lat + float(rng.normal(0, 2e-4))
        found.append(record_of(enterprise, values, valid_to=ends, lon=lon, lat=lat))
    return found


def record_of(enterprise: Enterprise, values: dict, **head) -> Entry:
    return Entry(values=values, region=enterprise.region, organisation=enterprise.code, synthetic=True, **head)


def _at(region: Region, values: dict, shift: float = 0.0) -> Entry:
    lon, lat = (None, None) if region.lon is None else (region.lon + shift, region.lat + shift)
    return Entry(values=values, region=region.code, lon=lon, lat=lat, synthetic=True)
