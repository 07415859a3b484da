"""The land before people: outline, hills, the river with its island, streams, lakes, reservoirs, ponds."""

from dataclasses import dataclass

import numpy as np
import shapely

from anlan.demo.dice import dice
from anlan.demo.plane import Field, blob, ribbon, spline, waves

# name, middle x and y, radius; the plan's zone has its own lakes, these are invented
LAKES = (
    ("漪湖", -1650, 150, 640),
    ("苇荡湖", 700, -3300, 470),
    ("南汀湖", 9500, -2500, 430),
    ("鹭眠湖", -3900, 3600, 380),
)
RESERVOIRS = (
    ("青屏水库", -8300, 1900, 330),
    ("云坞水库", -7700, -3300, 260),
    ("石涧水库", -6600, 5200, 220),
    ("松壑水库", 8350, 5250, 200),
)
RIVER = (
    (3900, 12500),
    (4300, 9900),
    (6000, 8300),
    (6500, 6300),
    (5300, 4300),
    (5750, 2300),
    (5650, 600),
    (7000, -1300),
    (6900, -3300),
    (5350, -4900),
    (5000, -6800),
    (6300, -8600),
    (6100, -12500),
)
STREAMS = (
    (
        "岚溪",
        (
            (-7200, 4300),
            (-5600, 4900),
            (-4100, 5300),
            (-2000, 5300),
            (-300, 6500),
            (2000, 7000),
            (4200, 7400),
            (6400, 7200),
        ),
    ),
    (
        "望溪",
        (
            (-8100, -3300),
            (-6700, -3500),
            (-5200, -3700),
            (-3400, -3300),
            (-1300, -3800),
            (600, -4300),
            (2400, -3900),
            (4300, -4000),
            (6500, -3900),
        ),
    ),
)
# x, y, reach, height in metres of the hills
HILLS = (
    (-9300, 500, 2600, 330),
    (-8200, 4200, 2200, 260),
    (-8600, -4600, 2100, 240),
    (9700, 6300, 1900, 210),
    (9300, -5200, 1500, 120),
    (-500, 8900, 1300, 90),
)


@dataclass(frozen=True)
class Water:
    """One named or nameless water body; kind is river, stream, lake, reservoir or pond."""

    name: str
    kind: str
    shape: shapely.Geometry


@dataclass(frozen=True)
class Terrain:
    outline: shapely.Polygon
    height: Field
    waters: tuple[Water, ...]
    stream_lines: tuple[tuple[str, np.ndarray], ...]

    def surface(self, *kinds: str) -> shapely.Geometry:
        """All water of these kinds (all kinds when none is named) as one geometry."""
        return shapely.union_all([water.shape for water in self.waters if not kinds or water.kind in kinds])


def terrain(seed: int) -> Terrain:
    rng = dice(seed, "terrain")
    outline = _outline(rng)
    height = _height(dice(seed, "hills"))
    lines = tuple((name, spline(points, 60)) for name, points in STREAMS)
    waters = [Water("澄江", "river", _river(rng))]
    waters += [Water(name, "stream", ribbon(line, np.linspace(9, 46, len(line)))) for name, line in lines]
    waters += [Water(name, "lake", blob(rng, x, y, r, 0.3)) for name, x, y, r in LAKES]
    waters += [Water(name, "reservoir", blob(rng, x, y, r, 0.45)) for name, x, y, r in RESERVOIRS]
    waters += _ponds(dice(seed, "ponds"), outline, height, shapely.union_all([w.shape for w in waters]))
    return Terrain(outline, height, tuple(waters), lines)


def _outline(rng) -> shapely.Polygon:
    """A first line for the border; the true one follows the parcels that lie inside it."""
    angle = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    reach = np.ones(720)
    for k in range(2, 40):
        reach += 0.13 * rng.normal() / k**1.05 * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
    return shapely.Polygon(np.column_stack([10900 * reach * np.cos(angle), 9100 * reach * np.sin(angle)]))


def _height(rng) -> Field:
    rough, fine = waves(rng, 2600), waves(rng, 1100)

    def height(x, y):
        total = sum(h * np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * (0.62 * reach) ** 2)) for a, b, reach, h in HILLS)
        return 24 + total * np.clip(0.75 + 0.5 * rough(x, y) + 0.3 * fine(x, y), 0.02, 2) + 3 * rough(y, x)

    return height


def _river(rng) -> shapely.Geometry:
    line = spline(RIVER)
    width = 400 + 70 * np.sin(np.linspace(0, 19, len(line))) + 40 * np.sin(np.linspace(2, 47, len(line)))
    middle = len(line) * 0.43
    swell = np.exp(-(((np.arange(len(line)) - middle) / 11) ** 2))
    at = line[int(middle)]
    heading = line[int(middle) + 4] - line[int(middle) - 4]
    along = np.linspace(-1, 1, 40)[:, None]
    spine = at + along * heading / np.hypot(*heading) * 620
    island = ribbon(spine, 250 * np.sqrt(np.clip(1 - along[:, 0] ** 2, 0.01, 1)) * (1 + 0.1 * rng.normal(size=40)))
    return shapely.difference(ribbon(line, width + 330 * swell), shapely.buffer(island, 12))


def _ponds(rng, outline, height, taken) -> list[Water]:
    """Fish and farm ponds on flat ground; nameless."""
    x, y = rng.uniform(-11000, 11000, 700), rng.uniform(-9500, 9500, 700)
    good = (height(x, y) < 45) & shapely.contains_xy(outline, x, y)
    good &= shapely.distance(taken, shapely.points(x, y)) > 120
    return [
        Water("", "pond", blob(rng, a, b, rng.uniform(18, 62), 0.2, 20)) for a, b in zip(x[good], y[good], strict=True)
    ][:170]
