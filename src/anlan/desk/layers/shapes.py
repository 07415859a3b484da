"""The shapes a person asks with: a circle, a polygon, a box. Parsed from request parameters, refused with a reason."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from django.utils.translation import gettext as _
from pyproj import Geod

MOST_VERTICES = 100
"""A warning area may have no more (common practice of public warning systems)."""
FARTHEST = 500_000.0
NEAR = 200.0
EARTH = Geod(ellps="GRS80")  # the ellipsoid of CGCS2000; it differs from that of WGS 84 by 0.1 mm
_CORNERS = 48


class ShapeProblem(ValueError):
    """The shape cannot be used; the text says what is wrong, where, and what to write."""


@dataclass(frozen=True)
class Circle:
    """All places within `radius` metres of a point, along the ellipsoid."""

    lon: float
    lat: float
    radius: float

    @cached_property
    def outline(self) -> shapely.Polygon:
        """A polygon a little larger than the circle."""
        bearings = np.linspace(0, 360, _CORNERS, endpoint=False)
        reach = np.full(_CORNERS, self.radius / math.cos(math.pi / _CORNERS) * 1.001 + 0.5)
        lon, lat, _back = EARTH.fwd(np.full(_CORNERS, self.lon), np.full(_CORNERS, self.lat), bearings, reach)
        return shapely.Polygon(np.column_stack([lon, lat]))

    def measure(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(inside, metres from the centre) of every place."""
        distance = distances(self.lon, self.lat, lon, lat)
        return distance <= self.radius, distance


@dataclass(frozen=True)
class Area:
    """All places inside a polygon; distance is counted from its centre."""

    outline: shapely.Polygon

    def measure(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        shapely.prepare(self.outline)
        middle = self.outline.centroid
        inside = shapely.intersects_xy(self.outline, lon, lat)
        distance = np.full(len(lon), np.nan)
        distance[inside] = distances(middle.x, middle.y, lon[inside], lat[inside])
        return inside, distance


Shape = Circle | Area


def distances(lon: float, lat: float, lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
    """Metres along the ellipsoid from one place to many."""
    count = len(lons)
    return np.asarray(EARTH.inv(np.full(count, lon), np.full(count, lat), lons, lats)[2], dtype=float)


def parse(parameters: Mapping[str, str]) -> Shape:
    """The one shape in the parameters.

    `point=lon,lat` (what lies within 200 m), `circle=lon,lat,metres`, `polygon=lon,lat;lon,lat;…`,
    `box=west,south,east,north`.
    """
    given = [name for name in PARSERS if parameters.get(name)]
    if len(given) != 1:
        raise ShapeProblem(_("请给出一个范围：point、circle、polygon 或 box 之一。"))
    return PARSERS[given[0]](parameters[given[0]])


def _point(text: str) -> Circle:
    lon, lat = _place(_numbers("point", text, 2))
    return Circle(lon, lat, NEAR)


def _circle(text: str) -> Circle:
    lon, lat, radius = _numbers("circle", text, 3)
    _place([lon, lat])
    if not 0 < radius <= FARTHEST:
        raise ShapeProblem(
            _("circle 的半径应大于 0、不超过 %(most)d 米，收到 %(radius)s。") % {"most": FARTHEST, "radius": radius}
        )
    return Circle(lon, lat, radius)


def _polygon(text: str) -> Area:
    corners = [_place(_numbers("polygon", corner, 2)) for corner in text.strip(";").split(";", MOST_VERTICES + 2)]
    if corners[0] == corners[-1]:
        corners.pop()
    if not 3 <= len(corners) <= MOST_VERTICES:
        raise ShapeProblem(_("polygon 应有 3 至 %(most)d 个顶点。") % {"most": MOST_VERTICES})
    polygon = shapely.Polygon(corners)
    if not polygon.is_valid or polygon.area == 0:
        raise ShapeProblem(_("polygon 的边相交或没有面积，请重新绘制。"))
    return Area(polygon)


def _box(text: str) -> Area:
    west, south, east, north = _numbers("box", text, 4)
    _place([west, south])
    _place([east, north])
    if west >= east or south >= north:
        raise ShapeProblem(_("box 应为 西,南,东,北，且西小于东、南小于北。"))
    return Area(shapely.box(west, south, east, north))


PARSERS = {"point": _point, "circle": _circle, "polygon": _polygon, "box": _box}


def _numbers(name: str, text: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ShapeProblem(
            _("%(name)s 应为 %(count)d 个用逗号隔开的数字，收到“%(text)s”。")
            % {"name": name, "count": count, "text": text[:80]}
        )
    return numbers


def _place(numbers: list[float]) -> tuple[float, float]:
    lon, lat = numbers
    if not (-180 <= lon <= 180 and -90 < lat < 90):
        raise ShapeProblem(
            _("经度应在 -180 至 180、纬度应在 -90 至 90 之间（先经度后纬度），收到 %(lon)s,%(lat)s。")
            % {"lon": lon, "lat": lat}
        )
    return lon, lat
