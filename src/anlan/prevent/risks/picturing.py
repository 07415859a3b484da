"""What the four-colour map of an enterprise draws: its plan, the zones in the colour of their level, what lies nowhere.

Drawn as SVG on the server: it prints, needs no script to be read, and holds on a phone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.urls import reverse

from anlan.desk.layers.declare import LEVELS
from anlan.prevent.risks import floors
from anlan.prevent.risks.models import DisasterPoint, FloorPlan, Point

MOST = 400
FIELDS = (
    *("pk", "name", "code", "kind", "level", "dynamic_level", "geometry", "lon", "lat", "plan_id", "responsible"),
    *("phone", "reviewed_on", "enterprise_id", "post"),
)
HEAVIEST = 5  # nothing known: drawn grey, under everything


@dataclass(frozen=True)
class Zone:
    """One zone as the page draws it. `shape` is a list of x,y; `at` where its name is written."""

    point: Point
    level: int
    shape: str
    at: tuple[float, float]


def picture(plan: FloorPlan, points: QuerySet[Point]) -> dict:
    """What the page of a plan shows. Graver zones are drawn later, so that they lie above."""
    page = floors.Page(tuple(map(tuple, plan.corners)))
    rows = list(points.only(*(name for name in FIELDS if name != "pk")).order_by("dynamic_level", "pk")[:MOST])
    zones = [zone for point in rows if point.plan_id == plan.pk and (zone := _zone(page, point))]
    return {
        "width": floors.WIDTH,
        "height": page.height,
        "image": reverse("documents.preview", args=[plan.image_id]) if plan.image_id else "",
        "lines": _lines(page, plan.drawing),
        "zones": sorted(zones, key=lambda zone: -zone.level),
        "listed": sorted(zones, key=lambda zone: zone.level),
        "unplaced": [point for point in rows if point.geometry is None and point.kind in ("area", "equipment")],
        "bars": bars(point for point in rows if point.kind in ("activity", "job")),
        "points": rows,
        "legend": LEVELS,
    }


def _zone(page: floors.Page, point: Point) -> Zone | None:
    if not point.geometry:
        return None
    ring = page.to_page([tuple(place[:2]) for place in point.geometry["coordinates"][0]])
    middle = np.mean(ring[:-1], axis=0)
    at = (round(float(middle[0]), 1), round(float(middle[1]), 1))
    return Zone(point, point.dynamic_level or HEAVIEST, " ".join(f"{x:g},{y:g}" for x, y in ring), at)


def _lines(page: floors.Page, drawing: dict | None) -> str:
    """The whole drawing as one SVG path."""
    if not drawing:
        return ""
    found = []
    for line in drawing["coordinates"]:
        points = page.to_page([tuple(place) for place in line])
        found.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points))
    return "".join(found)


@dataclass(frozen=True)
class Bar:
    """How many events of each level one activity has, as widths of a hundred."""

    point: Point
    parts: tuple[tuple[int, int, float, float], ...]  # level, count, x, width
    total: int


def bars(points: Iterable[Point]) -> list[Bar]:
    """The comparison of work activities: what has no place of its own is compared, not mapped."""
    chosen = list(points)
    counts: dict[int, dict[int, int]] = {point.pk: {} for point in chosen}
    from_events = Point.objects.filter(pk__in=counts, events__level__isnull=False).values_list("pk", "events__level")
    for pk, level in from_events:
        counts[pk][level] = counts[pk].get(level, 0) + 1
    most = max((sum(each.values()) for each in counts.values()), default=0)
    found = []
    for point in chosen:
        x, parts = 0.0, []
        for level, count in sorted(counts[point.pk].items()):
            width = round(100 * count / most, 2)
            parts.append((level, count, round(x, 2), width))
            x += width
        if parts:
            found.append(Bar(point, tuple(parts), sum(counts[point.pk].values())))
    return sorted(found, key=lambda bar: (bar.parts[0][0], -bar.total))


def sketch(point: DisasterPoint) -> dict:
    """The zone and the way out as one small SVG map of their own box."""
    zone = [tuple(place[:2]) for place in point.zone["coordinates"][0]] if point.zone else []
    route = [tuple(place[:2]) for place in point.route["coordinates"]] if point.route else []
    every = np.array([*zone, *route] or [(0.0, 0.0)], dtype=float)
    least, most = every.min(axis=0), every.max(axis=0)
    size = np.maximum(most - least, 1e-6)
    scale = 900 / max(size[0] * float(np.cos(np.radians(most[1]))), size[1])

    def placed(places):
        shown = [
            (50 + (x - least[0]) * float(np.cos(np.radians(most[1]))) * scale, 50 + (most[1] - y) * scale)
            for x, y in places
        ]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in shown)

    return {"zone_shape": placed(zone), "route_shape": placed(route), "end": placed(route[-1:])}
