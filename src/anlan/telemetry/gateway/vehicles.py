"""The listener of vehicle terminals, JT/T 808: registers and authenticates them, answers when the stream has it.

Settings of a device: ``sign_and_magnitude`` (how it writes a temperature below zero), ``terminal`` and ``plate`` (what
its registration must say). Its identity is ``jt808:`` with its phone, without zeros before it.

The code a terminal is given at registration is made of its identity with a key of this installation, so any gateway
process of it knows it again. A device with a password in the register has that as its code instead: it is written into
the terminal by hand, and no registration tells it to anybody.
"""

import hashlib
import hmac
import os
import secrets
from functools import cache
from pathlib import Path

from anlan.telemetry.book import Known, secret_hash
from anlan.telemetry.gateway.framed import READERS, Said, read_again
from anlan.telemetry.gateway.links import Room, Session
from anlan.wire.jt808 import downlink, frames, messages, position
from anlan.wire.jt808.frames import Edition, Frame, Parts
from anlan.wire.samples import Samples
from anlan.wire.splitting import Splitter
from anlan.wire.thingsboard.payload import Fault

NAME = "jt808"
RESEND_SECONDS = (4.0, 8.0)
"""JT/T 808-2013, 5.4: each wait is the one before times the number of the try."""
AGAIN_SECONDS = 180.0
"""A terminal that is not answered sends again after 10 s, 20 s and 60 s."""
MOST_FAILURES = 5
"""Wrong codes on one link before it is closed."""


class Vehicle(Session):
    idle = 300.0

    def __init__(self, room: Room):
        super().__init__(room)
        self.parts = Parts()
        self.editions: dict[str, Edition] = {}
        self.serial = self.failures = 0
        self.wanted: dict[tuple[str, int], int] = {}
        """What was sent down, by phone and serial -> the message that answers it."""

    def made_splitter(self) -> Splitter:
        return frames.splitter()

    def frame(self, raw: bytes) -> None:
        frame = frames.decode(raw)
        device = self.known(identity(frame.phone))
        if device is None:
            self._unknown(frame, raw)
        elif frame.id in BEFORE_AUTHENTICATION:
            BEFORE_AUTHENTICATION[frame.id](self, frame, device)
        elif identity(frame.phone) not in self.devices:
            self.room.count("unauthenticated")
            self._common(frame, messages.FAILED)
        else:
            self.editions[frame.phone] = frame.edition
            self.alive(device)
            self._part(frame, device, raw)

    def _unknown(self, frame: Frame, raw: bytes) -> None:
        words = ""
        if frame.id == messages.REGISTER:
            asked = messages.registration(frame.body, frame.edition)
            words = f"{asked.plate} {asked.terminal}".strip()
            self._answer(frame, messages.REGISTERED, messages.registered(frame.serial, messages.NO_TERMINAL))
        else:
            self._common(frame, messages.FAILED)
        self.stranger(identity(frame.phone), b"" if frame.id == messages.AUTHENTICATE else raw, words)

    def _part(self, frame: Frame, device: Known, raw: bytes) -> None:
        whole = self.parts.add(frame, self.heard)
        if whole is not None:
            HANDLERS.get(whole.id, Vehicle._other)(self, whole, device, raw if whole is frame else _rejoined(whole))
        elif frame.index == frame.total:
            first, missing = self.parts.missing(frame)
            self._answer(frame, messages.MISSING_PARTS, messages.missing_parts(first, missing, frame.edition))

    def check(self, now: float) -> None:
        super().check(now)
        for phone, message, here, total in self.parts.drop(now):
            self.letter("unreadable", f"{here} of {total} parts of {message:04X} came from {phone}", b"")

    # --- who it is ------------------------------------------------------------------------------------------------
    def _register(self, frame: Frame, device: Known) -> None:
        asked = messages.registration(frame.body, frame.edition)
        expected = device.settings
        result = messages.OK
        if expected.get("terminal", asked.terminal) != asked.terminal:
            result = messages.NO_TERMINAL
        elif expected.get("plate", asked.plate) != asked.plate:
            result = messages.NO_VEHICLE
        elif device.secret_hash:
            result = messages.TERMINAL_TAKEN
        self.room.count("registrations" if result == messages.OK else "registrations_refused")
        code = code_of(self.room.home, device.identity) if result == messages.OK else ""
        self._answer(frame, messages.REGISTERED, messages.registered(frame.serial, result, code))

    def _authenticate(self, frame: Frame, device: Known) -> None:
        said = messages.authentication(frame.body, frame.edition)
        if device.secret_hash:
            good = hmac.compare_digest(secret_hash(device.identity, said.code), device.secret_hash)
        else:
            good = hmac.compare_digest(code_of(self.room.home, device.identity).encode(), said.code.encode())
        if good:
            self.editions[frame.phone] = frame.edition
            self.join(identity(frame.phone), device)
            self._common(frame, messages.OK)
            return
        self.room.count("wrong_codes")
        self.failures += 1
        self._common(frame, messages.FAILED)
        if self.failures >= MOST_FAILURES:
            self.close("wrong codes")

    # --- messages -------------------------------------------------------------------------------------------------
    def _positions(self, frame: Frame, device: Known, raw: bytes) -> None:
        if self.room.recent.again((device.id, frame.id, frame.serial, frame.body), self.heard, AGAIN_SECONDS):
            self.room.count("duplicates")
            result = messages.OK
        else:
            outcome = self.take(device, raw, read(frame, device))
            result = messages.BAD if outcome.unreadable else messages.OK
        self._common(frame, result, when_safe=True)

    def _heartbeat(self, frame: Frame, device: Known, raw: bytes) -> None:
        self._common(frame, messages.OK)

    def _log_off(self, frame: Frame, device: Known, raw: bytes) -> None:
        self._common(frame, messages.OK)
        self.leave(identity(frame.phone))

    def _server_time(self, frame: Frame, device: Known, raw: bytes) -> None:
        self._answer(frame, messages.SERVER_TIME_IS, messages.server_time(self.reception.now()))

    def _common_answer(self, frame: Frame, device: Known, raw: bytes) -> None:
        answer = messages.answered(frame.body)
        key = frame.phone, answer.serial
        # What asks for data is answered by them; a bare "done" before them is no end.
        if self.wanted.get(key) == messages.COMMON or answer.result != messages.OK:
            self.answered(key, {"result": messages.RESULTS.get(answer.result, "failed")})

    def _told(self, frame: Frame, device: Known, raw: bytes) -> None:
        told = messages.told(frame.id, frame.body, frame.edition)
        said = read(frame, device)
        if not said.unreadable:
            self.take(device, raw, said)
        values = {key: value for _, key, _, value, _ in said.samples.rows()}
        key = next((one for one, message in self.wanted.items() if message == frame.id and one[0] == frame.phone), None)
        if told.serial >= 0:
            key = frame.phone, told.serial
        self.answered(key, {"result": "done", "said": {**told.said, **values}})

    def _other(self, frame: Frame, device: Known, raw: bytes) -> None:
        self.take(device, raw, Said(unread=[f"message {frame.id:04X}"]))
        self._common(frame, messages.UNSUPPORTED, when_safe=True)

    # --- out ------------------------------------------------------------------------------------------------------
    def _common(self, to: Frame, result: int, when_safe: bool = False) -> None:
        self._answer(to, messages.ANSWERED, messages.common(to.serial, to.id, result), when_safe)

    def _answer(self, to: Frame, message: int, body: bytes, when_safe: bool = False) -> None:
        raw = b"".join(frames.encode(Frame(message, to.phone, self._serial(), body, to.edition)))
        (self.send_when_safe if when_safe else self.send)(raw)

    def _serial(self, count: int = 1) -> int:
        serial, self.serial = self.serial, (self.serial + count) & 0xFFFF
        return serial

    async def order(self, device: Known, name: str, parameters: dict) -> dict:
        phone = (device.identity or "").rpartition(":")[2]
        edition = self.editions.get(phone, Edition())
        order, body = downlink.order(name, parameters, edition)
        serial = self._serial()
        raw = frames.encode(Frame(order.message, phone, serial, body, edition))
        self._serial(len(raw) - 1)
        key = phone, serial
        self.wanted[key] = order.answer
        try:
            answer = await self.sent_down(key, b"".join(raw), RESEND_SECONDS)
        finally:
            self.wanted.pop(key, None)
        return answer or {"result": "no answer"}


