"""Administrative division: one district, 5 town-level units, 55 villages and 32 communities, grids below; a
tiling without gaps."""

from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo import names
from anlan.demo.cells import CORES, Cells, grow
from anlan.demo.dice import dice

# GB/T 2260 gives no division code that begins with 99: these codes can never meet real ones.
DISTRICT_CODE = "999901"
POPULATION = 530_000
VILLAGES = 55
# key, kind, name, code after the district's; offices (管理处) 0xx, towns (镇) 1xx as in the statistics bureau's lists
TOWNS = (
    ("yihu", "office", "漪湖管理处", "001"),
    ("wangxiu", "office", "望岫管理处", "002"),
    ("tingkou", "town", "汀口镇", "101"),
    ("lanxi", "town", "岚溪镇", "102"),
    ("yandu", "town", "砚渡镇", "103"),
)


@dataclass(frozen=True)
class Region:
    """One unit of the division; `shape` in metres of the plane, `code` begins with its parent's code."""

    code: str
    name: str
    level: str  # county, town, village, grid
    kind: str  # district, town, office, village, community, grid
    parent: str
    shape: shapely.Geometry
    x: float
    y: float
    population: int


@dataclass(frozen=True)
class Divisions:
    regions: tuple[Region, ...]
    village_of_cell: np.ndarray  # index into villages() of every cell
    grid_of_cell: np.ndarray  # index into grids() of every cell
    village_seat: np.ndarray  # cell of each village's middle

    def of(self, level: str) -> list[Region]:
        return [region for region in self.regions if region.level == level]


def divisions(seed: int, land: Cells) -> Divisions:
    beside = _priced(land)
    village, seats = _villages(seed, land, beside)
    town = _towns(land, village, seats)
    people = _people(seed, land, village)
    grid, grid_village = _grids(seed, land, beside, village, people)
    return _regions(seed, land, village, seats, town, grid, grid_village, people)


def _priced(land: Cells) -> list[list[tuple[int, float]]]:
    """Neighbours with the price of a step: water and hills divide, so borders run along them."""
    a, b = land.edges.T
    length = np.hypot(*(land.centre[a] - land.centre[b]).T)
    price = length * (1 + 7 * np.maximum(land.wet[a], land.wet[b])) * (1 + np.abs(land.height[a] - land.height[b]) / 25)
    price *= np.where(land.core[a] == land.core[b], 1, 3)
    return priced(len(land.centre), a, b, price)


def priced(count: int, a, b, price) -> list[list[tuple[int, float]]]:
    beside: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for i, j, cost in zip(a.tolist(), b.tolist(), price.tolist(), strict=True):
        beside[i].append((j, cost))
        beside[j].append((i, cost))
    return beside


def spread(rng, points: np.ndarray, count: int, weight: np.ndarray) -> list[int]:
    """`count` well-spaced indices (farthest-point draw); a heavier weight attracts."""
    chosen = [int(rng.integers(len(points)))]
    away = np.hypot(*(points - points[chosen[0]]).T)
    while len(chosen) < count:
        chosen.append(int(np.argmax(away * weight)))
        away = np.minimum(away, np.hypot(*(points - points[chosen[-1]]).T))
    return chosen


def _settle(beside, centre, seeds, allowed, rounds=3):
    """Grows territories and moves each seat to its territory's middle, a few times: even, compact units."""
    for turn in range(rounds):
        owner, _ = grow(beside, seeds, allowed)
        if turn == rounds - 1:
            return owner, seeds
        for number in range(len(seeds)):
            own = np.flatnonzero(owner == number)
            middle = centre[own].mean(axis=0)
            seeds[number] = int(own[np.argmin(np.hypot(*(centre[own] - middle).T))])
    raise AssertionError("at least one round")


def _villages(seed, land, beside):
    """Communities (0–31) share the built cores, villages (32–86) the open country."""
    village = np.full(len(land.centre), -1)
    seats: list[int] = []
    for index, core in enumerate(CORES):
        own = np.flatnonzero(land.core == index)
        seeds = own[
            spread(dice(seed, f"communities {core.key}"), land.centre[own], core.communities, np.ones(len(own)))
        ]
        owner, seeds = _settle(beside, land.centre, seeds.tolist(), land.core == index)
        village = np.where(owner >= 0, owner + len(seats), village)
        seats += seeds
    open_country = land.core < 0
    own = np.flatnonzero(open_country & (land.wet < 0.3))
    flat = np.where(land.height[own] > 75, 0.55, 1.0)
    seeds = own[spread(dice(seed, "villages"), land.centre[own], VILLAGES, flat)]
    owner, seeds = _settle(beside, land.centre, seeds.tolist(), open_country)
    village = np.where(owner >= 0, owner + len(seats), village)
    seats += seeds
    rest, _ = grow(beside, np.flatnonzero(village >= 0).tolist())
    return np.where(village < 0, village[np.flatnonzero(village >= 0)[rest]], village), np.array(seats)


