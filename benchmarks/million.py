"""A million readings a second from sockets through rules into the archive, and the knee: what it costs from 10^3 on.

Gateways send frames of 500 values over MQTT at QoS 1, values wandering as instruments' do; on each connection one value
crosses its limit now and then, and the way from writing the frame to having the alarm event is timed. The sender is a
process of its own, and its processor time is told apart. `ANLAN_BENCH_SECONDS` says how long the million is held.
"""

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

import nats
import orjson
import psutil

from anlan.telemetry import publish
from anlan.telemetry.book import Device, Point, Rule, token_hash
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.sender import connect_packet, publish_packet
from anlan.wire.mqtt.text import text

CONNECTIONS, CHILDREN, FRAMES = 40, 500, 48
RATES = (1_000, 10_000, 100_000, 300_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000)
SECONDS, HELD = 10.0, float(os.environ.get("ANLAN_BENCH_SECONDS", "60"))
UNACKNOWLEDGED = 20
PROBE_EVERY = 20
LIMIT = 900.0
PARTS = ("broker", "gateway", "rules", "archive")
TOPIC = text("v1/gateway/telemetry")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(Path(home), free_port())
        try:
            pipeline.start_broker()
            pipeline.start("archive", "archive")
            pipeline.start("rules", "rules", "--shard", "0")
            publish.run(pipeline.url, _register)
            pipeline.start("gateway", "gateway")
            heads = ("asked/s", "taken/s", "p50 ms", "p99 ms", "alarms", *PARTS, "all", "sender", "B/reading")
            print("CPU ms per 1,000 readings by part".rjust(96))
            print("".join(head.rjust(11) for head in heads))
            _load(pipeline, 1_000_000, 3.0, shown=False)
            for rate in RATES:
                if _load(pipeline, rate, SECONDS) < 0.9 * rate:
                    break
            print(f"held for {HELD:.0f} s:")
            _load(pipeline, 1_000_000, HELD)
        finally:
            pipeline.end()


async def _register(client) -> None:
    devices = []
    for g in range(CONNECTIONS):
        parent = 1 + g * (CHILDREN + 1)
        devices.append(Device(parent, f"G{g}", token_hash(f"G{g}"), is_gateway=True))
        devices += [
            Device(parent + 1 + c, f"C{c}", gateway=parent, points=(Point(g * CHILDREN + c, "v"),))
            for c in range(CHILDREN)
        ]
    await publish.put_devices(client, devices)
    points = range(CONNECTIONS * CHILDREN)
    await publish.put_all_rules(client, [Rule(point + 1, point, "H", LIMIT) for point in points], 1)


def _load(pipeline: Pipeline, rate: int, seconds: float, shown: bool = True) -> float:
    """Readings a second that were acknowledged. The archive has them all before the parts are asked what they spent."""
    before, lake = _spent(pipeline), _bytes(pipeline)
    ports = (pipeline.settings.mqtt_port, pipeline.url, rate, seconds)
    command = [sys.executable, "-m", "benchmarks.million", *map(str, ports)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    until = time.monotonic() + 60
    while pipeline.health("archive")["sequence"] < pipeline.health("rules-0")["sequence"] - 3:
        assert time.monotonic() < until, "the archive falls behind"
        time.sleep(0.2)
    after = _spent(pipeline)
    thousands = said["readings"] / 1000
    cost = [(after[part] - before[part]) * 1000 / thousands for part in PARTS]
    took = sorted(said["took"]) or [float("nan")]
    line = [
        f"{rate:,}",
        f"{said['readings'] / said['seconds']:,.0f}",
        f"{took[len(took) // 2]:.1f}",
        f"{took[int(len(took) * 0.99)]:.1f}",
        f"{len(said['took']):,}",
        *(f"{one:.2f}" for one in (*cost, sum(cost), said["busy"] * 1000 / thousands)),
        f"{(_bytes(pipeline) - lake) / said['readings']:.2f}",
    ]
    if shown:
        print("".join(one.rjust(11) for one in line), flush=True)
    return said["readings"] / said["seconds"]


def _spent(pipeline: Pipeline) -> dict[str, float]:
    times = {name: psutil.Process(pipeline.processes[name].pid).cpu_times() for name in PARTS}
    return {name: one.user + one.system for name, one in times.items()}


def _bytes(pipeline: Pipeline) -> int:
    return sum(path.stat().st_size for path in Path(pipeline.settings.home).rglob("*.parquet"))


# --- the sender, a process of its own -----------------------------------------------------------------------------
class Line(asyncio.Protocol):
    """One gateway: frames out, acknowledgements counted."""

    def __init__(self, number: int, dice: random.Random):
        self.number, self.sent, self.acknowledged, self.ready, self.high = number, 0, 0, False, False
        self.frames = {high: [_frame(dice, high) for _ in range(FRAMES)] for high in (False, True)}
        self.since: deque[float] = deque()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.write(connect_packet(f"G{self.number}"))

    def data_received(self, data: bytes) -> None:
        # Every answer, CONNACK and PUBACK alike, has four bytes.
        self.acknowledged += len(data) // 4 - (not self.ready)
        self.ready = True

    def send(self) -> bool:
        if self.sent - self.acknowledged >= UNACKNOWLEDGED:
            return False
        if self.sent % PROBE_EVERY == PROBE_EVERY - 1:  # the first frames end what an earlier load left raised
            self.high = not self.high
            if self.high:
                self.since.append(time.perf_counter())
        frame = self.frames[self.high][self.sent % FRAMES]
        self.transport.write(publish_packet(frame, self.sent % 65_535 + 1, TOPIC))
        self.sent += 1
        return True


def _frame(dice: random.Random, high: bool) -> bytes:
    level = [round(50 + 5 * dice.random(), 2) for _ in range(CHILDREN)]
    level[0] = 950.0 if high else 50.0
    return orjson.dumps({f"C{c}": [{"v": value}] for c, value in enumerate(level)})


async def _send(port: int, url: str, rate: float, seconds: float) -> dict:
    loop, dice, took = asyncio.get_running_loop(), random.Random(7), []
    lines = [Line(number, dice) for number in range(CONNECTIONS)]
    client = await nats.connect(url)

    async def heard(message) -> None:
        now = time.perf_counter()
        for event in orjson.loads(message.data):
            line = lines[event["point"] // CHILDREN]
            if event["transition"] == "raised" and line.since:
                took.append((now - line.since.popleft()) * 1000)

    await client.subscribe("alarms.*", cb=heard)
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)
    while not all(line.ready for line in lines):
        await asyncio.sleep(0.01)
    began, busy = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    turn = 0
    while (now := time.perf_counter()) - began < seconds:
        due = int((now - began) * rate / CHILDREN) + 1 - turn
        for _ in range(min(due, 4 * CONNECTIONS)):
            lines[turn % CONNECTIONS].send()
            turn += 1
        await asyncio.sleep(0.001)
    while any(line.acknowledged < line.sent for line in lines):
        await asyncio.sleep(0.001)
    passed, spent = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.sleep(0.5)
    await client.close()
    return {
        "readings": sum(line.acknowledged for line in lines) * CHILDREN,
        "seconds": passed,
        "busy": spent.ru_utime + spent.ru_stime - busy.ru_utime - busy.ru_stime,
        "took": took,
    }


if __name__ == "__main__":
    if sys.argv[1:]:
        port, url, rate, seconds = sys.argv[1:]
        print(json.dumps(asyncio.run(_send(int(port), url, float(rate), float(seconds)))))
    else:
        main()
