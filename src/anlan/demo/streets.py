"""Streets of the built cores: the edges of their lattices, with one name a line and a rank by how often a line
is a main road."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo import names
from anlan.demo.cells import CORES, Cells, Lattice
from anlan.demo.terrain import Terrain


@dataclass(frozen=True)
class Road:
    """One road between junctions; `kind` is OpenStreetMap's highway value, `line` metres of the plane."""

    kind: str
    name: str
    line: np.ndarray
    bridge: bool = False


@dataclass(frozen=True)
class Streets:
    roads: tuple[Road, ...]
    corner: np.ndarray  # (n, 2) places where streets meet
    corner_core: np.ndarray  # core of each


def streets(seed: int, land: Terrain, cells: Cells) -> Streets:
    standing = land.surface("river", "lake", "reservoir")
    bank = {suffix: iter(names.roads(seed, suffix)) for suffix in ("路", "街", "大道")}
    roads: list[Road] = []
    corners, cores = [], []
    for index, lattice in enumerate(cells.lattices):
        own = _segments(lattice, standing)
        roads += _named(lattice, own, bank)
        used = np.unique(own[:, 2:].reshape(-1, 2), axis=0)
        corners.append(lattice.corners[used[:, 0], used[:, 1]])
        cores.append(np.full(len(used), index))
    return Streets(tuple(roads), np.vstack(corners), np.concatenate(cores))


def _segments(lattice: Lattice, standing) -> np.ndarray:
    """Rows (direction, line, i1, j1, i2, j2): lattice edges beside a block, dry, and connected with the rest."""
    block = np.pad(lattice.block_cell >= 0, 1)
    up = np.argwhere(block[:-1, 1:-1] | block[1:, 1:-1])  # edge (i, j)-(i, j+1) along line i
    across = np.argwhere(block[1:-1, :-1] | block[1:-1, 1:])  # edge (i, j)-(i+1, j) along line j
    rows = np.vstack(
        [
            np.column_stack([np.zeros(len(up), int), up[:, 0], up, up + np.array([0, 1])]),
            np.column_stack([np.ones(len(across), int), across[:, 1], across, across + np.array([1, 0])]),
        ]
    )
    ends = np.stack([lattice.corners[rows[:, 2], rows[:, 3]], lattice.corners[rows[:, 4], rows[:, 5]]], 1)
    rows = rows[~shapely.intersects(shapely.linestrings(ends), standing)]
    return rows[_largest(rows[:, 2] * 1000 + rows[:, 3], rows[:, 4] * 1000 + rows[:, 5])]


def _largest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mask of the edges that lie in the largest connected part."""
    label = {node: node for node in np.unique(np.concatenate([a, b])).tolist()}

    def root(node):
        while label[node] != node:
            label[node] = label[label[node]]
            node = label[node]
        return node

    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        label[root(one)] = root(other)
    roots = [root(node) for node in a.tolist()]
    return np.array(roots) == Counter(roots).most_common(1)[0][0]


def _named(lattice: Lattice, rows: np.ndarray, bank) -> list[Road]:
    """Edges joined to one road per line and unbroken run."""
    found = []
    middle = np.array(lattice.block_cell.shape) // 2
    for direction, line in np.unique(rows[:, :2], axis=0).tolist():
        own = rows[(rows[:, 0] == direction) & (rows[:, 1] == line)]
        along = 3 if direction == 0 else 2
        own = own[np.argsort(own[:, along])]
        kind = _rank(lattice.core.kind, line - int(middle[direction]))
        name = next(bank["大道" if kind == "primary" else "路" if direction == 0 else "街"])
        breaks = np.flatnonzero(np.diff(own[:, along]) > 1) + 1
        for run in np.split(own, breaks):
            nodes = np.vstack([run[:, 2:4], run[-1:, 4:6]])
            found.append(Road(kind, name, lattice.corners[nodes[:, 0], nodes[:, 1]]))
    return found


def _rank(kind: str, from_middle: int) -> str:
    if from_middle == 0:
        return "primary"
    if kind == "park":
        return "secondary" if from_middle % 2 == 0 else "tertiary"
    if from_middle % 4 == 0:
        return "secondary"
    return "tertiary" if from_middle % 2 == 0 else "residential"


def core_of(key: str) -> int:
    return [core.key for core in CORES].index(key)
