"""A million readings a second from sockets through rules into the archive, and the knee: what it costs from 10^3 on.

The whole platform runs: broker, gateway, rule worker, archive, desk and pages, with 40 gateways of 500 devices in its
register, a rule each. Gateways send frames of 500 values over MQTT at QoS 1, values wandering as instruments' do. Once
a second one value crosses its limit; timed are the way from writing its frame to the alarm event, and to the open
desk in a browser counting the alarm. Sender and browser are processes of their own, and told apart.
`HELD` says how long the million is held.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psutil

from anlan.telemetry.tests.conftest import Pipeline, free_port
from benchmarks.million.desk import Desk
from benchmarks.million.sender import CHILDREN, CONNECTIONS

RATES = (1_000, 10_000, 100_000, 300_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000, 6_000_000)
SECONDS, HELD = 15.0, float(os.environ.get("HELD", "60"))
PARTS = {
    "broker": ("broker",),
    "gateway": ("gateway",),
    "rules": ("rules",),
    "archive": ("archive",),
    "desk": ("work", "web"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as home, _platform(Path(home)) as pipeline, Desk(pipeline) as desk:
        heads = ("asked/s", "taken/s", "event p50", "p99 ms", "desk p50", "p99 ms", "alarms")
        print("CPU ms per 1,000 readings by part".rjust(127))
        print("".join(head.rjust(10) for head in (*heads, *PARTS, "all", "sender", "browser", "B/reading")))
        firsts = count(0, 30)
        _load(pipeline, desk, 1_000_000, 3.0, next(firsts), shown=False)
        for rate in RATES:
            if _load(pipeline, desk, rate, SECONDS, next(firsts)) < 0.9 * rate:
                break
        print(f"held for {HELD:.0f} s:")
        _load(pipeline, desk, 1_000_000, HELD, next(firsts))


@contextmanager
def _platform(home: Path) -> Iterator[Pipeline]:
    pipeline = Pipeline(home, free_port())
    pipeline.environment |= {
        "ANLAN_SECOND_FACTOR": "no",
        "ANLAN_WEB_PORT": str(free_port()),
        "ANLAN_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "anlan.site.settings",
    }
    try:
        stage = [sys.executable, "-m", "benchmarks.million.stage", str(CONNECTIONS), str(CHILDREN)]
        pipeline.environment["ANLAN_BENCH_COOKIE"] = subprocess.check_output(stage, env=pipeline.environment, text=True)
        pipeline.start_broker()
        pipeline.start("archive", "archive")
        pipeline.start("rules", "rules", "--shard", "0")
        pipeline.start("gateway", "gateway")
        for name in ("work", "web"):
            pipeline._start(name, [sys.executable, "-m", "anlan.site.command", name])
        _until(lambda: pipeline.health("rules-0")["rules"] == CONNECTIONS * CHILDREN, "the register is not published")
        _until(lambda: _listens(int(pipeline.environment["ANLAN_WEB_PORT"])), "the pages do not answer")
        yield pipeline
    finally:
        pipeline.end()


def _load(pipeline: Pipeline, desk: Desk, rate: int, seconds: float, first: int, shown: bool = True) -> float:
    """Readings a second that were acknowledged. The archive has them all before the parts are asked what they spent."""
    before, lake, browser = _spent(pipeline), _bytes(pipeline), desk.spent()
    desk.begin()
    command = [sys.executable, "-m", "benchmarks.million.sender", str(pipeline.settings.mqtt_port), pipeline.url]
    sender = subprocess.Popen([*command, *map(str, (rate, seconds, first))], stdout=subprocess.PIPE, text=True)
    desk.wait(lambda: sender.poll() is not None)
    said = json.loads(sender.stdout.read())
    seen = desk.seen(said["crossed"])
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        thread.submit(_caught_up, pipeline).result()
    after = _spent(pipeline)
    thousands = said["readings"] / 1000
    cost = [sum(after[one] - before[one] for one in PARTS[part]) * 1000 / thousands for part in PARTS]
    line = [
        f"{rate:,}",
        f"{said['readings'] / said['seconds']:,.0f}",
        *_quantiles(said["told"]),
        *_quantiles(seen),
        f"{len(seen)}/{len(said['crossed'])}",
        *(f"{one:.2f}" for one in (*cost, sum(cost), said["busy"] * 1000 / thousands)),
        f"{(desk.spent() - browser) * 1000 / thousands:.2f}",
        f"{(_bytes(pipeline) - lake) / said['readings']:.2f}",
    ]
    if shown:
        print("".join(one.rjust(10) for one in line), flush=True)
    return said["readings"] / said["seconds"]


def _caught_up(pipeline: Pipeline) -> None:
    sequence = lambda name: pipeline.health(name)["sequence"]  # noqa: E731
    _until(lambda: sequence("archive") >= sequence("rules-0") - 3, "the archive falls behind")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(true: Callable[[], bool], otherwise: str, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, otherwise
        time.sleep(0.2)


def _quantiles(took: list[float]) -> tuple[str, str]:
    took = sorted(took) or [float("nan")]
    return f"{took[len(took) // 2]:.0f}", f"{took[int(len(took) * 0.99)]:.0f}"


def _spent(pipeline: Pipeline) -> dict[str, float]:
    times = {name: psutil.Process(process.pid).cpu_times() for name, process in pipeline.processes.items()}
    return {name: one.user + one.system for name, one in times.items()}


def _bytes(pipeline: Pipeline) -> int:
    return sum(path.stat().st_size for path in Path(pipeline.settings.home).rglob("*.parquet") if path.exists())
