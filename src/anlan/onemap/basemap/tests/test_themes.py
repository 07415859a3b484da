import pytest

from anlan.onemap.basemap.themes import AREA, LINE, POINT, drawn


@pytest.mark.parametrize(
    ("tags", "geometry", "expected"),
    [
        ({"highway": "motorway", "ref": "G4"}, LINE, [("transportation", 5, "motorway")]),
        ({"highway": "footway"}, LINE, [("transportation", 14, "path")]),
        ({"highway": "platform"}, LINE, []),
        ({"building": "yes"}, AREA, [("building", 13, "building")]),
        ({"building": "no"}, AREA, []),
        ({"natural": "water", "leisure": "park"}, AREA, [("water", 5, "lake"), ("park", 10, "park")]),
        ({"amenity": "hospital"}, POINT, []),
        ({"amenity": "hospital", "name": "区医院"}, POINT, [("poi", 12, "hospital")]),
        ({"amenity": "bank", "name": "银行"}, POINT, [("poi", 14, "amenity")]),
        ({"boundary": "administrative", "admin_level": "6"}, LINE, [("boundary", 8, None)]),
        ({"boundary": "administrative", "admin_level": "six"}, LINE, []),
    ],
)
def test_tags_are_drawn_as(tags, geometry, expected):
    assert sorted((one.layer, one.zoom, one.fields.get("class")) for one in drawn(tags, geometry)) == sorted(expected)
