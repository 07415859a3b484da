"""The land: its figures, its tiling, its roads."""

from collections import Counter

import numpy as np
import pytest
import shapely

from anlan.demo import cells, divisions, terrain
from anlan.demo.dice import deal, dice
from anlan.demo.plane import to_degrees


def test_the_district_has_310_square_kilometres_on_the_ellipsoid(district):
    from pyproj import Geod

    outline = to_degrees(district.place.parts.regions[0].shape)
    area = abs(Geod(ellps="GRS80").geometry_area_perimeter(outline)[0]) / 1e6
    assert area == pytest.approx(310, rel=0.01)


def test_it_has_the_divisions_of_the_plan(district):
    kinds = Counter(region.kind for region in district.place.parts.regions)
    assert (kinds["district"], kinds["town"], kinds["office"], kinds["village"], kinds["community"]) == (
        1,
        3,
        2,
        55,
        32,
    )
    assert kinds["grid"] > 400


def test_every_code_begins_with_its_parents_and_no_real_division_has_it(district):
    regions = {region.code: region for region in district.place.parts.regions}
    assert len(regions) == len(district.place.parts.regions)
    lengths = {"county": 6, "town": 9, "village": 12, "grid": 15}
    for region in regions.values():
        assert len(region.code) == lengths[region.level]
        assert region.code.startswith("99")
        assert region.code.startswith(region.parent)
        assert region.level == "county" or region.parent in regions


@pytest.mark.parametrize("level", ["town", "village", "grid"])
def test_neighbours_share_their_edges_and_leave_no_gap(district, level):
    regions = district.place.parts.of(level)
    shapes = np.array([region.shape for region in regions])
    assert shapely.coverage_is_valid(shapes)
    assert all(shape.geom_type == "Polygon" for shape in shapes)
    whole = district.place.parts.regions[0].shape
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-9)


def test_children_make_up_their_parent_in_land_and_people(district):
    regions = district.place.parts.regions
    for parent in (region for region in regions if region.level in ("county", "town", "village")):
        own = [region for region in regions if region.parent == parent.code]
        assert sum(region.population for region in own) == parent.population
        assert sum(region.shape.area for region in own) == pytest.approx(parent.shape.area, rel=1e-9)


def test_every_road_can_be_reached_from_every_other(district):
    parent: dict = {}

    def root(node):
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for road in district.place.net.roads:
        nodes = [tuple(place) for place in np.round(road.line, 2)]
        for node in nodes[1:]:
            parent[root(nodes[0])] = root(node)
    assert len({root(node) for node in list(parent)}) == 1


def test_there_are_roads_of_every_rank_bridges_and_about_twenty_thousand_buildings(district):
    kinds = {road.kind for road in district.place.net.roads}
    assert {"motorway", "motorway_link", "primary", "secondary", "tertiary", "residential", "unclassified"} <= kinds
    assert any(road.bridge for road in district.place.net.roads)
    assert 18_000 < len(district.place.made) < 23_000


def test_no_building_stands_in_water(district):
    water = district.place.land.surface()
    shapely.prepare(water)
    assert not shapely.intersects(water, district.place.made.shape).any()


def test_the_same_seed_gives_the_same_land_and_another_seed_another():
    first, again, other = (terrain.terrain(seed) for seed in (3, 3, 4))
    assert shapely.equals_exact(first.outline, again.outline, 0)
    assert not shapely.equals(first.outline, other.outline)


def test_another_seed_keeps_the_figures():
    land = terrain.terrain(11)
    parcels = cells.cells(11, land)
    parts = divisions.divisions(11, parcels)
    assert shapely.area(parcels.shape).sum() == pytest.approx(310e6, rel=0.01)
    assert [len(parts.of(level)) for level in ("county", "town", "village")] == [1, 5, 87]
    assert {region.parent for region in parts.of("village")} == {region.code for region in parts.of("town")}


def test_dice_of_one_purpose_do_not_move_when_another_is_thrown():
    before = dice(1, "names").random(3)
    dice(1, "other").random(100)
    assert (dice(1, "names").random(3) == before).all()
    assert (dice(1, "names").random(3) != dice(2, "names").random(3)).any()


def test_a_deal_follows_the_shares_exactly():
    dealt = Counter(deal(dice(1, "deal"), {"a": 1, "b": 2, "c": 1}, 9).tolist())
    assert sum(dealt.values()) == 9
    assert dealt["b"] in (4, 5)
