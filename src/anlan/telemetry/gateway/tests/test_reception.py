from collections import Counter

import orjson
import pytest

from anlan.columns.readings import Quality
from anlan.telemetry.book import Device, Point, pack_devices
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import Clock
from anlan.telemetry.gateway.presence import CONNECTED, HEARD, LEFT, Presence
from anlan.telemetry.gateway.reception import Reception, Sender, reply
from anlan.telemetry.tests.test_book import GATEWAY, GAUGE, TANK, directory
from anlan.wire.thingsboard.payload import Limits

NOW = 1_767_576_600_000_000
DAY = 86_400_000_000
TELEMETRY = "v1/devices/me/telemetry"


class Desk:
    """A reception without sockets and stream: what it was told, and what it made of it."""

    def __init__(self, *devices: Device):
        self.directory, self.presence = directory(*(devices or (TANK, GATEWAY, GAUGE))), Presence()
        self.intake = Intake(None, 1, Counter())
        self.now = NOW
        self.reception = Reception(
            self.directory, self.intake, self.presence, Counter(), Limits(), Clock(), now=lambda: self.now
        )

    def say(self, token: str, body: object, topic: str = TELEMETRY):
        payload = body if isinstance(body, bytes) else orjson.dumps(body)
        return self.reception.receive(Sender(self.directory.device_of(token), "1.2.3.4:5"), topic, payload)

    def rows(self) -> list[tuple]:
        batch = self.intake.pile.rows.readings()
        return [
            (int(p), int(t), round(float(v), 4), int(q))
            for p, t, v, q in zip(batch.point, batch.ts, batch.value, batch.quality, strict=True)
        ]

    def letters(self) -> list[tuple]:
        return [(letter.kind, letter.device, letter.count) for letter in self.intake.pile.letters]


def test_values_become_readings_of_points_in_the_points_unit():
    desk = Desk()
    assert desk.say("T1", {"level": 1500, "o2": 20.9}).accepted == 2
    assert desk.rows() == [(10, NOW, 3.5, 0), (11, NOW, 20.9, 0)] and desk.letters() == []
    assert desk.intake.pile.first_received == NOW


