"""The drawing plane: metres east and north of the district's middle, and curves on it."""

from collections.abc import Callable
from functools import cache

import numpy as np
import shapely
from pyproj import CRS, Transformer

# A real spot of southern China lends its latitude and its sun; nothing drawn there is real.
LON, LAT = 115.15, 27.35

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]


@cache
def _transformer() -> Transformer:
    local = CRS.from_proj4(f"+proj=tmerc +lon_0={LON} +lat_0={LAT} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m")
    return Transformer.from_crs(local, CRS.from_proj4("+proj=longlat +ellps=GRS80"), always_xy=True)


def degrees(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude, rounded to 1e-7 degree (1 cm): shared corners stay shared."""
    lon, lat = _transformer().transform(x, y)
    return np.round(lon, 7), np.round(lat, 7)


def to_degrees(geometry):
    """The same geometry, or array of geometries, in longitude and latitude."""
    return shapely.transform(geometry, degrees, interleaved=False)


def waves(rng: np.random.Generator, length: float, count: int = 12) -> Field:
    """A smooth random field of mean 0 and about unit size whose hills are roughly `length` metres apart."""
    heading, phase = rng.uniform(0, np.pi, count), rng.uniform(0, 2 * np.pi, count)
    number = 2 * np.pi / (length * rng.uniform(0.7, 1.6, count))

    def field(x, y):
        along = np.multiply.outer(x, np.cos(heading)) + np.multiply.outer(y, np.sin(heading))
        return np.sin(along * number + phase).sum(-1) / np.sqrt(count / 2)

    return field


def blob(rng: np.random.Generator, x: float, y: float, radius: float, rough: float = 0.25, corners: int = 48):
    """A rounded, irregular patch: a lake, a pond, a wood."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = np.ones(corners)
    for k in range(1, 7):
        reach += rough * rng.normal() / k * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
    reach = radius * np.clip(reach, 0.35, 1.8)
    return shapely.Polygon(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]))


def spline(points: np.ndarray, step: float = 80.0) -> np.ndarray:
    """A Catmull-Rom curve through the points, a vertex about every `step` metres."""
    points = np.asarray(points, float)
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        t = np.linspace(0, 1, max(2, int(np.hypot(*(c - b)) / step)), endpoint=False)[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1:]])


def ribbon(line: np.ndarray, width: np.ndarray | float) -> shapely.Polygon:
    """The band of the given width, constant or per vertex, around a line."""
    heading = np.gradient(line, axis=0)
    normal = np.column_stack([-heading[:, 1], heading[:, 0]]) / np.hypot(*heading.T)[:, None]
    half = np.broadcast_to(np.asarray(width) / 2, len(line))[:, None]
    return shapely.buffer(shapely.Polygon(np.vstack([line + normal * half, (line - normal * half)[::-1]])), 0)


def soften(line: np.ndarray, rounds: int = 2) -> np.ndarray:
    """Chaikin's corner cutting; both ends stay where they are."""
    for _ in range(rounds):
        if len(line) < 3:
            return line
        cut = np.empty((2 * len(line) - 2, 2))
        cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.vstack([line[:1], cut[1:-1], line[-1:]])
    return line


def frame(angle: float) -> np.ndarray:
    """Rotation matrix: rows of local points times its transpose give points of the plane."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
