"""The public hand of the district: departments, committees, town offices, villages, fire brigade; their people
and titles."""

from dataclasses import dataclass

import numpy as np

from anlan.demo import names
from anlan.demo.credit_codes import GOVERNMENT, credit_code
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.geography import Geography

# Departments with a duty for safety, 20 in all: key, name, short name, staff with a safety title.
DEPARTMENTS = (
    ("emergency", "应急管理局", "应急局", 13),
    ("public_security", "公安分局", "公安", 4),
    ("traffic_police", "交通警察大队", "交警", 3),
    ("market", "市场监督管理局", "市监局", 5),
    ("housing", "住房和城乡建设局", "住建局", 5),
    ("transport", "交通运输局", "交通局", 4),
    ("industry", "经济发展局", "经发局", 4),
    ("education", "教育体育局", "教体局", 3),
    ("civil_affairs", "民政局", "民政局", 2),
    ("culture", "文化和旅游局", "文旅局", 2),
    ("health", "卫生健康局", "卫健局", 3),
    ("agriculture", "农业农村水利局", "农水局", 4),
    ("resources", "自然资源局", "自然资源局", 3),
    ("environment", "生态环境局", "环境局", 3),
    ("city", "城市管理局", "城管局", 4),
    ("commerce", "商务局", "商务局", 3),
    ("finance", "财政金融局", "财金局", 2),
    ("labour", "人力资源和社会保障局", "人社局", 2),
    ("forestry", "林业局", "林业局", 3),
    ("weather", "气象局", "气象局", 2),
)
COMMITTEES = (
    "危险物品",
    "工业制造",
    "建筑施工",
    "道路交通",
    "消防",
    "城镇燃气",
    "特种设备",
    "商贸",
    "文化旅游",
    "教育",
    "农林水利",
    "人员密集场所",
)
DEPARTMENT_TITLES = ("局长", "分管副局长", "安全监管科科长", "执法大队大队长")
TOWN_TITLES = ("党政主要负责人", "分管安全负责人", "应急办主任", "安全监管员", "安全监管员")


@dataclass(frozen=True)
class Body:
    """One organisation; `key` is how this package finds it again."""

    key: str
    code: str
    name: str
    short_name: str
    kind: str
    parent: str  # key, or ""
    region: str
    x: float
    y: float
    phone: str
    duty_phone: str


@dataclass(frozen=True)
class Staff:
    """Somebody with a title in a body or an enterprise; `organisation` is its code."""

    name: str
    phone: str
    organisation: str
    region: str
    title: str
    duties: str = ""


@dataclass(frozen=True)
class PublicHand:
    bodies: tuple[Body, ...]
    staff: tuple[Staff, ...]

    def body(self, key: str) -> Body:
        return next(body for body in self.bodies if body.key == key)

    def code_of(self) -> dict[str, str]:
        return {body.key: body.code for body in self.bodies}


def public_hand(place: Geography) -> PublicHand:
    bodies = _bodies(place)
    return PublicHand(tuple(bodies), tuple(_staff(place, bodies)))


def _bodies(place: Geography) -> list[Body]:
    hall = next(poi for poi in place.pois if poi.kind == "district_office")
    phones = iter(names.phones(place.seed, "offices", 400).tolist())
    rows = [
        ("committee", f"{names.SHORT}经济开发区管理委员会", "管委会", "government", "", DISTRICT_CODE, hall.x, hall.y)
    ]
    spot = iter([(hall.x + 40 * np.cos(a), hall.y + 40 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)])
    for key, name, short, _ in DEPARTMENTS:
        rows.append(
            (key, f"{names.SHORT}经济开发区{name}", short, "department", "committee", DISTRICT_CODE, *next(spot))
        )
    rows.append(
        (
            "safety_committee",
            f"{names.SHORT}经济开发区安全生产委员会",
            "安委会",
            "committee",
            "committee",
            DISTRICT_CODE,
            *next(spot),
        )
    )
    for n, name in enumerate(COMMITTEES):
        rows.append(
            (
                f"committee-{n}",
                f"{name}安全生产专业委员会",
                f"{name}专委会",
                "committee",
                "safety_committee",
                DISTRICT_CODE,
                *next(spot),
            )
        )
    rows += _brigades(place)
    rows += _towns_and_villages(place)
    return [
        Body(
            key,
            credit_code(GOVERNMENT, n + 1),
            name,
            short,
            kind,
            parent,
            region,
            float(x),
            float(y),
            next(phones),
            next(phones),
        )
        for n, (key, name, short, kind, parent, region, x, y) in enumerate(rows)
    ]


