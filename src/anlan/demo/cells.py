"""Parcels: the small cells of land that everything else is a union of, so that all borders share their edges exactly.

Inside a built-up core the cells are street blocks of a turned and gently bent lattice; outside they are
jittered fields.
"""

import heapq
from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo.dice import dice
from anlan.demo.plane import frame, waves
from anlan.demo.terrain import Terrain

AREA = 310e6  # m²: the plan's 310 km²
FIELD_SPACING = 270.0


@dataclass(frozen=True)
class Core:
    """A built-up area with its own street lattice."""

    key: str
    name: str
    kind: str  # town or park
    x: float
    y: float
    radius: float
    angle: float  # degrees
    block: tuple[float, float]
    communities: int
    town: str  # key of the town-level unit it belongs to


CORES = (
    Core("tingkou", "汀口", "town", 3050, -600, 2150, 8, (205, 165), 8, "tingkou"),
    Core("yihu", "漪湖", "town", -1100, 1800, 2350, -7, (225, 180), 8, "yihu"),
    Core("wangxiu", "望岫", "town", -4700, -1500, 1950, 14, (230, 185), 6, "wangxiu"),
    Core("lanxi", "岚溪", "town", -2500, 6450, 1050, 24, (180, 150), 2, "lanxi"),
    Core("yandu", "砚渡", "town", 8150, 1500, 1000, -15, (180, 150), 2, "yandu"),
    Core("qinghe", "青禾电子信息产业园", "park", 2100, 4500, 1650, -4, (390, 300), 2, "yihu"),
    Core("linjiang", "临江新材料产业园", "park", 3000, -6100, 1350, 18, (400, 310), 1, "tingkou"),
    Core("xiying", "犀营装备制造产业园", "park", -1900, -5600, 1600, -12, (400, 300), 3, "wangxiu"),
)


@dataclass(frozen=True)
class Lattice:
    """Street lattice of one core: which blocks exist, which cell each is, where the corners lie."""

    core: Core
    block_cell: np.ndarray  # (n, m) cell index or -1
    corners: np.ndarray  # (n + 1, m + 1, 2)


@dataclass(frozen=True)
class Cells:
    centre: np.ndarray  # (n, 2) metres
    shape: np.ndarray  # polygons
    core: np.ndarray  # index into CORES or -1
    height: np.ndarray
    wet: np.ndarray  # share of the cell under river, lake or reservoir
    edges: np.ndarray  # (k, 2) neighbours
    lattices: tuple[Lattice, ...]


def cells(seed: int, land: Terrain) -> Cells:
    standing = land.surface("river", "lake", "reservoir")
    blocks = [_blocks(seed, index, land, standing) for index in range(len(CORES))]
    points = [corner_points for corner_points, _, _ in blocks]
    owner = np.concatenate([np.full(len(p), i) for i, p in enumerate(points)])
    built = np.vstack(points)
    field = _fields(seed, built, np.array([0.62 * max(core.block) for core in CORES])[owner])
    centre, owner = np.vstack([built, field]), np.concatenate([owner, np.full(len(field), -1)])
    shape = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(centre), extend_to=shapely.box(-16000, -16000, 16000, 16000), ordered=True
        )
    )
    inside = _inside(land, centre, shape, owner)
    index = np.full(len(centre), -1)
    index[inside] = np.arange(inside.sum())
    lattices = []
    start = 0
    for core, (local, where, corners) in zip(CORES, blocks, strict=True):
        block_cell = np.full((corners.shape[0] - 1, corners.shape[1] - 1), -1)
        block_cell[where[:, 0], where[:, 1]] = index[start : start + len(local)]
        lattices.append(Lattice(core, block_cell, corners))
        start += len(local)
    centre, shape = centre[inside], shape[inside]
    wet = shapely.area(shapely.intersection(shape, standing)) / shapely.area(shape)
    return Cells(centre, shape, owner[inside], land.height(*centre.T), wet, _edges(shape), tuple(lattices))


