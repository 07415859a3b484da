from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.layers.shapes import distances
from anlan.know.roads.rules import CLOSED, COMING, LIFTED, OVER, box, quickest_first, ring, state

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LON, LAT = st.floats(-179, 179), st.floats(-80, 80)


@pytest.mark.parametrize(
    ("since", "until", "lifted", "said"),
    [
        (NOON - HOUR, None, None, CLOSED),
        (NOON, NOON + HOUR, None, CLOSED),
        (NOON + HOUR, None, None, COMING),
        (NOON - HOUR, NOON, None, OVER),
        (NOON - HOUR, None, NOON, LIFTED),
        (NOON + HOUR, NOON + 2 * HOUR, NOON, LIFTED),
    ],
)
def test_a_closure_holds_from_its_beginning_to_its_term_or_until_it_is_lifted(since, until, lifted, said):
    assert state(since, until, lifted, NOON) == said


@given(LON, LAT, st.floats(5, 2000))
def test_the_ring_holds_the_circle_and_little_more(lon, lat, radius):
    corners = ring(lon, lat, radius)
    assert corners[0] == corners[-1] and len(corners) == 13
    far = distances(lon, lat, [at[0] for at in corners], [at[1] for at in corners])
    assert all(radius <= metres <= radius * 1.04 + 0.1 for metres in far)
    if abs(lon) < 179:
        assert shapely.Polygon(corners).contains(shapely.Point(lon, lat))


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=5), st.floats(1, 20_000))
def test_the_box_holds_every_place_with_its_margin(places, margin):
    west, south, east, north = box(places, margin)
    assert all(west < lon < east and south < lat < north for lon, lat in places)


def test_stations_come_by_time_and_those_without_a_way_come_last():
    legs = [None, SimpleNamespace(seconds=90.0), SimpleNamespace(seconds=30.0), None]
    assert quickest_first(legs) == [2, 1, 0, 3]
