"""A table of bytes and what they mean, then damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.mqtt import packets
from anlan.wire.mqtt.packets import Acknowledge, Connect, Disconnect, Ping, Publish, Subscribe, Unsubscribe, decode
from anlan.wire.mqtt.text import ProtocolFault

LIMIT = 70_000

MEANING = [
    (4, "10 10 0004 4d515454 04 02 003c 0004 64657631", Connect("dev1", None, None, 60, True, 4)),
    (4, "10 15 0004 4d515454 04 82 003c 0004 64657631 0003 544f4b", Connect("dev1", "TOK", None, 60, True, 4)),
    (
        4,
        "10 1e 0004 4d515454 04 c6 0000 0000 0001 77 0002 6279 0003 544f4b 0004 70617373",
        Connect("", "TOK", b"pass", 0, True, 4, "w", b"by"),
    ),
    (4, "10 0e 0006 4d5149736470 03 02 000a 0000", Connect("", None, None, 10, True, 3)),
    (
        5,
        "10 15 0004 4d515454 05 82 000a 03 21 0014 0000 0003 544f4b",
        Connect("", "TOK", None, 10, True, 5),
    ),
    (4, "30 05 0001 74 7b7d", Publish("t", b"{}", 0, 0, False, False)),
    (4, "3b 05 0001 74 0007", Publish("t", b"", 1, 7, True, True)),
    (5, "32 08 0001 74 0007 00 7b7d", Publish("t", b"{}", 1, 7, False, False)),
    (5, "32 0a 0001 74 0007 02 01 01 7b7d", Publish("t", b"{}", 1, 7, False, False)),
    (4, "82 08 0001 0003 612f2b 01", Subscribe(1, [("a/+", 1)])),
    (4, "a2 05 0009 0001 61", Unsubscribe(9, ["a"])),
    (4, "40 02 0005", Acknowledge(packets.PUBACK, 5)),
    (4, "62 02 0005", Acknowledge(packets.PUBREL, 5)),
    (4, "c0 00", Ping()),
    (4, "e0 00", Disconnect()),
    (5, "e0 02 04 00", Disconnect()),
]


@pytest.mark.parametrize("version, sent, meaning", MEANING)
def test_bytes_mean_what_the_standard_says(version, sent, meaning):
    data = bytes.fromhex(sent)
    data = data[:1] + bytes([len(data) - 2]) + data[2:]
    assert decode(data, 0, version, LIMIT) == (meaning, len(data))


@pytest.mark.parametrize("version, sent, meaning", MEANING)
def test_a_packet_cut_anywhere_waits_for_the_rest(version, sent, meaning):
    data = bytes.fromhex(sent)
    data = data[:1] + bytes([len(data) - 2]) + data[2:]
    for cut in range(len(data)):
        assert decode(data[:cut], 0, version, LIMIT) == (None, 0)


def test_packets_one_behind_the_other_are_read_one_by_one():
    stream, at, seen = bytearray(bytes.fromhex("c000 30050001747b7d e000")), 0, []
    while at < len(stream):
        packet, used = decode(stream, at, 4, LIMIT)
        seen.append(type(packet))
        at += used
    assert seen == [Ping, Publish, Disconnect]


@pytest.mark.parametrize(
    "version, sent, word",
    [
        (4, "30 ff ff ff 7f", "the most is"),
        (4, "30 ff ff ff ff", "more than four bytes"),
        (4, "36 05 0001 74 0001", "QoS 3"),
        (4, "32 05 0001 74 0000", "identifier 0"),
        (4, "30 03 0001 23", "no topic"),
        (4, "30 02 0000", "no topic"),
        (4, "30 04 0002 c328", "not UTF-8"),
        (4, "30 03 0001 00", "the character U"),
        (4, "20 02 0000", "does not come from a client"),
        (4, "00 00", "does not come from a client"),
        (4, "80 02 0001", "reserved flags"),
        (4, "82 02 0001", "without a topic filter"),
        (4, "a2 02 0001", "without a topic filter"),
        (4, "82 05 0001 0001 61", "without options"),
        (4, "10 0c 0004 4d515454 09 02 003c 0000", "version 9"),
        (4, "10 0c 0004 48545450 04 02 003c 0000", "not MQTT"),
        (4, "10 0d 0004 4d515454 04 02 003c 0000 00", "too many"),
        (4, "10 0c 0004 4d515454 04 03 003c 0000", "reserved flag"),
        (5, "30 06 0001 74 09 01", "properties are cut"),
        (5, "30 07 0001 74 03 23 0001", "aliases"),
        (5, "30 06 0001 74 02 77 00", "unknown property"),
    ],
)
def test_what_breaks_the_protocol_is_refused_with_its_reason(version, sent, word):
    data = bytes.fromhex(sent)
    if data[1] < 128:
        data = data[:1] + bytes([len(data) - 2]) + data[2:]
    with pytest.raises(ProtocolFault, match=word):
        decode(data, 0, version, LIMIT)


def test_a_packet_over_the_limit_is_refused_before_its_bytes_came():
    with pytest.raises(ProtocolFault, match="10485760 bytes") as caught:
        decode(bytes.fromhex("30 80808005"), 0, 4, LIMIT)
    assert caught.value.code == packets.TOO_LARGE


@given(st.binary(max_size=80), st.sampled_from([4, 5]))
def test_noise_is_a_fault_or_a_packet_or_a_wait_and_nothing_else(noise, version):
    try:
        packet, used = decode(noise, 0, version, LIMIT)
    except ProtocolFault:
        return
    assert (packet is None) == (used == 0) and used <= len(noise)


@given(st.sampled_from(MEANING), st.integers(0, 60), st.integers(0, 255))
def test_one_changed_byte_never_breaks_the_reader(row, place, byte):
    version, sent, _ = row
    data = bytearray(bytes.fromhex(sent))
    data[1] = len(data) - 2
    data[place % len(data)] = byte
    try:
        decode(data, 0, version, LIMIT)
    except ProtocolFault as fault:
        assert fault.reason and fault.code >= 0x80