def _blocks(seed, index, land, standing):
    """Lattice points of one core that lie on dry, low ground nearer to it than to any other core."""
    core = CORES[index]
    bend_x, bend_y = waves(dice(seed, "bend x"), 5200, 6), waves(dice(seed, "bend y"), 5200, 6)
    turn = frame(np.radians(core.angle))

    def place(u, v):
        local = np.stack([u, v], -1) @ turn.T + (core.x, core.y)
        return local + np.stack(
            [95 * bend_x(local[..., 0], local[..., 1]), 95 * bend_y(local[..., 0], local[..., 1])], -1
        )

    width, depth = core.block
    n, m = int(1.3 * core.radius / width) * 2, int(1.3 * core.radius / depth) * 2
    u, v = (np.arange(n + 1) - n / 2) * width, (np.arange(m + 1) - m / 2) * depth
    corners = place(*np.meshgrid(u, v, indexing="ij"))
    middle = place(*np.meshgrid(u[:-1] + width / 2, v[:-1] + depth / 2, indexing="ij"))
    x, y = middle[..., 0], middle[..., 1]
    edge = waves(dice(seed, f"edge of {core.key}"), 1500)
    reach = [np.hypot(x - other.x, y - other.y) / other.radius for other in CORES]
    good = (reach[index] < 1 + 0.13 * edge(x, y)) & (np.argmin(reach, axis=0) == index)
    good &= (land.height(x, y) < 62) & (shapely.distance(standing, shapely.points(x, y)) > 70)
    good &= _surrounded(good)
    where = np.argwhere(good)
    return middle[good], where, corners


def _surrounded(good: np.ndarray) -> np.ndarray:
    """Drops single blocks that stick out or stand alone."""
    padded = np.pad(good, 1).astype(int)
    beside = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return beside >= 2


def _fields(seed, built, reach) -> np.ndarray:
    rng = dice(seed, "fields")
    step = FIELD_SPACING
    rows = np.arange(-12500, 12500, step * 0.87)
    columns = np.arange(-14000, 14000, step)
    x, y = np.meshgrid(columns, rows)
    x = x + np.where(np.arange(len(rows)) % 2, step / 2, 0)[:, None]
    points = np.column_stack([x.ravel(), y.ravel()]) + rng.normal(0, 0.19 * step, (x.size, 2))
    tree = shapely.STRtree(shapely.points(built))
    near, block = tree.query(shapely.points(points), predicate="dwithin", distance=0.62 * 400)
    close = np.hypot(*(points[near] - built[block]).T) < np.maximum(reach[block], 0.66 * step)
    keep = np.ones(len(points), bool)
    keep[near[close]] = False
    far = np.hypot(points[:, 0] / 10900, points[:, 1] / 9100) < 1.45
    return points[keep & far]


def _inside(land: Terrain, centre, shape, owner) -> np.ndarray:
    """The cells of the district: nearest the middle of the outline first, until they hold 310 km²."""
    ring = shapely.get_coordinates(land.outline.exterior)[:-1]
    bearing = np.arctan2(ring[:, 1] / 9100, ring[:, 0] / 10900)
    order = np.argsort(bearing)
    reach = np.hypot(ring[order, 0], ring[order, 1])
    own = np.interp(np.arctan2(centre[:, 1] / 9100, centre[:, 0] / 10900), bearing[order], reach, period=2 * np.pi)
    ratio = np.hypot(*centre.T) / own
    ratio[owner >= 0] = 0
    order = np.argsort(ratio)
    inside = np.zeros(len(centre), bool)
    inside[order[: np.searchsorted(np.cumsum(shapely.area(shape[order])), AREA)]] = True
    return inside


def _edges(shape) -> np.ndarray:
    tree = shapely.STRtree(shape)
    a, b = tree.query(shape, predicate="touches")
    pairs = np.column_stack([a, b])[a < b]
    shared = shapely.length(shapely.intersection(shape[pairs[:, 0]], shape[pairs[:, 1]]))
    return pairs[shared > 5]


def grow(beside: list[list[tuple[int, float]]], seeds: list[int], allowed=None) -> tuple[np.ndarray, np.ndarray]:
    """Shares cells among seeds by cheapest way (Dijkstra). `beside[a]` lists (b, price of the step), `allowed`
    is a mask of
    cells that may be entered. Returns the number of the seed that owns each cell (-1: unreached) and the cell
    before it."""
    owner, previous, spent = [-1] * len(beside), [-1] * len(beside), [np.inf] * len(beside)
    heap = []
    for number, cell in enumerate(seeds):
        spent[cell], owner[cell] = 0.0, number
        heap.append((0.0, cell))
    heapq.heapify(heap)
    closed = None if allowed is None else (~np.asarray(allowed)).tolist()
    while heap:
        price, cell = heapq.heappop(heap)
        if price > spent[cell]:
            continue
        for other, step in beside[cell]:
            total = price + step
            if total < spent[other] and not (closed and closed[other]):
                spent[other], owner[other], previous[other] = total, owner[cell], cell
                heapq.heappush(heap, (total, other))
    return np.array(owner), np.array(previous)
