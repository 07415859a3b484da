"""Pushes of three platforms are read; a signature is of its secret, its body, its time and used once."""

import base64
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.push import meokon
from anlan.wire.push.reports import FORMS, Report, read
from anlan.wire.push.signatures import WINDOW, Nonces, onenet_signature, refusal, sign
from anlan.wire.thingsboard.payload import Unreadable

NOW = 1_767_576_600
AT = NOW * 1_000_000
FRAME = bytes.fromhex("a55a00002d584a5442323630313030303730b9012c0003010100fa038400d4695b141800f600e700d496d155aa")


def one(form: str, document) -> Report:
    (report,) = read(form, orjson.dumps(document))
    return report


CTWING = {
    "upPacketSN": -1, "topic": "v1/up/ad19", "timestamp": NOW * 1000, "productId": "15001", "messageType": "dataReport",
    "deviceId": "abc", "IMEI": "869000000000001", "protocol": "lwm2m",
}  # fmt: skip


@pytest.mark.parametrize("data", [{"liquid_level": 402}, {"serviceId": "s", "serviceData": {"liquid_level": 402}}])
def test_ctwing_says_values_flat_or_within_a_service(data):
    report = one("ctwing", {**CTWING, "payload": data})
    assert (report.identity, report.also) == ("ctwing:abc", "imei:869000000000001")
    assert report.samples.rows() == [("", "liquid_level", AT, 402.0, 0)]


def test_ctwing_hands_a_transparent_products_bytes_on():
    report = one("ctwing", {**CTWING, "payload": {"APPdata": base64.b64encode(FRAME).decode()}})
    assert report.binary == FRAME and report.at == AT and not len(report.samples)


def test_ctwing_tells_who_came_and_went_and_an_imei_that_is_no_imei():
    said = {**CTWING, "IMEI": "undefined", "messageType": "deviceOnlineOfflineReport", "eventType": 0}
    report = one("ctwing", said)
    assert report.here is False and report.also == ""
    assert one("ctwing", {**said, "eventType": 1}).here is True
    assert one("ctwing", {**CTWING, "deviceId": None}).identity == "imei:869000000000001"


def test_huawei_times_are_utc_and_services_stand_before_their_keys():
    service = {"serviceId": "Meter", "data": {"flow": "1.5", "name": "x"}, "eventTime": "20260105T013000Z"}
    report = one("huawei", {"notifyType": "deviceDataChanged", "deviceId": "d1", "service": service})
    assert report.samples.rows() == [("", "Meter/flow", AT, 1.5, 0)] and report.texts == {"Meter/name": "x"}
    both = {"notifyType": "deviceDatasChanged", "deviceId": "d1", "services": [service, {**service, "serviceId": "B"}]}
    assert [row[1] for row in one("huawei", both).samples.rows()] == ["Meter/flow", "B/flow"]


def test_huaweis_newer_form_is_read_too():
    properties = {"service_id": "Smoke", "properties": {"alarm": True}, "event_time": "20260105T013000Z"}
    inside = {"header": {"device_id": "d2", "product_id": "p"}, "body": {"services": [properties]}}
    report = one("huawei", {"resource": "device.property", "event": "report", "notify_data": inside})
    assert (report.identity, report.samples.rows()) == ("huawei:d2", [("", "Smoke/alarm", AT, 1.0, 0)])
    status = {"header": {"device_id": "d2"}, "body": {"status": "OFFLINE"}}
    assert one("huawei", {"resource": "device.status", "event": "update", "notify_data": status}).here is False


def test_onenet_says_one_or_many():
    point = {"type": 1, "dev_id": 77, "ds_id": "3300_0_5700", "at": NOW * 1000, "value": 2.5}
    away = {"type": 2, "dev_id": 78, "status": 0}
    first, second = read("onenet", orjson.dumps({"msg": [point, away]}))
    assert first.samples.rows() == [("", "3300_0_5700", AT, 2.5, 0)] and second.here is False
    assert read("onenet", first.raw)[0].samples.rows() == first.samples.rows()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b'{"msg":7}', b'{"notify_data":[]}', b'{"deviceId":{}}'])
