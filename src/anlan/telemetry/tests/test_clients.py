"""Clients that nobody here wrote connect and are heard; what they send wrong is answered and kept."""

import asyncio
import time

import httpx
import orjson
import paho.mqtt.client as paho
import pytest

from anlan.telemetry import deadletters, publish, streams
from anlan.telemetry.archive.history import History
from anlan.telemetry.book import Device, Point, Rule
from anlan.telemetry.tests.conftest import Pipeline
from anlan.telemetry.tests.test_book import GATEWAY, GAUGE, TANK

pytestmark = pytest.mark.pipeline


def until(condition, seconds: float = 10.0):
    """The first true result of the condition; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def messages(pipeline: Pipeline, stream: str) -> list:
    """Everything in a stream, oldest first."""

    async def read(client):
        js = client.jetstream()
        state = (await js.stream_info(stream)).state
        return [
            await js.get_msg(stream, number) for number in range(state.first_seq, state.last_seq + 1) if state.messages
        ]

    return publish.run(pipeline.url, read)


@pytest.fixture
def door(pipeline: Pipeline) -> Pipeline:
    """A gateway that knows a tank, a gateway device and the gauge behind it."""
    pipeline.start("gateway", "gateway")
    publish.run(pipeline.url, lambda client: publish.put_devices(client, [TANK, GATEWAY, GAUGE]))
    until(lambda: pipeline.health("gateway")["devices"] == 3)
    return pipeline


def readings(door: Pipeline) -> int:
    return door.health("gateway")["counters"].get("readings", 0)


def connected(door: Pipeline, token: str, version: int = paho.MQTTv311) -> tuple[paho.Client, list]:
    seen: list = []
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, protocol=version)
    client.username_pw_set(token)
    client.on_connect = lambda c, u, flags, reason, p: seen.append(reason)
    client.on_publish = lambda c, u, number, reason, p: seen.append((reason.value, getattr(p, "ReasonString", "")))
    client.connect("127.0.0.1", door.settings.mqtt_port)
    client.loop_start()
    until(lambda: seen)
    return client, seen


@pytest.mark.parametrize("version", [paho.MQTTv311, paho.MQTTv5])
@pytest.mark.parametrize("qos", [0, 1, 2])
def test_paho_is_heard_at_every_version_and_quality(door, version, qos):
    client, seen = connected(door, "T1", version)
    assert seen[0] == "Success"
    sent = client.publish("v1/devices/me/telemetry", b'{"o2":20.9}', qos=qos)
    sent.wait_for_publish(10)
    until(lambda: readings(door) == 1)
    client.disconnect(), client.loop_stop()


def test_a_wrong_token_is_refused_as_the_standard_says(door):
    client, seen = connected(door, "nobody")
    assert seen[0] == "Not authorized"
    client.loop_stop()
    assert door.health("gateway")["counters"]["unknown_tokens"] >= 1


def test_the_thingsboard_library_is_heard(door):
    from tb_device_mqtt import TBDeviceMqttClient, TBPublishInfo
    from tb_gateway_mqtt import TBGatewayMqttClient

    device = TBDeviceMqttClient("127.0.0.1", door.settings.mqtt_port, "T1")
    device.connect(timeout=10)
    until(device.is_connected)
    sent = device.send_telemetry({"ts": int(time.time() * 1000), "values": {"o2": 20.9, "level": 1000}})
    assert sent.get() == TBPublishInfo.TB_ERR_SUCCESS
    assert device.send_attributes({"firmware": "1.2"}).get() == TBPublishInfo.TB_ERR_SUCCESS
    device.disconnect()

    gateway = TBGatewayMqttClient("127.0.0.1", door.settings.mqtt_port, "T2")
    gateway.connect(timeout=10)
    until(gateway.is_connected)
    gateway.gw_connect_device("Gauge A")
    gateway.gw_send_telemetry("Gauge A", [{"ts": int(time.time() * 1000), "values": {"p": 0.61}}])
    until(lambda: readings(door) == 3)
    gateway.disconnect()
    assert [message.subject for message in messages(door, streams.ATTRIBUTES)] == ["attributes.1"]
    assert messages(door, streams.DEADLETTERS) == []


def test_every_bad_input_gets_a_clear_answer_and_is_kept(door):
    base = f"http://127.0.0.1:{door.settings.http_port}/api/v1"

    def post(body: bytes, token: str = "T1", what: str = "telemetry"):
        answer = httpx.post(f"{base}/{token}/{what}", content=body, timeout=20)
        return answer.status_code, answer.text

    year_1970, future = b'{"ts":1,"values":{"o2":1}}', b'{"ts":4102444800000,"values":{"o2":1}}'
    assert post(b'{"o2":20.9}') == post(year_1970) == post(future) == (200, "")
    assert post(b'{"firmware":"1"}', what="attributes") == (200, "")
    for body, status, word in [
        (b'{"o2":', 400, "not JSON"),
        (b'{"o2":NaN}', 200, "NaN"),
        (b'{"o2":"open"}', 200, "'open'"),
        (b"[" * 5000, 400, "too deep"),
        (b"x" * 10_000_000, 413, "the most is 65536"),
    ]:
        got, text = post(body)
        assert (got, word in text) == (status, True), text
    assert post(b"{}", token="nobody") == (401, '{"error":"no device has this token"}')
    assert httpx.get(f"{base}/T1/telemetry").status_code == 405
    assert httpx.get(f"http://127.0.0.1:{door.settings.http_port}/").status_code == 404

    kept = [deadletters.read(one.subject, one.headers, one.data) for one in messages(door, streams.DEADLETTERS)]
    assert [letter.kind for letter in kept] == ["unreadable", "bad-value", "bad-value", "unreadable", "too-large"]
    assert kept[0].payload == b'{"o2":' and "not JSON" in kept[0].reason and kept[0].device == 1
    assert len(kept[-1].payload) == 65_536
    assert readings(door) == 3


def test_a_5_client_is_told_the_reason_and_a_10_mb_packet_ends_its_connection(door):
    client, seen = connected(door, "T1", paho.MQTTv5)
    client.publish("v1/devices/me/telemetry", b"{", qos=1).wait_for_publish(10)
    until(lambda: len(seen) > 1)
    assert seen[1][0] == 0x99 and "not JSON" in seen[1][1]
    client.publish("v9/elsewhere", b"{}", qos=1).wait_for_publish(10)
    until(lambda: len(seen) > 2)
    assert seen[2][0] == 0x90
    client.disconnect(), client.loop_stop()

    large, seen = connected(door, "T1")
    large.publish("v1/devices/me/telemetry", b"x" * 10_000_000, qos=1)
    until(lambda: len(messages(door, streams.DEADLETTERS)) == 3)
    large.disconnect(), large.loop_stop()
    assert [one.subject for one in messages(door, streams.DEADLETTERS)][-1] == "deadletters.too-large"


def test_a_dead_letter_is_taken_once_the_register_knows_its_key(door):
    httpx.post(f"http://127.0.0.1:{door.settings.http_port}/api/v1/T1/telemetry", content=b'{"ph":7}')
    (letter,) = messages(door, streams.DEADLETTERS)

    async def retry(client):
        answer = await client.request("gateway.retry", letter.data, headers=letter.headers, timeout=5)
        return orjson.loads(answer.data)

    assert publish.run(door.url, retry)["accepted"] == 0
    known = Device(1, "储罐", TANK.token_hash, points=(*TANK.points, Point(14, "ph")))
    publish.run(door.url, lambda client: publish.put_devices(client, [known]))
    until(lambda: publish.run(door.url, retry)["accepted"] == 1)
    assert len(messages(door, streams.DEADLETTERS)) == 1


def test_a_removed_device_loses_its_connection_and_its_word(door):
    client, _ = connected(door, "T1")
    publish.run(door.url, lambda nc: publish.remove_devices(nc, [1]))
    until(lambda: door.health("gateway")["connections"] == 0 or not client.is_connected())
    client.loop_stop()
    answer = httpx.post(f"http://127.0.0.1:{door.settings.http_port}/api/v1/T1/telemetry", content=b"{}")
    assert answer.status_code == 401


def test_forty_thousand_devices_are_known_soon_after_the_start(pipeline):
    devices = [
        Device(
            i,
            f"探测器 {i}",
            publish.book.token_hash(f"T{i}"),
            points=(Point(i * 2, "smoke"), Point(i * 2 + 1, "battery")),
        )
        for i in range(40_000)
    ]
    publish.run(pipeline.url, lambda client: publish.put_devices(client, devices))
    pipeline.start("gateway", "gateway")
    assert pipeline.health("gateway")["devices"] == 40_000


def test_last_values_and_presence_can_be_asked_and_are_told(door):
    door.start("rules", "rules", "--shard", "0")
    client, _ = connected(door, "T1")

    async def listen(nc):
        told: dict[str, bytes] = {}

        async def keep(message):
            told[message.subject] = message.data

        await nc.subscribe("latest.*", cb=keep)
        await nc.subscribe("presence", cb=keep)
        await asyncio.to_thread(
            lambda: client.publish("v1/devices/me/telemetry", b'{"o2":20.9}', qos=1).wait_for_publish(5)
        )
        for _ in range(100):
            if len(told) == 2:
                break
            await asyncio.sleep(0.05)
        told["asked"] = (await nc.request("latest.get.0", timeout=2)).data
        told["present"] = (await nc.request("presence.get", timeout=2)).data
        return told

    from anlan.columns import page
    from anlan.columns import readings as pages

    told = publish.run(door.url, listen)
    client.disconnect(), client.loop_stop()
    for name in ("latest.0", "asked"):
        batch, _ = pages.unpack(told[name])
        assert batch.point.tolist() == [11] and round(float(batch.value[0]), 1) == 20.9
    for name in ("presence", "present"):
        columns, _ = page.unpack(told[name])
        assert columns["device"].tolist() == [1] and columns["state"].tolist() == [1]


def test_each_process_stops_in_time_and_leaves_with_0(door):
    door.start("archive", "archive")
    door.start("rules", "rules", "--shard", "0")
    publish.run(door.url, lambda client: publish.put_rules(client, 0, [Rule(1, 11, "L", 19.5)], 1))
    httpx.post(f"http://127.0.0.1:{door.settings.http_port}/api/v1/T1/telemetry", content=b'{"o2":18}')
    until(lambda: len(messages(door, streams.ALARMS)) == 1)
    assert [door.stop(name, 3) for name in ("gateway", "rules", "archive")] == [0, 0, 0]
    assert History(door.settings).count() == 1
