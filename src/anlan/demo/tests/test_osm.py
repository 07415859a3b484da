"""The extract can be read by anybody: every way has its nodes, the names and kinds are OpenStreetMap's."""

from collections import Counter

import osmium
import pytest

from anlan.demo.osm import write_osm


@pytest.fixture(scope="session")
def extract(district, tmp_path_factory):
    path = tmp_path_factory.mktemp("osm") / "demo.osm.pbf"
    write_osm(district.place, path)
    return path


def test_every_way_finds_its_nodes_and_every_relation_its_ways(extract):
    nodes, ways = set(), set()
    for thing in osmium.FileProcessor(str(extract)):
        if thing.is_node():
            nodes.add(thing.id)
        elif thing.is_way():
            ways.add(thing.id)
            assert all(node.ref in nodes for node in thing.nodes)
            assert len(thing.nodes) >= 2
        else:
            assert all(member.ref in ways for member in thing.members)


def test_it_says_what_is_there_in_openstreetmaps_words(extract, district):
    counted = Counter()
    for thing in osmium.FileProcessor(str(extract)):
        for key in ("building", "highway", "railway", "amenity", "place", "boundary"):
            if key in thing.tags:
                counted[key] += 1
                counted[f"{key}={thing.tags[key]}"] += 1
    assert counted["building"] == len(district.place.made)
    assert counted["highway"] >= len(district.place.net.roads)
    assert counted["boundary=administrative"] == 1 + 5 + 87
    assert counted["amenity=fuel"] == 20
    assert counted["place=village"] == 55
    assert counted["railway=subway"] == 1


def test_junctions_share_one_node(extract):
    used = Counter()
    for thing in osmium.FileProcessor(str(extract), osmium.osm.WAY):
        if "highway" in thing.tags:
            used.update({node.ref for node in thing.nodes})
    assert sum(count > 1 for count in used.values()) > 1_500
