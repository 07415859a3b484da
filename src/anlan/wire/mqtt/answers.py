"""What the server sends, as bytes. ``version`` is that of the client's CONNECT; reasons travel in MQTT 5 only."""

from anlan.wire.mqtt.properties import (
    ALIASES,
    MAX_PACKET,
    REASON,
    RETAIN_AVAILABLE,
    SHARED_AVAILABLE,
    write_properties,
)
from anlan.wire.mqtt.text import number, text

PING_RESPONSE = b"\xd0\x00"

ACCEPTED = 0
REFUSED = {
    # meaning: (return code of 3.1.1, reason code of 5)
    "version": (1, 0x84),
    "identifier": (2, 0x85),
    "unavailable": (3, 0x88),
    "credentials": (5, 0x87),
}
PAYLOAD_INVALID, TOPIC_INVALID, QUOTA = 0x99, 0x90, 0x97


def packet(head: int, body: bytes) -> bytes:
    """One packet: the first byte of its head, the length, the body."""
    return bytes([head]) + number(len(body)) + body


def connected(version: int, most: int) -> bytes:
    """CONNACK of acceptance. The session is never kept: "session present" is 0."""
    if version != 5:
        return b"\x20\x02\x00\x00"
    said = {ALIASES: 0, MAX_PACKET: most, RETAIN_AVAILABLE: 0, SHARED_AVAILABLE: 0}
    return packet(0x20, b"\x00\x00" + write_properties(said))


def refused(version: int, why: str, reason: str = "") -> bytes:
    """CONNACK of refusal; ``why`` is a key of :data:`REFUSED`."""
    old, new = REFUSED[why]
    if version != 5:
        return bytes([0x20, 2, 0, old])
    return packet(0x20, bytes([0, new]) + write_properties({REASON: reason} if reason else {}))


def acknowledged(version: int, packet_id: int, qos: int = 1, code: int = 0, reason: str = "") -> bytes:
    """PUBACK for QoS 1, PUBREC for QoS 2."""
    head, body = (0x40 if qos == 1 else 0x50), packet_id.to_bytes(2, "big")
    if version == 5 and (code or reason):
        body += bytes([code]) + write_properties({REASON: reason} if reason else {})
    return packet(head, body)


def completed(packet_id: int) -> bytes:
    """PUBCOMP, the answer to PUBREL."""
    return b"\x70\x02" + packet_id.to_bytes(2, "big")


def subscribed(version: int, packet_id: int, codes: list[int]) -> bytes:
    """SUBACK: one code for each filter that was asked for."""
    return packet(0x90, packet_id.to_bytes(2, "big") + (b"\x00" if version == 5 else b"") + bytes(codes))


def unsubscribed(version: int, packet_id: int, count: int) -> bytes:
    """UNSUBACK for so many filters."""
    return packet(0xB0, packet_id.to_bytes(2, "big") + (b"\x00" + bytes(count) if version == 5 else b""))


def published(version: int, topic: str, payload: bytes) -> bytes:
    """A PUBLISH to the client, QoS 0."""
    return packet(0x30, text(topic) + (b"\x00" if version == 5 else b"") + payload)


def disconnected(version: int, code: int, reason: str) -> bytes:
    """DISCONNECT from the server: MQTT 5 only; a 3.1.1 client sees the connection close."""
    if version != 5:
        return b""
    return packet(0xE0, bytes([code]) + write_properties({REASON: reason}))
