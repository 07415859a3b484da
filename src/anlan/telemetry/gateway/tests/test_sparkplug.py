"""Sparkplug nodes at the gateway: readings of node and devices, presence, rebirth, quarantine, and the wire itself."""

import asyncio

import pytest

from anlan.telemetry.gateway.mqtt import Connection, Served
from anlan.telemetry.gateway.presence import CONNECTED, LEFT
from anlan.telemetry.gateway.sparkplug import host_state
from anlan.telemetry.gateway.tests.test_quarantine import strangers
from anlan.telemetry.gateway.tests.test_reception import NOW, Desk
from anlan.wire.sparkplug import values as v
from anlan.wire.sparkplug.schema import Payload
from anlan.wire.sparkplug.tests.test_session import payload

MS = NOW // 1000


def say(desk: Desk, verb: str, device: str = "", *metrics: dict, seq: int | None = 0, token="T2"):
    topic = "/".join(part for part in ("spBv1.0", "park", verb, "edge1", device) if part)
    return desk.say(token, payload(seq, *metrics, timestamp=MS), topic)


def born() -> Desk:
    desk = Desk()
    say(desk, "NBIRTH", "", {"name": "bdSeq", "datatype": v.INT64, "long_value": 1})
    say(desk, "DBIRTH", "Gauge A", {"name": "p", "alias": 4, "datatype": v.FLOAT, "float_value": 0.5}, seq=1)
    return desk


def test_a_device_behind_a_node_is_born_speaks_by_alias_and_is_rebirthed_once_present():
    desk = born()
    say(desk, "DDATA", "Gauge A", {"alias": 4, "float_value": 0.75}, seq=2)
    assert [row[:3] for row in desk.rows()] == [(12, NOW, 0.5), (12, NOW, 0.75)]
    say(desk, "DBIRTH", "Gauge A", {"name": "p", "alias": 4, "datatype": v.FLOAT, "float_value": 0.5}, seq=3)
    assert desk.presence.state[3] == CONNECTED
    say(desk, "DDEATH", "Gauge A", seq=4)
    assert desk.presence.state[3] == LEFT and desk.letters() == []


def test_the_nodes_death_takes_its_devices_with_it():
    desk = born()
    say(desk, "NDEATH", "", {"name": "bdSeq", "datatype": v.INT64, "long_value": 1}, seq=None)
    assert desk.presence.state[3] == LEFT


def test_a_lost_message_asks_for_the_birth_once_in_ten_seconds():
    desk = born()
    outcome = say(desk, "DDATA", "Gauge A", {"alias": 4, "float_value": 1}, seq=9)
    ((topic, body),) = outcome.replies
    assert topic == "spBv1.0/park/NCMD/edge1" and Payload.FromString(body).metrics[0].name == "Node Control/Rebirth"
    assert outcome.accepted == 1
    assert say(desk, "DDATA", "Gauge A", {"alias": 4, "float_value": 1}, seq=99).replies == []
    desk.now += 10_000_000
    assert say(desk, "DDATA", "Gauge A", {"alias": 4, "float_value": 1}, seq=199).replies


def test_data_by_alias_before_the_birth_are_kept_and_read_after_it():
    desk = Desk()
    say(desk, "DDATA", "Gauge A", {"alias": 4, "float_value": 0.25}, seq=7)
    (letter,) = desk.intake.pile.letters
    assert letter.kind == "bad-value" and "alias 4" in letter.reason
    say(desk, "NBIRTH")
    say(desk, "DBIRTH", "Gauge A", {"name": "p", "alias": 4, "datatype": v.FLOAT}, seq=1)
    assert desk.reception.retry(letter).accepted == 1 and desk.rows()[-1][:3] == (12, NOW, 0.25)


def test_a_device_nobody_registered_goes_to_the_quarantine_with_its_values_by_name():
    desk = born()
    say(desk, "DBIRTH", "Pump 9", {"name": "rpm", "alias": 5, "datatype": v.INT32, "int_value": 900}, seq=2)
    (stranger,) = strangers(desk)
    assert stranger.identity == "child:2/Pump 9" and stranger.topic == "v1/gateway/telemetry"
    assert b'"rpm":900' in stranger.payload


def test_who_is_no_gateway_speaks_as_a_node_for_itself_only():
    desk = Desk()
    say(desk, "NBIRTH", "", {"name": "o2", "datatype": v.DOUBLE, "double_value": 20.9}, token="T1")
    assert [row[:3] for row in desk.rows()] == [(11, NOW, 20.9)]
    say(desk, "DBIRTH", "Gauge A", {"name": "p", "datatype": v.FLOAT, "float_value": 1.0}, seq=1, token="T1")
    assert len(desk.rows()) == 1 and strangers(desk)


def test_texts_of_a_birth_are_attributes():
    desk = Desk()
    say(desk, "NBIRTH", "", {"name": "Properties/Model", "datatype": v.STRING, "string_value": "X1"}, token="T1")
    told = [(one.subject, one.payload) for one in desk.intake.pile.told]
    assert told == [("attributes.1", b'{"Properties/Model":"X1"}')] and desk.letters() == []


@pytest.mark.parametrize("topic", ["spBv1.0/park/NCMD/edge1", "spBv1.0/park/HELLO/edge1", "spBv1.0/x"])
def test_what_no_node_says_is_a_dead_letter(topic):
    desk = Desk()
    assert desk.say("T2", b"", topic).unreadable and desk.letters()[0][0] == "unreadable"


def test_a_node_that_waits_for_its_host_is_told_that_it_is_there():
    assert host_state("spBv1.0/STATE/+", NOW) == ("spBv1.0/STATE/anlan", b'{"online":true,"timestamp":%d}' % MS)
    assert host_state("STATE/scada", NOW) == ("STATE/scada", b"ONLINE")
    assert host_state("spBv1.0/park/NCMD/edge1/#", NOW) is None


class Wire(asyncio.Transport):
    def __init__(self):
        super().__init__()
        self.written = b""

    def write(self, data):
        self.written += data

    def is_closing(self):
        return False

    def get_extra_info(self, name, default=None):
        return ("10.0.0.1", 9)

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass

    def close(self):
        pass


def test_the_request_for_rebirth_goes_down_the_nodes_connection():
    desk, wire = Desk(), Wire()
    connection = Connection(Served(desk.reception, set()))
    connection.connection_made(wire)
    connection.data_received(b"\x10\x12\x00\x04MQTT\x04\x82\x00\x3c\x00\x02e1\x00\x02T2")
    assert wire.written == b"\x20\x02\x00\x00"
    topic, body = b"spBv1.0/park/NDATA/edge1", payload(3)
    connection.data_received(bytes([0x30, 2 + len(topic) + len(body), 0, len(topic)]) + topic + body)
    assert b"spBv1.0/park/NCMD/edge1" in wire.written and b"Node Control/Rebirth" in wire.written
