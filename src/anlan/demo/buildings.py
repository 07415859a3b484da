"""About twenty thousand buildings: rows of flats, shop fronts, towers, works' halls and village houses, each at
a street."""

from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo.cells import Cells
from anlan.demo.dice import dice
from anlan.demo.landuse import Block, Landuse
from anlan.demo.roads import Network
from anlan.demo.streets import Road
from anlan.demo.terrain import Terrain


@dataclass(frozen=True)
class Buildings:
    """Columns of equal length. `block` and `hamlet` are -1 where they do not apply; `use` says what goes on
    inside."""

    shape: np.ndarray
    x: np.ndarray
    y: np.ndarray
    use: np.ndarray
    levels: np.ndarray
    cell: np.ndarray
    block: np.ndarray
    hamlet: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def area(self) -> np.ndarray:
        return shapely.area(self.shape)


# One rectangle in the frame of its block: middle (u, v), size (width, depth), storeys, use.
Rect = tuple[float, float, float, float, int, str]


def buildings(seed: int, land: Terrain, cells: Cells, net: Network, use: Landuse) -> Buildings:
    made = [_in_blocks(seed, use.blocks), _in_hamlets(seed, cells, net)]
    columns = {name: np.concatenate([part[name] for part in made]) for name in made[0]}
    keep = _clear(columns, land, net)
    return Buildings(**{name: column[keep] for name, column in columns.items()})


