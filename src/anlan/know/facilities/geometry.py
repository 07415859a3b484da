"""The geometry of a facility: GeoJSON in WGS 84, checked, and the point that stands for it on the map."""

import json

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

TYPES = ("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
MOST_VERTICES = 20_000
WIDEST = 2.0  # degrees; no facility reaches further, but swapped coordinates often do


class WrongGeometry(ValueError):
    """The geometry cannot be kept; the text says what is wrong and what to write."""


def parse(value: str | dict | None) -> shapely.Geometry | None:
    """GeoJSON, text or object, as a valid geometry; None for nothing. Errors: WrongGeometry."""
    if value in (None, "", {}):
        return None
    try:
        given = json.loads(value) if isinstance(value, str) else value
        kind = given["type"]
        if kind not in TYPES:
            raise WrongGeometry(f"type {kind!r} is not one of {', '.join(TYPES)}")
        found = shapely.force_2d(shape(given))
    except (json.JSONDecodeError, ShapelyError, KeyError, TypeError, IndexError, AttributeError) as wrong:
        raise WrongGeometry(f"not a GeoJSON geometry: {wrong}") from None
    except ValueError as wrong:
        raise WrongGeometry(str(wrong)) from None
    _check(found)
    return found


def _check(found: shapely.Geometry) -> None:
    if found.is_empty:
        raise WrongGeometry("it has no coordinates")
    if shapely.get_num_coordinates(found) > MOST_VERTICES:
        raise WrongGeometry(f"more than {MOST_VERTICES} vertices; simplify it")
    west, south, east, north = found.bounds
    if not (-180 <= west <= east <= 180 and -90 < south <= north < 90):
        raise WrongGeometry("coordinates are longitude, latitude in degrees; is the order right?")
    if east - west > WIDEST or north - south > WIDEST:
        raise WrongGeometry(f"it reaches over more than {WIDEST:g} degrees; is one corner wrong?")
    if not found.is_valid:
        raise WrongGeometry(shapely.is_valid_reason(found))


def middle(found: shapely.Geometry) -> tuple[float, float]:
    """A point on or in the geometry, near its middle."""
    point = found.interpolate(0.5, normalized=True) if found.geom_type == "LineString" else found.representative_point()
    return round(point.x, 7), round(point.y, 7)
