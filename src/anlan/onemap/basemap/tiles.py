"""Cuts features into vector tiles: Mercator, one zoom at a time, all geometries of a layer in one numpy step.

Tile units: 4,096 to a tile's side, y downwards. A feature is simplified to about half a screen pixel of its zoom, left
out when it would be smaller than a dot, and clipped a little beyond the tile so that lines and outlines meet.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import mapbox_vector_tile
import numpy as np
import shapely

EXTENT = 4096
BUFFER = 80
SIMPLIFY = 5.0
"""Tile units; a tile is drawn 512 pixels wide, so that a pixel is 8 units."""
DOT = {"building": 60.0, "water": 200.0}
SMALL_AREA = 400.0
MERCATOR_LIMIT = 85.0511
SIMPLE = np.array([shapely.GeometryType.POINT, shapely.GeometryType.LINESTRING, shapely.GeometryType.POLYGON])

Tile = tuple[int, int]


@dataclass(frozen=True)
class Prepared:
    """One layer in Mercator units (0 to 1, y downwards)."""

    name: str
    shapes: np.ndarray
    zoom: np.ndarray
    fields: list[dict]


def to_mercator(shapes: np.ndarray) -> np.ndarray:
    def project(lonlat: np.ndarray) -> np.ndarray:
        lat = np.radians(np.clip(lonlat[:, 1], -MERCATOR_LIMIT, MERCATOR_LIMIT))
        return np.column_stack([lonlat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])

    return shapely.transform(shapes, project)


def tiles_of_zoom(layers: list[Prepared], zoom: int) -> Iterator[tuple[Tile, bytes]]:
    """All tiles of one zoom, encoded."""
    content: dict[Tile, list[dict]] = defaultdict(list)
    for layer in layers:
        for tile, features in _cut(layer, zoom):
            content[tile].append({"name": layer.name, "features": features})
    options = {"y_coord_down": True, "extents": EXTENT, "check_winding_order": False}
    for tile, parts in content.items():
        yield tile, mapbox_vector_tile.encode(parts, default_options=options)


def _cut(layer: Prepared, zoom: int) -> Iterator[tuple[Tile, list[dict]]]:
    shapes, rows = _scaled(layer, zoom)
    if not len(shapes):
        return
    for (x, y), members in _by_tile(shapes, zoom).items():
        corner = np.array([x * EXTENT, y * EXTENT], dtype=float)
        cut = shapely.clip_by_rect(shapes[members], *(corner - BUFFER), *(corner + EXTENT + BUFFER))
        cut = shapely.transform(cut, lambda points, corner=corner: np.rint(points - corner))
        kept, which = _clean(cut)
        if len(kept):
            owners = rows[members][which]
            yield (
                (x, y),
                [{"geometry": shape, "properties": layer.fields[row]} for shape, row in zip(kept, owners, strict=True)],
            )


def _scaled(layer: Prepared, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """The shapes of a zoom in its tile units, and the row each comes from."""
    rows = np.flatnonzero(layer.zoom <= zoom)
    shapes = shapely.transform(layer.shapes[rows], lambda points: points * (EXTENT * 2.0**zoom))
    dimension = shapely.get_dimensions(shapes)
    shapes = np.where(dimension > 0, shapely.simplify(shapes, SIMPLIFY, preserve_topology=False), shapes)
    smallest = DOT.get(layer.name, SMALL_AREA)
    large = (dimension < 2) | (shapely.area(shapes) >= smallest)
    keep = large & ~shapely.is_empty(shapes)
    return shapes[keep], rows[keep]


def _by_tile(shapes: np.ndarray, zoom: int) -> dict[Tile, np.ndarray]:
    """The members of every tile, by bounding box."""
    bounds = shapely.bounds(shapes)
    last = 2**zoom - 1
    first_x, first_y = np.clip((bounds[:, :2] - BUFFER) // EXTENT, 0, last).astype(int).T
    last_x, last_y = np.clip((bounds[:, 2:] + BUFFER) // EXTENT, 0, last).astype(int).T
    found: dict[Tile, list[int]] = defaultdict(list)
    for member, (left, top, right, bottom) in enumerate(zip(first_x, first_y, last_x, last_y, strict=True)):
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                found[(x, y)].append(member)
    return {tile: np.array(members) for tile, members in found.items()}


def _clean(cut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole, rightly wound shapes after clipping and rounding, and the member each comes from.

    Rounding may fold a polygon onto itself: those are mended, and what is left without area or length is dropped.
    """
    which = np.flatnonzero(~shapely.is_empty(cut))
    cut = cut[which]
    flat = shapely.get_dimensions(cut) == 2
    broken = flat & ~shapely.is_valid(cut)
    cut[broken] = shapely.buffer(cut[broken], 0)
    cut[flat] = shapely.orient_polygons(cut[flat], exterior_cw=False)
    keep = ~shapely.is_empty(cut) & ((~flat) | (shapely.area(cut) > 0))
    return cut[keep], which[keep]
