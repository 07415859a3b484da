"""The formulae there and back, on the map services' published examples, and where they must not touch a place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.know.places import datum
from anlan.know.places.datum import Datum, UnknownDatum, to_wgs84

CLOSE = 1e-7
inside_lon = st.floats(72.1, 137.7)
inside_lat = st.floats(0.9, 55.7)
PAIRS = [
    (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84),
    (datum.gcj02_to_bd09, datum.bd09_to_gcj02),
    (datum.wgs84_to_bd09, datum.bd09_to_wgs84),
]


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(lon=inside_lon, lat=inside_lat)
def test_a_place_comes_back_to_where_it_was(there, back, lon, lat):
    again = back(*there(lon, lat))
    assert abs(again[0] - lon) < CLOSE and abs(again[1] - lat) < CLOSE


@given(lon=inside_lon, lat=inside_lat)
def test_gcj02_is_never_further_than_a_kilometre_and_never_nothing(lon, lat):
    moved = datum.wgs84_to_gcj02(lon, lat)
    assert 1e-6 < np.hypot(moved[0] - lon, moved[1] - lat) < 0.025


@given(lon=st.floats(-180, 71.9), lat=st.floats(-89, 89))
def test_a_place_outside_china_is_left_alone(lon, lat):
    for there, back in PAIRS:
        assert tuple(map(float, there(lon, lat))) == (lon, lat)
        assert tuple(map(float, back(lon, lat))) == (lon, lat)


def test_it_agrees_with_the_examples_that_circulate():
    tian_an_men = 116.404, 39.915
    assert datum.wgs84_to_gcj02(*tian_an_men) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert datum.gcj02_to_bd09(*tian_an_men) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


def test_arrays_and_single_places_give_the_same():
    lon, lat = np.array([115.1, 121.4, -3.0]), np.array([28.5, 31.2, 55.0])
    many = to_wgs84("gcj02", lon, lat)
    for index in range(3):
        assert to_wgs84("gcj02", lon[index], lat[index])[0] == many[0][index]


@pytest.mark.parametrize(
    ("words", "meant"),
    [("GCJ-02", Datum.GCJ02), ("bd09ll", Datum.BD09), ("WGS 84", Datum.WGS84), ("CGCS2000", Datum.CGCS2000)],
)
def test_a_datum_is_known_by_its_usual_spellings(words, meant):
    assert datum.datum_of(words) is meant


def test_an_unknown_datum_is_refused_with_those_that_are_known():
    with pytest.raises(UnknownDatum, match="wgs84, cgcs2000, gcj02, bd09"):
        datum.datum_of("beijing54")


@pytest.mark.parametrize("place", [(float("nan"), 30.0), (200.0, 30.0), (30.0, 115.0), (115.0, float("inf"))])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(ValueError, match="longitude,latitude"):
        to_wgs84("gcj02", [115.0, place[0]], [28.0, place[1]])