@pytest.mark.parametrize(
    "ms, quality",
    [
        (NOW // 1000, Quality.GOOD),
        (0, Quality.CLOCK_OLD),
        ((NOW - 8 * DAY) // 1000, Quality.CLOCK_OLD),
        ((NOW - 6 * DAY) // 1000, Quality.GOOD),
        ((NOW + 299_000_000) // 1000, Quality.GOOD),
        ((NOW + DAY) // 1000, Quality.CLOCK_FUTURE),
    ],
)
def test_a_clock_that_is_off_is_kept_as_said_and_flagged(ms, quality):
    desk = Desk()
    desk.say("T1", {"ts": ms, "values": {"o2": 1}})
    assert desk.rows() == [(11, ms * 1000, 1.0, quality)]


def test_a_value_out_of_the_points_range_is_kept_and_flagged():
    desk = Desk()
    desk.say("T1", {"level": 900_000})
    assert desk.rows() == [(10, NOW, 902.0, Quality.OUT_OF_RANGE)]


def test_what_cannot_be_read_is_a_dead_letter_with_every_byte_and_the_reason():
    desk = Desk()
    outcome = desk.say("T1", b'{"o2":')
    assert outcome.accepted == 0 and "not JSON" in outcome.unreadable
    (letter,) = desk.intake.pile.letters
    assert (letter.kind, letter.payload, letter.topic, letter.address) == (
        "unreadable",
        b'{"o2":',
        TELEMETRY,
        "1.2.3.4:5",
    )
    assert letter.received == NOW and desk.rows() == []


def test_a_bad_value_is_told_and_kept_and_its_neighbours_are_taken():
    desk = Desk()
    outcome = desk.say("T1", b'{"o2":20.9,"level":NaN}')
    assert outcome.accepted == 1 and [fault.key for fault in outcome.refused] == ["level"]
    assert desk.letters() == [("bad-value", 1, 1)] and len(desk.rows()) == 1


def test_an_unknown_key_is_kept_once_and_then_counted():
    desk = Desk()
    for _ in range(5):
        desk.say("T1", {"o2": 1, "x": 1, "y": 2})
    assert desk.letters() == [("unknown-key", 1, 1)] and len(desk.rows()) == 5
    desk.now += 601 * 1_000_000
    desk.say("T1", {"x": 1})
    assert desk.letters() == [("unknown-key", 1, 1), ("unknown-key", 1, 5)]


def test_a_gateway_speaks_for_its_devices_only():
    desk = Desk()
    outcome = desk.say("T2", {"Gauge A": [{"p": 0.61}], "Gauge B": [{"p": 1}]}, "v1/gateway/telemetry")
    assert outcome.accepted == 1 and desk.rows() == [(12, NOW, 0.61, 0)]
    assert desk.letters() == [("unknown-device", 2, 1)]
    assert desk.say("T1", {"Gauge A": [{"p": 0.61}]}, "v1/gateway/telemetry").unreadable


def test_devices_behind_a_gateway_come_and_go():
    desk = Desk()
    desk.say("T2", {"device": "Gauge A"}, "v1/gateway/connect")
    assert desk.presence.state == {2: HEARD, 3: CONNECTED}
    desk.say("T2", {"device": "Gauge A"}, "v1/gateway/disconnect")
    assert desk.presence.state[3] == LEFT


def test_attributes_are_handed_on_per_device():
    desk = Desk()
    desk.say("T1", {"firmware": "1.2"}, "v1/devices/me/attributes")
    desk.say("T2", {"Gauge A": {"model": "X"}}, "v1/gateway/attributes")
    assert [(one.subject, one.payload) for one in desk.intake.pile.told] == [
        ("attributes.1", b'{"firmware":"1.2"}'),
        ("attributes.3", b'{"model":"X"}'),
    ]


def test_a_letter_is_read_again_with_todays_register_at_the_time_it_came():
    desk = Desk()
    desk.say("T1", {"x": 5})
    (letter,) = desk.intake.pile.letters
    desk.now += DAY
    assert desk.reception.retry(letter).refused and desk.rows() == []
    desk.directory.replace_page(0, pack_devices([Device(1, "储罐", TANK.token_hash, points=(Point(13, "x"),))]))
    assert desk.reception.retry(letter).accepted == 1
    assert desk.rows() == [(13, NOW, 5.0, 0)] and len(desk.letters()) == 1


def test_a_letter_of_a_device_that_is_gone_is_refused_with_the_reason():
    desk = Desk()
    desk.say("T1", b"{")
    (letter,) = desk.intake.pile.letters
    desk.directory.replace_page(0, b"")
    assert desk.reception.retry(letter).unreadable == "the device is not registered"


@pytest.mark.parametrize(
    "topic, sent, answer",
    [
        (
            "v1/devices/me/attributes/request/7",
            b'{"clientKeys":"a"}',
            ("v1/devices/me/attributes/response/7", {}),
        ),
        (
            "v1/devices/me/rpc/request/8",
            b'{"method":"x"}',
            ("v1/devices/me/rpc/response/8", {"error": "no such method"}),
        ),
        (
            "v1/gateway/attributes/request",
            b'{"id":1,"device":"A"}',
            ("v1/gateway/attributes/response", {"id": 1, "device": "A", "values": {}}),
        ),
        ("v1/devices/me/telemetry", b"{}", None),
        ("v1/devices/me/rpc/request/x", b"{}", None),
        ("v1/devices/me/rpc/request/1", b"[not json", ("v1/devices/me/rpc/response/1", {"error": "no such method"})),
    ],
)
def test_questions_are_answered_harmlessly(topic, sent, answer):
    said = reply(topic, sent, Limits())
    assert (said and (said[0], orjson.loads(said[1]))) == answer


def test_presence_tells_each_change_once():
    presence = Presence()
    presence.joined(5, NOW), presence.joined(5, NOW), presence.left(5, NOW + 1)
    assert presence.state[5] == CONNECTED
    presence.left(5, NOW + 2)
    assert presence.state[5] == LEFT and presence.changes() and presence.changes() is None
