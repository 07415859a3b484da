"""A platform of its own, started as a newcomer would, and a browser for each player."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cast import PASSWORD

SCREENSHOTS = Path(__file__).parent / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@dataclass
class Platform:
    """A running platform: where it answers, and the token of enterprise A's level gauge."""

    home: Path
    address: str
    devices: str
    mqtt: int
    token: str
    environment: dict

    def send(self, **values) -> httpx.Response:
        return httpx.post(f"{self.devices}/api/v1/{self.token}/telemetry", json=values, timeout=10)

    def command(self, *words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "anlan.site.command", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)


def _environment(home: Path) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")}
    return given | {"ANLAN_HOME": str(home), "ANLAN_DEMO": "no", "ANLAN_SECOND_FACTOR": "no"}


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Path:
    """The folder of a database with all tables, of which each platform gets a copy: making them takes ten seconds."""
    home = tmp_path_factory.mktemp("migrated")
    subprocess.run([sys.executable, "-m", "anlan.site.command", "migrate"], env=_environment(home), check=True)
    return home


@pytest.fixture(scope="module")  # the browser ends with its module: its loop would forbid others the database
def platform(migrated: Path) -> Iterator[Platform]:
    home = Path(tempfile.mkdtemp(prefix="anlan-journey-"))
    for file in migrated.glob("anlan.sqlite3*"):
        shutil.copy(file, home)
    environment = _environment(home)
    with open(home / "out.log", "w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "anlan.site.command", "run"], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        run = _ready(home, process)
        stage = [sys.executable, "-m", "tests.journeys.stage"]
        set_up = subprocess.run(stage, env=environment, capture_output=True, text=True)
        assert set_up.returncode == 0, set_up.stderr
        token = set_up.stdout.split()[-1]
        devices = f"http://127.0.0.1:{run['ports']['http']}"
        platform = Platform(home, run["address"], devices, run["ports"]["mqtt"], token, environment)
        _heard(platform)
        yield platform
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)
        shutil.rmtree(home, ignore_errors=True)


def _ready(home: Path, process: subprocess.Popen) -> dict:
    for _ in range(600):
        time.sleep(0.1)
        said = (home / "out.log").read_text()
        if "Anlan is ready" in said:
            return json.loads((home / "run.json").read_text())
        assert process.poll() is None, f"the platform ended:\n{said}"
    raise AssertionError(f"the platform did not become ready:\n{said}")


def _heard(platform: Platform) -> None:
    """Waits until the gateway has learnt of the gauge."""
    for _ in range(150):
        if platform.send(level=50).status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError("the gateway does not know the gauge")


@pytest.fixture(scope="module")  # the browser ends with its module: its loop would forbid others the database
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine: the journeys through the browser were not tried")
    from playwright.sync_api import sync_playwright

    arguments = [
        "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--no-first-run", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def player(platform, chromium):
    """`player("duty")` gives a page on which that player has signed in; each has a browser of his own."""
    contexts, faults = [], []

    def enter(part: str, viewport=DESKTOP, **options):
        # Nothing glides: a page that still scrolls by itself is not where the next click was aimed.
        manner = {"locale": "zh-CN", "reduced_motion": "reduce"}
        context = chromium.new_context(viewport=viewport, base_url=platform.address, **manner, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(f"{part}: {error}"))
        page.on("console", lambda said: said.type == "error" and _counts(said.text) and faults.append(said.text))
        page.goto("/sign-in/")
        page.locator("[name=username]").fill(part)
        page.keyboard.press("Tab")
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not faults, "the browser complained: " + "; ".join(faults)


def _counts(words: str) -> bool:
    """Console errors that tell of a fault of ours: refusals are part of some stories."""
    return "the server responded with a status of 4" not in words and "net::ERR_ABORTED" not in words


@pytest.fixture
def picture():
    """`picture(page, "name")` leaves a screenshot that one can look at."""

    def take(page, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=False)

    return take
