"""What the pipeline is told of devices and rules: read from the tables, given to the gateway and the rule workers."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet

from anlan.telemetry import book
from anlan.watch.devices.models import Device, Point, Rule

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
    """Tells one state of the register from another: the last change and the number of devices."""
    found = Device.objects.aggregate(last=Max("changed_at"), count=Count("pk"))
    return f"{found['last'] and found['last'].isoformat()} {found['count']}"


def late_comers(now: datetime) -> int:
    """Devices changed in the last minutes: grows when a long transaction commits a change older than the last one."""
    return Device.objects.filter(changed_at__gt=now - LATE).count()


def devices(queryset: QuerySet[Device]) -> list[book.Device]:
    """As the gateway needs them: two queries, however many."""
    points: dict[int, list[book.Point]] = {}
    narrowed = Point.objects.filter(device__in=queryset) if queryset.query.where else Point.objects.all()
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
    queryset = Rule.objects.filter(enabled=True, point__device__status__in=JUDGED)
    if page is not None:
        first = page << book.PAGE_BITS
        queryset = queryset.filter(point__gte=first, point__lt=first + (1 << book.PAGE_BITS))
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
        "version",
    )
    rows = queryset.order_by("pk").values_list(*fields)
    for id_, point, kind, limit, *rest, version in rows.iterator(chunk_size=5000):
        yield book.Rule(id_, point, kind, limit or 0.0, *rest, version=version)
