"""What the ThingsBoard IoT Gateway 3.8.5 sends, as it came over MQTT: see docs/telemetry.md."""

import orjson

from anlan.telemetry.book import Device, Point, pack_devices
from anlan.telemetry.gateway.presence import CONNECTED, LEFT
from anlan.telemetry.gateway.quarantine import read
from anlan.telemetry.gateway.reception import reply
from anlan.telemetry.gateway.tests.test_reception import GATEWAY, Desk
from anlan.wire.thingsboard.payload import Limits

OWN, CHILDREN, COMES = "v1/devices/me/telemetry", "v1/gateway/telemetry", "v1/gateway/connect"
STATISTICS = (
    b'[{"machineStats":{"totalCpuUsage":118.26,"diskUsage":25.5,"freeMemory":8.2,"freeDisk":"75.6G",'
    b'"gwProcessCpuUsage":0.0,"gwMemory":0.3,"gwProcessMemoryFullInfo":{"rss":65122304,"vms":1240256512,'
    b'"shared":28254208,"text":4096,"lib":0,"data":183894016,"dirty":0,"uss":56639488,"pss":57370624,"swap":0},'
    b'"msgsSentToPlatform":1,"msgsReceivedFromPlatform":0},"serviceStats":{"storageMsgPulled":0,'
    b'"storageMsgCount":0,"platformMsgPushed":0,"platformAttrProduced":0,"platformTsProduced":0},'
    b'"connectorsStats":{}}]'
)
ERRORS = b'[{"service_ERRORS_COUNT":4,"ALL_ERRORS_COUNT":4}]'
NAMED = b'{"device":"T7","type":"Thermometer"}'
SAID = b'{"T7":{"connectorType":"mqtt","connectorName":"MQTT"}}'
VALUES = b'{"T7":[{"ts":1795949425854,"values":{"temperature":22.25,"humidity":"40"}}]}'
THERMOMETER = Device(4, "T7", gateway=2, points=(Point(20, "temperature"), Point(21, "humidity")))


def strangers(desk: Desk) -> list:
    return [read(one.headers, one.payload) for one in desk.intake.pile.told if one.subject == "strangers"]


def test_its_statistics_make_one_letter_in_ten_minutes_and_are_nobodys_fault():
    desk = Desk()
    for _ in range(10):
        assert desk.say("T2", STATISTICS, OWN).refused == []
        desk.say("T2", ERRORS, OWN)
        desk.now += 60 * 1_000_000
    assert desk.letters() == [("unknown-key", 2, 1), ("unknown-key", 2, 1)] and desk.rows() == []
    assert "machineStats" in desk.intake.pile.letters[0].reason
    desk.say("T2", STATISTICS, OWN)
    assert desk.letters()[2:] == [("unknown-key", 2, 10)]


def test_an_object_under_a_key_that_is_a_point_stays_a_bad_value():
    desk = Desk()
    outcome = desk.say("T1", b'[{"o2":{"value":20.9},"machineStats":{"freeDisk":"75.6G"}}]')
    assert [fault.key for fault in outcome.refused] == ["o2"]
    assert sorted(letter[0] for letter in desk.letters()) == ["bad-value", "unknown-key"]


def test_values_that_are_no_object_are_told_though_no_point_has_the_key_values():
    assert [fault.key for fault in Desk().say("T1", b'{"ts":1795949425854,"values":7}').refused] == ["values"]


def test_a_device_behind_it_that_nobody_registered_is_seen_with_its_first_values():
    desk = Desk()
    desk.say("T2", NAMED, COMES), desk.say("T2", SAID, "v1/gateway/attributes"), desk.say("T2", VALUES, CHILDREN)
    desk.say("T2", VALUES, CHILDREN)
    first, second = strangers(desk)
    assert first.identity == second.identity == "child:2/T7"
    assert (first.payload, second.count) == (b"", 2) and desk.rows() == []
    assert orjson.loads(second.payload) == {
        "T7": [{"ts": 1795949425854, "values": {"temperature": 22.25, "humidity": 40.0}}]
    }


def test_once_registered_its_values_are_readings_and_its_coming_and_going_is_seen():
    desk = Desk()
    desk.directory.replace_page(0, pack_devices([GATEWAY, THERMOMETER]))
    desk.say("T2", NAMED, COMES)
    assert desk.presence.state[4] == CONNECTED
    assert desk.say("T2", VALUES, CHILDREN).accepted == 2
    assert [(point, value) for point, _, value, _ in desk.rows()] == [(20, 22.25), (21, 40.0)]
    desk.say("T2", b'{"device":"T7"}', "v1/gateway/disconnect")
    assert desk.presence.state[4] == LEFT and strangers(desk) == [] and desk.letters() == []


def test_what_it_asks_on_connecting_is_answered():
    limits = b'{"method":"getSessionLimits","params":{"timeout":5000}}'
    topic, said = reply("v1/devices/me/rpc/request/1", limits, Limits())
    assert topic == "v1/devices/me/rpc/response/1"
    assert orjson.loads(said) == {"maxPayloadSize": 65_536, "maxInflightMessages": 1000, "rateLimits": {}}
    assert reply("v1/devices/me/attributes/request/1", b"{}", Limits()) == (
        "v1/devices/me/attributes/response/1",
        b"{}",
    )
