"""The district's risks: more than sixteen thousand points, the trees of those that matter, plans, notices. Invented.

Every enterprise has the points of its kind of site, scored by LEC; those with chemicals, ammonia, fuel, dust or limited
spaces have their events and controls too. The explanation stored is the one the method really gives for the scores.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
import shapely
from django.utils import timezone

from anlan.demo.dice import dice
from anlan.demo.district import District
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.enterprises import Enterprise as Plan
from anlan.demo.registers import create
from anlan.demo.risk_texts import Told, of_facility, of_site
from anlan.demo.texts import initials
from anlan.desk.layers.placed import with_cells
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.risks import disclosing, evaluating, reporting, rules
from anlan.prevent.risks.models import (
    Agreement,
    Control,
    DisasterPoint,
    Disclosure,
    Event,
    FloorPlan,
    Point,
    Unit,
)

DETAILED = {"ammonia", "dust", "limited_space", "hazchem_producer", "hazchem_dealer_storage", "petrol_station"}
SPREAD = 0.0004  # degrees: points of one enterprise lie apart, within its yard
WAITING = 6  # reports that wait for the department
Made = tuple[Point, Told]


@cache
def judged(scores: tuple[int, int, int]) -> tuple[int, dict]:
    """Level and explanation by LEC of (L, E, C)."""
    level, finding = evaluating.ask("lec", dict(zip("LEC", scores, strict=True)))
    return level, finding.as_dict()


@cache
def explained(level: int) -> dict:
    return {"static": rules.level_of([level]).as_dict(), "dynamic": rules.dynamic_level(level, []).as_dict()}


def load_risks(district: District, enterprises: dict[str, Enterprise], facilities: dict) -> dict[str, int]:
    """Everything of graded risk control. The caller holds the transaction. Answers how many of each."""
    seed, now = district.place.seed, timezone.now()
    own = _by_enterprise(facilities)
    made: list[Made] = []
    chance = dice(seed, "risks")
    for one in district.enterprises:
        made += _points(one, enterprises[one.code], own.get(one.code, []), chance)
    points = [point for point, _told in made]
    _date(points, seed, now)
    create(Point, with_cells(points))
    trees = _trees(district, made, now)
    plans = _plans(points, own, enterprises)
    _reports(points)
    _disclosures(now)
    Agreement.objects.create(
        region=DISTRICT_CODE,
        title="澄汀河上下游危险化学品泄漏联防联控协议（虚构）",
        regions=[DISTRICT_CODE, "999902"],
        subject="危险化学品泄漏入河、跨界火灾",
        since=date(2025, 3, 1),
    )
    slopes = _slopes(facilities, seed)
    return {"points": len(points), "events": trees, "plans": plans, "disaster points": slopes}


def _by_enterprise(facilities: dict[tuple[str, str], Facility]) -> dict[str, list[Facility]]:
    found: dict[str, list[Facility]] = {}
    for (owner, _code), facility in facilities.items():
        found.setdefault(owner, []).append(facility)
    return found


def _points(one: Plan, row: Enterprise, facilities: Sequence[Facility], chance: np.random.Generator) -> list[Made]:
    """The facilities of the enterprise as points, then what every site of its kind has."""
    made = []
    for facility in facilities:
        if told := of_facility().get(facility.kind):
            made.append((_point(one, row, told, facility.name, facility.lon, facility.lat, facility), told))
    away = chance.uniform(-SPREAD, SPREAD, (len(of_site()[one.site]), 2))
    for told, (east, north) in zip(of_site()[one.site], away.tolist(), strict=True):
        made.append((_point(one, row, told, told.name, one.lon + east, one.lat + north, None), told))
    for number, (point, _told) in enumerate(made, 1):
        point.code = f"R-{number:03d}"
    return made


def _point(one: Plan, row: Enterprise, told: Told, name: str, lon: float, lat: float, facility) -> Point:
    level, _explanation = judged(told.scores)
    zone = facility.geometry if facility and facility.geometry and facility.geometry["type"] == "Polygon" else None
    return Point(
        enterprise=row,
        organisation=one.code,
        region=one.region,
        facility=facility,
        kind=told.kind,
        name=name,
        initials=initials(name),
        geometry=zone,
        lon=lon,
        lat=lat,
        level=level,
        dynamic_level=level,
        registered_level=level,
        explanation=explained(level),
        responsible_level=rules.least_control(level),
        responsible=one.safety_officer,
        phone=one.safety_phone,
        post=told.post,
        handling=told.handling,
        synthetic=True,
    )


def _date(points: list[Point], seed: int, now: datetime) -> None:
    """Each was reviewed some time within the last year; a few are late."""
    today = timezone.localdate(now)
    for point, days in zip(points, dice(seed, "risk-reviews").integers(0, 380, len(points)).tolist(), strict=True):
        point.reviewed_on = today - timedelta(days=days)
        point.review_due = rules.review_due(point.reviewed_on)
        point.changed_at = now


def _trees(district: District, made: list[Made], now: datetime) -> int:
    """Units, events and controls of the points of enterprises that are regulated for what they hold."""
    detailed = {one.code for one in district.enterprises if DETAILED & set(one.categories)}
    chosen = [(point, told) for point, told in made if point.organisation in detailed]
    units = create(
        Unit,
        [Unit(point=point, name=told.unit, way="jha" if told.kind == "job" else "checklist") for point, told in chosen],
    )
    events = create(Event, [_event(unit, told, now) for unit, (_point, told) in zip(units, chosen, strict=True)])
    create(
        Control,
        [
            Control(
                event=event,
                point=event.point,
                order=order,
                kind=kind,
                text=text,
                check_text=check,
                responsible_level=event.point.responsible_level if order == 0 else "post",
                post=told.post,
                every_days=days,
            )
            for event, (_point, told) in zip(events, chosen, strict=True)
            for order, (kind, text, check, days) in enumerate(told.controls)
        ],
    )
    return len(events)


def _event(unit: Unit, told: Told, now: datetime) -> Event:
    level, explanation = judged(told.scores)
    return Event(
        unit=unit,
        point=unit.point,
        name=told.event,
        factors=list(told.factors),
        accident_types=list(told.accidents),
        consequence=told.consequence,
        method="lec",
        scores=dict(zip("LEC", told.scores, strict=True)),
        explanation=explanation,
        level=level,
        evaluated_at=now,
    )


def _plans(points: list[Point], own: dict[str, list[Facility]], enterprises: dict[str, Enterprise]) -> int:
    """The plan of every enterprise with a tank farm, drawn from the outlines of its own buildings and tanks."""
    made = 0
    for code, facilities in own.items():
        shapes = [shapely.geometry.shape(each.geometry) for each in facilities if each.geometry]
        if code not in enterprises or not any(each.kind == "tank_farm" for each in facilities):
            continue
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object))
        margin = (east - west) * 0.06
        plan = FloorPlan.objects.create(
            enterprise=enterprises[code],
            organisation=code,
            region=enterprises[code].region,
            title=f"{enterprises[code]}厂区平面图",
            corners=[
                [west - margin, north + margin],
                [east + margin, north + margin],
                [east + margin, south - margin],
                [west - margin, south - margin],
            ],
            drawing={
                "type": "MultiLineString",
                "coordinates": [
                    list(map(list, shape.exterior.coords)) for shape in shapes if shape.geom_type == "Polygon"
                ],
            },
            synthetic=True,
        )
        zoned = [point.pk for point in points if point.organisation == code and point.geometry]
        Point.objects.filter(pk__in=zoned).update(plan=plan)
        made += 1
    return made


def _reports(points: list[Point]) -> None:
    """Some enterprises have judged a risk graver than the region has it; the department has not approved yet."""
    for point in [point for point in points if point.level == 2][:WAITING]:
        point.registered_level = 3
        point.save(update_fields=["registered_level"])
        reporting.follow(None, point)


def _disclosures(now: datetime) -> None:
    """One published last quarter, one that is due."""
    today = timezone.localdate(now)
    days = [day for year in (today.year - 1, today.year, today.year + 1) for day in disclosing.due_days(year)]
    last, following = max(day for day in days if day < today), min(day for day in days if day >= today)
    for due in (last, following):
        row = Disclosure(region=DISTRICT_CODE, title="重大安全风险及管控情况公告（虚构）", due_on=due)
        if due == last:
            row.content, row.published_at = disclosing.content(row), now - timedelta(days=(today - due).days)
        row.save()


def _slopes(facilities: dict[tuple[str, str], Facility], seed: int) -> int:
    """The slopes of the public hand as places threatened by nature; some still miss a document."""
    chance = dice(seed, "disaster-points")
    slopes = [each for each in facilities.values() if each.kind == "slope"]
    rows = []
    for number, slope in enumerate(slopes):
        persons = int(chance.integers(6, 90))
        shelter = Facility.objects.create(
            organisation=slope.organisation,
            region=slope.region,
            kind="shelter",
            code=f"SH-{number + 1:02d}",
            name=f"{slope.name}避险安置点",
            initials=initials(f"{slope.name}避险安置点"),
            lon=slope.lon + 0.006,
            lat=slope.lat - 0.004,
            attributes={"capacity": persons + 20 if number % 5 else persons - 3},
            synthetic=True,
        )
        east, north = 0.0011, 0.0008
        corners = [(-1, -1), (1, -0.7), (1.2, 0.6), (0, 1.1), (-1.1, 0.5), (-1, -1)]
        duty = [{"person": "（虚构）网格员", "phone": "000-0000", "duty": "雨前排查、雨中巡查、雨后核查"}]
        rows.append(
            DisasterPoint(
                region=slope.region,
                organisation=slope.organisation,
                name=f"{slope.name}滑坡隐患点",
                kind="滑坡",
                level=2 + number % 3,
                households=max(1, persons // 4),
                persons=persons,
                signs="坡面裂缝扩大、掉块、渗水变浑",
                lon=slope.lon,
                lat=slope.lat,
                zone={
                    "type": "Polygon",
                    "coordinates": [[[slope.lon + x * east, slope.lat + y * north] for x, y in corners]],
                },
                route={
                    "type": "LineString",
                    "coordinates": [
                        [slope.lon, slope.lat],
                        [slope.lon + 0.004, slope.lat - 0.001],
                        [shelter.lon, shelter.lat],
                    ],
                },
                shelter=shelter,
                control_list=duty,
                evacuation_list=[] if number % 4 == 3 else duty,
                relief_list=[] if number % 6 == 5 else duty,
                synthetic=True,
                changed_at=timezone.now(),
            )
        )
    create(DisasterPoint, with_cells(rows))
    return len(rows)
