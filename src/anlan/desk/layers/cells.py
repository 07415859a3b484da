"""H3 cells as whole numbers, and the cover of a shape as ranges of them.

Every place carries the cell of the finest resolution (15, about 0.9 m²) as a 64-bit integer. The digits of all finer
cells of one coarser cell follow its own digits, so the finest cells below any cell are one contiguous range: "what lies
within" becomes `cell BETWEEN a AND b OR …`, which SQLite and PostgreSQL answer from the same ordinary index.
"""

import math
from collections.abc import Iterable

import h3.api.basic_int as h3
import numpy as np
import shapely
from shapely import affinity

FINEST = 15
MOST_CELLS = 1500
"""A cover is as fine as this many cells allow; as ranges they are some 50 to 120."""
MOST_RANGES = 400
"""SQLite refuses an expression deeper than 1,000 terms: a thin winding shape is covered more coarsely."""

PROTRUSION = 0.25
"""Cells of a finer resolution reach over the edge of their ancestor, by up to 0.15 of its edge (measured over China at
resolutions 5 to 11): the shape is widened by this share of an edge before it is covered, so that nothing is missed."""

METRES_PER_DEGREE = 111_195.0
Range = tuple[int, int]


def cell(lon: float | None, lat: float | None) -> int | None:
    """The finest cell of a place, or None for a place that is not known."""
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    return h3.latlng_to_cell(lat, lon, FINEST)


def cells(lon: Iterable[float], lat: Iterable[float]) -> np.ndarray:
    """The finest cells of many places (int64); 200,000 take about 0.1 s."""
    index = h3.latlng_to_cell
    return np.fromiter((index(y, x, FINEST) for x, y in zip(lon, lat, strict=True)), np.int64)


def cover(outline: shapely.Geometry) -> list[Range]:
    """Ranges (first, last) of finest cells that hold every place inside the outline (degrees), and some outside it."""
    for resolution in range(_resolution(outline), -1, -1):
        ranges = _cover(outline, resolution)
        if len(ranges) <= MOST_RANGES:
            break
    return ranges


def _cover(outline: shapely.Geometry, resolution: int) -> list[Range]:
    widened = _widen(outline, PROTRUSION * _edge(outline, resolution))
    found: set[int] = set()
    for polygon in getattr(widened, "geoms", [widened]):
        shape = h3.geo_to_h3shape(shapely.geometry.mapping(polygon))
        found.update(h3.h3shape_to_cells_experimental(shape, resolution, contain="overlap"))
    return join(_range(one) for one in h3.compact_cells(found))


def join(ranges: Iterable[Range]) -> list[Range]:
    """Neighbouring ranges as one."""
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _range(cell: int) -> Range:
    """First and last possible index below a cell: three bits a digit, the resolution in bits 52 to 55."""
    resolution = h3.get_resolution(cell)
    below = (1 << 3 * (FINEST - resolution)) - 1
    finest = cell & ~(0xF << 52) | FINEST << 52
    return finest & ~below, finest | below


def _resolution(outline: shapely.Geometry) -> int:
    """The finest resolution at which the cover stays within MOST_CELLS."""
    flat = _flat(outline)
    area, length = flat.area * METRES_PER_DEGREE**2, flat.length * METRES_PER_DEGREE
    for resolution in range(FINEST - 2, 0, -1):
        edge = _edge(outline, resolution)
        crossed = length / edge
        if area / (2.598 * edge * edge) + crossed + 6 <= MOST_CELLS:
            return resolution
    return 0


def _edge(outline: shapely.Geometry, resolution: int) -> float:
    """Length of a cell's edge where the outline is, in metres."""
    middle = outline.centroid
    here = h3.latlng_to_cell(middle.y, middle.x, resolution)
    return 1000.0 * max(h3.edge_length(edge, unit="km") for edge in h3.origin_to_directed_edges(here))


def _narrowing(outline: shapely.Geometry) -> float:
    """How much shorter a degree of longitude is, at the outline's end nearest a pole."""
    return max(0.02, math.cos(math.radians(max(abs(outline.bounds[1]), abs(outline.bounds[3])))))


def _flat(outline: shapely.Geometry) -> shapely.Geometry:
    return affinity.scale(outline, xfact=_narrowing(outline), origin=(0, 0))


def _widen(outline: shapely.Geometry, metres: float) -> shapely.Geometry:
    narrowing = _narrowing(outline)
    wide = _flat(outline).buffer(metres / METRES_PER_DEGREE, quad_segs=4)
    wide = affinity.scale(wide, xfact=1 / narrowing, origin=(0, 0))
    return shapely.intersection(wide, shapely.box(-180, -90, 180, 90))