def rectangles(middle: np.ndarray, axis: np.ndarray, width: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Polygons of turned rectangles, all at once."""
    along = axis * (width / 2)[:, None]
    across = np.column_stack([-axis[:, 1], axis[:, 0]]) * (depth / 2)[:, None]
    corners = [middle - along - across, middle + along - across, middle + along + across, middle - along + across]
    return shapely.polygons(np.stack(corners, 1))


def _in_blocks(seed, blocks: tuple[Block, ...]) -> dict[str, np.ndarray]:
    rows: list[Rect] = []
    owner: list[int] = []
    rng = dice(seed, "buildings")
    for index, block in enumerate(blocks):
        layout = LAYOUTS.get(block.use)
        if layout:
            own = layout(rng, block.width, block.depth)
            rows += own
            owner += [index] * len(own)
    owner = np.array(owner)
    u, v, width, depth, levels = np.array([row[:5] for row in rows], float).T
    axis = np.array([block.axis for block in blocks])[owner]
    side = np.column_stack([-axis[:, 1], axis[:, 0]])
    middle = np.array([block.origin for block in blocks])[owner] + axis * u[:, None] + side * v[:, None]
    shape = rectangles(middle, axis, width, depth)
    use = np.array([row[5] for row in rows], object)
    round_ones = use == "tank"
    shape[round_ones] = shapely.buffer(shapely.points(middle[round_ones]), width[round_ones] / 2, quad_segs=4)
    keep = shapely.covers(np.array([block.shape for block in blocks])[owner], shape)
    return {
        "shape": shape[keep],
        "x": middle[keep, 0],
        "y": middle[keep, 1],
        "use": use[keep],
        "levels": levels[keep].astype(int),
        "cell": np.array([block.cell for block in blocks])[owner[keep]],
        "block": owner[keep],
        "hamlet": np.full(keep.sum(), -1),
    }


def _flats(rng, w, d) -> list[Rect]:
    """An estate: rows facing south, one height, shops along one street."""
    levels = int(rng.choice([6, 7, 11, 18, 26], p=[0.3, 0.18, 0.24, 0.18, 0.1]))
    step = 34 if levels < 9 else 46
    found = [(0.0, -d / 2 + 8, w * 0.72, 13.0, 2, "shops")]
    rows = int((d - 34) // step) + 1
    number = max(1, int(w // 72))
    length = min(62.0, w / number - 12)
    for row in range(rows):
        v = -d / 2 + 40 + row * step
        for n in range(number):
            if rng.random() < 0.93:
                found.append(
                    ((n - (number - 1) / 2) * w / number + rng.normal(0, 1.5), v, length, 13.0, levels, "flats")
                )
    return found


def _old(rng, w, d) -> list[Rect]:
    found = []
    columns, rows = max(2, int(w // 30)), max(2, int(d // 25))
    for i in range(columns):
        for j in range(rows):
            if rng.random() < 0.86:
                u, v = (i - (columns - 1) / 2) * w / columns, (j - (rows - 1) / 2) * d / rows
                use = "shops" if j in (0, rows - 1) and rng.random() < 0.5 else "old_flats"
                found.append(
                    (
                        u + rng.normal(0, 1),
                        v + rng.normal(0, 1),
                        rng.uniform(18, 25),
                        rng.uniform(11, 17),
                        int(rng.integers(2, 7)),
                        use,
                    )
                )
    return found


def _commerce(rng, w, d) -> list[Rect]:
    found = []
    for sign in (-1, 1):
        use = str(rng.choice(["offices", "mall", "hotel", "offices"]))
        levels = {"mall": int(rng.integers(4, 8)), "hotel": int(rng.integers(9, 24))}.get(use, int(rng.integers(8, 32)))
        found.append((sign * w * 0.25, d * 0.14, w * rng.uniform(0.3, 0.42), d * rng.uniform(0.34, 0.5), levels, use))
        found.append((sign * w * 0.25, -d * 0.36, w * 0.4, 16.0, 3, "shops"))
    return found


def _retail(rng, w, d) -> list[Rect]:
    return [(0.0, s * d * 0.28, w * 0.82, d * 0.22, int(rng.integers(2, 5)), "market") for s in (-1, 1)] + [
        (0.0, 0.0, w * 0.5, d * 0.14, 2, "shops")
    ]


def _school(rng, w, d) -> list[Rect]:
    return [(-w * 0.28, v * d, w * 0.34, 14.0, int(rng.integers(3, 6)), "school") for v in (-0.36, -0.12, 0.12)] + [
        (-w * 0.28, 0.36 * d, w * 0.3, 18.0, 2, "canteen")
    ]


def _hospital(rng, w, d) -> list[Rect]:
    return [
        (-w * 0.2, -d * 0.26, w * 0.5, 30.0, 5, "hospital"),
        (w * 0.12, d * 0.1, w * 0.5, 26.0, 12, "hospital"),
        (-w * 0.3, d * 0.34, w * 0.25, 18.0, 3, "hospital"),
    ]


def _university(rng, w, d) -> list[Rect]:
    return [
        (
            u * w + rng.normal(0, 3),
            v * d,
            w * 0.3,
            17.0,
            int(rng.integers(4, 7)),
            "dormitory" if v > 0.25 else "university",
        )
        for u in (-0.26, 0.22)
        for v in (-0.34, -0.05, 0.3)
    ]


def _government(rng, w, d) -> list[Rect]:
    return [
        (0.0, d * 0.14, w * 0.5, 24.0, 9, "government"),
        (-w * 0.34, -d * 0.22, w * 0.2, 16.0, 4, "government"),
        (w * 0.34, -d * 0.22, w * 0.2, 16.0, 4, "government"),
    ]


def _works(rng, w, d) -> list[Rect]:
    """A parcel: an office by the gate, one to four halls behind it."""
    found = [(-w * 0.28, -d / 2 + 16, min(42.0, w * 0.36), 15.0, int(rng.integers(3, 6)), "works_office")]
    halls = max(1, int((d - 44) // 48))
    for n in range(halls):
        hall = (d - 44) / halls
        found.append(
            (
                0.0,
                -d / 2 + 38 + (n + 0.5) * hall,
                w * rng.uniform(0.7, 0.9),
                hall * 0.74,
                int(rng.choice([1, 1, 2, 3])),
                "works",
            )
        )
    return found


def _chemical(rng, w, d) -> list[Rect]:
    """Offices and control room by the gate, units in the west, the tank farm in its bund in the east."""
    found = [
        (-0.38 * w, -0.43 * d, 44.0, 16.0, 4, "works_office"),
        (-0.14 * w, -0.43 * d, 26.0, 16.0, 1, "control_room"),
    ]
    found += [(-0.3 * w, v * d, 0.27 * w, 0.15 * d, 2, "works") for v in (-0.2, 0.08, 0.35)]
    found += [
        (0.0, 0.36 * d, 0.2 * w, 0.16 * d, 1, "warehouse"),
        (0.0, -0.16 * d, 20.0, 11.0, 1, "pump_room"),
        (0.0, 0.08 * d, 22.0, 14.0, 1, "boiler_room"),
    ]
    return found + _tanks(w * 0.3, d * 0.02, w * 0.3, d * 0.76, 3, 5)


def _depot(rng, w, d) -> list[Rect]:
    found = [
        (-0.36 * w, -0.42 * d, 38.0, 14.0, 3, "works_office"),
        (-0.36 * w, -0.1 * d, 0.2 * w, 0.2 * d, 1, "warehouse"),
    ]
    found += [(-0.36 * w, 0.3 * d, 30.0, 14.0, 1, "pump_room")]
    return found + _tanks(w * 0.16, d * 0.02, w * 0.5, d * 0.7, 4, 3)


def _tanks(u, v, width, depth, columns, rows) -> list[Rect]:
    step_u, step_v = width / columns, depth / rows
    size = min(step_u, step_v) * 0.5
    return [
        (u + (i - (columns - 1) / 2) * step_u, v + (j - (rows - 1) / 2) * step_v, size, size, 1, "tank")
        for j in range(rows)
        for i in range(columns)
    ]


def _logistics(rng, w, d) -> list[Rect]:
    return [(0.0, v * d, w * 0.86, d * 0.3, 1, "warehouse") for v in (-0.26, 0.2)]


def _dormitory(rng, w, d) -> list[Rect]:
    return [
        (u * w, v, 58.0, 14.0, 6, "dormitory")
        for u in (-0.28, 0.05, 0.34)
        for v in np.arange(-d / 2 + 30, d / 2 - 20, 40)
    ] + [(0.0, -d / 2 + 10, w * 0.6, 12.0, 2, "canteen")]


def _site(rng, w, d) -> list[Rect]:
    return [
        (u * w * 0.27, v * d * 0.25, 34.0, 18.0, int(rng.integers(3, 20)), "building_site")
        for u in (-1, 1)
        for v in (-1, 1)
    ]


def _small_works(rng, w, d) -> list[Rect]:
    return [
        (u * w, v * d, w * 0.4, d * 0.38, int(rng.integers(1, 4)), "works")
        for u in (-0.25, 0.25)
        for v in (-0.25, 0.25)
    ]


LAYOUTS = {
    "residential": _flats,
    "old": _old,
    "commercial": _commerce,
    "retail": _retail,
    "school": _school,
    "hospital": _hospital,
    "university": _university,
    "government": _government,
    "industrial": lambda rng, w, d: (_works if d > 90 else _small_works)(rng, w, d),
    "logistics": _logistics,
    "chemical": _chemical,
    "depot": _depot,
    "dormitory": _dormitory,
    "building_site": _site,
}


def _in_hamlets(seed, cells: Cells, net: Network) -> dict[str, np.ndarray]:
    rng = dice(seed, "village houses")
    lines = [road.line for road in net.roads if road.kind in ("tertiary", "unclassified", "primary")]
    segments = np.vstack([np.stack([line[:-1], line[1:]], 1) for line in lines])
    tree = shapely.STRtree(shapely.linestrings(segments))
    middles, axes, hamlets = [], [], []
    for index, hamlet in enumerate(net.hamlets):
        middle = cells.centre[hamlet.cell]
        a, b = segments[tree.nearest(shapely.Point(middle))]
        axis = (b - a) / np.hypot(*(b - a))
        # a lattice of plots along the road, the nearest taken, stretched along it
        i, j = np.meshgrid(np.arange(-14, 15), np.arange(-9, 10))
        plot = np.column_stack([i.ravel() * 19.0, (j.ravel() + 0.5) * 23.0]) + rng.normal(0, 1.6, (i.size, 2))
        far = np.hypot(plot[:, 0] / 1.9, plot[:, 1]) * rng.uniform(0.75, 1.3, len(plot))
        plot = plot[np.argsort(far)[: int(hamlet.houses * 1.12)]]
        middles.append(middle + plot @ np.array([axis, [-axis[1], axis[0]]]))
        axes.append(np.broadcast_to(axis, plot.shape))
        hamlets.append(np.full(len(plot), index))
    middle, axis, owner = np.vstack(middles), np.vstack(axes), np.concatenate(hamlets)
    count = len(middle)
    shape = rectangles(middle, axis, rng.uniform(10, 14.5, count), rng.uniform(8.5, 12, count))
    use = rng.choice(
        ["house", "house", "house", "house", "house", "house", "house", "house", "village_shop", "barn"], count
    )
    return {
        "shape": shape,
        "x": middle[:, 0],
        "y": middle[:, 1],
        "use": use.astype(object),
        "levels": np.where(use == "barn", 1, rng.integers(2, 4, count)),
        "cell": np.array([hamlet.cell for hamlet in net.hamlets])[owner],
        "block": np.full(count, -1),
        "hamlet": owner,
    }


def _clear(columns: dict[str, np.ndarray], land: Terrain, net: Network) -> np.ndarray:
    """Mask of buildings that stand neither in water, nor on a road or the railway, nor in a core outside its
    block."""
    shape = columns["shape"]
    keep = np.ones(len(shape), bool)
    water = land.surface()
    shapely.prepare(water)
    keep[shapely.intersects(water, shape)] = False
    lines = [road.line for road in net.roads if road.kind not in ("residential", "secondary")] + [net.railway]
    segments = shapely.linestrings(np.vstack([np.stack([line[:-1], line[1:]], 1) for line in lines]))
    hit = shapely.STRtree(segments).query(shape, predicate="dwithin", distance=5.0)[0]
    keep[hit] = False
    return keep


def addresses(made: Buildings, roads: tuple[Road, ...], hamlet_names: list[str]) -> np.ndarray:
    """Street and number in a core, hamlet and number in the country (without village and town before it)."""
    streets = [
        road
        for road in roads
        if road.name and road.kind in ("primary", "secondary", "tertiary", "residential") and road.name[-1] in "路街道"
    ]
    lines = np.array([shapely.LineString(road.line) for road in streets])
    place = shapely.points(made.x, made.y)
    nearest = shapely.STRtree(lines).nearest(place)
    along = shapely.line_locate_point(lines[nearest], place)
    on = shapely.get_coordinates(shapely.line_interpolate_point(lines[nearest], along))
    number = 1 + 2 * (along / 9).astype(int) + (made.x + made.y > on.sum(axis=1))
    in_hamlet = np.zeros(len(made), int)
    for index in range(len(hamlet_names)):
        own = np.flatnonzero(made.hamlet == index)
        in_hamlet[own] = np.arange(1, len(own) + 1)
    return np.array(
        [
            f"{hamlet_names[hamlet]}{house}号" if hamlet >= 0 else f"{streets[street].name}{door}号"
            for hamlet, house, street, door in zip(
                made.hamlet.tolist(), in_hamlet.tolist(), nearest.tolist(), number.tolist(), strict=True
            )
        ],
        object,
    )
