"""The MQTT listener: one protocol object per connection, no task per connection.

A PUBLISH of QoS 1 or 2 is answered when the intake says that its readings (or its dead letter) are in the stream; the
answers come in the order of the messages. A connection that sends faster than the stream takes, or has too many
messages unanswered, is not read until there is room: TCP tells the device to wait.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from anlan.telemetry.book import Known
from anlan.telemetry.gateway.reception import SILENT, Reception, Sender, reply, taken
from anlan.telemetry.gateway.sparkplug import host_state
from anlan.wire.mqtt import answers, packets
from anlan.wire.mqtt.text import ProtocolFault

CONNECT_SECONDS = 10.0
MOST_UNANSWERED = 2_000
MOST_CONNECTIONS = 50_000
SERVED = ("v1/", "spBv1.0/", "STATE/")
"""Topics that may be subscribed to."""
HEAD = 512
"""Bytes a packet may have beside its payload: topic, identifiers, properties."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Served:
    """What the connections share."""

    reception: Reception
    connections: set["Connection"]

    def sweep(self, now: float) -> None:
        """End connections that fell silent or whose device is not known any more. Called about once a second."""
        for connection in list(self.connections):
            connection.check(now)


class Connection(asyncio.Protocol):
    def __init__(self, served: Served):
        self.served = served
        self.reception = served.reception
        self.limit = served.reception.limits.payload + HEAD
        self.buffer = bytearray()
        self.version = 4
        self.device: Known | None = None
        self.address = ""
        self.deadline = time.monotonic() + CONNECT_SECONDS
        self.allowance = CONNECT_SECONDS
        self.unanswered = 0
        self.waiting = False
        self.will: tuple[str, bytes] | None = None
        self.exactly_once: set[int] = set()
        """Packet ids of QoS 2 messages that were taken and not yet released."""

    # --- the socket -----------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        peer = transport.get_extra_info("peername") or ("?", 0)
        self.address = f"{peer[0]}:{peer[1]}"
        self.reception.counters["connections_made"] += 1
        if len(self.served.connections) >= MOST_CONNECTIONS:
            self.reception.counters["connections_refused"] += 1
            transport.abort()
            return
        self.served.connections.add(self)

    def connection_lost(self, problem: Exception | None) -> None:
        self.served.connections.discard(self)
        if self.device is None:
            return
        if self.will and taken(self.will[0]):
            self.reception.receive(Sender(self.device, self.address), *self.will)
        self.reception.presence.left(self.device.id, self.reception.now())
        self.device = None

    def data_received(self, data: bytes) -> None:
        self.deadline = time.monotonic() + self.allowance
        self.buffer += data
        if not self.waiting:
            self._read()

    def _read(self) -> None:
        at, buffer = 0, self.buffer
        try:
            while at < len(buffer):
                packet, used = packets.decode(buffer, at, self.version, self.limit)
                if packet is None:
                    break
                at += used
                HANDLERS[type(packet)](self, packet)
                if self.transport.is_closing():
                    buffer.clear()
                    return
                if self._must_wait():
                    break
        except ProtocolFault as fault:
            self._broken(fault, bytes(buffer[at:]))
            buffer.clear()
            return
        del buffer[:at]

    def _must_wait(self) -> bool:
        if self.unanswered < MOST_UNANSWERED and not self.reception.intake.full:
            return False
        if not self.waiting:
            self.waiting = True
            self.transport.pause_reading()
            self.reception.counters["waits_for_room"] += 1
            if self.unanswered < MOST_UNANSWERED:
                self.reception.intake.when_there_is_room(self._go_on)
        return True

    def _go_on(self) -> None:
        if not self.waiting or self.transport.is_closing():
            return
        self.waiting = False
        self.transport.resume_reading()
        self.deadline = time.monotonic() + self.allowance
        self._read()

    def _broken(self, fault: ProtocolFault, rest: bytes) -> None:
        self.reception.counters["protocol_faults"] += 1
        if fault.code == packets.TOO_LARGE and self.device:
            self.reception.too_large(Sender(self.device, self.address), self.address, "mqtt", _length(rest), rest)
        if self.device is None:
            version = 5 if self.version == 5 else 4
            why = "version" if fault.code == 0x84 else "identifier"
            self.transport.write(answers.refused(version, why, fault.reason))
        else:
            self.transport.write(answers.disconnected(self.version, fault.code, fault.reason))
        log.info("%s: %s", self.address, fault.reason)
        self.transport.close()

    def check(self, now: float) -> None:
        if self.waiting:
            return
        if now > self.deadline:
            self.transport.write(answers.disconnected(self.version, 0x8D, "nothing heard within the keep-alive time"))
            self.transport.close()
        elif self.device and self._known() is None:
            self.transport.write(answers.disconnected(self.version, 0x98, "the device is not registered any more"))
            self.transport.close()

    def _known(self) -> Known | None:
        """The device as the register has it now; None when it, or its token, is gone."""
        now = self.reception.directory.by_id.get(self.device.id)
        if now is not self.device:
            if now is None or now.token_hash != self.device.token_hash:
                return None
            self.device = now
        return now

    # --- packets --------------------------------------------------------------------------------------------------
    def _connect(self, packet: packets.Connect) -> None:
        if self.device is not None:
            raise ProtocolFault(packets.PROTOCOL_ERROR, "a second CONNECT")
        self.version = 5 if packet.version == 5 else 4
        device = self.reception.directory.device_of(packet.user) if packet.user else None
        if device is None:
            # Refused before it says anything: what is known of it is the name it gave itself.
            self.reception.unknown_token(packet.user or "", self.address, "mqtt", b"", packet.client)
            self.transport.write(answers.refused(self.version, "credentials", "no device has this token"))
            self.transport.close()
            return
        self.device, self.will = device, (packet.will_topic, packet.will_payload) if packet.will_topic else None
        # One and a half times what the client promised; a client that promised nothing has an hour.
        self.allowance = packet.keepalive * 1.5 if packet.keepalive else 3600.0
        self.deadline = time.monotonic() + self.allowance
        self.reception.presence.joined(device.id, self.reception.now())
        self.transport.write(answers.connected(self.version, self.limit))

    def _publish(self, packet: packets.Publish) -> None:
        device = self._present()
        if device is None:
            return
        if packet.qos == 2 and packet.packet_id in self.exactly_once:
            self._answer(packet, 0, "")
            return
        code, reason = self._take(Sender(device, self.address), packet)
        if packet.qos:
            if packet.qos == 2:
                self.exactly_once.add(packet.packet_id)
            self._answer(packet, code, reason)

    def _take(self, sender: Sender, packet: packets.Publish) -> tuple[int, str]:
        """Reason code and words for the answer; a 3.1.1 client only sees that it was taken."""
        reception, topic = self.reception, packet.topic
        if taken(topic):
            outcome = reception.receive(sender, topic, packet.payload)
            for told in outcome.replies:
                self.transport.write(answers.published(self.version, *told))
            return (answers.PAYLOAD_INVALID if outcome.unreadable else 0), outcome.words()
        asked = reply(topic, packet.payload, reception.limits)
        if asked:
            self.transport.write(answers.published(self.version, *asked))
            return 0, ""
        if SILENT.fullmatch(topic):
            return 0, ""
        return answers.TOPIC_INVALID, reception.unknown_topic(sender, topic, packet.payload).unreadable

    def _answer(self, packet: packets.Publish, code: int, reason: str) -> None:
        self.unanswered += 1
        made = answers.acknowledged(self.version, packet.packet_id, packet.qos, code, reason)
        self.reception.intake.when_safe(lambda: self._answered(made))

    def _answered(self, made: bytes) -> None:
        self.unanswered -= 1
        if self.transport.is_closing():
            return
        self.transport.write(made)
        if self.waiting and self.unanswered < MOST_UNANSWERED // 2:
            self._go_on()

    def _acknowledge(self, packet: packets.Acknowledge) -> None:
        if packet.type == packets.PUBREL:
            self.exactly_once.discard(packet.packet_id)
            self.transport.write(answers.completed(packet.packet_id))

    def _subscribe(self, packet: packets.Subscribe) -> None:
        if self._present():
            codes = [0 if name.startswith(SERVED) else 0x80 for name, _ in packet.filters]
            self.transport.write(answers.subscribed(self.version, packet.packet_id, codes))
            states = {host_state(name, self.reception.now()) for name, _ in packet.filters} - {None}
            for told in sorted(states):
                self.transport.write(answers.published(self.version, *told))

    def _unsubscribe(self, packet: packets.Unsubscribe) -> None:
        if self._present():
            self.transport.write(answers.unsubscribed(self.version, packet.packet_id, len(packet.filters)))

    def _ping(self, packet: packets.Ping) -> None:
        if self._present():
            self.transport.write(answers.PING_RESPONSE)

    def _disconnect(self, packet: packets.Disconnect) -> None:
        self.will = None
        self.transport.close()

    def _present(self) -> Known | None:
        if self.device is None:
            raise ProtocolFault(packets.PROTOCOL_ERROR, "the first packet must be CONNECT")
        device = self._known()
        if device is None:
            self.transport.write(answers.disconnected(self.version, 0x98, "the device is not registered any more"))
            self.transport.close()
        return device


HANDLERS: dict[type, Callable[[Connection, packets.Packet], None]] = {
    packets.Connect: Connection._connect,
    packets.Publish: Connection._publish,
    packets.Acknowledge: Connection._acknowledge,
    packets.Subscribe: Connection._subscribe,
    packets.Unsubscribe: Connection._unsubscribe,
    packets.Ping: Connection._ping,
    packets.Disconnect: Connection._disconnect,
}


def _length(rest: bytes) -> int:
    """What the head of an oversized packet says its length is."""
    value = 0
    for place, byte in enumerate(rest[1:5]):
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            break
    return value
