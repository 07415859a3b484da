"""A made-up town of four streets by four, 500 m apart, named N0 … N3 (northward) and E0 … E3 (eastward)."""

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from anlan.know.facilities.models import Facility
from anlan.know.roads.building import build
from tests.cast import BUREAU, DISTRICT, TOWN

WEST, SOUTH, STEP, SIDE = 115.0, 28.0, 0.005, 4


def corner(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a place counted in streets from the south-west corner."""
    return WEST + east * STEP, SOUTH + north * STEP


def write_town(path) -> None:
    number = {(i, j): i * SIDE + j + 1 for i in range(SIDE) for j in range(SIDE)}
    lines = [([number[i, j] for j in range(SIDE)], f"N{i}") for i in range(SIDE)]
    lines += [([number[i, j] for i in range(SIDE)], f"E{j}") for j in range(SIDE)]
    with osmium.SimpleWriter(str(path)) as writer:
        for (i, j), key in number.items():
            writer.add_node(Node(id=key, version=1, location=corner(i, j)))
        for key, (nodes, name) in enumerate(lines, 1):
            writer.add_way(Way(id=key, version=1, nodes=nodes, tags={"highway": "residential", "name": name}))


@pytest.fixture(scope="session")
def tiles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    write_town(folder / "town.osm.pbf")
    build(folder / "town.osm.pbf", folder / "roads.tar")
    return folder / "roads.tar"


@pytest.fixture
def roads(settings, tiles):
    settings.ROADS = tiles
    return tiles


@pytest.fixture
def no_roads(settings, tmp_path):
    settings.ROADS = tmp_path / "roads.tar"


def place(kind: str, name: str, at: tuple[float, float], region: str = TOWN, **more) -> Facility:
    lon, lat = at
    given = {"organisation": BUREAU, "region": region, "lon": lon, "lat": lat, **more}
    return Facility.objects.create(kind=kind, code=name, name=name, **given)


@pytest.fixture
def town(db):
    """A tank in the middle of the south side, a school beside it, two fire stations: one near, one across the town."""
    return {
        "tank": place("tank", "液氨储罐", corner(1.9, 0), consequence_m=500, hazard_level=2),
        "school": place("school", "汀口小学", corner(1.9, 0.6)),
        "far_school": place("school", "岚溪小学", corner(60, 60), region=DISTRICT),
        "near": place("fire_station", "汀口消防站", corner(1.05, 0), attributes={"duty_phone": "119-1"}),
        "other": place("fire_station", "岚溪消防站", corner(2.0, 3), region="999901002"),
        "hospital": place("hospital", "人民医院", corner(0, 3)),
        "closed_station": place("fire_station", "旧消防站", corner(1.8, 0), in_service=False),
    }
