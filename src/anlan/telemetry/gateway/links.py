"""What the listeners of framed protocols share: a session on a link (a TCP connection, or one sender of datagrams).

A session cuts the stream into frames and hands each to its protocol; one that is no frame becomes a dead letter. It is
not read while the intake is full or too much of it is unanswered. An answer that says "taken" goes out when the stream
has what it speaks of on disk. Nothing a peer sends makes it grow: noise without a frame ends the link, and letters of
one sender are limited and then counted.
"""

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from anlan.telemetry.book import Known
from anlan.telemetry.deadletters import KEPT_BYTES, DeadLetter
from anlan.telemetry.gateway.framed import Said
from anlan.telemetry.gateway.reception import Outcome, Reception, Sender
from anlan.wire.splitting import Piece, Splitter

MOST_LINKS = 50_000
MOST_DATAGRAM_PEERS = 20_000
MOST_UNANSWERED = 2_000
MOST_DEVICES = 1_000
"""Devices that may speak through one link: a link of a forwarding platform has many."""
NOISE_BYTES = 65_536
"""So much without one frame in it, and the peer speaks another language: the link is closed."""
UNKNOWN_SECONDS = 60.0
"""A link on which nobody known has spoken is closed after this time."""
PATIENCE = 10.0
"""Seconds of silence after which an unfinished frame is given up."""

log = logging.getLogger(__name__)


class Limited:
    """So many of a kind from one source, and in all, within a window; the others are only counted."""

    def __init__(self, most: int = 20, in_all: int = 500, window: float = 600.0):
        self.most, self.in_all, self.window = most, in_all, window
        self._since, self._of = 0.0, Counter()

    def allows(self, source: object, now: float) -> bool:
        if not 0 <= now - self._since < self.window:
            self._since = now
            self._of.clear()
        if self._of[source] >= self.most or self._of.total() >= self.in_all:
            return False
        self._of[source] += 1
        return True


class Recent:
    """Messages taken lately, so that one sent again is answered again and stored once."""

    def __init__(self, most: int = 100_000):
        self.most = most
        self._at: OrderedDict[int, float] = OrderedDict()

    def again(self, message: object, now: float, seconds: float) -> bool:
        """Whether it was taken within so many seconds; it is remembered from now on."""
        mark = hash(message)
        at = self._at.get(mark)
        if at is not None and now - at < seconds:
            return True
        self._at[mark] = now
        self._at.move_to_end(mark)
        if len(self._at) > self.most:
            self._at.popitem(last=False)
        return False


@dataclass(slots=True)
class Room:
    """What all sessions of one protocol share."""

    name: str
    reception: Reception
    home: Path
    sessions: set["Session"] = field(default_factory=set)
    of_device: dict[int, "Session"] = field(default_factory=dict)
    """The link on which a device was last heard: the one to send something down."""
    recent: Recent = field(default_factory=Recent)
    letters: Limited = field(default_factory=Limited)

    def count(self, what: str) -> None:
        self.reception.counters[f"{self.name}_{what}"] += 1

    def sweep(self, now: float) -> None:
        for session in list(self.sessions):
            session.check(now)


