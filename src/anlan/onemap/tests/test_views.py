import gzip
import json

import numpy as np
import pytest
from django.urls import reverse

from anlan.columns.page import unpack
from anlan.desk.layers.placed import with_cells
from anlan.know.places.models import Boundary, Region
from anlan.watch.devices.models import Device
from tests.cast import ENTERPRISE_A, OTHER_TOWN, TOWN


def test_the_map_page_has_its_island_and_no_inline_script(cast, signed_in, client):
    page = signed_in(cast.duty).get("/map/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "<one-map" in html and 'data-live="/live/"' in html
    assert "style=" not in html[html.index("<one-map") : html.index("</one-map>")]


def test_nobody_reads_the_map_without_signing_in(client, db):
    assert client.get("/map/layers.json", headers={"accept": "application/json"}).status_code == 401
    assert client.get("/map/layers/devices.columns").status_code == 302


def test_layers_are_those_the_person_may_see_with_counts_and_legend(cast, signed_in, gauge):
    layers = {layer["name"]: layer for layer in signed_in(cast.duty).get("/map/layers.json").json()["layers"]}
    assert layers["devices"]["count"] == 1
    assert all(mark["word"] and mark["shape"] and mark["colour"] for mark in layers["alarms"]["marks"])
    assert layers["devices"]["filters"][1]["words"]


def test_a_person_without_the_right_finds_no_such_layer(cast, signed_in, gauge):
    client = signed_in(cast.stranger)
    assert client.get("/map/layers.json").json() == {"layers": []}
    for address in ("layers/devices.columns", f"item/devices/{gauge.device.pk}", "layers/none.columns"):
        assert client.get(f"/map/{address}").status_code == 404


def test_a_neighbour_has_the_layer_but_none_of_its_rows(cast, signed_in, gauge):
    client = signed_in(cast.neighbour_duty)
    columns, _meta = unpack(client.get("/map/layers/devices.columns").content)
    assert columns["mark"].size == 0
    assert client.get(f"/map/item/devices/{gauge.device.pk}").status_code == 404
    assert client.get("/map/search?q=LT-101").json() == {"results": []}
    assert client.get("/map/here?circle=115.8,28.7,1000").json()["total"] == 0


def test_a_page_is_compressed_and_not_sent_twice(cast, signed_in, gauge):
    client = signed_in(cast.duty)
    generator = np.random.default_rng(3)
    Device.objects.bulk_create(
        with_cells(
            Device(code=f"N{n}", name=f"{n}号", profile="tank_level", region=gauge.device.region, lon=lon, lat=28.7)
            for n, lon in enumerate(generator.uniform(115, 116, 300))
        )
    )
    first = client.get("/map/layers/devices.columns", headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip" and first["Cache-Control"] == "private, no-cache"
    columns, _meta = unpack(gzip.decompress(first.content))
    assert len(columns["mark"]) == 301
    again = client.get("/map/layers/devices.columns", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    gauge.device.delete()
    assert client.get("/map/layers/devices.columns", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_after_a_live_event_only_the_named_rows_are_sent(cast, signed_in, gauge):
    client = signed_in(cast.duty)
    key = gauge.device.pk
    columns, _meta = unpack(client.get(f"/map/layers/devices.columns?ids={key},999999").content)
    assert columns["id"].tolist() == [key]
    assert client.get("/map/layers/devices.columns?ids=abc").status_code == 200


@pytest.fixture
def town(db):
    region = Region.objects.create(code=TOWN, name="安澜镇", initials="alz", level=9, kind="town")
    square = {
        "type": "Polygon",
        "coordinates": [[[115.7, 28.6], [115.9, 28.6], [115.9, 28.8], [115.7, 28.8], [115.7, 28.6]]],
    }
    Boundary.objects.create(
        region=region,
        outline=json.dumps(square),
        sketch=json.dumps(square),
        west=115.7,
        south=28.6,
        east=115.9,
        north=28.8,
    )
    return region


def test_areas_are_sent_as_geojson_with_a_place_for_their_name(cast, signed_in, town):
    client = signed_in(cast.duty)
    (area,) = client.get("/map/layers/towns.geojson").json()["features"]
    assert area["properties"]["label"] == "安澜镇" and area["geometry"]["type"] == "Polygon"
    assert area["properties"]["at"] == pytest.approx([115.8, 28.7])
    assert client.get("/map/layers/towns.columns").status_code == 404


def test_areas_are_found_by_a_point_within_them_and_by_initials(cast, signed_in, town):
    client = signed_in(cast.duty)
    (layer,) = client.get("/map/here?point=115.75,28.75&layers=towns").json()["layers"]
    assert (layer["nearest"][0]["label"], layer["nearest"][0]["metres"]) == ("安澜镇", 0.0)
    assert client.get("/map/here?point=115.5,28.75&layers=towns").json()["total"] == 0
    (hit,) = client.get("/map/search?q=alz").json()["results"]
    assert (hit["lon"], hit["lat"]) == (pytest.approx(115.8), pytest.approx(28.7))


@pytest.mark.parametrize("text", ["LT-101", "lt-1", "液位", "1号储罐"])
def test_search_finds_by_name_and_code(cast, signed_in, gauge, text):
    (hit,) = [
        hit
        for hit in signed_in(cast.duty).get("/map/search", {"q": text}).json()["results"]
        if hit["layer"] == "devices"
    ]
    assert (hit["label"], hit["lon"], hit["lat"]) == ("1号储罐液位计", 115.8, 28.7)


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "x" * 5000, "';--"])
def test_search_for_nothing_or_for_signs_finds_nothing(cast, signed_in, gauge, text):
    assert signed_in(cast.duty).get("/map/search", {"q": text}).json() == {"results": []}


def test_what_lies_here_counts_and_measures(cast, signed_in, gauge):
    Device.objects.create(
        code="FAR",
        name="远处",
        profile="tank_level",
        region=OTHER_TOWN,
        organisation=ENTERPRISE_A,
        lon=115.809,
        lat=28.7,
    )
    client = signed_in(cast.duty)
    found = client.get("/map/here?circle=115.8,28.7,1000&layers=devices").json()
    (layer,) = found["layers"]
    assert [round(row["metres"]) for row in layer["nearest"]] == [0, 880]
    assert found["total"] == 2 and sum(layer["marks"]) == 2
    assert client.get("/map/here?point=115.8,28.7&layers=devices").json()["total"] == 1
    assert client.get("/map/here?polygon=115.7,28.6;115.9,28.6;115.8,28.9&layers=devices").json()["total"] == 2


def test_what_lies_here_is_one_query_a_layer(cast, signed_in, gauge, django_assert_num_queries):
    client = signed_in(cast.duty)
    client.get("/map/here?point=115.8,28.7&layers=devices")
    with django_assert_num_queries(4):  # session, user, posts, devices
        client.get("/map/here?point=115.8,28.7&layers=devices")


def test_a_wrong_shape_is_answered_with_its_reason(cast, signed_in):
    answer = signed_in(cast.duty).get("/map/here?circle=28.7,115.8,10")
    assert answer.status_code == 400 and "先经度后纬度" in answer.json()["error"]


def test_the_panel_of_a_row_shows_facts_in_words_and_leads_to_its_page(cast, signed_in, gauge):
    html = signed_in(cast.duty).get(f"/map/item/devices/{gauge.device.pk}").content.decode()
    assert "1号储罐液位计" in html and "LT-101" in html
    assert reverse("devices.item", args=[gauge.device.pk]) in html


def test_the_list_shows_the_same_rows_without_a_map(cast, signed_in, gauge):
    client = signed_in(cast.duty)
    assert "1号储罐液位计" in client.get("/map/list/?layer=devices&q=lt-101").content.decode()
    assert "1号储罐液位计" not in client.get("/map/list/?layer=devices&q=none").content.decode()
    assert "先经度后纬度" in client.get("/map/list/?layer=devices&point=28,115").content.decode()


def test_the_base_map_is_served_in_ranges_and_its_absence_says_what_to_run(cast, signed_in, settings, tmp_path):
    settings.BASEMAP = tmp_path / "base.pmtiles"
    client = signed_in(cast.duty)
    missing = client.get("/map/base.pmtiles")
    assert missing.status_code == 404
    settings.BASEMAP.write_bytes(bytes(range(100)))
    part = client.get("/map/base.pmtiles", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, bytes(range(10, 20)))
    assert part["Content-Range"] == "bytes 10-19/100"
    assert client.get("/map/base.pmtiles", headers={"range": "bytes=90-200"}).content == bytes(range(90, 100))
    assert client.get("/map/base.pmtiles", headers={"range": "bytes=200-"}).status_code == 416
    assert b"".join(client.get("/map/base.pmtiles").streaming_content) == bytes(range(100))


def test_online_base_maps_widen_the_policy_by_their_hosts_alone(cast, signed_in, settings):
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    settings.BASEMAPS = json.dumps(
        [{"name": "a", "title": "甲图", "tiles": tiles, "attribution": "甲", "datum": "GCJ-02"}]
    )
    page = signed_in(cast.duty).get("/map/")
    assert "https://tiles.example" in page["Content-Security-Policy"]
    assert '"shifted": true' in page.content.decode()
    assert "https://tiles.example" not in page["Content-Security-Policy"].split("default-src")[1].split(";")[0]
