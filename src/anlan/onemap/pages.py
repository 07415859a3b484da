"""A layer as bytes for the browser: columns for points and heat, GeoJSON for lines and polygons.

A column page of the map has `position` (i4, two a row, 1e-7 degrees: 1 cm), `mark` (u1, the line of the legend), `id`
(u4 or i8; text keys stand in meta.ids) and the layer's own columns. A column with declared words is sent as the number
of its word, a text column as the number of its value in meta.values.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import shapely
from django.db.models import Count, Max, QuerySet

from anlan.columns.page import pack
from anlan.desk.layers.declare import Column, Layer, WrongLayer
from anlan.onemap.places import geometry

SCALE = 1e-7
UNKNOWN = 255
MOST_VALUES = 254


def columns_page(layer: Layer, queryset: QuerySet) -> bytes:
    """All rows of a point layer as one column page."""
    lon, lat, _cell = layer.place
    paths = [path_of(layer, name) for name in layer.columns]
    rows = list(with_expressions(layer, queryset).order_by("pk").values_list("pk", lon, lat, *paths))
    keys, lons, lats, *values = zip(*rows, strict=True) if rows else [()] * (3 + len(paths))
    place = np.column_stack([np.array(lons, dtype=float), np.array(lats, dtype=float)])
    columns = {"position": np.rint(place / SCALE).astype("<i4")}
    meta: dict[str, Any] = {"scale": SCALE, "values": {}}
    _add_keys(keys, columns, meta)
    by_name = dict(zip(layer.columns, values, strict=True))
    columns["mark"] = marks(layer, by_name.get(layer.symbol or "", [None] * len(rows)))
    for name, column in layer.columns.items():
        columns[name], words = encode(layer, name, column, by_name[name])
        if words is not None:
            meta["values"][name] = words
    return pack(columns, meta)


def feature_collection(layer: Layer, queryset: QuerySet) -> bytes:
    """All rows of a line or polygon layer as GeoJSON, each with its key, label, mark and columns."""
    paths = [path_of(layer, name) for name in layer.columns]
    rows = list(with_expressions(layer, queryset).order_by("pk").values_list("pk", layer.geometry, layer.label, *paths))
    values = dict(zip(layer.columns, zip(*(row[3:] for row in rows), strict=True), strict=True)) if rows else {}
    mark = marks(layer, values.get(layer.symbol or "", [None] * len(rows)))
    coded = {name: encode(layer, name, column, values.get(name, ())) for name, column in layer.columns.items()}
    middles = _middles([row[1] for row in rows])
    features = [
        {
            "type": "Feature",
            "id": index,
            "geometry": orjson.Fragment(row[1]) if isinstance(row[1], str) else row[1],
            "properties": {
                "key": row[0],
                "label": row[2],
                "mark": int(mark[index]),
                "at": middles[index],
                **{name: array[index] for name, (array, _words) in coded.items()},
            },
        }
        for index, row in enumerate(rows)
    ]
    found = {"type": "FeatureCollection", "features": features}
    found["values"] = {name: words for name, (_array, words) in coded.items() if words is not None}
    return orjson.dumps(found, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)


def _middles(geometries: Sequence) -> list[list[float]]:
    """For each geometry a place on it where its name is written once, however many tiles it crosses."""
    if not geometries:
        return []
    inner = shapely.point_on_surface(np.array([geometry(value) for value in geometries]))
    return np.column_stack([shapely.get_x(inner), shapely.get_y(inner)]).round(6).tolist()


def version(layer: Layer, queryset: QuerySet, asker: str) -> str:
    """An ETag without reading the rows: how many the asker sees, and when one of them last changed."""
    state = queryset.order_by().aggregate(count=Count("pk"), last=Max(layer.changed))
    parts = f"{layer.name}:{asker}:{state['count']}:{state['last']}:{len(layer.columns)}"
    return f'"{hashlib.blake2b(parts.encode(), digest_size=12).hexdigest()}"'


def marks(layer: Layer, values: Sequence) -> np.ndarray:
    """The line of the legend for every value; the last line is for values it does not name."""
    last = len(layer.marks) - 1
    lines = {mark.value: line for line, mark in enumerate(layer.marks)}
    return np.fromiter((lines.get(value, last) for value in values), np.uint8, len(values))


def encode(layer: Layer, name: str, column: Column, values: Sequence) -> tuple[np.ndarray, list | None]:
    """A column as numbers; the second part lists the values of a text column."""
    if column.words is not None:
        lines = {value: line for line, value in enumerate(column.words)}
        return np.fromiter((lines.get(value, UNKNOWN) for value in values), np.uint8, len(values)), None
    if any(isinstance(value, str) for value in values):
        return _texts(layer, name, values)
    return _numbers(values), None


def _texts(layer: Layer, name: str, values: Sequence) -> tuple[np.ndarray, list[str]]:
    texts = sorted({value for value in values if value is not None})
    if len(texts) > 65_000:
        raise WrongLayer(
            f"Layer {layer.name!r}: column {name!r} has {len(texts)} different texts; send a code instead."
        )
    lines = {value: line for line, value in enumerate(texts)}
    small = len(texts) <= MOST_VALUES
    kind, unknown = (np.uint8, UNKNOWN) if small else (np.uint16, 65_535)
    return np.fromiter((lines.get(value, unknown) for value in values), kind, len(values)), texts


def _numbers(values: Sequence) -> np.ndarray:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, datetime):
        return np.array([np.nan if value is None else value.timestamp() for value in values], "<f8")
    if isinstance(first, date):
        return np.array([np.nan if value is None else value.toordinal() for value in values], "<f8")
    array = np.array([np.nan if value is None else value for value in values], dtype=float)
    if isinstance(first, int) and not np.isnan(array).any() and (np.abs(array) < 2**31).all():
        return array.astype("<i4")
    return array.astype("<f4")


def path_of(layer: Layer, name: str) -> str:
    """Where a column's value is found on a row: its field path, or the name its expression is given."""
    source = layer.columns[name].source
    return source if isinstance(source, str) else f"layer_{name}"


def with_expressions(layer: Layer, queryset: QuerySet) -> QuerySet:
    """The queryset with the columns that are expressions, named as `path_of` says."""
    expressions = {
        path_of(layer, name): column.source
        for name, column in layer.columns.items()
        if not isinstance(column.source, str)
    }
    return queryset.annotate(**expressions) if expressions else queryset


def _add_keys(keys: Sequence, columns: dict[str, np.ndarray], meta: dict[str, Any]) -> None:
    if all(isinstance(key, int) for key in keys):
        array = np.array(keys, dtype="<i8")
        small = not len(array) or (array.min() >= 0 and array.max() < 2**32)
        columns["id"] = array.astype("<u4") if small else array
    else:
        meta["ids"] = [str(key) for key in keys]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value)
