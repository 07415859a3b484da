"""One MQTT 3.1.1 connection as a device keeps it: connect with a token, publish, count what is acknowledged.

A client library would spend a thread or a task on each of some 600 connections; here one is a small protocol object.
"""

import asyncio
from collections.abc import Callable

from anlan.wire.mqtt.answers import packet
from anlan.wire.mqtt.text import text

CONNECT, CONNACK, PUBLISH_QOS_1, PUBACK, DISCONNECT = 0x10, 0x20, 0x32, 0x40, 0xE0
KEEP_ALIVE = 300
MOST_UNANSWERED = 50
"""So many messages may be on their way before new readings are let go: a meter has no memory for more."""


def connect_packet(token: str, client_id: str) -> bytes:
    """Clean session, user name alone: the access token, as in ThingsBoard."""
    flags = 0b1000_0010
    body = text("MQTT") + bytes([4, flags]) + KEEP_ALIVE.to_bytes(2, "big") + text(client_id) + text(token)
    return packet(CONNECT, body)


def publish_packet(topic: str, payload: bytes, packet_id: int) -> bytes:
    return packet(PUBLISH_QOS_1, text(topic) + packet_id.to_bytes(2, "big") + payload)


def received(data: bytearray) -> list[tuple[int, bytes]]:
    """Whole packets at the front of what has arrived, taken out of it: (first byte, body)."""
    found = []
    while len(data) >= 2:
        length, at = _length(data)
        if length is None or len(data) < at + length:
            break
        found.append((data[0], bytes(data[at : at + length])))
        del data[: at + length]
    return found


def _length(data: bytearray) -> tuple[int | None, int]:
    value, at = 0, 1
    while at < len(data) and at < 5:
        value |= (data[at] & 127) << 7 * (at - 1)
        if data[at] < 128:
            return value, at + 1
        at += 1
    return None, at


class Line(asyncio.Protocol):
    """A connection. `ended` is called once with why: "refused", "lost" or "closed"."""

    def __init__(self, token: str, client_id: str, ended: Callable[[str], None]):
        self.token, self.client_id, self.ended = token, client_id, ended
        self.ready, self.acknowledged = False, 0
        self._why, self._packet_id, self._unanswered = "lost", 0, 0
        self._data = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport) -> None:
        self._transport = transport
        transport.write(connect_packet(self.token, self.client_id))

    def data_received(self, data: bytes) -> None:
        self._data += data
        for head, body in received(self._data):
            if head == CONNACK:
                self._answered(body)
            elif head == PUBACK:
                self.acknowledged += 1
                self._unanswered -= 1

    def _answered(self, body: bytes) -> None:
        self.ready = body[1:2] == b"\x00"
        if not self.ready:
            self._why = "refused"
            self._transport.close()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Sends, unless too much is unanswered. Answers whether it was sent."""
        if not self.ready or self._unanswered >= MOST_UNANSWERED:
            return False
        self._packet_id = self._packet_id % 65_535 + 1
        self._unanswered += 1
        self._transport.write(publish_packet(topic, payload, self._packet_id))
        return True

    def close(self) -> None:
        self._why = "closed"
        if self._transport is not None and not self._transport.is_closing():
            if self.ready:
                self._transport.write(bytes([DISCONNECT, 0]))
            self._transport.close()

    def connection_lost(self, error) -> None:
        self.ready = False
        self.ended(self._why)