class Session(asyncio.Protocol, ABC):
    """One link. A protocol's own session says how frames are found and what becomes of them."""

    idle = 600.0

    def __init__(self, room: Room):
        self.room, self.reception = room, room.reception
        self.splitter = self.made_splitter()
        self.devices: dict[str, Known] = {}
        """Those that have shown who they are, by identity."""
        self.pieces: deque[Piece] = deque()
        self.began = self.heard = time.monotonic()
        self.unanswered = self.noise = 0
        self.waiting = False
        self.address = ""
        self.waited: dict[object, asyncio.Future] = {}
        """What was sent down and is not answered yet."""

    # --- of a protocol --------------------------------------------------------------------------------------------
    @abstractmethod
    def made_splitter(self) -> Splitter:
        """What finds the frames of this protocol in its bytes."""

    @abstractmethod
    def frame(self, raw: bytes) -> None:
        """One whole frame. Errors: ValueError, for one that makes no sense; it becomes a dead letter."""

    def damaged(self, piece: Piece) -> None:
        """Bytes that are no frame, for a protocol that answers even these."""

    @abstractmethod
    async def order(self, device: Known, name: str, parameters: dict) -> dict:
        """Send something down and wait for what the device answers. Errors: ValueError, for an order that is none."""

    # --- the link -------------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        peer = transport.get_extra_info("peername") or ("?", 0)
        self.address = f"{peer[0]}:{peer[1]}"
        self.room.count("links_made")
        if len(self.room.sessions) >= MOST_LINKS:
            self.room.count("links_refused")
            transport.abort()
            return
        self.room.sessions.add(self)

    def connection_lost(self, problem: Exception | None) -> None:
        self.room.sessions.discard(self)
        # What waits unread goes: it was not answered, so the device sends it again.
        self.pieces.clear()
        for identity in list(self.devices):
            self.leave(identity)
        for waits in self.waited.values():
            if not waits.done():
                waits.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        self.pieces += self.splitter.feed(data)
        if not self.waiting:
            self.read()

    def datagram(self, data: bytes) -> None:
        """As a stream that begins and ends with it."""
        self.heard = time.monotonic()
        self.pieces += self.splitter.feed(data) + self.splitter.end()
        self.read()

    def read(self) -> None:
        while self.pieces and not self.transport.is_closing():
            piece = self.pieces.popleft()
            if piece.fault:
                self._noise(piece)
            else:
                self._frame(piece.data)
            if self._must_wait():
                return

    def _frame(self, raw: bytes) -> None:
        self.room.count("frames")
        self.noise = 0
        try:
            self.frame(raw)
        except ValueError as fault:
            self.letter("unreadable", str(fault), raw)

    def _noise(self, piece: Piece) -> None:
        self.room.count("damaged")
        self.noise += len(piece.data)
        self.letter("unreadable", piece.fault, piece.data)
        self.damaged(piece)
        if self.noise > NOISE_BYTES:
            self.room.count("links_of_noise")
            self.close("nothing that could be read")

    def _must_wait(self) -> bool:
        if self.unanswered < MOST_UNANSWERED and not self.reception.intake.full:
            return False
        if not self.waiting:
            self.waiting = True
            self.transport.pause_reading()
            self.room.count("waits_for_room")
            if self.unanswered < MOST_UNANSWERED:
                self.reception.intake.when_there_is_room(self._go_on)
        return True

    def _go_on(self) -> None:
        if not self.waiting or self.transport.is_closing():
            return
        self.waiting = False
        self.heard = time.monotonic()
        self.read()
        if not self.waiting:
            self.transport.resume_reading()

    def check(self, now: float) -> None:
        """About once a second."""
        if self.waiting:
            return
        if len(self.splitter) and now - self.heard > PATIENCE:
            self.pieces += self.splitter.end()
            self.read()
        if now - self.heard > self.idle:
            self.close("nothing heard")
        elif not self.devices and now - self.began > UNKNOWN_SECONDS:
            self.close("nobody known")
        for identity, device in list(self.devices.items()):
            if self.reception.directory.by_identity.get(identity) is not device:
                self._again(identity, device)

    def _again(self, identity: str, device: Known) -> None:
        """The register has changed: a device that is gone, or has another password, must show who it is anew."""
        known = self.reception.directory.by_identity.get(identity)
        if known and (known.id, known.secret_hash) == (device.id, device.secret_hash):
            self.devices[identity] = known
        else:
            self.leave(identity)

    def close(self, why: str) -> None:
        log.info("%s %s: closed, %s", self.room.name, self.address, why)
        self.transport.close()

    # --- devices --------------------------------------------------------------------------------------------------
    def known(self, identity: str) -> Known | None:
        """The device in the register as it is now."""
        return self.reception.directory.by_identity.get(identity)

    def join(self, identity: str, device: Known) -> None:
        """It has shown who it is: its link is this one from now on."""
        if identity in self.devices or len(self.devices) >= MOST_DEVICES:
            return
        before = self.room.of_device.get(device.id)
        self.devices[identity] = device
        self.room.of_device[device.id] = self
        self.reception.presence.joined(device.id, self.reception.now())
        if before is not None and before is not self:
            self.room.count("links_replaced")
            before.leave(identity)
            if not before.devices:
                before.close("the device has another link")

    def leave(self, identity: str) -> None:
        device = self.devices.pop(identity, None)
        if device is None:
            return
        self.reception.presence.left(device.id, self.reception.now())
        if self.room.of_device.get(device.id) is self:
            del self.room.of_device[device.id]

    def stranger(self, identity: str, raw: bytes, words: str = "") -> None:
        self.room.count("strangers")
        self.reception.quarantine.met(identity, self.address, self.room.name, raw, self.reception.now(), words=words)

    # --- in and out -----------------------------------------------------------------------------------------------
    def take(self, device: Known, raw: bytes, said: Said) -> Outcome:
        return self.reception.receive_said(Sender(device, self.address), self.room.name, raw, said)

    def alive(self, device: Known) -> None:
        self.reception.presence.heard(device.id, self.reception.now())

    def send(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)

    def send_when_safe(self, data: bytes) -> None:
        """An answer that says that something was taken."""
        self.unanswered += 1
        self.reception.intake.when_safe(lambda: self._answered(data))

    def _answered(self, data: bytes) -> None:
        self.unanswered -= 1
        self.send(data)
        if self.waiting and self.unanswered < MOST_UNANSWERED // 2:
            self._go_on()

    def letter(self, kind: str, reason: str, raw: bytes) -> None:
        device = next(iter(self.devices.values())) if len(self.devices) == 1 else None
        source = device.id if device else self.address.rpartition(":")[0]
        if not self.room.letters.allows(source, time.monotonic()):
            self.room.count("letters_held_back")
            return
        self.reception.intake.letter(
            DeadLetter(
                kind,
                reason,
                device.id if device else None,
                self.address,
                self.room.name,
                self.reception.now(),
                raw[:KEPT_BYTES],
            )
        )

    async def sent_down(self, key: object, data: bytes, seconds: tuple[float, ...]) -> object:
        """Send, and again after each of these times without an answer; the answer, or None when there is none."""
        if key in self.waited:
            raise ValueError("the same is under way already")
        waits = self.waited[key] = asyncio.get_running_loop().create_future()
        try:
            for wait in seconds:
                self.send(data)
                self.room.count("sent_down")
                done, _ = await asyncio.wait((waits,), timeout=wait)
                if done:
                    return waits.result()
            return None
        finally:
            self.waited.pop(key, None)

    def answered(self, key: object, answer: object) -> bool:
        """What was sent down is answered; False when nobody waits for it."""
        waits = self.waited.get(key)
        if waits is None or waits.done():
            return False
        waits.set_result(answer)
        return True


