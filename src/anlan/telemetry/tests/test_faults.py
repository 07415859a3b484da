"""The disk is full, and clocks jump: what was acknowledged is kept, no alarm is lost or told twice.

Needs to be root (a disk of its own) and libfaketime (clocks of its own); what the machine does not have is not tried.
"""

import asyncio
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from anlan.telemetry import publish, streams
from anlan.telemetry.archive.history import MOST_POINTS, History
from anlan.telemetry.broker import GIVES_UP
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.sender import Sender
from anlan.telemetry.tests.test_survival import START, alarms, distinct, ready, series, told_once

pytestmark = pytest.mark.pipeline

ROOM = 16 << 30
DEVICES, POINTS = 4, 3


class Disk:
    """One in memory, as large as told."""

    def __init__(self, folder: Path):
        self.folder = folder
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], capture_output=True)
        if made.returncode:
            pytest.skip("not tried: a full disk, which only root can make")

    def fill(self) -> None:
        """No room but for what is there, and comes while it is being counted."""
        while True:
            found = os.statvfs(self.folder)
            if self._resize((found.f_blocks - found.f_bfree) * found.f_frsize):
                return

    def make_room(self) -> None:
        assert self._resize(ROOM)

    def _resize(self, size: int) -> bool:
        """False when there is more than that."""
        wanted = ["mount", "-o", f"remount,size={size}", self.folder]
        return subprocess.run(wanted, capture_output=True).returncode == 0

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    made.end()


@pytest.fixture
def on_disk(disk) -> Iterator[Pipeline]:
    """The pipeline, all of it on that disk."""
    made = Pipeline(disk.folder, free_port())
    try:
        made.start_broker()
        yield made
    finally:
        made.end()


