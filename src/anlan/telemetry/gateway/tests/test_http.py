"""The HTTP listener from request to answer: one device, many at once, packed or not, and the pushes of platforms."""

import asyncio
import base64
import gzip
import ipaddress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.book import Device, Point, pack_devices
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway.http import Application
from anlan.telemetry.gateway.push import Push, Source, load
from anlan.telemetry.gateway.tests.test_quarantine import strangers
from anlan.telemetry.gateway.tests.test_reception import GATEWAY, GAUGE, NOW, TANK, Desk
from anlan.wire.push.signatures import sign
from anlan.wire.push.tests.test_push import CTWING, FRAME

SECRET = "a-secret-of-the-platform"
NB = Device(
    9, "NB 烟感", identity="ctwing:abc", points=(Point(30, "liquid_level"), Point(31, "value"), Point(32, "battery"))
)


class Site(Desk):
    def __init__(self, **sources: Source):
        super().__init__(TANK, GATEWAY, GAUGE, NB)
        self.intake.when_safe = lambda call: call()
        push = Push(self.reception, sources, now=lambda: self.now / 1e6)
        self.application = Application(self.reception, push, 20_000)

    def ask(self, method: str, path: str, body: bytes = b"", query: bytes = b"", **headers: str):
        sent = [{"type": "http.request", "body": body, "more_body": False}]
        answers = []

        async def receive():
            return sent.pop(0)

        async def send(message):
            answers.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "client": ("10.20.0.7", 999),
        }
        asyncio.run(self.application(scope, receive, send))
        said = answers[1]["body"]
        return answers[0]["status"], orjson.loads(said) if said else None

    def push(self, body: bytes, source="east", secret=SECRET, nonce="n", at=None):
        stamp = str((at or self.now) // 1_000_000)
        said = {"x_timestamp": stamp, "x_nonce": nonce, "x_signature": sign(secret, stamp, nonce, body)}
        return self.ask("POST", f"/push/{source}", body, **said)


def east(**changes) -> Source:
    return Source(**{"form": "ctwing", "way": "hmac", "secret": SECRET, **changes})


BATCH = [
    {"token": "T1", "telemetry": {"o2": 20.9}},
    {"token": "wrong", "telemetry": {"o2": 1}},
    {"token": "T1", "telemetry": [{"ts": NOW // 1000, "values": {"level": "x"}}], "attributes": {"firmware": "1.2"}},
    {"token": "T1"},
    7,
]


@pytest.mark.parametrize("packed", [False, True])
def test_a_batch_is_taken_item_by_item_and_says_which_could_not_be(packed):
    site, body = Site(), orjson.dumps(BATCH)
    status, said = site.ask(
        "POST",
        "/api/v1/batch",
        gzip.compress(body) if packed else body,
        content_encoding="gzip" if packed else "identity",
    )
    assert status == 200 and said["accepted"] == 2
    assert [(item["item"], item.get("error", "")[:9]) for item in said["items"]] == [
        (1, "no device"), (2, ""), (3, "neither t"), (4, "expected "),
    ]  # fmt: skip
    assert said["items"][1]["refused"][0]["key"] == "level"
    assert [row[0] for row in site.rows()] == [11] and len(strangers(site)) == 1


@pytest.mark.parametrize(
    "body, encoding, status",
    [
        (b"{}", "identity", 400),
        (b"[", "identity", 400),
        (b"[" + b"1," * 10_001 + b"1]", "identity", 413),
        (b"[" + b"1," * 9_999 + b"1]", "identity", 413),
        (gzip.compress(b"0" * 10_000_000, mtime=0), "gzip", 413),
        (gzip.compress(b"[]", mtime=0)[:-4], "gzip", 400),
        (b"no gzip", "gzip", 400),
        (b"[]", "br", 415),
    ],
)
def test_what_is_no_batch_is_refused_with_its_reason(body, encoding, status):
    found, said = Site().ask("POST", "/api/v1/batch", body, content_encoding=encoding)
    assert found == status and said["error"]


def test_nobody_tries_tokens_by_the_thousand():
    site = Site()
    items = [{"token": f"t{n}", "telemetry": {}} for n in range(300)] + [{"token": "T1", "telemetry": {"o2": 1}}]
    _, said = site.ask("POST", "/api/v1/batch", orjson.dumps(items))
    assert said["accepted"] == 0 and "too many" in said["items"][-1]["error"]
    assert site.reception.counters["unknown_tokens"] == 100


def test_a_gateway_speaks_for_its_devices_over_http_too():
    site = Site()
    assert site.ask("POST", "/api/v1/T2/gateway/telemetry", b'{"Gauge A":[{"p":0.6}]}') == (200, None)
    assert [row[0] for row in site.rows()] == [12]


def test_a_packed_message_of_one_device_is_unpacked():
    site = Site()
    assert site.ask("POST", "/api/v1/T1/telemetry", gzip.compress(b'{"o2":1}'), content_encoding="gzip") == (200, None)


def test_an_unknown_token_is_refused_and_what_it_sent_is_kept_to_be_admitted():
    site = Site()
    assert site.ask("POST", "/api/v1/a-token-of-sixteen/telemetry", b'{"o2":1}')[0] == 401
    (stranger,) = strangers(site)
    assert stranger.payload == b'{"o2":1}' and stranger.topic == "v1/devices/me/telemetry"


@pytest.mark.parametrize(
    "method, path", [("GET", "/"), ("POST", "/push/EAST"), ("PUT", "/api/v1/batch"), ("GET", "/api/v1/batch")]
)
def test_elsewhere_is_nothing(method, path):
    assert Site().ask(method, path)[0] in (404, 405)


# --- platforms ----------------------------------------------------------------------------------------------------
BODY = orjson.dumps({**CTWING, "payload": {"liquid_level": 402}})


def test_a_signed_push_becomes_readings_and_only_once():
    site = Site(east=east())
    assert site.push(BODY) == (200, {"accepted": 1})
    assert [row[:3] for row in site.rows()] == [(30, NOW // 1_000_000 * 1_000_000, 402.0)]
    assert site.push(BODY)[0] == 401 and len(site.rows()) == 1


@pytest.mark.parametrize(
    "changes",
    [{"secret": "another-secret-0000"}, {"source": "west"}, {"at": NOW - 301_000_000}, {"at": NOW + 302_000_000}],
)
def test_a_push_that_is_not_genuine_is_refused_and_says_nothing_of_sources(changes):
    site = Site(east=east())
    status, said = site.push(BODY, **changes)
    assert status == 401 and site.rows() == [] and site.letters() == [] and strangers(site) == []
    assert "at" in changes or said == {"error": "no such source or signature"}


def test_a_source_may_be_held_to_its_addresses():
    near, far = (east(addresses=(ipaddress.ip_network(one),)) for one in ("10.20.0.0/16", "10.30.0.0/16"))
    site = Site(east=near, far=far)
    assert site.push(BODY)[0] == 200 and site.push(BODY, source="far")[0] == 401


def test_a_device_nobody_registered_is_quarantined_and_read_once_it_is():
    site = Site(east=east())
    body = orjson.dumps({**CTWING, "deviceId": "new", "payload": {"liquid_level": 5}})
    assert site.push(body) == (200, {"accepted": 0})
    (stranger,) = strangers(site)
    assert (stranger.identity, stranger.topic) == ("ctwing:new", "push/ctwing")
    registered = Device(10, "新", identity="ctwing:new", points=(Point(40, "liquid_level"),))
    site.directory.replace_page(0, pack_devices([TANK, GATEWAY, GAUGE, NB, registered]))
    letter = DeadLetter("stranger", "", 10, "", stranger.topic, NOW, stranger.payload)
    assert site.reception.retry(letter).accepted == 1 and site.rows()[0][:1] == (40,)


def test_bytes_inside_a_push_are_read_by_their_own_codec():
    site = Site(east=east())
    body = orjson.dumps({**CTWING, "payload": {"APPdata": base64.b64encode(FRAME).decode()}})
    assert site.push(body)[1] == {"accepted": 4}
    assert [row[0] for row in site.rows()] == [31, 31, 31, 32]
    other = orjson.dumps({**CTWING, "payload": {"APPdata": "AAAA"}})
    assert site.push(other, nonce="n2")[0] == 200
    assert site.letters()[-1][0] == "unreadable"


def test_what_cannot_be_read_is_answered_and_kept():
    site = Site(east=east())
    assert site.push(b"{}")[0] == 200 and site.letters() == [("unreadable", None, 1)]


def test_a_push_of_coming_and_going_is_presence():
    site = Site(east=east())
    site.push(orjson.dumps({**CTWING, "messageType": "deviceOnlineOfflineReport", "eventType": 1}))
    assert site.presence.state[9] == 1


@given(st.binary(max_size=200))
def test_any_signed_body_is_answered(body):
    assert Site(east=east()).push(body)[0] == 200


@pytest.mark.parametrize(
    "text, hint",
    [
        ("[]", "a source a name"),
        ("EAST: {form: ctwing, way: hmac, secret: 0123456789abcdef}", "small letters"),
        ("east: {form: ctwing, way: hmac}", "give form"),
        ("east: {form: x, way: hmac, secret: 0123456789abcdef}", "form is one of"),
        ("east: {form: ctwing, way: x, secret: 0123456789abcdef}", "way is one of"),
        ("east: {form: ctwing, way: hmac, secret: hush-hush}", "at least 16"),
        ("east: {form: ctwing, way: hmac, secret: '${NOWHERE}'}", "at least 16"),
        ("east: {form: ctwing, way: hmac, secret: 0123456789abcdef, addresses: [x]}", "addresses"),
        ("east: [", "cannot be read"),
    ],
)
def test_a_wrong_file_of_sources_stops_the_start_and_shows_no_secret(tmp_path, text, hint):
    file = tmp_path / "sources.yaml"
    file.write_text(text)
    with pytest.raises(SystemExit, match=hint) as problem:
        load(str(file), {})
    assert "hush" not in str(problem.value) and "0123456789" not in str(problem.value)


def test_a_secret_comes_from_the_environment(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text("east: {form: onenet, way: onenet, secret: '${KEY}', addresses: [10.0.0.0/8]}")
    (source,) = load(str(file), {"KEY": SECRET}).values()
    assert source.secret == SECRET and SECRET not in repr(source) and load("") == {}
