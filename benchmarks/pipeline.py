"""From bytes on a socket to alarm events and the archive: real broker, gateway, rule worker and archive.

Three loads: messages of 3 values from many devices as fast as they are acknowledged, gateway messages of 500 values,
and a paced load during which values cross their limits and the way from the socket to the event in the stream is
timed. The sender's own processor time is told apart; it shares the machine's cores with what it measures.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import nats
import orjson
import psutil

from anlan.telemetry import publish
from anlan.telemetry.book import Device, Point, Rule, token_hash
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.sender import Sender

CONNECTIONS, CHILDREN, SECONDS = 20, 500, 6.0
DEVICES = 2_000
PARTS = ("broker", "gateway", "rules", "archive")


def register() -> tuple[list[Device], list[Rule]]:
    """Devices of three points, and one gateway device a connection with children of one point each; a limit on each."""
    devices = [
        Device(d, f"D{d}", token_hash(f"T{d}"), points=tuple(Point(d * 3 + k, f"k{k}") for k in range(3)))
        for d in range(DEVICES)
    ]
    first = DEVICES * 3
    for g in range(CONNECTIONS):
        parent = 10_000 + g * (CHILDREN + 1)
        devices.append(Device(parent, f"G{g}", token_hash(f"G{g}"), is_gateway=True))
        devices += [
            Device(parent + 1 + c, f"C{c}", gateway=parent, points=(Point(first + g * CHILDREN + c, "v"),))
            for c in range(CHILDREN)
        ]
    points = [point.id for device in devices for point in device.points]
    return devices, [Rule(point + 1, point, "H", 10.0) for point in points]


async def flood(port: int, tokens: list[str], topic: str, bodies: list[bytes]) -> tuple[int, float]:
    """Messages acknowledged, and in how many seconds."""
    # About half a megabyte of every connection on its way.
    senders = [Sender(port, token, most=500_000 // max(len(bodies[0]), 1000), topic=topic) for token in tokens]
    await asyncio.gather(*(sender.start() for sender in senders))
    until = time.perf_counter() + SECONDS

    async def drive(sender: Sender, body: bytes) -> None:
        while time.perf_counter() < until:
            await sender.send(body)

    began = time.perf_counter()
    await asyncio.gather(*(drive(*pair) for pair in zip(senders, bodies, strict=True)))
    await asyncio.gather(*(sender.finish() for sender in senders))
    return sum(sender.acknowledged for sender in senders), time.perf_counter() - began


async def delays(url: str, port: int, rate: int) -> list[float]:
    """Milliseconds from writing a message to having its alarm event, sorted, at ``rate`` messages a second."""
    sent, took = {}, []
    client = await nats.connect(url)

    async def heard(message) -> None:
        raised = [event for event in orjson.loads(message.data) if event["transition"] == "raised"]
        took.extend((time.perf_counter() - sent[event["point"] // 3, event["ts"] // 1000]) * 1000 for event in raised)

    await client.subscribe("alarms.*", cb=heard)
    senders = [Sender(port, f"T{d}") for d in range(CONNECTIONS)]
    await asyncio.gather(*(sender.start() for sender in senders))
    # One millisecond a message tells the messages apart.
    start = int(time.time() * 1000)
    began, number, high = time.perf_counter(), 0, [False] * CONNECTIONS
    while (now := time.perf_counter()) - began < SECONDS:
        while number < (now - began) * rate:
            d = number % CONNECTIONS
            # Every seventh message of a device changes sides; the others repeat what was.
            high[d] ^= number // CONNECTIONS % 7 == 0
            ts = start + number
            sent[d, ts] = time.perf_counter()
            await senders[d].send(orjson.dumps({"ts": ts, "values": {"k0": 11 if high[d] else 1}}))
            number += 1
        await asyncio.sleep(0.001)
    await asyncio.gather(*(sender.finish() for sender in senders))
    await asyncio.sleep(0.5)
    await client.close()
    return sorted(took)


def spent(pipeline: Pipeline) -> dict[str, float]:
    times = {name: psutil.Process(pipeline.processes[name].pid).cpu_times() for name in PARTS}
    return {name: one.user + one.system for name, one in times.items()}


def measured(pipeline: Pipeline, name: str, values: int, tokens: list[str], topic: str, bodies: list[bytes]) -> None:
    before = spent(pipeline)
    count, seconds = asyncio.run(flood(pipeline.settings.mqtt_port, tokens, topic, bodies))
    while pipeline.health("archive")["sequence"] < pipeline.health("rules-0")["sequence"] - 3:
        time.sleep(0.2)
    after = spent(pipeline)
    thousands, rate = count * values / 1000, count / seconds
    cost = {part: (after[part] - before[part]) * 1000 / thousands for part in PARTS}
    shown = "  ".join(f"{part} {cost[part]:.2f}" for part in PARTS)
    print(f"{name:<26} {rate:>9,.0f} messages/s {rate * values:>10,.0f} readings/s   CPU ms/1,000: {shown}")


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        pipeline = Pipeline(Path(home), free_port())
        try:
            pipeline.start_broker()
            pipeline.start("archive", "archive")
            pipeline.start("rules", "rules", "--shard", "0")
            devices, rules = register()

            async def put(client):
                await publish.put_devices(client, devices)
                await publish.put_all_rules(client, rules, 1)

            publish.run(pipeline.url, put)
            pipeline.start("gateway", "gateway")
            tokens = [f"T{d}" for d in range(CONNECTIONS)]
            three = orjson.dumps({"k0": 1.5, "k1": 2.5, "k2": 3.5})
            measured(pipeline, "devices, 3 values", 3, tokens, "v1/devices/me/telemetry", [three] * CONNECTIONS)
            many = orjson.dumps({f"C{c}": [{"v": 1.5}] for c in range(CHILDREN)})
            gateways = [f"G{g}" for g in range(CONNECTIONS)]
            measured(
                pipeline,
                f"gateways, {CHILDREN} values",
                CHILDREN,
                gateways,
                "v1/gateway/telemetry",
                [many] * CONNECTIONS,
            )
            for rate in (100, 1_000, 5_000):
                took = asyncio.run(delays(pipeline.url, pipeline.settings.mqtt_port, rate))
                p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
                print(
                    f"socket to alarm event at {rate:>5,} messages/s:  p50 {p50:.1f} ms  p99 {p99:.1f} ms"
                    f"  ({len(took)} alarms)"
                )
            memory = {part: psutil.Process(pipeline.processes[part].pid).memory_info().rss / 1e6 for part in PARTS}
            print("memory MB: " + "  ".join(f"{part} {size:.0f}" for part, size in memory.items()))
        finally:
            pipeline.end()


if __name__ == "__main__":
    main()
