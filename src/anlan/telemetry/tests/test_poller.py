"""The poller as a process: it follows the register, asks, fills the stream, and ends when told."""

import asyncio
import threading

import pytest

from anlan.telemetry import publish
from anlan.telemetry.book import Device, Point
from anlan.telemetry.poller.tests.test_links import REGISTERS, modbus_server
from anlan.telemetry.tests.conftest import Pipeline, free_port
from anlan.telemetry.tests.test_clients import messages, until

pytestmark = pytest.mark.pipeline


@pytest.fixture
def served():
    """A Modbus server in a thread of its own; its port."""
    port, loop = free_port(), asyncio.new_event_loop()
    ready, over = threading.Event(), asyncio.Event()

    async def serve():
        async with modbus_server(port, REGISTERS):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    yield port
    loop.call_soon_threadsafe(over.set)
    thread.join(10)


def tank(port: int, **changes) -> Device:
    tags = [{"key": "level", "address": 16, "type": "float32"}]
    settings = {"modbus": {"host": "127.0.0.1", "port": port, "unit": 17, "every": 0.1, "tags": tags, **changes}}
    return Device(7, "储罐", points=(Point(70, "level"),), settings=settings)


def test_the_poller_follows_the_register_and_ends_when_told(pipeline: Pipeline, served):
    pipeline.start("poller", "poller")
    assert pipeline.health("poller")["links"] == 0

    def put(device):
        publish.run(pipeline.url, lambda client: publish.put_devices(client, [device]))

    def counted(name):
        return pipeline.health("poller")["counters"].get(name, 0)

    put(tank(served))
    until(lambda: counted("readings") > 3)
    assert messages(pipeline, "READINGS")
    put(tank(served, every="often"))
    until(lambda: pipeline.health("poller")["links"] == 0)
    assert counted("settings_refused") == 1
    until(
        lambda: any(
            b"often" in str(m.headers).encode() or "every" in str(m.headers) for m in messages(pipeline, "DEADLETTERS")
        )
    )
    before = counted("readings")
    put(tank(served))
    until(lambda: counted("readings") > before)
    assert pipeline.stop("poller") == 0