def _towns(land, village, seats) -> np.ndarray:
    """Town of each village: connected territories around the core that gives the town its seat."""
    town = np.full(len(seats), -1)
    core_town = {core.key: [key for key, *_ in TOWNS].index(core.town) for core in CORES}
    for number, cell in enumerate(seats):
        if land.core[cell] >= 0:
            town[number] = core_town[CORES[land.core[cell]].key]
    a, b = village[land.edges.T]
    pairs = np.unique(np.sort(np.column_stack([a, b])[a != b], axis=1), axis=0)
    at = land.centre[seats]
    price = np.hypot(*(at[pairs[:, 0]] - at[pairs[:, 1]]).T)
    river_side = (at[:, 0] > 6300).astype(float)
    price *= 1 + 5 * np.abs(river_side[pairs[:, 0]] - river_side[pairs[:, 1]])
    start = np.flatnonzero(town >= 0)
    # The two offices are urban and stay small: open country joins them only when it is enclosed.
    urban = np.isin(town[start], [0, 1])
    beside = priced(len(seats), *pairs.T, price)
    for number in start[urban]:
        beside[number] = [(other, 2.6 * cost + 900) for other, cost in beside[number]]
    owner, _ = grow(beside, start.tolist())
    return town[start][owner]


def _people(seed, land, village) -> np.ndarray:
    """Residents of every cell, 530,000 in all: dense blocks in town, thin in parks, by field in the country."""
    kind = np.array([core.kind for core in CORES] + ["open"])[land.core]
    density = np.select([kind == "town", kind == "park"], [9200.0, 1300.0], 560.0)
    density[(kind == "open") & (land.height > 75)] = 90.0
    density *= (1 - land.wet) ** 2 * dice(seed, "people").gamma(6, 1 / 6, len(density))
    share = density * shapely.area(land.shape)
    edge = np.round(np.concatenate([[0], np.cumsum(share) / share.sum() * POPULATION])).astype(int)
    return np.diff(edge)


def _grids(seed, land, beside, village, people):
    """Grids of some 900 people, at least three a village."""
    grid = np.full(len(village), -1)
    grid_village: list[int] = []
    for number in range(village.max() + 1):
        own = np.flatnonzero(village == number)
        count = int(np.clip(round(people[own].sum() / 950), 3, min(14, len(own) // 3)))
        seeds = own[spread(dice(seed, f"grids {number}"), land.centre[own], count, 1.0 - 0.9 * land.wet[own])]
        owner, _ = _settle(beside, land.centre, seeds.tolist(), village == number, rounds=2)
        # cells of a village cut off from its seats (an island) belong to the first grid
        grid[own] = np.where(owner[own] >= 0, owner[own], 0) + len(grid_village)
        grid_village += [number] * count
    return grid, np.array(grid_village)


def _regions(seed, land, village, seats, town, grid, grid_village, people) -> Divisions:
    shapes = _grid_shapes(land, grid, len(grid_village))
    merged = [shapely.coverage_union_all(shapes[grid_village == number]) for number in range(len(seats))]
    found: list[Region] = []
    total = np.bincount(village, people, len(seats)).astype(int)
    town_shapes = [
        shapely.coverage_union_all([merged[n] for n in np.flatnonzero(town == i)]) for i in range(len(TOWNS))
    ]
    whole = shapely.coverage_union_all(town_shapes)
    seat = {core.key: (core.x, core.y) for core in CORES}
    found.append(Region(DISTRICT_CODE, names.DISTRICT, "county", "district", "", whole, *seat["yihu"], POPULATION))
    for i, (key, kind, name, code) in enumerate(TOWNS):
        found.append(
            Region(
                DISTRICT_CODE + code,
                name,
                "town",
                kind,
                DISTRICT_CODE,
                town_shapes[i],
                *seat[key],
                int(total[town == i].sum()),
            )
        )
    banks = {"community": iter(names.communities(seed)), "village": iter(names.villages(seed))}
    codes = np.empty(len(seats), object)
    labels = np.empty(len(seats), object)
    next_number = {(i, kind): 1 if kind == "community" else 201 for i in range(len(TOWNS)) for kind in banks}
    for number, cell in enumerate(seats):
        kind = "community" if land.core[cell] >= 0 else "village"
        parent = DISTRICT_CODE + TOWNS[town[number]][3]
        codes[number] = f"{parent}{next_number[town[number], kind]:03d}"
        next_number[town[number], kind] += 1
        labels[number] = next(banks[kind])
        found.append(
            Region(
                codes[number],
                labels[number],
                "village",
                kind,
                parent,
                merged[number],
                *land.centre[cell],
                int(total[number]),
            )
        )
    residents = np.bincount(grid, people, len(grid_village)).astype(int)
    for number, owner in enumerate(grid_village.tolist()):
        order = int((grid_village[:number] == owner).sum()) + 1
        middle = shapely.point_on_surface(shapes[number])
        short = labels[owner].removesuffix("社区").removesuffix("村")
        name = f"{short}第{order}网格"
        found.append(
            Region(
                f"{codes[owner]}{order:03d}",
                name,
                "grid",
                "grid",
                codes[owner],
                shapes[number],
                middle.x,
                middle.y,
                int(residents[number]),
            )
        )
    return Divisions(tuple(found), village, grid, seats)


def _grid_shapes(land, grid, count) -> np.ndarray:
    """Cells of a grid as one shape, the small zigzag of the cells taken out without opening a gap."""
    order = np.argsort(grid, kind="stable")
    starts = np.searchsorted(grid[order], np.arange(count))
    parts = np.split(land.shape[order], starts[1:])
    merged = np.array([shapely.coverage_union_all(part) for part in parts])
    return shapely.coverage_simplify(merged, 55)
