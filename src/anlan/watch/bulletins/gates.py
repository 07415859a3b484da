"""The doors: what an authority publishes is for everybody who may see bulletins; what it restricts, for who receives
them."""

from datetime import datetime

from django.db.models import QuerySet
from shapely.geometry import shape

from anlan.desk.access.standing import may
from anlan.watch.bulletins.models import Bulletin, Receipt
from anlan.watch.bulletins.rules import InForce


def seen_by(user) -> QuerySet[Bulletin]:
    if may(user, "bulletins.receive"):
        return Bulletin.objects.all()
    return Bulletin.objects.filter(scope="Public") if may(user, "bulletins.see") else Bulletin.objects.none()


def receipts(user) -> QuerySet[Receipt]:
    return Receipt.objects.all() if may(user, "bulletins.receive") else Receipt.objects.none()


def holding(now: datetime) -> QuerySet[Bulletin]:
    """Actual alerts and updates that have begun, have not ended and were not replaced or cancelled."""
    return Bulletin.objects.filter(
        status="Actual", kind__in=("Alert", "Update"), ended_at=None, effective__lte=now, expires__gt=now
    )


def in_force(now: datetime) -> list[InForce]:
    """All that holds now, for `rules.over(found, region, lon, lat)`: one query, whatever is asked of it then."""
    fields = ("pk", "level", "event", "headline", "expires", "regions", "geometry")
    return [
        InForce(*values, tuple(regions), shape(geometry) if geometry else None)
        for *values, regions, geometry in holding(now).filter(scope="Public").values_list(*fields)
    ]
