"""The gateways, a process of its own: frames out at a rate, acknowledgements counted, alarms heard.

`python -m benchmarks.million.sender PORT BROKER RATE SECONDS FIRST` prints what was sent, how long it took, what it
cost, when values crossed their limit (ms since 1970) and how long their alarm events took (ms). Of each gateway the
child FIRST crosses, then the next: one that has crossed before would be the same alarm again.
"""

import asyncio
import json
import random
import resource
import sys
import time

import nats
import orjson

from anlan.telemetry.tests.sender import connect_packet, publish_packet
from anlan.wire.mqtt.text import text

CONNECTIONS, CHILDREN, FRAMES = 40, 500, 48
UNACKNOWLEDGED = 20
CROSSING_EVERY, HIGH, LIMIT, SURE = 1.0, 950.0, 900.0, 5.0
"""Seconds from one crossing to the next; a value above the limit, the limit, and how many seconds it must be back."""
TOPIC = text("v1/gateway/telemetry")


class Line(asyncio.Protocol):
    """One gateway."""

    def __init__(self, number: int, dice: random.Random, first: int):
        self.number, self.sent, self.acknowledged, self.next, self.ready = number, 0, 0, first, False
        self.levels = [[round(50 + 5 * dice.random(), 2) for _ in range(CHILDREN)] for _ in range(FRAMES)]
        self.frames = [_frame(level) for level in self.levels]

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.write(connect_packet(f"G{self.number}"))

    def data_received(self, data: bytes) -> None:
        # Every answer, CONNACK and PUBACK alike, has four bytes.
        self.acknowledged += len(data) // 4 - (not self.ready)
        self.ready = True

    @property
    def free(self) -> bool:
        return self.sent - self.acknowledged < UNACKNOWLEDGED

    def send(self, crossing: bool = False) -> None:
        """The next frame; when asked, with the value of another child beyond its limit."""
        frame = self.frames[self.sent % FRAMES]
        if crossing:
            level = list(self.levels[self.sent % FRAMES])
            level[self.next % CHILDREN] = HIGH
            frame, self.next = _frame(level), self.next + 1
        self.transport.write(publish_packet(frame, self.sent % 65_535 + 1, TOPIC))
        self.sent += 1


def _frame(level: list[float]) -> bytes:
    return orjson.dumps({f"C{c}": [{"v": value}] for c, value in enumerate(level)})


async def _send(port: int, url: str, rate: float, seconds: float, first: int) -> dict:
    loop, dice = asyncio.get_running_loop(), random.Random(7)
    lines = [Line(number, dice, first) for number in range(CONNECTIONS)]
    crossed, told = [], []
    client = await nats.connect(url)

    async def heard(message) -> None:
        raised = sum(event["transition"] == "raised" for event in orjson.loads(message.data))
        now = time.time() * 1000
        told.extend(now - at for at in crossed[len(told) : len(told) + raised])

    await client.subscribe("alarms.*", cb=heard)
    for line in lines:
        await loop.create_connection(lambda line=line: line, "127.0.0.1", port)
    while not all(line.ready for line in lines):
        await asyncio.sleep(0.01)
    began, busy = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    turn, due = 0, CROSSING_EVERY
    while (passed := time.perf_counter() - began) < seconds:
        for _ in range(min(int(passed * rate / CHILDREN) + 1 - turn, 4 * CONNECTIONS)):
            line, turn = lines[turn % CONNECTIONS], turn + 1
            if not line.free:
                continue
            crossing = passed >= due
            if crossing:
                crossed.append(time.time() * 1000)
                due = passed + CROSSING_EVERY
            line.send(crossing)
        await asyncio.sleep(0.001)
    while any(line.acknowledged < line.sent for line in lines):
        await asyncio.sleep(0.001)
    passed, spent = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.sleep(1)
    await client.close()
    return {
        "readings": sum(line.acknowledged for line in lines) * CHILDREN,
        "seconds": passed,
        "busy": spent.ru_utime + spent.ru_stime - busy.ru_utime - busy.ru_stime,
        "crossed": crossed,
        "told": told,
    }


if __name__ == "__main__":
    port, url, rate, seconds, first = sys.argv[1:]
    print(json.dumps(asyncio.run(_send(int(port), url, float(rate), float(seconds), int(first)))))
