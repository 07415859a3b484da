"""The enterprise's own floor plan: drawings read into WGS 84, and a page of its own coordinates for SVG.

A plan has four corners on the map: north-west, north-east, south-east, south-west as (lon, lat). A point of the plan
and one of the map are turned into one another by the bilinear map over those corners, exact at the corners and, for
the parallelogram that a plan really is, everywhere.
"""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ezdxf
import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from ezdxf.lldxf.const import DXFError

MOST_LINES = 20_000
MOST_BYTES = 20 * 1024 * 1024
WIDTH = 1000.0  # of the SVG page; its height follows from the real shape of the plan
Place = tuple[float, float]


@dataclass(frozen=True)
class Page:
    """The SVG page of a plan: from map to page and back."""

    corners: tuple[Place, Place, Place, Place]

    @property
    def height(self) -> float:
        (west, north), (east, _n), _south_east, (_w, south) = self.corners
        across = abs(east - west) * np.cos(np.radians(north))
        return round(WIDTH * float(np.clip(abs(north - south) / max(across, 1e-9), 0.2, 5)), 1)

    def to_page(self, places: Sequence[Place]) -> list[Place]:
        """Longitude and latitude to x and y of the page."""
        origin, right, down = self._frame()
        inverse = np.linalg.inv(np.column_stack([right, down]))
        shares = (np.asarray(places, dtype=float)[:, :2] - origin) @ inverse.T
        return [(round(x, 1), round(y, 1)) for x, y in (shares * (WIDTH, self.height)).tolist()]

    def to_map(self, points: Sequence[Place]) -> list[Place]:
        """x and y of the page to longitude and latitude."""
        origin, right, down = self._frame()
        shares = np.asarray(points, dtype=float) / (WIDTH, self.height)
        places = origin + shares @ np.vstack([right, down])
        return [(round(lon, 7), round(lat, 7)) for lon, lat in places.tolist()]

    def _frame(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The corner at the top left and the two edges that leave it, averaged over both sides of the plan."""
        north_west, north_east, south_east, south_west = (np.asarray(corner, dtype=float) for corner in self.corners)
        right = ((north_east - north_west) + (south_east - south_west)) / 2
        down = ((south_west - north_west) + (south_east - north_east)) / 2
        middle = (north_west + north_east + south_east + south_west) / 4
        return middle - right / 2 - down / 2, right, down


def corners(value) -> tuple[Place, Place, Place, Place]:
    """Four corners, as JSON or list. Errors: ValidationError."""
    try:
        given = json.loads(value) if isinstance(value, str) else value
        found = tuple((float(lon), float(lat)) for lon, lat in given)
    except (ValueError, TypeError):
        raise ValidationError(_("四角坐标应为四对经纬度：[[经度, 纬度], …]，依次为西北、东北、东南、西南。")) from None
    if len(found) != 4 or not all(-180 <= lon <= 180 and -90 < lat < 90 for lon, lat in found):
        raise ValidationError(_("四角坐标应为四对经纬度：[[经度, 纬度], …]，依次为西北、东北、东南、西南。"))
    (x0, y0), (x1, y1), (x2, y2), _last = found
    if abs((x1 - x0) * (y2 - y1) - (x2 - x1) * (y1 - y0)) < 1e-12:
        raise ValidationError(_("四个角在一条线上，请检查坐标。"))
    if max(x for x, _y in found) - min(x for x, _y in found) > 0.2:
        raise ValidationError(_("平面图跨度超过 0.2 度，请检查坐标。"))
    return found


def read_geojson(data: bytes) -> dict:
    """A drawing in WGS 84: a FeatureCollection, or anything that becomes one. Errors: ValidationError."""
    try:
        given = json.loads(data)
        kind = given["type"]
        features = given["features"] if kind == "FeatureCollection" else [given]
        shapes = [each["geometry"] if each["type"] == "Feature" else each for each in features]
        lines = [line for shape in shapes if shape for line in _lines_of(shape)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValidationError(_("不是可读的 GeoJSON 文件。")) from None
    return _drawing(lines)


def _lines_of(shape: dict) -> Iterator[list[Place]]:
    coordinates = shape.get("coordinates", [])
    match shape["type"]:
        case "LineString":
            yield [(float(x), float(y)) for x, y, *_rest in coordinates]
        case "MultiLineString" | "Polygon":
            for line in coordinates:
                yield from _lines_of({"type": "LineString", "coordinates": line})
        case "MultiPolygon":
            for polygon in coordinates:
                yield from _lines_of({"type": "Polygon", "coordinates": polygon})
        case "GeometryCollection":
            for each in shape["geometries"]:
                yield from _lines_of(each)


def read_dxf(data: bytes, placed: Sequence[Place]) -> dict:
    """The lines of a DXF drawing, laid into the four corners by their common box. Errors: ValidationError."""
    try:
        document = ezdxf.read(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="surrogateescape"))
    except (DXFError, OSError, ValueError, UnicodeError, IndexError, AttributeError, TypeError):
        raise ValidationError(_("不是可读的 DXF 文件；请另存为 ASCII DXF（2000 及以后版本）。")) from None
    lines = list(_dxf_lines(document.modelspace()))
    if not lines:
        raise ValidationError(_("DXF 的模型空间里没有直线、多段线、圆或圆弧。"))
    every = np.concatenate([np.asarray(line, dtype=float) for line in lines])
    least, most = every.min(axis=0), every.max(axis=0)
    size = np.maximum(most - least, 1e-9)
    page = Page(tuple(placed))
    flipped = [
        [(WIDTH * (x - least[0]) / size[0], page.height * (most[1] - y) / size[1]) for x, y in line] for line in lines
    ]
    return _drawing([page.to_map(line) for line in flipped])


def _dxf_lines(space) -> Iterator[list[Place]]:
    for entity in space:
        match entity.dxftype():
            case "LINE":
                yield [(entity.dxf.start.x, entity.dxf.start.y), (entity.dxf.end.x, entity.dxf.end.y)]
            case "LWPOLYLINE":
                points = [(x, y) for x, y in entity.get_points("xy")]
                if len(points) > 1:
                    yield points + points[:1] if entity.closed else points
            case "POLYLINE":
                points = [(each.x, each.y) for each in entity.points()]
                if len(points) > 1:
                    yield points + points[:1] if entity.is_closed else points
            case "CIRCLE" | "ARC" | "ELLIPSE" | "SPLINE":
                size = getattr(entity.dxf, "radius", 1.0) or 1.0
                yield [(each.x, each.y) for each in entity.flattening(max(size / 100, 1e-6))]


def _drawing(lines: list[list[Place]]) -> dict:
    if not lines:
        raise ValidationError(_("文件里没有线或面。"))
    if len(lines) > MOST_LINES:
        raise ValidationError(_("图形多于 %(count)d 条线，请先简化。") % {"count": MOST_LINES})
    if not all(-180 <= x <= 180 and -90 < y < 90 for line in lines for x, y in line):
        raise ValidationError(_("坐标不是经纬度；GeoJSON 应为 WGS 84。"))
    return {"type": "MultiLineString", "coordinates": [[[round(x, 7), round(y, 7)] for x, y in line] for line in lines]}
