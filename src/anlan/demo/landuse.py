"""What the land is used for: street blocks of the cores, works' parcels in the parks, woods, fields and
orchards outside."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from anlan.demo.cells import CORES, Cells
from anlan.demo.dice import dice
from anlan.demo.plane import waves
from anlan.demo.terrain import Terrain

# Shares of block uses by ring of a town core: centre, middle, edge.
RINGS = (
    (0.3, {"commercial": 0.42, "residential": 0.38, "retail": 0.12, "park": 0.08}),
    (0.72, {"residential": 0.66, "commercial": 0.09, "old": 0.13, "park": 0.06, "school": 0.06}),
    (9.0, {"residential": 0.52, "old": 0.2, "park": 0.08, "school": 0.04, "industrial": 0.1, "building_site": 0.06}),
)
PARK_USES = {"industrial": 0.72, "logistics": 0.14, "dormitory": 0.08, "green": 0.06}
# Whole blocks of a park that one works takes: use, the place they lie nearest to, how many.
SPECIAL = {
    "linjiang": (("chemical", 3900, -6400, 3), ("depot", 2700, -7300, 1)),
    "xiying": (("depot", -500, -6100, 1),),
    "qinghe": (("depot", 3500, 4300, 1),),
}
HOSPITALS = {"tingkou": 2, "yihu": 2, "wangxiu": 1, "lanxi": 1, "yandu": 1}
UNIVERSITY_SITES = 5


@dataclass(frozen=True)
class Block:
    """A street block, or one parcel of a park block: `shape` lies inside its streets."""

    use: str
    core: int
    cell: int
    shape: shapely.Polygon
    origin: np.ndarray  # its middle
    axis: np.ndarray  # unit vector along its width
    width: float
    depth: float


@dataclass(frozen=True)
class Landuse:
    blocks: tuple[Block, ...]
    open_use: np.ndarray  # of every cell: farmland, orchard, meadow, forest, water or "" in a core
    forest: shapely.Geometry


def landuse(seed: int, land: Terrain, cells: Cells, barriers: shapely.Geometry) -> Landuse:
    """`barriers` are strips that stay free: railway, expressways."""
    blocks: list[Block] = []
    for index, lattice in enumerate(cells.lattices):
        where = np.argwhere(lattice.block_cell >= 0)
        uses = _uses(seed, index, lattice, where)
        quads = np.stack(
            [lattice.corners[where[:, 0] + di, where[:, 1] + dj] for di, dj in ((0, 0), (1, 0), (1, 1), (0, 1))], 1
        )
        setback = 13.0 if CORES[index].kind == "park" else 10.0
        shapes = shapely.buffer(shapely.polygons(quads), -setback, join_style="mitre")
        cut = shapely.intersects(shapes, barriers)
        shapes[cut] = shapely.difference(shapes[cut], barriers)
        for quad, shape, use, (i, j) in zip(quads, shapes, uses, where.tolist(), strict=True):
            part = max(shapely.get_parts(shape), key=lambda one: one.area, default=None)
            if part is not None and part.area > 2500:
                blocks += _parcels(seed, use, index, int(lattice.block_cell[i, j]), quad, part, setback)
    return Landuse(tuple(blocks), *_open(seed, land, cells))


def _uses(seed, index, lattice, where) -> np.ndarray:
    core = CORES[index]
    rng = dice(seed, f"block uses {core.key}")
    middle = lattice.corners[where[:, 0], where[:, 1]] + (core.block[0] / 2, core.block[1] / 2)
    away = np.hypot(*(middle - (core.x, core.y)).T) / core.radius
    if core.kind == "park":
        uses = rng.choice(list(PARK_USES), len(where), p=list(PARK_USES.values())).astype(object)
        uses[np.argmin(away)] = "government"
        for use, x, y, count in SPECIAL.get(core.key, ()):
            free = np.where(np.isin(uses, ["government", *(special[0] for special in SPECIAL[core.key])]), np.inf, 0)
            uses[np.argsort(np.hypot(*(middle - (x, y)).T) + free)[:count]] = use
        return uses
    away = away + 0.12 * waves(rng, 900)(*middle.T)
    uses = np.empty(len(where), object)
    inner = -1.0
    for outer, shares in RINGS:
        ring = (away >= inner) & (away < outer)
        uses[ring] = rng.choice(list(shares), ring.sum(), p=list(shares.values()))
        inner = outer
    order = np.argsort(np.hypot(*(middle - (core.x, core.y)).T))
    uses[order[: 2 if core.key == "yihu" else 1]] = "government"
    uses[rng.choice(order[4 : len(order) // 2], HOSPITALS[core.key], replace=False)] = "hospital"
    if core.key == "wangxiu":
        _university(rng, uses, where, order)
    return uses


def _university(rng, uses, where, order) -> None:
    """Campuses of three by two blocks."""
    for _ in range(UNIVERSITY_SITES):
        i, j = where[rng.choice(order[12:])]
        near = (np.abs(where[:, 0] - i - 1) <= 1) & (np.abs(where[:, 1] - j - 0.5) <= 0.5)
        uses[near & np.isin(uses, ["residential", "old", "park", "building_site", "industrial"])] = "university"


def _parcels(seed, use, core, cell, quad, shape, setback) -> list[Block]:
    """A block as it is, or cut into two to six works' parcels."""
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    across = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    axis = along / np.hypot(*along)
    width, depth = np.hypot(*along) - 2 * setback, abs(axis[0] * across[1] - axis[1] * across[0]) - 2 * setback
    whole = Block(use, core, cell, shape, quad.mean(axis=0), axis, width, depth)
    if CORES[core].kind != "park" or use not in ("industrial", "logistics"):
        return [whole]
    rng = dice(seed, f"parcels {cell}")
    columns, rows = (int(rng.choice([2, 3], p=[0.6, 0.4])), int(rng.choice([1, 2], p=[0.3, 0.7])))
    cuts = np.cumsum([0.0, *rng.dirichlet(np.full(columns, 14))]) * width - width / 2
    steps = np.cumsum([0.0, *rng.dirichlet(np.full(rows, 14))]) * depth - depth / 2
    side = np.array([-axis[1], axis[0]])
    found = []
    for a, b in pairwise(cuts):
        for c, d in pairwise(steps):
            ring = [whole.origin + u * axis + v * side for u, v in ((a, c), (b, c), (b, d), (a, d))]
            part = shapely.intersection(shapely.buffer(shapely.Polygon(ring), -4, join_style="mitre"), shape)
            if part.geom_type == "Polygon" and part.area > 2500:
                middle = whole.origin + (a + b) / 2 * axis + (c + d) / 2 * side
                found.append(Block(use, core, cell, part, middle, axis, b - a - 8, d - c - 8))
    return found


def _open(seed, land, cells) -> tuple[np.ndarray, shapely.Geometry]:
    fine = waves(dice(seed, "fields and woods"), 1500)(*cells.centre.T)
    woods = cells.height + 9 * fine > 66
    grove = fine > 1.75
    use = np.select(
        [cells.core >= 0, cells.wet > 0.5, woods | grove, (cells.height > 42) & (fine > -0.4), fine < -1.7],
        ["", "water", "forest", "orchard", "meadow"],
        "farmland",
    )
    whole = shapely.coverage_union_all(cells.shape[use == "forest"])
    smooth = shapely.buffer(shapely.buffer(shapely.buffer(whole, -70), 130), -60)
    built = shapely.coverage_union_all(cells.shape[cells.core >= 0])
    return use, shapely.difference(smooth, shapely.union(land.surface(), built))
