"""Roads of the open country: main roads between the cores, village roads to every hamlet, expressways, railway
and metro.

Country roads follow the neighbourhood graph of the cells, so that they meet in common points and the whole net
is connected.
"""

import heapq
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely

from anlan.demo import names
from anlan.demo.cells import CORES, Cells, grow
from anlan.demo.dice import dice
from anlan.demo.divisions import Divisions, priced, spread
from anlan.demo.plane import soften, spline
from anlan.demo.streets import Road, Streets, core_of
from anlan.demo.terrain import Terrain

LINKS = (
    ("tingkou", "yihu"),
    ("yihu", "wangxiu"),
    ("tingkou", "qinghe"),
    ("yihu", "qinghe"),
    ("yihu", "lanxi"),
    ("lanxi", "qinghe"),
    ("wangxiu", "xiying"),
    ("xiying", "linjiang"),
    ("tingkou", "linjiang"),
    ("tingkou", "yandu"),
    ("linjiang", "yandu"),
    ("wangxiu", "lanxi"),
    ("wangxiu", "tingkou"),
)
# Where main roads leave the district: a core and a direction in degrees from east.
EXITS = (("lanxi", 105), ("yandu", 20), ("yandu", 300), ("linjiang", 265), ("xiying", 230), ("qinghe", 70))
EXPRESSWAYS = (
    (
        "澄岚高速公路",
        (
            (-4700, 11500),
            (-4500, 7500),
            (-5000, 5000),
            (-4500, 2900),
            (-3450, 700),
            (-2350, -1300),
            (-2300, -3000),
            (-3950, -5000),
            (-4300, -7300),
            (-4000, -11500),
        ),
    ),
    (
        "汀砚高速公路",
        (
            (-9800, -8300),
            (-6500, -7300),
            (-4200, -7500),
            (-1000, -8000),
            (1800, -8250),
            (4400, -8150),
            (6600, -7000),
            (7900, -5600),
            (8200, -3900),
            (9000, -1200),
            (12500, 300),
        ),
    ),
)
RAILWAY = (
    "澄汀铁路",
    (
        (3000, 11500),
        (4400, 7300),
        (4500, 4300),
        (3300, 2500),
        (1750, 900),
        (350, -1400),
        (-350, -3000),
        (950, -5300),
        (800, -8000),
        (200, -11500),
    ),
)
STATION = ("澄汀站", 3300, 2500)
METRO = "轨道交通1号线"
METRO_STATIONS = (
    ("望岫西", -6000, -1900),
    ("望岫大学城", -4700, -1500),
    ("知行路", -3500, -700),
    ("漪湖西", -2700, 700),
    ("漪湖北", -1950, 1500),
    ("管委会", -1000, 1750),
    ("星河路", 150, 1500),
    ("澄汀站西", 1500, 900),
    ("棠安路", 2250, -200),
    ("汀口", 3050, -600),
    ("汀口码头", 4700, -900),
)


@dataclass(frozen=True)
class Hamlet:
    name: str
    village: int  # index of the village
    cell: int
    houses: int


@dataclass(frozen=True)
class Network:
    roads: tuple[Road, ...]
    hamlets: tuple[Hamlet, ...]
    railway: np.ndarray
    metro: np.ndarray
    expressways: tuple[np.ndarray, ...]


def network(seed: int, land: Terrain, cells: Cells, parts: Divisions, town: Streets) -> Network:
    hamlets = _hamlets(seed, cells, parts)
    country = _Country(land, cells, town)
    country.main_roads()
    country.village_roads([hamlet.cell for hamlet in hamlets])
    roads = [*town.roads, *country.roads(seed), *_between_cores(town)]
    lines = [spline(points, 180) for _, points in EXPRESSWAYS]
    limit = shapely.buffer(shapely.coverage_union_all(cells.shape), 60)
    roads += _expressways(lines, roads, limit)
    return Network(
        tuple(_bridged([road for road in roads if len(road.line) > 1], land, limit)),
        tuple(hamlets),
        _clip(spline(RAILWAY[1], 120), limit),
        spline([(x, y) for _, x, y in METRO_STATIONS], 120),
        tuple(_clip(line, limit) for line in lines),
    )


