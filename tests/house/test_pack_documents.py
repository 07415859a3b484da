"""The sector pack that docs/packs.md writes out is written into a folder and tried."""

import os
import re
import subprocess
import sys

import pytest

from tests.house.golden import ROOT

WRITTEN = re.compile(r"`(?P<path>[a-z-]+/[a-z_]+\.yaml)`\n\n```yaml\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    for found in WRITTEN.finditer((ROOT / "docs/packs.md").read_text(encoding="utf-8")):
        path = tmp_path / found["path"]
        path.parent.mkdir(exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    return tmp_path


def tried(*packs) -> subprocess.CompletedProcess:
    environment = os.environ | {"ANLAN_PACKS": ":".join(str(one) for one in packs)}
    return subprocess.run(
        [sys.executable, "-m", "anlan.site.command", "packs", "try"], env=environment, capture_output=True, text=True
    )


def test_the_packs_of_the_page_are_whole_and_keep_their_promises(folder):
    assert {path.name for path in (folder / "orchards").iterdir()} >= {
        *("pack.yaml", "profiles.yaml", "scenarios.yaml", "map_layers.yaml", "records.yaml", "checklists.yaml"),
    }
    done = tried(folder / "orchards", folder / "our-county")
    assert done.returncode == 0, done.stderr


def test_a_promise_that_is_broken_is_named_with_what_came_instead(folder):
    scenarios = folder / "orchards" / "scenarios.yaml"
    scenarios.write_text(scenarios.read_text().replace("within: 300", "within: 20"))
    done = tried(folder / "orchards")
    assert done.returncode == 1
    assert "hail: H of CHANGE over 600 s at hail_net_tension/tension within 20 s was promised" in done.stderr
