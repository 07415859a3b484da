import json
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template

from anlan.desk.panels import assets

MANIFEST = {
    "src/shell.ts": {"name": "shell", "isEntry": True, "file": "assets/shell-a1.js", "css": ["assets/shell-a1.css"]},
    "../src/anlan/onemap/islands/map.ts": {
        "name": "onemap/map",
        "isEntry": True,
        "file": "assets/onemap/map-b2.js",
        "imports": ["_page-c3.js"],
        "css": ["assets/map-b2.css"],
    },
    "_page-c3.js": {
        "name": "page",
        "file": "assets/page-c3.js",
        "css": ["assets/page-c3.css"],
        "imports": ["_page-c3.js"],
    },
}


@pytest.fixture
def build(tmp_path, settings):
    settings.WEB_DIST = tmp_path
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))
    return tmp_path


def test_an_entry_brings_its_own_files_and_those_of_what_it_imports(build):
    found = assets.entry("onemap/map")
    assert found.script == "assets/onemap/map-b2.js"
    assert found.styles == ("assets/map-b2.css", "assets/page-c3.css")
    assert found.preloads == ("assets/page-c3.js",)


def test_the_tag_writes_links_and_a_module_script_and_nothing_inline(build):
    html = Template('{% load assets %}{% asset "shell" %}').render(Context())
    assert '<link rel="stylesheet" href="/static/web/assets/shell-a1.css">' in html
    assert '<script type="module" src="/static/web/assets/shell-a1.js"></script>' in html
    assert "style=" not in html


def test_a_chunk_that_is_no_entry_cannot_be_asked_for(build):
    with pytest.raises(assets.UnknownEntry, match=r"'page'.*onemap/map, shell"):
        assets.entry("page")


def test_a_new_build_is_seen_without_a_restart(build):
    assets.entry("shell")
    newer = {"src/shell.ts": {**MANIFEST["src/shell.ts"], "file": "assets/shell-z9.js"}}
    (build / "manifest.json").write_text(json.dumps(newer))
    os.utime(build / "manifest.json", ns=(1, 1))
    assert assets.entry("shell").script == "assets/shell-z9.js"


def test_a_missing_build_says_how_to_make_it(tmp_path, settings):
    settings.WEB_DIST = tmp_path / "none"
    with pytest.raises(ImproperlyConfigured, match="make setup"):
        assets.entry("shell")
