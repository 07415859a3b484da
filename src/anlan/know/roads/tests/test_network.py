from pathlib import Path

import pytest

from anlan.know.roads.building import NoRoads, build
from anlan.know.roads.network import Network, network
from anlan.know.roads.rules import ring
from anlan.know.roads.tests.conftest import corner, write_town

EXTRACTS = Path(__file__).resolve().parents[6] / "shared" / "data" / "osm"


@pytest.fixture(scope="module")
def streets(tiles):
    return Network(tiles)


def test_the_way_follows_the_street_and_says_its_name_and_length(streets):
    way = streets.way(corner(0.1, 0), corner(2.9, 0))
    assert [name for name, _metres in way.streets] == ["E0"]
    assert way.metres == pytest.approx(2.8 * 492, rel=0.02)
    assert way.line[0] == pytest.approx(corner(0.1, 0), abs=1e-5)
    assert way.line[-1] == pytest.approx(corner(2.9, 0), abs=1e-5)
    assert way.seconds > 0


def test_a_closed_road_changes_the_way_and_makes_it_longer(streets):
    straight = streets.way(corner(0.1, 0), corner(2.9, 0))
    around = streets.way(corner(0.1, 0), corner(2.9, 0), [ring(*corner(1.5, 0), 20)])
    assert around.metres > straight.metres + 1000
    assert {"E1", "N1", "N2"} <= {name for name, _metres in around.streets}
    assert [leg.metres for leg in streets.legs([corner(0.1, 0)], corner(2.9, 0), [ring(*corner(1.5, 0), 20)])] == [
        pytest.approx(around.metres, abs=20)
    ]


def test_a_closure_beyond_the_end_of_a_way_does_not_touch_it(streets):
    """The router blocks the whole edge; who stops before the closure still comes."""
    beyond = [ring(*corner(1.9, 0), 20)]
    assert streets.way(corner(0.1, 0), corner(1.5, 0), beyond) == streets.way(corner(0.1, 0), corner(1.5, 0))


def test_where_the_own_street_is_closed_the_way_ends_on_a_road_beside_it(streets):
    way = streets.way(corner(0.1, 0), corner(1.9, 0), [ring(*corner(1.4, 0), 20)])
    assert way.metres > 1500
    assert way.line[-1] == pytest.approx(corner(2, 0), abs=1e-3)


def test_no_way_leads_out_of_a_ring_of_closures(streets):
    everything = [ring(*corner(1.5, 1.5), 1800)]
    assert streets.way(corner(0.1, 0), corner(2.9, 0), everything) is None
    assert streets.legs([corner(0.1, 0)], corner(2.9, 0), everything) == [None]


@pytest.mark.parametrize("away", [(114.0, 28.0), (10.0, 50.0), (115.3, 28.3)])
def test_a_place_off_the_network_has_no_way_and_spoils_no_others(streets, away):
    assert streets.way(away, corner(2.9, 0)) is None
    legs = streets.legs([corner(0.1, 0), away], corner(2.9, 0))
    assert legs[0] is not None and legs[1] is None
    assert streets.name_at(away) == ""


def test_a_road_is_called_by_its_name(streets):
    assert streets.name_at(corner(0.5, 2)) == "E2"
    assert streets.name_at(corner(3, 1.5)) == "N3"


def test_a_network_that_was_built_anew_is_opened_anew(tmp_path):
    assert network(tmp_path / "roads.tar") is None
    write_town(tmp_path / "town.osm.pbf")
    build(tmp_path / "town.osm.pbf", tmp_path / "roads.tar")
    first = network(tmp_path / "roads.tar")
    assert network(tmp_path / "roads.tar") is first
    build(tmp_path / "town.osm.pbf", tmp_path / "roads.tar")
    assert network(tmp_path / "roads.tar") is not first
    assert first.way(corner(0.1, 0), corner(2.9, 0)) is not None  # who holds the old file goes on with it


def test_what_is_no_extract_leaves_the_old_network_alone(tmp_path):
    output = tmp_path / "roads.tar"
    output.write_bytes(b"old")
    (tmp_path / "bad.osm.pbf").write_bytes(b"no extract")
    (tmp_path / "bad.osm").write_text("<osm>")
    (tmp_path / "table.csv").write_text("a,b")
    for name in ("bad.osm.pbf", "bad.osm", "table.csv", "missing.osm.pbf"):
        with pytest.raises(NoRoads):
            build(tmp_path / name, output)
    assert output.read_bytes() == b"old"
    assert not list(tmp_path.glob(".roads-*"))


@pytest.mark.parametrize("name", ["beijing_cau.osm", "andorra.osm.pbf"])
def test_real_extracts_become_networks_with_ways(tmp_path, name):
    if not (EXTRACTS / name).exists():
        pytest.skip(f"no extract {name} beside the checkout: real roads were not tried")
    assert build(EXTRACTS / name, tmp_path / "roads.tar").tiles > 0
    start, end = {
        "beijing_cau.osm": ((116.3505, 40.0035), (116.3575, 40.0035)),
        "andorra.osm.pbf": ((1.5218, 42.5063), (1.5340, 42.5100)),
    }[name]
    way = Network(tmp_path / "roads.tar").way(start, end)
    assert way is not None and way.metres > 300 and way.streets