BEFORE_AUTHENTICATION = {messages.REGISTER: Vehicle._register, messages.AUTHENTICATE: Vehicle._authenticate}
HANDLERS = {
    messages.POSITION: Vehicle._positions,
    messages.BATCH: Vehicle._positions,
    messages.HEARTBEAT: Vehicle._heartbeat,
    messages.LOG_OFF: Vehicle._log_off,
    messages.SERVER_TIME: Vehicle._server_time,
    messages.COMMON: Vehicle._common_answer,
    messages.PARAMETERS: Vehicle._told,
    messages.ATTRIBUTES: Vehicle._told,
    messages.POSITION_ASKED: Vehicle._told,
    messages.CONTROLLED: Vehicle._told,
}


WITHOUT_VALUES = (HANDLERS.keys() | BEFORE_AUTHENTICATION.keys()) - {
    messages.POSITION,
    messages.BATCH,
    messages.POSITION_ASKED,
    messages.CONTROLLED,
}


def identity(phone: str) -> str:
    """As the register has it: ``jt808:`` and the phone without zeros before it."""
    return f"{NAME}:{phone}"


def read(frame: Frame, device: Known) -> Said:
    """The positions of a message."""
    if frame.encrypted:
        return Said(unreadable="the body is encrypted")
    magnitude = device.settings.get("sign_and_magnitude") is True
    if frame.id == messages.BATCH:
        said = position.batch(frame.body, Samples(), magnitude)
    elif frame.id in (messages.POSITION, messages.POSITION_ASKED, messages.CONTROLLED):
        said = position.read(frame.body[0 if frame.id == messages.POSITION else 2 :], Samples(), magnitude)
    elif frame.id in WITHOUT_VALUES:
        return Said(selective=True)
    else:
        return Said(unread=[f"message {frame.id:04X}"])
    if said.fault and not len(said.samples):
        return Said(unreadable=said.fault)
    faults = [Fault("items", said.fault)] if said.fault else []
    return Said(said.samples, faults=faults, unread=said.unknown, selective=True)


def _rejoined(whole: Frame) -> bytes:
    """A message of parts as frames once more, for a letter."""
    return b"".join(frames.encode(whole))


def _again(device: Known, raw: bytes, received: int) -> Said:
    parts = Parts()

    def one(raw: bytes) -> Said:
        whole = parts.add(frames.decode(raw), 0.0)
        return read(whole, device) if whole else Said()

    return read_again(raw, frames.splitter(), one)


READERS[NAME] = _again


# --- codes --------------------------------------------------------------------------------------------------------
def code_of(home: Path, identity: str) -> str:
    """The code of a terminal: the same in every process of this installation."""
    return hmac.new(_key(home), identity.encode(), hashlib.sha256).hexdigest()[:16]


@cache
def _key(home: Path) -> bytes:
    file = home / "gateway" / "registration-key"
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text().strip())
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_hex(32))
    return bytes.fromhex(file.read_text())
