"""What a client sends, decoded.

    +--------------------+--------------------------+-----------------------------------+
    | type 4 | flags 4   | remaining length, 1–4    | variable header and payload       |
    |        |           | bytes of 7 bits, LSB 1st |                                   |
    +--------------------+--------------------------+-----------------------------------+

:func:`decode` returns ``(packet, used)``: ``used`` 0 means "give me more". Whatever a client can send wrong is one
:class:`ProtocolFault` with the reason code of MQTT 5 (3.1.1 clients are simply disconnected); a fault ends the
connection, for after it nobody knows where the next packet begins.

Source: OASIS MQTT 3.1.1 §2, §3 and MQTT 5.0 §2, §3.
"""

from dataclasses import dataclass, field

from anlan.wire.mqtt.properties import read_properties
from anlan.wire.mqtt.text import ProtocolFault, read_binary, read_text

CONNECT, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 3, 4, 5, 6, 7
SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT = 8, 10, 12, 14

MALFORMED, PROTOCOL_ERROR, TOO_LARGE = 0x81, 0x82, 0x95

FLAGS = {PUBREL: 2, SUBSCRIBE: 2, UNSUBSCRIBE: 2}
"""Reserved flag bits that a packet must carry; every other type but PUBLISH must carry none."""


@dataclass(frozen=True, slots=True)
class Connect:
    client: str
    user: str | None
    password: bytes | None
    keepalive: int
    clean: bool
    version: int
    will_topic: str | None = None
    will_payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Publish:
    topic: str
    payload: bytes
    qos: int
    packet_id: int
    retain: bool
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Subscribe:
    packet_id: int
    filters: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    packet_id: int
    filters: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """PUBACK, PUBREC, PUBREL or PUBCOMP, told apart by ``type``."""

    type: int
    packet_id: int


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Disconnect:
    pass


Packet = Connect | Publish | Subscribe | Unsubscribe | Acknowledge | Ping | Disconnect


def decode(data: bytes | bytearray, start: int, version: int, limit: int) -> tuple[Packet | None, int]:
    """The packet that begins at ``data[start]`` and how many bytes it took; ``(None, 0)`` when it is not whole yet.

    ``version`` is 4 or 5, as the CONNECT said (any before it); ``limit`` is the most a packet may have, its head
    excepted. A packet over the limit is refused as soon as its length is known, not after its bytes came.
    """
    length, head = _remaining_length(data, start)
    if head == 0:
        return None, 0
    if length > limit:
        raise ProtocolFault(TOO_LARGE, f"a packet of {length} bytes: the most is {limit}")
    begin, end = start + head, start + head + length
    if len(data) < end:
        return None, 0
    type_, flags = data[start] >> 4, data[start] & 15
    if type_ == PUBLISH:
        return _publish(data, begin, end, flags, version), head + length
    read = READERS.get(type_)
    if read is None:
        raise ProtocolFault(PROTOCOL_ERROR, f"packet type {type_} does not come from a client")
    if flags != FLAGS.get(type_, 0):
        raise ProtocolFault(MALFORMED, f"reserved flags {flags} in packet type {type_}")
    return read(type_, bytes(data[begin:end]), version), head + length


def _remaining_length(data: bytes | bytearray, start: int) -> tuple[int, int]:
    value = 0
    for place in range(4):
        at = start + 1 + place
        if at >= len(data):
            return 0, 0
        value |= (data[at] & 127) << (7 * place)
        if data[at] < 128:
            return value, 2 + place
    raise ProtocolFault(MALFORMED, "the remaining length takes more than four bytes")


def _publish(data: bytes | bytearray, at: int, end: int, flags: int, version: int) -> Publish:
    qos = (flags >> 1) & 3
    if qos == 3:
        raise ProtocolFault(MALFORMED, "QoS 3 does not exist")
    body = bytes(data[at:end])
    topic, at = read_text(body, 0)
    packet_id = 0
    if qos:
        packet_id, at = _packet_id(body, at)
    if version == 5:
        properties, at = read_properties(body, at)
        if 0x23 in properties:
            raise ProtocolFault(0x94, "topic aliases are not served: CONNACK said so")
    if not topic or "+" in topic or "#" in topic:
        raise ProtocolFault(0x90, f"{topic!r} is no topic to publish to")
    return Publish(topic, body[at:], qos, packet_id, bool(flags & 1), bool(flags & 8))


def _connect(type_: int, body: bytes, version: int) -> Connect:
    name, at = read_text(body, 0)
    if name not in ("MQTT", "MQIsdp") or len(body) < at + 4:
        raise ProtocolFault(MALFORMED, f"the protocol name is {name!r}, not MQTT")
    version, flags, keepalive = body[at], body[at + 1], body[at + 2] << 8 | body[at + 3]
    if version not in (3, 4, 5):
        raise ProtocolFault(0x84, f"protocol version {version} is not served: 4 (3.1.1) and 5 are")
    if flags & 1:
        raise ProtocolFault(MALFORMED, "the reserved flag of CONNECT is set")
    at += 4
    if version == 5:
        _, at = read_properties(body, at)
    client, at = read_text(body, at)
    will_topic, will_payload = None, b""
    if flags & 4:
        if version == 5:
            _, at = read_properties(body, at)
        will_topic, at = read_text(body, at)
        will_payload, at = read_binary(body, at)
    user, at = read_text(body, at) if flags & 128 else (None, at)
    password, at = read_binary(body, at) if flags & 64 else (None, at)
    if at != len(body):
        raise ProtocolFault(MALFORMED, f"{len(body) - at} bytes too many in CONNECT")
    return Connect(client, user, password, keepalive, bool(flags & 2), version, will_topic, will_payload)


def _subscribe(type_: int, body: bytes, version: int) -> Subscribe:
    packet_id, at = _packet_id(body, 0)
    if version == 5:
        _, at = read_properties(body, at)
    filters = []
    while at < len(body):
        topic, at = read_text(body, at)
        if at >= len(body):
            raise ProtocolFault(MALFORMED, "a topic filter without options")
        filters.append((topic, body[at] & 3))
        at += 1
    if not filters:
        raise ProtocolFault(PROTOCOL_ERROR, "SUBSCRIBE without a topic filter")
    return Subscribe(packet_id, filters)


def _unsubscribe(type_: int, body: bytes, version: int) -> Unsubscribe:
    packet_id, at = _packet_id(body, 0)
    if version == 5:
        _, at = read_properties(body, at)
    filters = []
    while at < len(body):
        topic, at = read_text(body, at)
        filters.append(topic)
    if not filters:
        raise ProtocolFault(PROTOCOL_ERROR, "UNSUBSCRIBE without a topic filter")
    return Unsubscribe(packet_id, filters)


def _acknowledge(type_: int, body: bytes, version: int) -> Acknowledge:
    return Acknowledge(type_, _packet_id(body, 0)[0])


def _packet_id(body: bytes, at: int) -> tuple[int, int]:
    if len(body) < at + 2:
        raise ProtocolFault(MALFORMED, "the packet identifier is cut")
    packet_id = body[at] << 8 | body[at + 1]
    if packet_id == 0:
        raise ProtocolFault(MALFORMED, "packet identifier 0")
    return packet_id, at + 2


READERS = {
    CONNECT: _connect,
    PUBACK: _acknowledge,
    PUBREC: _acknowledge,
    PUBREL: _acknowledge,
    PUBCOMP: _acknowledge,
    SUBSCRIBE: _subscribe,
    UNSUBSCRIBE: _unsubscribe,
    PINGREQ: lambda type_, body, version: Ping(),
    DISCONNECT: lambda type_, body, version: Disconnect(),
}
