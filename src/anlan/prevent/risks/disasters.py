"""Places threatened by nature: one board, two maps, three lists; what is missing, and where people go."""

import math

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.prevent.risks.models import DisasterPoint
from anlan.prevent.risks.rules import Paper, has_room, six_documents

FIELDS = (
    *("kind", "level", "signs", "households", "persons", "zone", "route", "shelter_id"),
    *("control_list", "evacuation_list", "relief_list"),
)
NEAR_METRES = 150


def papers(point: DisasterPoint) -> tuple[Paper, ...]:
    return six_documents({name: getattr(point, name) for name in FIELDS})


def missing_words(point: DisasterPoint) -> str:
    """The documents that are not complete, by name; nothing when all six could be printed."""
    return _("、").join(str(paper.title) for paper in papers(point) if not paper.complete)


def route_faults(point: DisasterPoint) -> list[str]:
    """Why the way out cannot be trusted: it does not end at the shelter, or the shelter has no room for all."""
    if point.shelter is None or not point.route:
        return []
    found = []
    lon, lat = point.route["coordinates"][-1][:2]
    if point.shelter.lon is not None and _metres(lon, lat, point.shelter.lon, point.shelter.lat) > NEAR_METRES:
        found.append(_("转移路线的终点不在安置点“%(shelter)s”。") % {"shelter": point.shelter.name})
    capacity = point.shelter.attributes.get("capacity")
    if has_room(capacity, point.persons) is False:
        found.append(
            _("安置点“%(shelter)s”可容纳 %(capacity)d 人，少于受威胁的 %(persons)d 人。")
            % {"shelter": point.shelter.name, "capacity": capacity, "persons": point.persons}
        )
    return found


def _metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Near enough over some hundred metres."""
    east = math.radians(other_lon - lon) * math.cos(math.radians(lat)) * 6_371_000
    return math.hypot(east, math.radians(other_lat - lat) * 6_371_000)


@transaction.atomic
def save_disaster_point(user, point: DisasterPoint) -> DisasterPoint:
    require(user, "disaster-points.change", point)
    point.full_clean()
    if point.route and point.route.get("type") != "LineString":
        raise ValidationError({"route": _("转移路线应是一条 GeoJSON LineString。")})
    new = point.pk is None
    point.save()
    append(
        Act(
            action="disaster-points.add" if new else "disaster-points.change",
            subject=f"disaster-point:{point.pk}",
            region=point.region,
            words=point.name,
        )
    )
    return point