def test_what_is_no_push_is_refused_with_a_reason(form, body):
    with pytest.raises(Unreadable):
        read(form, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["deviceId", "payload", "APPdata", "serviceData", "msg", "dev_id", "value", "type", "at", "services",
             "service", "notify_data", "header", "body", "device_id", "properties", "data", "eventTime", "timestamp",
             "IMEI", "x"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(st.sampled_from(sorted(FORMS)), JSON)
def test_any_json_is_read_or_refused_with_a_reason(form, document):
    try:
        reports = read(form, json.dumps(document).encode())
    except Unreadable as why:
        assert str(why)
    else:
        assert all(abs(row[3]) < 3.5e38 for report in reports for row in report.samples.rows())


# --- signatures ---------------------------------------------------------------------------------------------------
def signed(body=b"{}", secret="s", at=NOW, nonce="n1") -> dict:
    return {"x-timestamp": str(at), "x-nonce": nonce, "x-signature": sign(secret, str(at), nonce, body)}


def test_a_signed_push_is_taken_once():
    nonces = Nonces()
    assert refusal("hmac", "s", signed(), b"{}", NOW, nonces) == ""
    assert "used before" in refusal("hmac", "s", signed(), b"{}", NOW + 1, nonces)
    assert refusal("hmac", "s", signed(nonce="n2"), b"{}", NOW + 1, nonces) == ""


@pytest.mark.parametrize(
    "said, body, why",
    [
        (signed(secret="other"), b"{}", "secret"),
        (signed(), b"{ }", "secret"),
        ({**signed(), "x-nonce": "n9"}, b"{}", "secret"),
        ({**signed(), "x-timestamp": str(NOW + 1)}, b"{}", "secret"),
        (signed(at=NOW - WINDOW - 1), b"{}", "window"),
        (signed(at=NOW + WINDOW + 1), b"{}", "window"),
        (signed(nonce=""), b"{}", "nonce"),
        (signed(nonce="n" * 200), b"{}", "nonce"),
        ({}, b"{}", "Unix seconds"),
        ({"x-timestamp": "１２"}, b"{}", "Unix seconds"),
    ],
)
def test_what_is_not_signed_as_it_stands_is_refused(said, body, why):
    assert why in refusal("hmac", "s", said, body, NOW, Nonces())


def test_a_bad_signature_uses_up_no_nonce():
    nonces = Nonces()
    refusal("hmac", "s", signed(secret="other"), b"{}", NOW, nonces)
    assert refusal("hmac", "s", signed(), b"{}", NOW, nonces) == ""


def test_nonces_are_forgotten_when_their_time_is_refused_anyway():
    nonces = Nonces()
    for n in range(1000):
        assert nonces.is_fresh(str(n), NOW + n * 10)
    assert len(nonces._used) <= 2 * WINDOW / 10 + 1


def test_onenet_signs_the_message_in_the_body():
    message = {"type": 1, "dev_id": 7}
    body = {"msg": message, "nonce": "abc"}
    body["msg_signature"] = onenet_signature("s", "abc", orjson.dumps(message).decode())
    nonces = Nonces()
    assert refusal("onenet", "s", {}, orjson.dumps(body), NOW, nonces) == ""
    assert refusal("onenet", "s", {}, orjson.dumps(body), NOW, nonces)
    assert refusal("onenet", "other", {}, orjson.dumps(body), NOW, Nonces())
    for wrong in (b"", b"[]", b'{"msg":1}', b'{"msg":1,"nonce":2,"msg_signature":3}'):
        assert refusal("onenet", "s", {}, wrong, NOW, Nonces())


def test_a_token_is_taken_from_either_header():
    for said in ({"x-token": "s"}, {"authorization": "Bearer s"}):
        assert refusal("token", "s", said, b"", NOW, Nonces()) == ""
    for said in ({}, {"x-token": "t"}, {"x-token": ""}, {"authorization": "Bearer "}):
        assert refusal("token", "s", said, b"", NOW, Nonces())


# --- a gauge's own bytes ------------------------------------------------------------------------------------------
def test_a_gauges_records_step_back_from_its_second():
    rows = meokon.read(FRAME).rows()
    assert [(key, at - AT, value) for _, key, at, value, _ in rows[:3]] == [
        ("value", -600_000_000, 0.246),
        ("value", -300_000_000, 0.231),
        ("value", 0, 0.212),
    ]
    beside = {row[1]: row[3] for row in rows[3:]}
    assert beside == {"alarm": 1, "battery": 80, "signal": -71, "low": 0.25, "high": 0.9}


@given(st.binary(max_size=80))
def test_any_bytes_are_a_gauges_frame_or_refused(data):
    with pytest.raises(Unreadable):
        meokon.read(b"\xa5\x5a" + data + b"\x55\xaa")


@given(st.integers(0, len(FRAME) - 1), st.integers(1, 255))
def test_no_damaged_frame_passes(place, change):
    damaged = bytearray(FRAME)
    damaged[place] ^= change
    with pytest.raises(Unreadable):
        meokon.read(bytes(damaged))
