"""Fire units, vehicles and stations on real sockets, through the gateway to the archive, and orders the way back."""

import asyncio
import socket
import time
from datetime import UTC, datetime

import orjson
import pytest

from anlan.telemetry import publish
from anlan.telemetry.archive.history import History
from anlan.telemetry.book import Device, Point, secret_hash
from anlan.telemetry.gateway.commands import SUBJECT
from anlan.telemetry.tests.conftest import Pipeline
from anlan.wire.gb26875 import frames as fire
from anlan.wire.gb26875.tests.test_frames import CENTRE, FIRE, UNIT
from anlan.wire.hj212 import frames as station
from anlan.wire.hj212.tests.test_frames import ANSWERED, REAL_TIME
from anlan.wire.jt808 import frames as vehicle
from anlan.wire.jt808 import messages
from anlan.wire.jt808.tests.captures import PHONE, POSITION_2013, REGISTER_2013

pytestmark = pytest.mark.pipeline
STATION = "hj212:3604A1B200C300D400E50007"


class Line:
    """A device's side of a TCP connection: frames out, frames in."""

    def __init__(self, port: int, splitter):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.splitter, self.heard = splitter, []

    def say(self, data: bytes, cut: int = 7) -> None:
        for at in range(0, len(data), cut):
            self.socket.sendall(data[at : at + cut])

    def hear(self) -> bytes:
        while not self.heard:
            self.heard += [piece.data for piece in self.splitter.feed(self.socket.recv(4096)) if not piece.fault]
        return self.heard.pop(0)


def _order(pipeline: Pipeline, device: int, name: str, wait: float = 10) -> dict:
    async def ask(client):
        asked = orjson.dumps({"device": device, "order": name})
        return orjson.loads((await client.request(SUBJECT, asked, timeout=wait)).data)

    return publish.run(pipeline.url, ask)


@pytest.fixture
def heard(pipeline: Pipeline) -> Pipeline:
    devices = [
        Device(1, "用传", identity="gb26875:0000A1B2C3D4", points=(Point(10, "state.1.7.00020015"),)),
        Device(2, "赣A5R318", identity=f"jt808:{PHONE}", points=(Point(20, "speed"),)),
        Device(
            3, "总排口", identity=STATION, secret_hash=secret_hash(STATION, "654321"), points=(Point(30, "a24088-Rtd"),)
        ),
    ]
    publish.run(pipeline.url, lambda client: publish.put_devices(client, devices))
    pipeline.start("gateway", "gateway")
    pipeline.start("archive", "archive")
    return pipeline


def test_frames_cut_into_pieces_reach_the_archive_and_are_answered(heard: Pipeline):
    given = heard.settings
    unit = Line(given.gb26875_port, fire.splitter())
    unit.say(b"noise" + FIRE)
    clock = fire.decode(unit.hear())
    assert (clock.command, clock.data[0]) == (fire.CONTROL, 90)
    unit.say(fire.encode(fire.Frame(clock.serial, UNIT, CENTRE, fire.CONFIRM), time.time_ns() // 1000))
    assert fire.decode(unit.hear()).command == fire.CONFIRM

    ditch = Line(given.hj212_port, station.splitter())
    ditch.say(REAL_TIME)
    assert ditch.hear().strip() == ANSWERED.strip()

    truck = Line(given.jt808_port, vehicle.splitter())
    truck.say(REGISTER_2013)
    code = vehicle.decode(truck.hear()).body[3:]
    truck.say(vehicle.encode(vehicle.Frame(messages.AUTHENTICATE, PHONE, 2, code))[0])
    assert vehicle.decode(truck.hear()).body[-1] == messages.OK
    truck.say(POSITION_2013)
    assert vehicle.decode(truck.hear()).body == messages.common(0x7D7E, messages.POSITION, messages.OK)

    history = History(given)
    span = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        means = {point: list(history.read([point], *span, 10)["mean"]) for point in (10, 20, 30)}
        if all(means.values()):
            break
        time.sleep(0.2)
    assert means == {10: [2.0], 20: [pytest.approx(65.3)], 30: [pytest.approx(12.64)]}
    counters = heard.health("gateway")["counters"]
    assert counters["gb26875_damaged"] == 1 and counters["hj212_frames"] == 1 and counters["jt808_frames"] == 3


def test_an_order_from_the_desk_reaches_the_device_over_tcp_and_over_udp(heard: Pipeline):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.connect(("127.0.0.1", heard.settings.gb26875_port))
    peer.settimeout(10)
    peer.send(FIRE)
    answers = [fire.decode(peer.recv(2048)) for _ in range(2)]
    assert {answer.command for answer in answers} == {fire.CONTROL, fire.CONFIRM}

    async def both() -> dict:
        asked = asyncio.create_task(asyncio.to_thread(_order, heard, 1, "reset"))
        while True:
            order = fire.decode(await asyncio.to_thread(peer.recv, 2048))
            if order.data[:1] == b"\x59":
                break
        peer.send(fire.encode(fire.Frame(order.serial, UNIT, CENTRE, fire.CONFIRM), time.time_ns() // 1000))
        return await asked

    assert asyncio.run(both()) == {"result": "done"}
    assert "none of" in _order(heard, 1, "explode")["error"]
    with pytest.raises(TimeoutError):  # no gateway has its link: none answers
        _order(heard, 2, "locate", wait=0.5)