class DatagramLink:
    """The side of a transport that a session uses, for one sender of datagrams."""

    def __init__(self, endpoint: "Datagrams", peer: tuple):
        self.endpoint, self.peer, self.closed = endpoint, peer, False

    def get_extra_info(self, name: str) -> tuple | None:
        return self.peer if name == "peername" else None

    def write(self, data: bytes) -> None:
        self.endpoint.transport.sendto(data, self.peer)

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """There is nothing to stop: while it waits its datagrams are dropped, unanswered, and come again."""

    resume_reading = pause_reading

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.endpoint.forget(self.peer)

    abort = close


class Datagrams(asyncio.DatagramProtocol):
    """A UDP port: one session a sender, the longest unheard forgotten first."""

    def __init__(self, room: Room, made: Callable[[Room], Session]):
        self.room, self.made = room, made
        self.peers: OrderedDict[tuple, Session] = OrderedDict()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, peer: tuple) -> None:
        session = self.peers.get(peer)
        if session is None:
            session = self.peers[peer] = self.made(self.room)
            session.connection_made(DatagramLink(self, peer))
            if len(self.peers) > MOST_DATAGRAM_PEERS:
                next(iter(self.peers.values())).transport.close()
        self.peers.move_to_end(peer)
        if session.waiting or self.room.reception.intake.full:
            self.room.count("datagrams_dropped")
            return
        session.datagram(data)

    def forget(self, peer: tuple) -> None:
        session = self.peers.pop(peer, None)
        if session is not None:
            session.connection_lost(None)
