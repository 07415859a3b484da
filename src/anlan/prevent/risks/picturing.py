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
LETTER = 20  # width of a letter on the page of a thousand
HEAVIEST = 5  # nothing known: drawn grey, under everything


@dataclass(frozen=True)
class Zone:
    """One zone as the page draws it. `shape` is a list of x,y; `at` where its name is written."""

    point: Point
    level: int
    shape: str
    at: tuple[float, float]
    area: float
    labelled: bool


def picture(plan: FloorPlan, points: QuerySet[Point]) -> dict:
    """What the page of a plan shows. Smaller zones are drawn later, so that a tank lies above its farm."""
    page = floors.Page(tuple(map(tuple, plan.corners)))
    rows = list(points.only(*(name for name in FIELDS if name != "pk")).order_by("dynamic_level", "pk")[:MOST])
    zones = [zone for point in rows if point.plan_id == plan.pk and (zone := _zone(page, point))]
    return {
        "width": floors.WIDTH,
        "height": page.height,
        "image": reverse("documents.preview", args=[plan.image_id]) if plan.image_id else "",
        "lines": _lines(page, plan.drawing),
        "zones": sorted(zones, key=lambda zone: -zone.area),
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
    xs, ys = np.array(ring).T
    area = float(abs(xs[:-1] @ ys[1:] - xs[1:] @ ys[:-1]) / 2)
    fits = len(point.name) * LETTER <= np.ptp(xs) + LETTER * 4  # else the names of neighbours would run into each other
    shape = " ".join(f"{x:g},{y:g}" for x, y in ring)
    return Zone(point, point.dynamic_level or HEAVIEST, shape, at, area, bool(fits))


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
    """Two small SVG maps: the zone by itself, and the way out with the zone it leads from."""
    zone = [tuple(place[:2]) for place in point.zone["coordinates"][0]] if point.zone else []
    route = [tuple(place[:2]) for place in point.route["coordinates"]] if point.route else []
    near, far = _fitted(zone), _fitted([*zone, *route])
    return {
        "near_zone": near(zone),
        "far_zone": far(zone),
        "far_route": far(route),
        "start": far(route[:1]).split(","),
        "end": far(route[-1:]).split(","),
    }


def _fitted(places: list[tuple[float, float]]):
    """A function that lays places on a page of a thousand by six hundred, as large as all of these allow."""
    every = np.array(places or [(0.0, 0.0)], dtype=float)
    least, most = every.min(axis=0), every.max(axis=0)
    shrink = float(np.cos(np.radians(most[1])))
    scale = min(840 / max((most[0] - least[0]) * shrink, 1e-6), 480 / max(most[1] - least[1], 1e-6))
    left = (1000 - (most[0] - least[0]) * shrink * scale) / 2

    def laid(shown: list[tuple[float, float]]) -> str:
        return " ".join(
            f"{left + (x - least[0]) * shrink * scale:.1f},{60 + (most[1] - y) * scale:.1f}" for x, y in shown
        )

    return laid
