"""Sixteen thousand risk points on the four-colour map: first draw, and what script a frame costs in pan and zoom.

A web process of its own on a scratch database, and headless Chromium. Without a graphics processor the painting itself
says only what the same map says without a mark on it; the main thread's part of a frame must leave room within the
16.7 ms of sixty frames a second. What a graphics processor would be given is counted: calls, points, triangles and
bytes a frame. The same map is drawn again with a sixteenth and with a sixty-fourth of the pixels, to tell what goes by
pixels from what goes by marks.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

POINTS = int(os.environ.get("POINTS", 16_000))
FRAMES = 120
SCALES = (1, 1 / 4, 1 / 8)  # of a CSS pixel
PLACE = (115.8, 28.7)
PORT = 18_973
PASSWORD = "Drawn-Marks-16000"
COUNT = """() => {
  const given = (window.given = { calls: 0, points: 0, triangles: 0, bytes: 0 });
  const size = (data) => (typeof data === "number" ? data : (data?.byteLength ?? 0));
  const before = (name, note) => {
    const own = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...given) {
      note(...given);
      return own.apply(this, given);
    };
  };
  const drawn = (mode, count, times = 1) => {
    given.calls += 1;
    if (mode === 0) given.points += count * times;
    else given.triangles += (mode === 4 ? count / 3 : count - 2) * times;
  };
  before("drawElements", (mode, count) => drawn(mode, count));
  before("drawArrays", (mode, _first, count) => drawn(mode, count));
  before("drawElementsInstanced", (mode, count, _type, _at, times) => drawn(mode, count, times));
  before("drawArraysInstanced", (mode, _first, count, times) => drawn(mode, count, times));
  before("bufferData", (_target, data) => (given.bytes += size(data)));
  before("bufferSubData", (_target, _at, data) => (given.bytes += size(data)));
}"""
BARE = """() => {
  const { canvas } = document.querySelector("one-map");
  canvas.drawMarks = () => {};
  canvas.overlay.setProps({ layers: [] });
}"""
MOVE = """async ([frames, how]) => {
  const { map } = document.querySelector("one-map").canvas;
  const next = () => new Promise(requestAnimationFrame);
  const costs = [];
  for (let n = 0; n < frames; n++) {
    const began = performance.now();
    if (how === "pan") map.jumpTo({ center: map.getCenter().toArray().map((at) => at + Math.sin(n / 9) * 0.0006) });
    else map.jumpTo({ zoom: 12 + 2 * Math.sin(n / 19) });
    await next();
    costs.push(performance.now() - began);
  }
  return costs.sort((a, b) => a - b);
}"""


def main() -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium on this machine: not measured")
        return
    home = Path(tempfile.mkdtemp(prefix="anlan-risk-map-"))
    environment = os.environ | {"ANLAN_HOME": str(home), "ANLAN_SECOND_FACTOR": "no"}
    subprocess.run([sys.executable, "-m", "benchmarks.risk_map", "stage"], env=environment, check=True)
    server = [sys.executable, "-m", "uvicorn", "anlan.site.asgi:application", "--port", str(PORT), "--lifespan", "off"]
    with open(home / "out.log", "w") as out:
        process = subprocess.Popen(server, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _measure(program)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)
        shutil.rmtree(home, ignore_errors=True)


def _measure(program: str) -> None:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for scale in SCALES:
            size = {"width": 1440, "height": 900}
            page = browser.new_page(locale="zh-CN", viewport=size, device_scale_factor=scale)
            page.set_default_timeout(180_000)
            page.add_init_script(f"({COUNT})()")
            print(f"{round(1440 * scale)} by {round(900 * scale)} pixels, load {os.getloadavg()[0]:.0f}")
            _draw(page)
            _move(page)
            page.evaluate(BARE)
            print("  the same map without marks")
            _move(page)
            page.close()
        browser.close()


def _draw(page) -> None:
    address = f"http://127.0.0.1:{PORT}"
    _open(page, f"{address}/sign-in/")
    page.fill("[name=username]", "inspector")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    began = time.perf_counter()
    page.goto(f"{address}/map/#map=12.00/{PLACE[1]}/{PLACE[0]}&on=risks")
    page.wait_for_selector("one-map[data-ready=yes]")
    drawn = page.evaluate("() => document.querySelector('one-map').sources.find((one) => one.on).drawn.length")
    print(f"  {drawn:,} marks drawn {time.perf_counter() - began:.2f} s after the page was asked for")


def _move(page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for how in ("pan", "zoom"):
        page.evaluate(MOVE, [10, how])
        before, given = _spent(session), page.evaluate("() => Object.assign({}, window.given)")
        costs = page.evaluate(MOVE, [FRAMES, how])
        script, task = ((after - first) * 1000 / FRAMES for first, after in zip(before, _spent(session), strict=True))
        print(
            f"  {how}: script {script:.1f} ms a frame, the main thread in all {task:.1f} ms; from frame to frame p50 "
            f"{costs[FRAMES // 2]:.0f} ms, p95 {costs[int(FRAMES * 0.95)]:.0f} ms"
        )
        a_frame = {what: (now - given[what]) / FRAMES for what, now in page.evaluate("() => window.given").items()}
        print(
            "    given to the graphics processor a frame: "
            + ", ".join(f"{n:,.0f} {what}" for what, n in a_frame.items())
        )


def _open(page, address: str) -> None:
    for _ in range(240):
        try:
            page.goto(address)
            return
        except Exception:  # not there yet
            time.sleep(0.5)
    raise SystemExit("the web process does not answer")


def _spent(session) -> tuple[float, float]:
    """Seconds of script, and of every task of the main thread. Chromium counts processor time so."""
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return found["ScriptDuration"], found["TaskDuration"]


def _stage() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from anlan.desk.layers.placed import with_cells
    from anlan.know.enterprises.models import Enterprise
    from anlan.prevent.risks.models import Point
    from tests.cast import TOWN, Cast

    person = Cast().inspector
    person.set_password(PASSWORD)
    person.save()
    owner = Enterprise.objects.create(code="BENCH", name="企业", organisation="BENCH", region=TOWN)
    dice = random.Random(16_000)
    rows = (
        Point(
            enterprise=owner, organisation="BENCH", region=TOWN, kind="equipment", code=f"P{n}", name=f"风险点{n}",
            level=(level := dice.choices((1, 2, 3, 4), (2, 8, 30, 60))[0]), dynamic_level=level, registered_level=level,
            lon=dice.gauss(PLACE[0], 0.06), lat=dice.gauss(PLACE[1], 0.05),
        )
        for n in range(POINTS)
    )  # fmt: skip
    Point.objects.bulk_create(with_cells(rows), batch_size=1000)


if __name__ == "__main__":
    _stage() if sys.argv[1:] == ["stage"] else main()
