import json

import pytest

from anlan.onemap.basemaps import WrongBasemaps, hosts, read

GOOD = {"name": "tdt", "title": "天地图", "tiles": ["https://t0.example/{z}/{x}/{y}"], "attribution": "天地图"}


def test_a_base_map_is_read_and_its_host_named_once():
    twice = {**GOOD, "tiles": [*GOOD["tiles"], "https://t0.example/names/{z}/{x}/{y}"]}
    (found,) = read(json.dumps([twice]))
    assert not found.shifted
    assert hosts([found]) == ["https://t0.example"]


def test_no_setting_is_no_base_map():
    assert read("") == read("[]") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("{}", "not a list"),
        ("[1]", "entry 1: name, title"),
        (json.dumps([GOOD, {**GOOD, "tiles": "file:///etc/{z}{x}{y}"}]), "entry 2: 'file:///etc"),
        (json.dumps([{**GOOD, "tiles": "https://x/{z}/{x}"}]), "no address with"),
        (json.dumps([{**GOOD, "name": "A b"}]), "stands in addresses"),
        (json.dumps([{**GOOD, "datum": "Beijing54"}]), "datum 'Beijing54' is unknown"),
        (json.dumps([{**GOOD, "script": "x"}]), "unknown script"),
    ],
)
def test_a_wrong_setting_says_which_entry_and_what_to_write(text, reason):
    with pytest.raises(WrongBasemaps, match=reason):
        read(text)