def _brigades(place: Geography):
    stations = [poi for poi in place.pois if poi.kind == "fire_station"]
    first = stations[0]
    yield (
        "fire",
        f"{names.SHORT}经济开发区消防救援大队",
        "消防大队",
        "brigade",
        "committee",
        DISTRICT_CODE,
        first.x,
        first.y,
    )
    yield (
        "rescue",
        f"{names.SHORT}经济开发区综合应急救援大队",
        "综合救援大队",
        "brigade",
        "emergency",
        DISTRICT_CODE,
        first.x + 60,
        first.y,
    )
    for n, poi in enumerate(stations):
        yield f"fire-{n}", poi.name, poi.name.removesuffix("救援站"), "brigade", "fire", DISTRICT_CODE, poi.x, poi.y
    hospitals = [poi for poi in place.pois if poi.kind == "hospital"]
    for n, poi in enumerate(hospitals):
        yield f"hospital-{n}", poi.name, poi.name, "institution", "health", DISTRICT_CODE, poi.x, poi.y
    hall = next(poi for poi in place.pois if poi.kind == "district_office")
    yield (
        "command",
        f"{names.SHORT}经济开发区应急指挥中心",
        "指挥中心",
        "institution",
        "emergency",
        DISTRICT_CODE,
        hall.x + 55,
        hall.y - 30,
    )


def _towns_and_villages(place: Geography):
    office = {poi.name[:3]: poi for poi in place.pois if poi.kind == "town_office"}
    key_of = {}
    for region in place.parts.of("town"):
        key_of[region.code] = key = f"town-{region.code}"
        at = office.get(region.name[:3], region)
        title = region.name + ("人民政府" if region.kind == "town" else "")
        yield key, title, region.name, "government", "committee", region.code, at.x, at.y
    for region in place.parts.of("village"):
        suffix = "村民委员会" if region.kind == "village" else "居民委员会"
        yield (
            f"village-{region.code}",
            region.name + suffix,
            region.name,
            "village",
            key_of[region.parent],
            region.code,
            region.x,
            region.y,
        )


def _staff(place: Geography, bodies: list[Body]) -> list[Staff]:
    rows: list[tuple[str, str, str, str]] = []  # organisation, region, title, duties
    count = {key: number for key, _, _, number in DEPARTMENTS}
    for body in bodies:
        rows += [(body.code, body.region, title, duties) for title, duties in _titles(body, count)]
    villages = {body.region: body.code for body in bodies if body.key.startswith("village-")}
    for grid in place.parts.of("grid"):
        rows.append((villages[grid.parent], grid.code, "网格员", f"{grid.name}：巡查、上报、入户宣传"))
    people = names.people(place.seed, "staff", len(rows)).tolist()
    phones = names.phones(place.seed, "staff", len(rows)).tolist()
    return [Staff(person, phone, *row) for person, phone, row in zip(people, phones, rows, strict=True)]


def _titles(body: Body, count: dict[str, int]) -> list[tuple[str, str]]:
    if body.key == "committee":
        return [
            ("党工委书记、安委会第一主任", "安全生产第一责任人"),
            ("管委会主任、安委会主任", "安全生产第一责任人"),
            ("分管副主任", "分管应急管理"),
        ]
    if body.kind == "department":
        number = count[body.key]
        return [(title, "") for title in DEPARTMENT_TITLES[:number]] + [("执法人员", "")] * max(0, number - 4)
    if body.kind == "government":
        return [(title, "") for title in TOWN_TITLES]
    if body.kind == "village":
        return [
            ("书记、主任", "村（社区）安全第一责任人"),
            ("安全员、灾害信息员A岗", "巡查、上报"),
            ("灾害信息员B岗", "替补上报"),
        ]
    if body.key == "rescue":
        return [("大队长", ""), ("副大队长", "")] + [("队员", "")] * 70  # 40 + 32 people, as the plan counts
    if body.kind == "brigade":
        return [("站长", ""), ("值班员", "接警出动")]
    if body.key == "command":
        return [("指挥中心主任", ""), *[("值班员", "24 小时值班")] * 8]
    return []