def all_is_there(pipeline: Pipeline, messages: int, devices: int = DEVICES, points: int = POINTS) -> None:
    """Every reading once, and every excursion raised and cleared once."""
    history, deadline, count = History(pipeline.settings), time.monotonic() + 40, devices * points
    readings, events = count * messages, 2 * count * (messages // 10)
    parts = [range(first, min(first + MOST_POINTS, count)) for first in range(0, count, MOST_POINTS)]
    while (found := sum(distinct(history, part, messages) for part in parts)) < readings:
        assert time.monotonic() < deadline, f"{found} of {readings} archived"
        time.sleep(0.5)
    while len(told := alarms(pipeline)) < events:
        assert time.monotonic() < deadline, f"{len(told)} of {events} events"
        time.sleep(0.5)
    told_once(told)
    assert len(told) == events


async def loaded(pipeline: Pipeline, messages: int, fault) -> int:
    """All devices send, the fault happens meanwhile; how many messages were acknowledged in the end."""
    senders = [Sender(pipeline.settings.mqtt_port, f"T{d}", most=50) for d in range(DEVICES)]
    await asyncio.gather(*(sender.start() for sender in senders))
    work = [series(sender, POINTS, messages, 0.01) for sender in senders]
    await asyncio.gather(fault(senders), *work)
    await asyncio.gather(*(sender.finish(90) for sender in senders))
    return sum(sender.acknowledged for sender in senders)


def test_while_the_disk_is_full_devices_wait_and_then_nothing_is_missing(on_disk, disk):
    ready(on_disk, DEVICES, POINTS)
    messages, acknowledged = 600, []

    async def full_for_a_while(senders):
        await asyncio.sleep(1.5)
        disk.fill()
        await asyncio.sleep(3)
        acknowledged.append(sum(sender.acknowledged for sender in senders))
        await broker_again()
        await asyncio.sleep(3)
        acknowledged.append(sum(sender.acknowledged for sender in senders))
        disk.make_room()
        await broker_again()

    async def broker_again():
        """As the supervisor does when the broker says that it takes nothing more."""
        assert GIVES_UP in (on_disk.home / "broker.log").read_text()
        await asyncio.to_thread(on_disk.stop, "broker")
        await asyncio.to_thread(on_disk.start_broker)

    assert asyncio.run(loaded(on_disk, messages, full_for_a_while)) == DEVICES * messages
    assert 0 < acknowledged[0] < DEVICES * messages and acknowledged[1] - acknowledged[0] <= DEVICES * 50
    assert on_disk.health("gateway")["counters"]["waits_for_broker"] > 0
    all_is_there(on_disk, messages)


async def small_stream(client):
    js = client.jetstream()
    config = (await js.stream_info(streams.READINGS)).config
    config.max_bytes = 1 << 20
    await js.update_stream(config)


def test_a_consumer_that_stalls_makes_devices_wait_and_loses_nothing(pipeline):
    """The stream keeps what the rule worker has not read, up to its room; then nothing more is acknowledged."""
    points, messages, stood = 500, 240, []
    ready(pipeline, 1, points)
    publish.run(pipeline.url, small_stream)

    async def load():
        sender = Sender(pipeline.settings.mqtt_port, "T0", most=20)
        await sender.start()
        pipeline.processes["rules"].send_signal(signal.SIGSTOP)
        sending = asyncio.create_task(series(sender, points, messages, 0.0))
        while len(stood) < 3 or stood[-1] != stood[-3] or not stood[-1]:
            await asyncio.sleep(1)
            stood.append(sender.acknowledged)
        waits = await asyncio.to_thread(pipeline.health, "gateway")
        pipeline.processes["rules"].send_signal(signal.SIGCONT)
        await sending
        await sender.finish(120)
        return sender.acknowledged, waits

    acknowledged, waits = asyncio.run(load())
    assert 0 < stood[-1] < messages == acknowledged
    assert waits["counters"]["waits_for_broker"] > 0
    all_is_there(pipeline, messages, devices=1, points=points)


def test_frames_twice_and_out_of_order_are_archived_once_and_no_alarm_is_told_twice(pipeline):
    messages = 200
    ready(pipeline, 1, POINTS)
    numbers = [n for first in range(0, messages, 10) for n in random.Random(first).sample(range(first, first + 10), 10)]

    async def load():
        sender = Sender(pipeline.settings.mqtt_port, "T0")
        await sender.start()
        for number in numbers:
            body = {"ts": START + number, "values": {f"k{k}": 11 if number % 10 == 5 else 1 for k in range(POINTS)}}
            for _ in range(2):
                await sender.send(orjson.dumps(body))
        await sender.finish()

    asyncio.run(load())
    history, deadline = History(pipeline.settings), time.monotonic() + 30
    while (found := distinct(history, range(POINTS), messages)) < POINTS * messages:
        assert time.monotonic() < deadline, f"{found} of {POINTS * messages} archived"
        time.sleep(0.5)
    # Told of each ten is what is news when it comes: an excursion that comes behind newer readings is none.
    newest, raised = -1, 0
    for number in numbers:
        raised, newest = raised + (number > newest and number % 10 == 5), max(newest, number)
    while len(told := alarms(pipeline)) < 2 * POINTS * raised:
        assert time.monotonic() < deadline, f"{len(told)} of {2 * POINTS * raised} events"
        time.sleep(0.5)
    told_once(told)
    assert len(told) == 2 * POINTS * raised > 0


class Clocks:
    """The wall clock that the pipeline's processes see, put on or back while they run."""

    def __init__(self, pipeline: Pipeline):
        library = next(iter(sorted(Path("/usr/lib").rglob("libfaketimeMT.so.1"))), None)
        if library is None:
            pytest.skip("not tried: clocks that jump, which need libfaketime")
        self.ahead = pipeline.home / "clock"
        self.set(0)
        pipeline.environment |= {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.ahead),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int) -> None:
        self.ahead.write_text(f"{seconds:+d}")


def test_clocks_that_jump_lose_no_reading_and_no_alarm(pipeline):
    """Of devices that say no time: their readings are of the moment at which they come in."""
    clocks, messages = Clocks(pipeline), 400
    ready(pipeline, DEVICES, POINTS)

    async def load():
        senders = [Sender(pipeline.settings.mqtt_port, f"T{d}", most=50) for d in range(DEVICES)]
        await asyncio.gather(*(sender.start() for sender in senders))
        for number in range(messages):
            if number % 50 == 25:
                clocks.set((7_200, 0, -7_200, 86_400)[number // 50 % 4])
            value = 11 if number % 10 == 5 else 1
            for sender in senders:
                await sender.send(orjson.dumps({f"k{k}": value for k in range(POINTS)}))
            await asyncio.sleep(0.02)
        await asyncio.gather(*(sender.finish() for sender in senders))
        return sum(sender.acknowledged for sender in senders)

    assert asyncio.run(load()) == DEVICES * messages
    expected, deadline = 2 * DEVICES * POINTS * (messages // 10), time.monotonic() + 30
    while len(told := alarms(pipeline)) < expected:
        assert time.monotonic() < deadline, f"{len(told)} of {expected} events"
        time.sleep(0.5)
    told_once(told)
    assert len(told) == expected
    while (found := History(pipeline.settings).count()) < DEVICES * POINTS * messages:
        assert time.monotonic() < deadline, f"{found} of {DEVICES * POINTS * messages} archived"
        time.sleep(0.5)
