"""The sea. OpenStreetMap draws it by its shore alone: land lies to the left of a coastline, water to its right."""

import numpy as np
import shapely

STEP = 1e-6
"""Degrees from the shore at which the side is looked up."""


def sea(coastline: list[bytes], bounds: tuple[float, float, float, float]) -> np.ndarray:
    """Polygons of the sea within the bounds; none when there is no coastline."""
    if not coastline:
        return np.empty(0, dtype=object)
    frame = shapely.box(*bounds)
    shore = shapely.intersection(shapely.union_all(shapely.from_wkb(coastline)), frame)
    parts = shapely.get_parts(shapely.polygonize([shapely.union_all([shore, frame.exterior])]))
    if not len(parts):
        return parts
    right = _beside(coastline, frame)
    tree = shapely.STRtree(parts)
    _points, owners = tree.query(right, predicate="within")
    left_of = _beside(coastline, frame, side=-1)
    _points, others = tree.query(left_of, predicate="within")
    votes = np.bincount(owners, minlength=len(parts)) - np.bincount(others, minlength=len(parts))
    return parts[votes > 0]


def _beside(coastline: list[bytes], frame: shapely.Polygon, side: int = 1) -> np.ndarray:
    """A point just to the right (or, with side -1, to the left) of every stretch of shore inside the frame."""
    found = []
    for line in shapely.from_wkb(coastline):
        points = shapely.get_coordinates(line)
        along = np.diff(points, axis=0)
        length = np.hypot(*along.T)
        whole = length > 0
        along = along[whole] / length[whole, None]
        middle = (points[:-1] + points[1:])[whole] / 2
        found.append(middle + side * STEP * np.column_stack([along[:, 1], -along[:, 0]]))
    points = shapely.points(np.concatenate(found))
    return points[shapely.within(points, frame)]