def _hamlets(seed, cells: Cells, parts: Divisions) -> list[Hamlet]:
    """Two to six hamlets a village on dry, low ground; the first lies at the village's seat."""
    rng = dice(seed, "hamlets")
    bank = iter(
        names.combine(
            seed, "hamlet names", names.SURNAMES[:60], ["家湾", "家坪", "家垄", "家塘", "家坊", "家园", "家埠"]
        )
    )
    found = []
    for number, village in enumerate(parts.of("village")):
        if village.kind != "village":
            continue
        own = np.flatnonzero((parts.village_of_cell == number) & (cells.wet < 0.15) & (cells.core < 0))
        low = own[cells.height[own] <= max(60, np.quantile(cells.height[own], 0.3))]
        count = int(np.clip(round(village.population / 480), 2, 6))
        chosen = low[spread(rng, cells.centre[low], min(count, len(low)), np.ones(len(low)))]
        houses = np.clip(rng.gamma(5, village.population / 11.5 / len(chosen) / 5, len(chosen)), 8, 90).astype(int)
        found += [Hamlet(next(bank), number, int(cell), int(n)) for cell, n in zip(chosen, houses, strict=True)]
    return found


class _Country:
    """Builds up the edges of the country net between cell centres and street corners."""

    def __init__(self, land: Terrain, cells: Cells, town: Streets):
        self.cells, self.town = cells, town
        self.kind: dict[tuple[int, int], str] = {}  # edge between cells -> road kind
        self.gates: dict[int, tuple[int, str]] = {}  # cell -> street corner it joins, road kind
        a, b = cells.edges.T
        open_cell = cells.core < 0
        keep = open_cell[a] & open_cell[b]
        a, b = a[keep], b[keep]
        lakes = shapely.intersects(shapely.points(cells.centre), shapely.buffer(land.surface("lake", "reservoir"), 90))
        dry_sides = np.hypot(*(cells.centre[a] - cells.centre[b]).T)
        climb = np.abs(cells.height[a] - cells.height[b])
        price = dry_sides * (1 + 6 * np.maximum(cells.wet[a], cells.wet[b])) * (1 + climb / 18)
        price[lakes[a] | lakes[b]] *= 40
        self.beside = priced(len(cells.centre), a, b, price)
        self.dry = (cells.wet < 0.35) & open_cell
        self._doors()

    def _doors(self) -> None:
        """Open cells beside a core, with the street corner a road would join there."""
        a, b = self.cells.edges.T
        core = self.cells.core
        pairs = np.vstack([np.column_stack([a, b]), np.column_stack([b, a])])
        pairs = pairs[(core[pairs[:, 0]] < 0) & (core[pairs[:, 1]] >= 0)]
        self.door: dict[int, tuple[int, int]] = {}  # cell -> (core, corner)
        for index in range(len(CORES)):
            outside = np.unique(pairs[core[pairs[:, 1]] == index, 0])
            corner = np.flatnonzero(self.town.corner_core == index)
            tree = shapely.STRtree(shapely.points(self.town.corner[corner]))
            nearest = tree.nearest(shapely.points(self.cells.centre[outside]))
            self.door |= {int(cell): (index, int(corner[n])) for cell, n in zip(outside, nearest, strict=True)}

    def main_roads(self) -> None:
        for one, other in LINKS:
            self._lay_main(self._doors_of(one), self._doors_of(other))
        angle = np.degrees(np.arctan2(self.cells.centre[:, 1], self.cells.centre[:, 0])) % 360
        ring = np.hypot(self.cells.centre[:, 0] / 10900, self.cells.centre[:, 1] / 9100)
        for core, heading in EXITS:
            off = np.abs((angle - heading + 180) % 360 - 180)
            rim = [int(np.argmax(np.where((off < 2.5) & self.dry, ring, 0)))]
            self._lay_main(self._doors_of(core), rim)

    def _doors_of(self, key: str) -> list[int]:
        return [cell for cell, (core, _) in self.door.items() if core == core_of(key)]

    def _lay_main(self, start: list[int], goal: list[int]) -> None:
        _, previous = grow(self.beside, start)
        path = min((_way(previous, cell) for cell in goal), key=self._price)
        self._lay(path, "primary")
        for cell in (path[0], path[-1]):
            if cell in self.door:
                self.gates[cell] = (self.door[cell][1], "primary")

    def _price(self, path: list[int]) -> float:
        return sum(dict(self.beside[a])[b] for a, b in pairwise(path)) if len(path) > 1 else 1e9

    def _lay(self, path: list[int], kind: str) -> None:
        for a, b in pairwise(path):
            if self.kind.setdefault((min(a, b), max(a, b)), kind) != "primary":
                self.kind[min(a, b), max(a, b)] = kind
            # a road that is there already is cheap: later roads join it instead of running beside it
            self.beside[a] = [(c, cost * 0.35 if c == b and kind == "primary" else cost) for c, cost in self.beside[a]]
            self.beside[b] = [(c, cost * 0.35 if c == a and kind == "primary" else cost) for c, cost in self.beside[b]]

    def village_roads(self, hamlets: list[int]) -> None:
        """A tree from what there is to every hamlet, then short cuts where two branches end close to each other."""
        ready = {cell for edge in self.kind for cell in edge}
        laid = set(ready)
        for path in self._branches(sorted(ready | set(self.door)), set(hamlets)):
            self._lay(path, "tertiary" if len(path) > 5 else "unclassified")
            laid.update(path)
            if path[0] in self.door and path[0] not in ready:
                self.gates.setdefault(path[0], (self.door[path[0]][1], "tertiary"))
        self._short_cuts(laid)

    def _branches(self, start: list[int], goals: set[int]):
        """Ways to the goals, the nearest first; every way laid becomes a start for the next ones (Prim's tree)."""
        spent = dict.fromkeys(start, 0.0)
        previous: dict[int, int] = {}
        heap = [(0.0, cell) for cell in start]
        while goals and heap:
            price, cell = heapq.heappop(heap)
            if price > spent[cell]:
                continue
            if cell in goals:
                goals.discard(cell)
                path = [cell]
                while spent[path[-1]] > 0:
                    path.append(previous[path[-1]])
                yield path[::-1]
                for passed in path:
                    spent[passed] = 0.0
                    heapq.heappush(heap, (0.0, passed))
                continue
            for other, step in self.beside[cell]:
                if price + step < spent.get(other, np.inf) and self.dry[other]:
                    spent[other], previous[other] = price + step, cell
                    heapq.heappush(heap, (price + step, other))

    def _short_cuts(self, laid: set[int]) -> None:
        owner, previous = grow(self.beside, sorted(laid), self.dry)
        seeds = sorted(laid)
        best: dict[tuple[int, int], tuple[float, int, int]] = {}
        for a, b in self.cells.edges.tolist():
            if owner[a] < 0 or owner[b] < 0 or owner[a] == owner[b] or not (self.dry[a] and self.dry[b]):
                continue
            one, other = sorted((seeds[owner[a]], seeds[owner[b]]))
            gap = float(np.hypot(*(self.cells.centre[one] - self.cells.centre[other])))
            pair = (one // 12, other // 12)  # a few per neighbourhood, not one for every pair of cells
            if 450 < gap < 1100 and gap < best.get(pair, (1e9, 0, 0))[0]:
                best[pair] = (gap, a, b)
        for _, a, b in sorted(best.values())[::4]:
            self._lay([*_way(previous, a), *_way(previous, b)[::-1]], "unclassified")

    def roads(self, seed: int) -> list[Road]:
        """The edges as smooth roads from junction to junction."""
        bank = iter(names.combine(seed, "country roads", names.VILLAGE_FIRST, names.VILLAGE_FIRST, "线"))
        found = []
        for kind, path in _chains(self.kind, set(self.gates)):
            line = self.cells.centre[path]
            smooth = shapely.get_coordinates(
                shapely.simplify(shapely.linestrings(line), 150 if kind == "primary" else 80)
            )
            name = next(bank) if kind != "unclassified" else ""
            found.append(Road(kind, name.replace("线", "公路") if kind == "primary" else name, soften(smooth)))
        for cell, (corner, kind) in self.gates.items():
            found.append(Road(kind, "", np.array([self.cells.centre[cell], self.town.corner[corner]])))
        return found


def _way(previous: np.ndarray, cell: int) -> list[int]:
    """Cells from the start of the search to this one."""
    path = [int(cell)]
    while previous[path[-1]] >= 0:
        path.append(int(previous[path[-1]]))
    return path[::-1]


def _chains(kind: dict[tuple[int, int], str], stops: set[int]) -> list[tuple[str, list[int]]]:
    """Edges joined through points where exactly two roads of one kind meet."""
    meets: dict[int, list[tuple[int, str]]] = {}
    for (a, b), value in kind.items():
        meets.setdefault(a, []).append((b, value))
        meets.setdefault(b, []).append((a, value))
    junction = {n for n, roads in meets.items() if len(roads) != 2 or roads[0][1] != roads[1][1]} | stops
    seen: set[tuple[int, int]] = set()
    found = []
    for start in [*sorted(junction & set(meets)), *sorted(meets)]:
        for beside, value in meets[start]:
            path = [start, beside]
            if (start, beside) in seen:
                continue
            while path[-1] not in junction and path[-1] != start:
                path.append(next(n for n, _ in meets[path[-1]] if n != path[-2]))
            seen.update(pairwise(path))
            seen.update(zip(path[1:], path, strict=False))
            found.append((value, path))
    return found


def _between_cores(town: Streets) -> list[Road]:
    """Short streets where two cores touch."""
    tree = shapely.STRtree(shapely.points(town.corner))
    a, b = tree.query(shapely.points(town.corner), predicate="dwithin", distance=190)
    keep = town.corner_core[a] < town.corner_core[b]
    taken: set[int] = set()
    found = []
    for one, other in zip(a[keep].tolist(), b[keep].tolist(), strict=True):
        if one not in taken and other not in taken:
            taken |= {one, other}
            found.append(Road("tertiary", "", town.corner[[one, other]]))
    return found


def _expressways(lines: list[np.ndarray], roads: list[Road], limit) -> list[Road]:
    """The expressways, their interchange, and ramps to the nearest main roads every five kilometres or so."""
    found = [Road("motorway", name, line) for (name, _), line in zip(EXPRESSWAYS, lines, strict=True)]
    main = np.vstack([road.line for road in roads if road.kind in ("primary", "secondary")])
    tree = shapely.STRtree(shapely.points(main))
    one, other = lines
    i, j = np.unravel_index(
        np.argmin(np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1))), (len(one), len(other))
    )
    for line, cross in ((one, i), (other, j)):
        for at in range(14, len(line) - 14, 22):
            if abs(at - cross) < 12 or not shapely.contains_xy(limit, *line[at]):
                continue
            nearest = main[tree.nearest(shapely.Point(line[at]))]
            away = np.hypot(*(nearest - line[at]))
            if 60 < away < 1500:
                side = (nearest + line[at]) / 2 + (line[at + 1] - line[at]) * 0.6
                found.append(Road("motorway_link", "", soften(np.array([line[at], side, nearest]))))
    for a, b in ((-3, -3), (-3, 3), (3, -3), (3, 3)):
        turn = (one[i] + other[j]) / 2 * 0.45 + (one[i + a] + other[j + b]) / 2 * 0.55
        found.append(Road("motorway_link", "", soften(np.array([one[i + a], turn, other[j + b]]))))
    return found


def _clip(line: np.ndarray, limit) -> np.ndarray:
    inside = shapely.intersection(shapely.linestrings(line), limit)
    return shapely.get_coordinates(max(shapely.get_parts(inside), key=lambda part: part.length))


def _bridged(roads: list[Road], land: Terrain, limit) -> list[Road]:
    """Roads cut where they meet water; the pieces over it are bridges. Expressways are cut at the border."""
    water = land.surface("river", "stream", "lake", "reservoir")
    shapely.prepare(water)
    lines = np.array([shapely.LineString(road.line) for road in roads])
    wet = shapely.intersects(water, lines)
    found = []
    for road, line, over in zip(roads, lines, wet, strict=True):
        if road.kind == "motorway":
            line = shapely.LineString(_clip(road.line, limit))
        elif not over:
            found.append(road)
            continue
        for part, bridge in ((shapely.difference(line, water), False), (shapely.intersection(line, water), True)):
            for piece in shapely.get_parts(part):
                if piece.length > 0.5:
                    found.append(replace(road, line=shapely.get_coordinates(piece), bridge=bridge))
    return found
