import json
from contextlib import suppress

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.know.facilities.geometry import WrongGeometry, middle, parse

SQUARE = {"type": "Polygon", "coordinates": [[[115, 28], [115.1, 28], [115.1, 28.1], [115, 28.1], [115, 28]]]}


def test_text_and_object_are_read_alike():
    assert parse(SQUARE).equals(parse(json.dumps(SQUARE)))
    assert parse("") is parse(None) is parse({}) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("{", "not a GeoJSON"),
        ("[]", "not a GeoJSON"),
        ({"type": "GeometryCollection", "geometries": []}, "not one of"),
        ({"type": "Point", "coordinates": []}, "no coordinates|not a GeoJSON"),
        ({"type": "Point", "coordinates": [28, 115]}, "order"),
        ({"type": "LineString", "coordinates": [[115, 28], [28, 15]]}, "2 degrees"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "Self-intersection"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(given, says):
    with pytest.raises(WrongGeometry, match=says):
        parse(given)


@given(
    st.recursive(st.none() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=9)
)
def test_nonsense_never_breaks_it(coordinates):
    with suppress(WrongGeometry):
        parse({"type": "Polygon", "coordinates": coordinates})


def test_the_middle_lies_on_the_geometry():
    line = shapely.LineString([(115, 28), (115.1, 28), (115.1, 28.1)])
    assert middle(line) == (115.1, 28.0)
    assert shapely.contains_xy(parse(SQUARE), *middle(parse(SQUARE)))
