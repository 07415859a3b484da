"""From a value on the gateway's socket to the mark on an open map, while the whole demo district reports.

Starts a platform of its own with the demo district and its simulator, opens the map as the duty officer in Chromium,
and sends values of test gauges over HTTP: forty cross a limit, then forty come back. Two instants are taken in the
browser: when the layer holds the new row, and when the frame that draws it has been painted.
"""

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

TRIALS = 200
GAUGES = 40
PAUSE = 0.3
WATCH = """() => {
  const count = [...document.querySelectorAll('.one-map-layer-head')]
    .find((head) => head.textContent.includes('报警')).querySelector('.one-map-count');
  window.marks = [];
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    const held = now();
    requestAnimationFrame(() => setTimeout(() => window.marks.push([held, now(), count.textContent]), 0));
  }).observe(count, { childList: true, characterData: true, subtree: true });
}"""


def main() -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium on this machine: not measured")
        return
    home = Path(tempfile.mkdtemp(prefix="anlan-mark-"))
    environment = os.environ | {"ANLAN_HOME": str(home), "ANLAN_SECOND_FACTOR": "no"}
    with open(home / "out.log", "w") as out:
        command = [sys.executable, "-m", "anlan.site.command", "run"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        run = _ready(home, process)
        stage = [sys.executable, "-m", "benchmarks.socket_to_mark", "stage"]
        tokens = subprocess.run(stage, env=environment, capture_output=True, text=True, check=True).stdout.split()
        _measure(program, home, run, tokens)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)
        shutil.rmtree(home, ignore_errors=True)


def _ready(home: Path, process: subprocess.Popen) -> dict:
    while "Anlan is ready" not in (home / "out.log").read_text():
        time.sleep(0.5)
        if process.poll() is not None:
            raise SystemExit((home / "out.log").read_text())
    return json.loads((home / "run.json").read_text())


def _measure(program: str, home: Path, run: dict, tokens: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    accounts = json.loads((home / "demo-accounts.json").read_text())["accounts"]
    password = next(account["password"] for account in accounts if account["username"] == "duty")
    arguments = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    gateway = httpx.Client(base_url=f"http://127.0.0.1:{run['ports']['http']}", timeout=30)
    _until_heard(gateway, tokens)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        page = browser.new_page(base_url=run["address"], locale="zh-CN", viewport={"width": 1440, "height": 900})
        page.set_default_timeout(60_000)
        page.goto("/sign-in/")
        page.fill("[name=username]", "duty")
        page.fill("[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        page.goto("/map/")
        page.wait_for_timeout(8000)
        page.evaluate(WATCH)
        held, painted, lost = [], [], 0
        for trial in range(TRIALS):
            began = time.time() * 1000
            value = 95 if (trial // GAUGES) % 2 == 0 else 50
            gateway.post(f"/api/v1/{tokens[trial % GAUGES]}/telemetry", json={"level": value}).raise_for_status()
            found = _mark_after(page, began)
            if found is None:
                lost += 1
                continue
            held.append(found[0] - began)
            painted.append(found[1] - began)
            time.sleep(PAUSE)
        browser.close()
    print(f"{TRIALS} trials, {lost} without a mark within 10 s; milliseconds from before the request to")
    for words, taken in (("the row in the open map", held), ("the painted frame", painted)):
        taken.sort()
        p95, p99 = (taken[min(len(taken) - 1, int(share * len(taken)))] for share in (0.95, 0.99))
        p50, most = statistics.median(taken), taken[-1]
        print(f"  {words:24} p50 {p50:7.0f}  p95 {p95:7.0f}  p99 {p99:7.0f}  max {most:7.0f}")


def _mark_after(page, began: float) -> list | None:
    for _ in range(500):
        for mark in page.evaluate("window.marks"):
            if mark[0] > began:
                return mark
        page.wait_for_timeout(20)
    return None


def _until_heard(gateway: httpx.Client, tokens: list[str]) -> None:
    for token in tokens:
        while gateway.post(f"/api/v1/{token}/telemetry", json={"level": 50}).status_code != 200:
            time.sleep(0.2)
    time.sleep(3)


def _stage() -> None:
    """Test gauges of one profile, each with its own place and token; prints the tokens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.db import transaction

    from anlan.know.enterprises.models import Enterprise
    from anlan.watch.devices.models import Device, Rule
    from anlan.watch.devices.profiles import fit
    from anlan.watch.devices.tokens import digest, new_token

    enterprise = Enterprise.objects.order_by("pk").first()
    tokens = [new_token() for _ in range(GAUGES)]
    with transaction.atomic():
        for number, token in enumerate(tokens):
            device = Device.objects.create(
                code=f"BENCH-{number}",
                name=f"测量用液位计{number}",
                profile="tank_level",
                region=enterprise.region,
                organisation=enterprise.code,
                lon=enterprise.lon + number / 5000,
                lat=enterprise.lat,
                token_digest=digest(token),
                synthetic=True,
            )
            fit(device)
            Rule.objects.filter(point__device=device).exclude(kind="HH").delete()
    print(*tokens)


if __name__ == "__main__":
    _stage() if sys.argv[1:] == ["stage"] else main()
