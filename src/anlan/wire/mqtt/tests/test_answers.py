"""Answers are read back by paho's own reader of packets where it has one, else compared byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from anlan.wire.mqtt import answers
from anlan.wire.mqtt.text import ProtocolFault, number, read_number


@pytest.mark.parametrize(
    "made, expected",
    [
        (answers.connected(4, 1000), "20020000"),
        (answers.refused(4, "credentials"), "20020005"),
        (answers.refused(4, "version"), "20020001"),
        (answers.acknowledged(4, 258), "40020102"),
        (answers.acknowledged(4, 258, qos=2), "50020102"),
        (answers.acknowledged(5, 1), "40020001"),
        (answers.completed(1), "70020001"),
        (answers.subscribed(4, 1, [1, 0x80]), "900400010180"),
        (answers.subscribed(5, 1, [1]), "900400010001"),
        (answers.unsubscribed(4, 1, 2), "b0020001"),
        (answers.unsubscribed(5, 1, 2), "b00500010000" + "00"),
        (answers.published(4, "t", b"{}"), "30050001747b7d"),
        (answers.published(5, "t", b"{}"), "3006000174007b7d"),
        (answers.disconnected(4, 0x95, "too large"), ""),
        (answers.PING_RESPONSE, "d000"),
    ],
)
def test_answers_are_the_bytes_of_the_standard(made, expected):
    assert made.hex() == expected


def test_a_reason_reaches_a_client_of_version_5():
    for kind, made, skip in (
        (PacketTypes.CONNACK, answers.refused(5, "credentials", "令牌不认识"), 4),
        (PacketTypes.PUBACK, answers.acknowledged(5, 9, code=0x99, reason="令牌不认识"), 5),
        (PacketTypes.DISCONNECT, answers.disconnected(5, 0x95, "令牌不认识"), 3),
    ):
        properties = Properties(kind)
        properties.unpack(made[skip:])
        assert properties.ReasonString == "令牌不认识"
    properties = Properties(PacketTypes.CONNACK)
    properties.unpack(answers.connected(5, 70_000)[4:])
    assert (properties.MaximumPacketSize, properties.TopicAliasMaximum) == (70_000, 0)


@given(st.integers(0, 268_435_455))
def test_variable_numbers_come_back(value):
    assert read_number(number(value), 0) == (value, len(number(value)))


def test_a_variable_number_of_five_bytes_is_refused():
    with pytest.raises(ProtocolFault):
        read_number(b"\xff\xff\xff\xff\x01", 0)
