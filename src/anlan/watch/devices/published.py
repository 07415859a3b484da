"""What the pipeline is told of devices and rules: read from the tables, given to the gateway and the rule workers."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Count, Max, QuerySet

from anlan.telemetry import book, declared
from anlan.telemetry.computed import Computed
from anlan.watch.devices import calendars
from anlan.watch.devices.models import Device, Point, Rule

log = logging.getLogger(__name__)
POINT_FIELDS = ("id", "device_id", "key", "scale", "offset", "unit", "low", "high")
DEVICE_FIELDS = ("id", "name", "token_digest", "is_gateway", "gateway_id")
PROTOCOL_FIELDS = ("identity", "secret_digest", "settings")


LATE = timedelta(minutes=5)
"""A change may become visible so long after the instant it carries: the length of the longest transaction."""


JUDGED = (Device.Status.IN_SERVICE, Device.Status.STARTUP, Device.Status.MAINTENANCE)
"""During start-up, shut-down and repair rules are judged as ever; the desk holds what they raise, by design."""


def heard() -> QuerySet[Device]:
    """Devices whose messages are taken."""
    return Device.objects.exclude(status=Device.Status.RETIRED)


def state() -> str:
    """Tells one state of the register from another: the last change, the number of devices, the calendars of packs."""
    found = Device.objects.aggregate(last=Max("changed_at"), count=Count("pk"))
    return f"{found['last'] and found['last'].isoformat()} {found['count']} {calendars.digest()}"


def late_comers(now: datetime) -> int:
    """Devices changed in the last minutes: grows when a long transaction commits a change older than the last one."""
    return Device.objects.filter(changed_at__gt=now - LATE).count()


def devices(queryset: QuerySet[Device]) -> list[book.Device]:
    """As the gateway needs them: two queries, however many. A computed point is not among what a device may send."""
    points: dict[int, list[book.Point]] = {}
    narrowed = Point.objects.filter(computed__isnull=True)
    narrowed = narrowed.filter(device__in=queryset) if queryset.query.where else narrowed
    for id_, device, *rest in narrowed.values_list(*POINT_FIELDS).iterator(chunk_size=5000):
        points.setdefault(device, []).append(book.Point(id_, *rest))
    return [
        book.Device(id_, *fields, tuple(points.get(id_, ())), identity or None, secret or None, settings)
        for id_, *fields, identity, secret, settings in queryset.values_list(*DEVICE_FIELDS, *PROTOCOL_FIELDS).iterator(
            chunk_size=5000
        )
    ]


def changed_since(moment: datetime) -> tuple[list[book.Device], list[int], set[int], datetime]:
    """What moved after an instant: devices to publish, ids to forget, rule pages to renew, and the last change."""
    moved = list(Device.objects.filter(changed_at__gt=moment).values_list("pk", "status", "changed_at"))
    if not moved:
        return [], [], set(), moment
    gone = [pk for pk, status, _ in moved if status == Device.Status.RETIRED]
    kept = Device.objects.filter(pk__in=[pk for pk, status, _ in moved if status != Device.Status.RETIRED])
    touched = Point.objects.filter(device__in=[pk for pk, _, _ in moved]).values_list("pk", flat=True)
    return devices(kept), gone, {book.rule_page(pk) for pk in touched}, max(changed for *_, changed in moved)


def rules(page: int | None = None) -> Iterable[book.Rule]:
    """The rules in force, of one page or of all. A device out of service raises nothing."""
    queryset = _on_page(Rule.objects.filter(enabled=True, point__device__status__in=JUDGED), "point", page)
    fields = (
        "id",
        "point_id",
        "kind",
        "limit",
        "deadband",
        "on_delay",
        "off_delay",
        "level",
        "silence",
        "of",
        "window",
        "other_id",
        "calendar",
        "version",
    )
    rows, number_of = queryset.order_by("pk").values_list(*fields), cache(_calendar)
    for id_, point, kind, limit, *rest, calendar, version in rows.iterator(chunk_size=5000):
        yield book.Rule(id_, point, kind, limit or 0.0, *rest, calendar=number_of(calendar), version=version)


def _calendar(code: str) -> int | None:
    """Of a calendar whose pack is gone nobody knows the hours: its rules are always in force, rather than never."""
    try:
        return calendars.number_of(code)
    except ValueError as fault:
        log.error("rules are in force at all hours: %s", fault)
        return None


def beside(page: int | None, shards: int) -> book.Beside:
    """What goes with the rules of a page or of all: the computed points and the calendars."""
    points = _on_page(Point.objects.filter(device__in=heard()), "pk", page)
    return book.Beside(computed(points, shards), tuple(declared.calendars().values()))


def computed(points: QuerySet[Point], shards: int = 1) -> tuple[Computed, ...]:
    """Those of the points that are computed. One that cannot be made is left out and named in the log."""
    points = points.filter(computed__isnull=False)
    keys: dict[int, dict[str, int]] = defaultdict(dict)
    for device, key, pk in Point.objects.filter(device__in=points.values("device")).values_list("device", "key", "pk"):
        keys[device][key] = pk
    made = (_computed(point, keys[point.device_id], shards) for point in points.select_related("device").order_by("pk"))
    return tuple(one for one in made if one)


def _computed(point: Point, keys: dict[str, int], shards: int) -> Computed | None:
    try:
        made = declared.computed(keys, point.key, point.computed)
    except (KeyError, ValueError) as fault:
        log.error("%s of device %s cannot be made: %s", point.key, point.device.code, fault)
        return None
    if book.astray(made, shards):
        log.error("%s of device %s is left out: its points lie in several shards", point.key, point.device.code)
        return None
    return made


def _on_page[Rows: QuerySet](rows: Rows, field: str, page: int | None) -> Rows:
    if page is None:
        return rows
    first = page << book.PAGE_BITS
    return rows.filter(**{f"{field}__gte": first, f"{field}__lt": first + (1 << book.PAGE_BITS)})
