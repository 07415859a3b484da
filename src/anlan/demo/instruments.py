"""The district's devices as rows, with the points and rules of their profiles."""

from collections.abc import Iterable
from itertools import batched

from django.db import connection
from django.db.models import Model

from anlan import packs
from anlan.demo.devices import Device as Planned
from anlan.demo.district import District
from anlan.demo.registers import create
from anlan.demo.texts import initials
from anlan.desk.layers.cells import cells
from anlan.know.facilities.models import Facility
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.devices.profiles import LEFT, fit


def load_devices(district: District, facilities: dict[tuple[str, str], Facility]) -> None:
    made: dict[str, Device] = {}
    for behind in (False, True):
        own = [device for device in district.devices if bool(device.gateway) is behind]
        cell = cells([device.lon for device in own], [device.lat for device in own]).tolist()
        rows = [_row(device, facilities, made, place) for device, place in zip(own, cell, strict=True)]
        made |= {row.code: row for row in create(Device, rows)}
    _points_and_rules(district.devices, made)


def _row(device: Planned, facilities, made: dict[str, Device], cell: int) -> Device:
    return Device(
        code=device.code,
        name=device.name,
        initials=initials(device.name),
        profile=device.profile,
        organisation=device.organisation,
        region=device.region,
        is_gateway=device.is_gateway,
        gateway=made.get(device.gateway),
        facility=facilities.get(device.facility),
        lon=device.lon,
        lat=device.lat,
        cell=cell,
        synthetic=True,
    )


def _points_and_rules(planned: tuple[Planned, ...], made: dict[str, Device]) -> None:
    """A device keeps its profile's rules unless the plan gives it rules of its own. The few with computed points are
    fitted one by one, which keeps the points of each together."""
    profiles = packs.section("profiles")
    combining = {code for code, entry in profiles.items() if any("computed" in one for one in entry["points"].values())}
    for one in planned:
        if one.profile in combining:
            fit(made[one.code])
    planned = tuple(one for one in planned if one.profile not in combining)
    pour(
        Point, (_point(made[one.code].pk, *item) for one in planned for item in profiles[one.profile]["points"].items())
    )
    first = min(row.pk for row in made.values())
    points = Point.objects.filter(device__gte=first).values_list("device_id", "key", "pk")
    of = {(device, key): pk for device, key, pk in points.iterator(chunk_size=5000)}
    pour(
        Rule,
        (
            _rule(of, made[one.code].pk, key, rule)
            for one in planned
            for key, point in profiles[one.profile]["points"].items()
            for rule in one.rules.get(key, point.get("rules", ()))
        ),
    )


def _point(device: int, key: str, declared: dict) -> dict:
    kept = {name: declared[name] for name in ("title", "unit", "low", "high", "health") if name in declared}
    return {"device_id": device, "key": key, **kept}


def _rule(points: dict[tuple[int, str], int], device: int, key: str, declared: dict) -> dict:
    kept = {name: value for name, value in declared.items() if name not in LEFT}
    other = {"other_id": points[device, declared["other"]]} if "other" in declared else {}
    return {"point_id": points[device, key], "checked": "configured", **kept, **other}


def pour(model: type[Model], rows: Iterable[dict]) -> None:
    """Inserts rows given as column values, the model's defaults for the rest. For plain columns only: 180,000 rows as
    model instances take bulk_create ten times as long and 300 MB."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    defaults = [(field.column, field.get_db_prep_save(field.get_default(), connection)) for field in fields]
    with connection.cursor() as cursor:
        for batch in batched(rows, 5000):
            values = [[row.get(column, default) for column, default in defaults] for row in batch]
            cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", values)
