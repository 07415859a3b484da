import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from anlan.know.places.boundaries import NotBoundaries, import_boundaries, in_wgs84
from anlan.know.places.datum import wgs84_to_gcj02
from anlan.know.places.locate import Finder, region_at
from anlan.know.places.models import Boundary, Region
from anlan.know.places.rules import level_of

pytestmark = pytest.mark.django_db


def square(west, south, side=0.1):
    return shapely.geometry.mapping(shapely.box(west, south, west + side, south + side))


def write(folder, *features):
    file = folder / "boundaries.geojson"
    content = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": content}), encoding="utf-8")
    return file


@pytest.fixture
def regions(db):
    codes = {"999901": "安和区", "999901001": "安和镇", "999901002": "民德街道", "999902": "邻区"}
    for code, name in codes.items():
        Region.objects.create(code=code, name=name, level=level_of(code))


@pytest.fixture
def file(tmp_path):
    return write(
        tmp_path,
        ({"adcode": "999901", "name": "安和区"}, square(115.0, 28.0, 0.2)),
        ({"adcode": 999901001000, "name": "安和镇"}, square(115.0, 28.0)),
        ({"adcode": "999901002000", "name": "另一名"}, square(115.1, 28.0)),
        ({"adcode": "999977", "name": "无此区"}, square(116.0, 28.0)),
        ({"name": "无代码"}, square(117.0, 28.0)),
        ({"adcode": "999902"}, {"type": "Point", "coordinates": [116.0, 28.0]}),
    )


def test_outlines_are_matched_by_code_and_the_rest_is_named(regions, file):
    report = import_boundaries(file)
    assert report.created == Boundary.objects.count() == 3
    assert [oddity.code for oddity in report.by_kind["没有对应的区划"]] == ["999977"]
    assert [oddity.code for oddity in report.by_kind["名称不一致"]] == ["999901002"]
    assert [reason[:6] for reason in report.refused] == ["第 5 个要", "第 6 个要"]


def test_area_centre_and_box_follow_from_the_outline(regions, file):
    import_boundaries(file)
    town = Region.objects.get(code="999901001")
    assert town.area_km2 == pytest.approx(108.9, abs=0.3)
    assert (town.lon, town.lat) == pytest.approx((115.05, 28.05), abs=0.01)
    assert (town.boundary.west, town.boundary.north) == (115.0, 28.1)


def test_a_second_import_replaces_and_doubles_nothing(regions, file):
    import_boundaries(file)
    report = import_boundaries(file)
    assert (report.created, report.changed, Boundary.objects.count()) == (0, 3, 3)


def test_shifted_coordinates_are_converted_and_the_report_says_so(regions, tmp_path):
    true = shapely.box(115.0, 28.0, 115.1, 28.1)
    shifted = shapely.transform(true, lambda places: np.column_stack(wgs84_to_gcj02(places[:, 0], places[:, 1])))
    file = write(tmp_path, ({"adcode": "999901"}, shapely.geometry.mapping(shifted)))
    report = import_boundaries(file, "GCJ-02")
    kept = shapely.from_geojson(Boundary.objects.get().outline)
    assert shapely.hausdorff_distance(kept, true) < 1e-6
    assert "GCJ02" in report.notes[0]


def test_a_place_finds_the_finest_region_that_holds_it(regions, file):
    import_boundaries(file)
    assert region_at(115.05, 28.05).code == "999901001"
    assert region_at(115.05, 28.05, level=6).code == "999901"
    assert region_at(115.05, 28.15).code == "999901", "in the district, in no town"
    assert region_at(114.0, 28.0) is None


def test_many_places_find_the_same_as_one_by_one(regions, file):
    import_boundaries(file)
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(114.95, 115.25, 200), rng.uniform(27.95, 28.25, 200)
    one_by_one = [getattr(region_at(x, y), "code", "") for x, y in zip(lon, lat, strict=True)]
    assert Finder().codes_at(lon, lat) == one_by_one
    assert Finder(under="9777").codes_at(lon, lat) == [""] * 200


def test_crossed_edges_are_mended_and_named(regions, tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[115, 28], [115.1, 28.1], [115.1, 28], [115, 28.1], [115, 28]]]}
    report = import_boundaries(write(tmp_path, ({"adcode": "999901"}, bow)))
    assert report.by_kind["已修复的边界"] and shapely.from_geojson(Boundary.objects.get().outline).is_valid


def test_neighbours_share_their_edge_after_simplification(regions, tmp_path):
    rng = np.random.default_rng(3)
    edge = [(115.1 + 0.0004 * rng.normal(), y) for y in np.linspace(28.0, 28.1, 60)]
    left = shapely.Polygon([(115.0, 28.1), (115.0, 28.0), *edge])
    right = shapely.Polygon([(115.2, 28.1), (115.2, 28.0), *edge])
    file = write(
        tmp_path,
        ({"adcode": "999901001000"}, shapely.geometry.mapping(left)),
        ({"adcode": "999901002000"}, shapely.geometry.mapping(right)),
    )
    import_boundaries(file)
    one, two = (shapely.from_geojson(row.sketch) for row in Boundary.objects.order_by("region__code"))
    assert shapely.intersection(one, two).area < 1e-12 and shapely.union(one, two).geom_type == "Polygon"
    assert shapely.get_num_coordinates(one) < shapely.get_num_coordinates(left)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 3}', "<kml/>"])
def test_what_is_no_feature_collection_is_refused(tmp_path, text):
    file = tmp_path / "no.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NotBoundaries, match="FeatureCollection"):
        import_boundaries(file)


@given(st.floats(74, 134), st.floats(19, 52))
def test_conversion_keeps_shared_corners_shared(lon, lat):
    one, two = shapely.box(lon, lat, lon + 0.01, lat + 0.01), shapely.box(lon + 0.01, lat, lon + 0.02, lat + 0.01)
    corners = [set(map(tuple, shapely.get_coordinates(in_wgs84(box, "bd09")))) for box in (one, two)]
    assert len(corners[0] & corners[1]) == 2
