"""Orders to devices: who may give them, who can take them, and that each is recorded with its answer."""

import json
import socket
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.telemetry import publish
from anlan.telemetry.tests.conftest import Pipeline
from anlan.telemetry.tests.conftest import pipeline as pipeline
from anlan.watch.devices import orders, published
from anlan.watch.devices.models import Device
from anlan.wire.gb26875 import frames
from anlan.wire.gb26875.tests.test_frames import CENTRE, FIRE, UNIT
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def unit(db) -> Device:
    return Device.objects.create(
        code="UTD-1", name="用传装置", profile="smoke_detector", region=TOWN, organisation=ENTERPRISE_A,
        identity="gb26875:0000A1B2C3D4", settings={"set_clock": False},
    )  # fmt: skip


@pytest.mark.parametrize("part", ["manager", "security_administrator", "audit_administrator", "stranger"])
def test_who_has_not_the_duty_gives_no_orders(cast, unit, part):
    with pytest.raises(Refused):
        orders.send(getattr(cast, part), [unit], "reset")


def test_a_device_takes_only_orders_of_its_protocol(cast, unit):
    with pytest.raises(ValidationError, match="不接受"):
        orders.send(cast.duty, [unit], "text", "你好")
    with pytest.raises(ValidationError, match="20"):
        orders.send(cast.duty, [unit] * 21, "reset")
    assert not Entry.objects.filter(action="devices.command").exists()


@override_settings(NATS_URL="nats://127.0.0.1:9")
def test_without_a_gateway_it_says_so_and_nothing_is_recorded(cast, unit, monkeypatch):
    monkeypatch.setattr(orders, "WAIT", -1.5)
    with pytest.raises(ValidationError, match="稍后再试"):
        orders.send(cast.duty, [unit], "reset")
    assert not Entry.objects.filter(action="devices.command").exists()


@pytest.mark.pipeline
def test_a_unit_on_a_real_socket_is_reset_and_the_order_recorded_with_its_answer(cast, unit, pipeline: Pipeline):
    register = published.devices(Device.objects.all())
    publish.run(pipeline.url, lambda client: publish.put_devices(client, register))
    pipeline.start("gateway", "gateway")
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.settimeout(20)
    peer.connect(("127.0.0.1", pipeline.settings.gb26875_port))
    peer.send(FIRE)
    assert frames.decode(peer.recv(2048)).command == frames.CONFIRM

    def obey() -> None:
        order = frames.decode(peer.recv(2048))
        peer.send(frames.encode(frames.Frame(order.serial, UNIT, CENTRE, frames.CONFIRM), time.time_ns() // 1000))

    obeying = threading.Thread(target=obey)
    obeying.start()
    with override_settings(NATS_URL=pipeline.url):
        assert orders.send(cast.duty, [unit], "reset") == "用传装置：已执行"
    obeying.join()
    entry = Entry.objects.get(action="devices.command")
    assert json.loads(entry.data) == {"order": "reset", "words": "", "result": "done"}
    assert entry.subject == f"device:{unit.pk}"
