import itertools

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.desk.layers import cells
from anlan.desk.layers.shapes import Area, Circle

LON, LAT = st.floats(73, 135), st.floats(3, 54)


def held(ranges, cell):
    return any(first <= cell <= last for first, last in ranges)


@settings(max_examples=60, deadline=None)
@given(LON, LAT, st.floats(1, 60_000), st.floats(0, 1), st.floats(0, 6.283))
def test_every_place_in_a_circle_is_in_its_cover(lon, lat, radius, share, bearing):
    circle = Circle(lon, lat, radius)
    far = cells_at(circle, np.sqrt(share), bearing)
    assert held(cells.cover(circle.outline), cells.cell(*far))


def cells_at(circle, share, bearing):
    metres = circle.radius * share / cells.METRES_PER_DEGREE
    lat = circle.lat + metres * np.cos(bearing) * 0.999
    return circle.lon + metres * np.sin(bearing) * 0.999 / np.cos(np.radians(lat)), lat


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(114, 115), st.floats(30, 31)), min_size=3, max_size=8), st.integers(0, 2**32))
def test_every_place_in_a_polygon_is_in_its_cover(corners, seed):
    polygon = shapely.convex_hull(shapely.MultiPoint(corners))
    if polygon.geom_type != "Polygon" or polygon.area < 1e-9:
        return
    generator = np.random.default_rng(seed)
    west, south, east, north = polygon.bounds
    lon, lat = generator.uniform(west, east, 200), generator.uniform(south, north, 200)
    inside, _metres = Area(polygon).measure(lon, lat)
    cover = cells.cover(polygon)
    assert all(held(cover, int(cell)) for cell in cells.cells(lon[inside], lat[inside]))


def test_a_cover_is_small_sorted_and_far_from_what_lies_elsewhere():
    cover = cells.cover(Circle(114.3, 30.5, 3000).outline)
    assert len(cover) <= 120
    assert all(before[1] < after[0] for before, after in itertools.pairwise(cover))
    assert not held(cover, cells.cell(114.4, 30.5))


def test_neighbouring_ranges_become_one():
    assert cells.join([(8, 15), (0, 7), (20, 30), (22, 25)]) == [(0, 15), (20, 30)]


def test_an_unknown_place_has_no_cell():
    assert cells.cell(None, 30.0) is None
    assert cells.cell(float("nan"), 30.0) is None
    assert cells.cell(114.3, 30.5) > 0


def test_a_thin_winding_shape_does_not_make_a_query_too_deep():
    steps = np.linspace(0, 1, 49)
    zigzag = np.column_stack([114 + steps, 30 + (np.arange(49) % 2)])
    thin = shapely.LineString(zigzag).buffer(1e-4, quad_segs=1)
    assert 0 < len(cells.cover(thin)) <= cells.MOST_RANGES
