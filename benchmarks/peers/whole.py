"""All our processes under the peers' load: 60,000 series every five seconds through broker, gateway, rules and archive.

What the peers tell is their whole program, so this stands beside it: values come over MQTT from 120 gateway devices of
500 devices each, are judged by the same rules and archived. What the sender costs is not counted, as the scraped
address of the peers is not.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson

from anlan.columns.readings import PAGE_BITS
from anlan.telemetry import book, publish
from anlan.telemetry.book import Beside, Device, Point, Rule
from anlan.telemetry.computed import Computed
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.sender import Sender
from benchmarks.peers import programs
from benchmarks.rules import EVERY, HOWS, SERIES, TOWNS

BEHIND = 500
"""Devices behind one gateway: a message of its is an entry of as many readings."""
GATEWAYS = 1_000_000


def cores(rules: Iterable[Rule], values, seconds: int) -> tuple[dict[str, float], int]:
    """Cores of each process while ``values()`` comes every five seconds, and readings a second that were taken."""
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(Path(home), free_port())
        try:
            pipeline.start_broker()
            pipeline.start("archive", "archive")
            pipeline.start("rules", "rules", "--shard", "0")
            publish.run(pipeline.url, lambda client: publish.put_devices(client, _devices()), wait=120)
            beside, held = _towns()
            publish.run(
                pipeline.url, lambda client: publish.put_all_rules(client, [*rules, *held], 1, beside), wait=120
            )
            pipeline.start("gateway", "gateway")
            return asyncio.run(_measured(pipeline, values, seconds))
        finally:
            pipeline.end()


def _devices() -> list[Device]:
    made = []
    for first in range(0, SERIES, BEHIND):
        parent = GATEWAYS + first // BEHIND
        made.append(Device(parent, f"G{parent}", book.token_hash(f"G{parent}"), is_gateway=True))
        made += [Device(n + 1, f"C{n}", gateway=parent, points=(Point(n, "v"),)) for n in range(first, first + BEHIND)]
    return made


def _towns() -> tuple[Beside, list[Rule]]:
    """The aggregates on a page of their own, as benchmarks.rules has them."""
    first = (book.rule_page(SERIES) + 1) << PAGE_BITS
    computed = tuple(
        Computed(first + town * len(HOWS) + n, how, tuple(members.tolist()), limit=30.0, every=EVERY)
        for town, members in enumerate(np.array_split(np.arange(SERIES), TOWNS))
        for n, how in enumerate(HOWS)
    )
    held = [Rule(id=2_000_000 + n, point=one.point, kind="H", limit=1e9) for n, one in enumerate(computed)]
    return Beside(computed), held


async def _measured(pipeline: Pipeline, values, seconds: int) -> tuple[dict[str, float], int]:
    senders = [
        Sender(pipeline.settings.mqtt_port, f"G{GATEWAYS + n}", topic="v1/gateway/telemetry")
        for n in range(SERIES // BEHIND)
    ]
    await asyncio.gather(*(sender.start() for sender in senders))
    sending = asyncio.create_task(_send(senders, values))
    await asyncio.sleep(3 * EVERY)
    before, began, taken = _spent(pipeline), time.perf_counter(), await _readings(pipeline)
    await asyncio.sleep(seconds)
    after, took = _spent(pipeline), time.perf_counter() - began
    rate = (await _readings(pipeline) - taken) / took
    sending.cancel()
    return {name: (after[name] - before[name]) / took for name in after}, round(rate)


async def _send(senders: list[Sender], values) -> None:
    """One message after the other, spread evenly over the five seconds."""
    began, number = time.perf_counter(), 0
    while True:
        now = values().tolist()
        for n, sender in enumerate(senders):
            await asyncio.sleep(max(0.0, began + number * EVERY / len(senders) - time.perf_counter()))
            ts, number = int(time.time() * 1000), number + 1
            said = {
                f"C{p}": [{"ts": ts, "values": {"v": round(now[p], 3)}}] for p in range(n * BEHIND, (n + 1) * BEHIND)
            }
            await sender.send(orjson.dumps(said))


async def _readings(pipeline: Pipeline) -> int:
    return (await asyncio.to_thread(pipeline.health, "gateway"))["counters"]["readings"]


def _spent(pipeline: Pipeline) -> dict[str, float]:
    return {name: programs.spent(process.pid) for name, process in pipeline.processes.items()}
