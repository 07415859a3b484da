"""What lies here: for a shape, every layer's count, counts by legend, and the nearest rows. One query a layer."""

import numpy as np
import shapely
from django.db.models import Q, QuerySet

from anlan.desk.layers.cells import METRES_PER_DEGREE
from anlan.desk.layers.declare import Layer
from anlan.desk.layers.placed import Inside, inside
from anlan.desk.layers.shapes import Area, Circle, Shape
from anlan.onemap.pages import marks, path_of, with_expressions
from anlan.onemap.places import geometry

NEAREST = 20


def what_lies_here(layers: list[tuple[Layer, QuerySet]], shape: Shape) -> dict:
    """As JSON: the shape as it was understood, and each layer that has something in it."""
    found = [answer for layer, queryset in layers if (answer := _layer(layer, queryset, shape))["count"]]
    return {"shape": describe(shape), "total": sum(answer["count"] for answer in found), "layers": found}


def describe(shape: Shape) -> dict:
    """Middle, reach and size of a shape, in degrees, metres and square metres."""
    outline = shape.outline
    middle = (shape.lon, shape.lat) if isinstance(shape, Circle) else (outline.centroid.x, outline.centroid.y)
    narrowing = np.cos(np.radians(middle[1]))
    area = np.pi * shape.radius**2 if isinstance(shape, Circle) else outline.area * narrowing * METRES_PER_DEGREE**2
    return {
        "kind": "circle" if isinstance(shape, Circle) else "polygon",
        "centre": middle,
        "radius": shape.radius if isinstance(shape, Circle) else None,
        "area": float(area),
        "outline": shapely.get_coordinates(outline).tolist(),
    }


def _layer(layer: Layer, queryset: QuerySet, shape: Shape) -> dict:
    symbol = path_of(layer, layer.symbol) if layer.symbol else "pk"
    queryset = with_expressions(layer, queryset)
    fields = ("pk", layer.label, symbol)
    if layer.placed:
        found = inside(queryset, shape, (*fields, *layer.place[:2]), layer.place)
    else:
        found = _touching(layer, queryset, shape, fields)
    lines = marks(layer, [row[2] if layer.symbol else None for row in found.rows])
    counts = np.bincount(lines, minlength=len(layer.marks))
    return {
        "name": layer.name,
        "title": str(layer.title),
        "count": len(found),
        "marks": counts.tolist(),
        "nearest": [
            {
                "key": str(row[0]),
                "label": str(row[1]),
                "mark": int(line),
                "metres": round(float(metres), 1),
                "place": row[3:],
            }
            for row, line, metres in zip(found.rows[:NEAREST], lines, found.metres, strict=False)
        ],
    }


def _touching(layer: Layer, queryset: QuerySet, shape: Shape, fields: tuple[str, ...]) -> Inside:
    """Lines and polygons that meet the shape; 0 m when they hold its middle."""
    outline = shape.outline
    west, south, east, north = outline.bounds
    if layer.box:
        left, bottom, right, top = layer.box
        queryset = queryset.filter(
            Q(**{f"{left}__lte": east, f"{right}__gte": west, f"{bottom}__lte": north, f"{top}__gte": south})
        )
    rows = list(queryset.order_by().values_list(layer.geometry, *fields))
    if not rows:
        return Inside([], np.empty(0))
    drawn = np.array([geometry(row[0]) for row in rows])
    hits = np.flatnonzero(shapely.intersects(drawn, outline))
    middle = outline.centroid if isinstance(shape, Area) else shapely.Point(shape.lon, shape.lat)
    metres = shapely.distance(drawn[hits], middle) * METRES_PER_DEGREE * np.cos(np.radians(middle.y))
    order = np.argsort(metres, kind="stable")
    inner = shapely.point_on_surface(drawn[hits])
    placed = [(*rows[hit][1:], float(point.x), float(point.y)) for hit, point in zip(hits, inner, strict=True)]
    return Inside([placed[index] for index in order], metres[order])
