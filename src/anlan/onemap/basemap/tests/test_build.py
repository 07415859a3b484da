import gzip
import math

import mapbox_vector_tile
import pytest
import shapely
from pmtiles.reader import MmapSource, Reader

from anlan.onemap.basemap import BadExtract, build
from anlan.onemap.basemap.coast import sea

TOWN = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <bounds minlat="30.49" minlon="114.29" maxlat="30.52" maxlon="114.32"/>
 <node id="1" version="1" lat="30.500" lon="114.300"/> <node id="2" version="1" lat="30.500" lon="114.310"/>
 <node id="3" version="1" lat="30.510" lon="114.310"/> <node id="4" version="1" lat="30.510" lon="114.300"/>
 <node id="5" version="1" lat="30.505" lon="114.305"><tag k="place" v="village"/><tag k="name" v="安澜村"/></node>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
  <tag k="natural" v="water"/><tag k="name" v="东湖"/></way>
 <way id="11" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="name" v="人民路"/>
  <tag k="bridge" v="yes"/></way>
 <way id="12" version="1"><nd ref="1"/><nd ref="99"/><tag k="highway" v="primary"/></way>
 <way id="13" version="1"><nd ref="2"/><nd ref="4"/>
  <tag k="boundary" v="administrative"/><tag k="admin_level" v="6"/></way>
</osm>"""


@pytest.fixture
def town(tmp_path):
    source = tmp_path / "town.osm"
    source.write_text(TOWN, encoding="utf-8")
    return source


def tile_at(lon, lat, zoom):
    across = 2**zoom
    return int((lon / 360 + 0.5) * across), int((0.5 - math.asinh(math.tan(math.radians(lat))) / 2 / math.pi) * across)


def layers_at(output, zoom, x, y):
    with output.open("rb") as file:
        body = Reader(MmapSource(file)).get(zoom, x, y)
    return mapbox_vector_tile.decode(gzip.decompress(body)) if body else {}


def test_an_extract_becomes_tiles_with_names_classes_and_zooms(town, tmp_path):
    output, lines = tmp_path / "map" / "base.pmtiles", []
    built = build(town, output, lines.append)
    assert built.bounds == pytest.approx((114.29, 30.49, 114.32, 30.52))
    assert built.unreadable == 1 and built.tiles > 10 and any("zoom 14" in line for line in lines)
    found = layers_at(output, 13, *tile_at(114.305, 30.505, 13))
    (road,) = found["transportation"]["features"]
    assert road["properties"] == {"class": "primary", "name": "人民路", "brunnel": "bridge"}
    (lake,) = found["water"]["features"]
    assert lake["properties"]["name"] == "东湖" and lake["geometry"]["type"] == "Polygon"
    assert found["boundary"]["features"][0]["properties"] == {"admin_level": 6}
    assert found["place"]["features"][0]["properties"]["name"] == "安澜村"
    assert "place" not in layers_at(output, 8, *tile_at(114.305, 30.505, 8))


def test_neighbouring_tiles_meet_without_a_gap(town, tmp_path):
    output = tmp_path / "base.pmtiles"
    build(town, output)
    area = 0.0
    left, bottom = tile_at(114.30, 30.50, 14)
    right, top = tile_at(114.31, 30.51, 14)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            for feature in layers_at(output, 14, x, y).get("water", {"features": []})["features"]:
                shape = shapely.geometry.shape(feature["geometry"])
                area += shapely.intersection(shape, shapely.box(0, 0, 4096, 4096)).area
    side = 4096 * 2**14
    width = 0.01 / 360 * side
    height = width / 0.8612  # a degree of latitude is this much taller at 30.5°
    assert area == pytest.approx(width * height, rel=0.01)


def test_the_old_map_stays_when_the_new_one_fails(tmp_path):
    output = tmp_path / "base.pmtiles"
    output.write_bytes(b"old")
    source = tmp_path / "empty.osm"
    source.write_text('<osm version="0.6"><node id="1" version="1" lat="0" lon="0"/></osm>')
    with pytest.raises(BadExtract, match="nothing a map could show"):
        build(source, output)
    assert output.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("none.osm.pbf", None, "is not there"),
        ("area.zip", b"PK", "ends in"),
        ("area.osm.pbf", b"<html>404</html>" * 9, "cannot be read"),
        ("area.osm", b"<osm version='0.6'><node id='1'", "cannot be read"),
    ],
)
def test_a_bad_extract_is_refused_with_its_name_and_reason(tmp_path, name, content, reason):
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(BadExtract, match=f"{name}.*{reason}"):
        build(source, tmp_path / "base.pmtiles")


def test_the_sea_lies_to_the_right_of_the_shore():
    shore = shapely.to_wkb(shapely.LineString([(0.5, -0.1), (0.5, 1.1)]))
    (water,) = sea([shore], (0, 0, 1, 1))
    assert water.bounds == (0.5, 0, 1, 1)
    island = shapely.to_wkb(shapely.LineString([(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)]))
    (around,) = sea([island], (0, 0, 1, 1))
    assert around.area == pytest.approx(0.96)
    assert len(sea([], (0, 0, 1, 1))) == 0
