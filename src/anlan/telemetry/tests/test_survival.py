"""What was acknowledged is in the archive, and every alarm is told exactly once, whatever is killed meanwhile."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import orjson
import pytest

from anlan.telemetry import publish, streams
from anlan.telemetry.archive.history import History
from anlan.telemetry.book import Device, Point, Rule, token_hash
from anlan.telemetry.follow import follow
from anlan.telemetry.tests.conftest import Pipeline
from anlan.telemetry.tests.sender import Sender

pytestmark = pytest.mark.pipeline

START = 1_767_576_600_000


def alarms(pipeline: Pipeline) -> list[dict]:
    async def read(client):
        found = []
        if not (await client.jetstream().stream_info(streams.ALARMS)).state.messages:
            return found
        async for some in follow(client, streams.ALARMS):
            found += [event for message in some for event in orjson.loads(message.data)]
            if some and some[-1].behind == 0:
                return found

    return publish.run(pipeline.url, read)


def told_once(events: list[dict]) -> None:
    """No episode is raised or cleared twice, and none is cleared that was not raised."""
    seen = [(event["episode"], event["transition"], event["count"]) for event in events]
    assert len(seen) == len(set(seen))
    raised = [event["episode"] for event in events if event["transition"] == "raised"]
    cleared = [event["episode"] for event in events if event["transition"] == "cleared"]
    assert len(raised) == len(set(raised)) and len(cleared) == len(set(cleared)) and set(cleared) <= set(raised)


def ready(pipeline: Pipeline, devices: int, points: int) -> None:
    """Devices of some points each, every point with one limit at 10."""
    known = [
        Device(d, f"D{d}", token_hash(f"T{d}"), points=tuple(Point(d * points + k, f"k{k}") for k in range(points)))
        for d in range(devices)
    ]
    limits = [Rule(point.id + 1, point.id, "H", 10.0) for device in known for point in device.points]

    async def put(client):
        await publish.put_devices(client, known)
        await publish.put_all_rules(client, limits, 1)

    pipeline.start("archive", "archive", wait=False)
    pipeline.start("rules", "rules", "--shard", "0", wait=False)
    pipeline.start("gateway", "gateway")
    publish.run(pipeline.url, put)
    pipeline.health("archive", 30), pipeline.health("rules-0", 30)
    while pipeline.health("gateway")["devices"] < devices:
        time.sleep(0.05)


async def series(sender: Sender, points: int, messages: int, pause: float) -> None:
    """Every tenth message lifts all points over their limit, the next brings them back."""
    for number in range(messages):
        value = 11 if number % 10 == 5 else 1
        body = {"ts": START + number, "values": {f"k{k}": value for k in range(points)}}
        await sender.send(orjson.dumps(body))
        if pause:
            await asyncio.sleep(pause)


KILLS = [("gateway", "gateway"), ("rules", "rules", "--shard", "0"), ("archive", "archive"), ("broker",)]


async def kill_one_after_the_other(pipeline: Pipeline, between: float) -> None:
    for name, *again in KILLS:
        await asyncio.sleep(between)
        await asyncio.to_thread(pipeline.kill, name)
        await asyncio.sleep(0.2)
        if again:
            await asyncio.to_thread(lambda name=name, again=again: pipeline.start(name, *again, wait=False))
        else:
            await asyncio.to_thread(pipeline.start_broker)


def test_nothing_acknowledged_is_lost_and_no_alarm_doubled_whatever_is_killed(pipeline):
    devices, points, messages = 8, 3, 1500
    ready(pipeline, devices, points)

    async def load():
        senders = [Sender(pipeline.settings.mqtt_port, f"T{d}", most=50) for d in range(devices)]
        await asyncio.gather(*(sender.start() for sender in senders))
        work = [series(sender, points, messages, 0.004) for sender in senders]
        await asyncio.gather(kill_one_after_the_other(pipeline, 1.5), *work)
        await asyncio.gather(*(sender.finish() for sender in senders))
        return sum(sender.acknowledged for sender in senders)

    assert asyncio.run(load()) == devices * messages
    expected = devices * points * messages
    history = History(pipeline.settings)
    deadline = time.monotonic() + 30
    while distinct(history, range(devices * points), messages) < expected:
        assert time.monotonic() < deadline, (
            f"{distinct(history, range(devices * points), messages)} of {expected} archived"
        )
        time.sleep(0.5)

    episodes = devices * points * (messages // 10)
    while len(events := alarms(pipeline)) < 2 * episodes:
        assert time.monotonic() < deadline, f"{len(events)} of {2 * episodes} events"
        time.sleep(0.5)
    told_once(events)
    assert len(events) == 2 * episodes


def distinct(history: History, points: Iterable[int], messages: int) -> int:
    """Readings of these points in the archive, each point and instant once."""
    start = datetime.fromtimestamp(START / 1000, UTC)
    end = datetime.fromtimestamp(START / 1000 + messages, UTC)
    return len(history.read(points, start, end, max_points=10 * messages)["ts"])


def test_two_messages_2_ms_apart_and_two_workers_make_one_alarm(pipeline):
    trials = 1000
    ready(pipeline, 1, trials)
    pipeline.start("second", "rules", "--shard", "0")

    async def load():
        pair = [Sender(pipeline.settings.mqtt_port, "T0") for _ in range(2)]
        await asyncio.gather(*(sender.start() for sender in pair))
        for trial in range(trials):
            body = orjson.dumps({f"k{trial}": 11})
            await pair[0].send(body)
            await asyncio.sleep(0.002)
            await pair[1].send(body)
        await asyncio.gather(*(sender.finish() for sender in pair))

    asyncio.run(load())
    deadline = time.monotonic() + 20
    while len(events := alarms(pipeline)) < trials:
        assert time.monotonic() < deadline, f"{len(events)} of {trials} alarms"
        time.sleep(0.2)
    time.sleep(1)
    events = alarms(pipeline)
    told_once(events)
    assert len(events) == trials and len({event["point"] for event in events}) == trials


async def drop_last_alarms(client) -> None:
    js = client.jetstream()
    await js.delete_msg(streams.ALARMS, (await js.stream_info(streams.ALARMS)).state.last_seq)


def test_a_worker_that_comes_back_an_hour_later_tells_nothing_twice(pipeline):
    """The stream forgets message ids; the position in its last event does not."""
    ready(pipeline, 1, 50)

    async def forget(client):
        js = client.jetstream()
        config = (await js.stream_info(streams.ALARMS)).config
        config.duplicate_window = 0.1
        await js.update_stream(config)

    async def load():
        sender = Sender(pipeline.settings.mqtt_port, "T0")
        await sender.start()
        await series(sender, 50, 20, 0.0)
        await sender.finish()

    asyncio.run(load())
    deadline = time.monotonic() + 20
    while len(before := alarms(pipeline)) < 200:
        assert time.monotonic() < deadline, f"{len(before)} of 200 events"
        time.sleep(0.1)
    # Killed before its first snapshot: everything is read again.
    pipeline.kill("rules")
    publish.run(pipeline.url, forget)
    time.sleep(0.3)
    publish.run(pipeline.url, drop_last_alarms)
    pipeline.start("rules", "rules", "--shard", "0")
    while len(after := alarms(pipeline)) < 200:
        assert time.monotonic() < deadline, f"{len(after)} of 200 events"
        time.sleep(0.1)
    told_once(after)
    assert {event["episode"] for event in after} == {event["episode"] for event in before}
