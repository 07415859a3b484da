"""The district's people and things as rows: regions, organisations, enterprises, facilities. All marked synthetic."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Model

from anlan.demo.district import District
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.organisations import Staff
from anlan.demo.plane import degrees, to_degrees
from anlan.demo.texts import initials
from anlan.desk.layers.placed import with_cells
from anlan.know.enterprises.models import Enterprise, RegulatedAs
from anlan.know.facilities.models import Facility
from anlan.know.organisations.models import Organisation, Person, Position
from anlan.know.places import boundaries, loading
from anlan.know.places.boundaries import Outline
from anlan.know.places.divisions import Division
from anlan.know.places.models import Region
from anlan.know.places.reports import Report

BATCH = 2000


def create(model: type[Model], rows: Sequence[Model]) -> Sequence[Model]:
    return model.objects.bulk_create(rows, batch_size=BATCH)


def load_places(district: District, source: str) -> None:
    regions = district.place.parts.regions
    loading.put(
        [Division(region.code, region.name, "demo", n) for n, region in enumerate(regions, 1)],
        Report("演示区划"),
        source,
        synthetic=True,
    )
    Region.objects.filter(code=DISTRICT_CODE).update(kind=Region.Kind.ZONE, short_name="澄汀经开区")
    outlines = [Outline(region.code, region.name, to_degrees(region.shape)) for region in regions]
    boundaries.put(outlines, Report("演示边界"), source=source)


def load_organisations(district: District) -> dict[str, Organisation]:
    """Answers the rows by key. Parents stand before their children."""
    made: dict[str, Organisation] = {}
    for generation in _generations(district.hand.bodies):
        rows = []
        for body in generation:
            lon, lat = degrees(body.x, body.y)
            rows.append(
                Organisation(
                    code=body.code,
                    organisation=body.code,
                    region=body.region,
                    name=body.name,
                    short_name=body.short_name,
                    initials=initials(body.name),
                    kind=body.kind,
                    parent=made.get(body.parent),
                    phone=body.phone,
                    duty_phone=body.duty_phone,
                    lon=float(lon),
                    lat=float(lat),
                    synthetic=True,
                )
            )
        created = create(Organisation, with_cells(rows))
        made |= {body.key: row for body, row in zip(generation, created, strict=True)}
    return made


def _generations(bodies) -> Iterable[list]:
    left, known = list(bodies), {""}
    while left:
        ready = [body for body in left if body.parent in known]
        yield ready
        known |= {body.key for body in ready}
        left = [body for body in left if body.key not in known]


def load_enterprises(district: District, organisations: dict[str, Organisation]) -> dict[str, Enterprise]:
    """Answers the rows by credit code."""
    rows = [
        Enterprise(
            code=one.code,
            organisation=one.code,
            region=one.region,
            name=one.name,
            short_name=one.short_name,
            initials=initials(one.name),
            industry=one.trade.industry,
            scale=one.scale,
            level=one.level,
            employees=one.employees,
            output=one.output,
            legal_representative=one.legal_representative,
            phone=one.phone,
            safety_officer=one.safety_officer,
            safety_phone=one.safety_phone,
            duty_phone=one.duty_phone,
            address=one.address,
            founded_on=date(one.founded, 1 + sum(map(ord, one.code)) % 12, 15),
            lon=one.lon,
            lat=one.lat,
            synthetic=True,
        )
        for one in district.enterprises
    ]
    created = create(Enterprise, with_cells(rows))
    create(
        RegulatedAs,
        [
            RegulatedAs(enterprise=row, code=code)
            for row, one in zip(created, district.enterprises, strict=True)
            for code in one.categories
        ],
    )
    through = Enterprise.supervisors.through
    create(
        through,
        [
            through(enterprise_id=row.pk, organisation_id=organisations[one.trade.supervisor].pk)
            for row, one in zip(created, district.enterprises, strict=True)
        ],
    )
    return {row.code: row for row in created}


def load_people(district: District) -> None:
    staff: tuple[Staff, ...] = district.hand.staff + district.enterprise_staff
    people = create(
        Person,
        [
            Person(
                name=one.name,
                initials=initials(one.name),
                phone=one.phone,
                organisation=one.organisation,
                region=one.region,
                synthetic=True,
            )
            for one in staff
        ],
    )
    create(
        Position,
        [
            Position(person=person, organisation=one.organisation, title=one.title, duties=one.duties)
            for person, one in zip(people, staff, strict=True)
        ],
    )


def load_facilities(district: District, enterprises: dict[str, Enterprise]) -> dict[tuple[str, str], Facility]:
    """Answers the rows by (owner, code)."""
    made: dict[tuple[str, str], Facility] = {}
    for inside in (False, True):
        own = [facility for facility in district.facilities if bool(facility.parent) is inside]
        rows = []
        for one in own:
            lon, lat = degrees(one.x, one.y)
            rows.append(
                Facility(
                    organisation=one.owner,
                    region=one.region,
                    enterprise=enterprises.get(one.enterprise),
                    parent=made.get((one.owner, one.parent)),
                    kind=one.kind,
                    code=one.code,
                    name=one.name,
                    initials=initials(one.name),
                    geometry=one.geojson(),
                    hazard_level=one.hazard_level,
                    r_value=one.r_value,
                    consequence_m=one.consequence_m,
                    attributes=one.attributes,
                    lon=float(lon),
                    lat=float(lat),
                    synthetic=True,
                )
            )
        created = create(Facility, with_cells(rows))
        made |= {(one.owner, one.code): row for one, row in zip(own, created, strict=True)}
    return made
