"""The listener of fire monitoring units, GB/T 26875.3: confirms when the stream has it, denies what came damaged, keeps
the unit's clock right, sends down what is asked for.

Settings of a device: those of :class:`anlan.wire.gb26875.frames.Variant`, and ``set_clock`` (true unless said
otherwise). Its identity is ``gb26875:`` with 12 hexadecimal digits of its address.
"""

import asyncio

from anlan.telemetry.book import Known
from anlan.telemetry.gateway.framed import READERS, Said, read_again
from anlan.telemetry.gateway.links import Room, Session
from anlan.telemetry.gateway.mapping import SECOND
from anlan.wire.gb26875 import downlink, frames, objects
from anlan.wire.gb26875.frames import ANSWER, CONFIRM, DENY, SEND, STANDARD, Frame, Variant
from anlan.wire.splitting import Piece, Splitter

NAME = "gb26875"
RESEND_SECONDS = 4.0
TRIES = 4
AGAIN_SECONDS = 60.0
CLOCK_OFF = 60 * SECOND
CLOCK_EVERY = 86_400 * SECOND


class FireUnit(Session):
    idle = 900.0

    def __init__(self, room: Room):
        super().__init__(room)
        self.variants: dict[int, tuple[Known, Variant]] = {}
        self.centre: dict[int, int] = {}
        """Unit -> the address by which it knows us."""
        self.clock_set: dict[int, int] = {}
        self.last: dict[int, tuple[int, float]] = {}
        self.serial = 0
        self.under_way: set[asyncio.Task] = set()

    def made_splitter(self) -> Splitter:
        return frames.splitter(self._variant)

    def _variant(self, address: int) -> Variant:
        device = self.known(identity(address))
        if device is None:
            return STANDARD
        held = self.variants.get(device.id)
        if held is None or held[0] is not device:
            held = self.variants[device.id] = device, frames.variant(device.settings)
        return held[1]

    def frame(self, raw: bytes) -> None:
        frame = frames.decode(raw, self._variant(int.from_bytes(raw[12:18], "little")))
        device = self.known(identity(frame.source))
        if device is None:
            self.stranger(identity(frame.source), raw)
            if frame.command == SEND:
                # It is not kept, so it is not confirmed.
                self._reply(frame, DENY)
            return
        self.join(identity(frame.source), device)
        self.centre[frame.source] = frame.destination
        self.alive(device)
        if frame.command in (CONFIRM, DENY):
            self.answered((frame.source, frame.serial), {"confirmed": frame.command == CONFIRM})
        elif frame.command in (SEND, ANSWER) or frame.command in frames.USER_COMMANDS:
            self._data(frame, device, raw)
        else:
            self.letter("unreadable", f"command {frame.command} is not for a centre", raw)
            self._reply(frame, DENY)

    def damaged(self, piece: Piece) -> None:
        frame = frames.deniable(piece.data)
        if frame is not None and frame.command == SEND and self.known(identity(frame.source)):
            self.room.count("denied")
            self._reply(frame, DENY)

    def _data(self, frame: Frame, device: Known, raw: bytes) -> None:
        how = self._variant(frame.source)
        if frame.command != ANSWER and self._once_more(frame):
            self.room.count("duplicates")
        else:
            said, unit_time = read(frame, how)
            self.take(device, raw, said)
            self._keep_clock(frame.source, device, unit_time)
            if frame.command == ANSWER:
                self.answered((frame.source, frame.serial), {"confirmed": not said.unreadable, **_told(said)})
        if frame.command != ANSWER:
            self.send_when_safe(frames.encode(frames.answer(frame, CONFIRM), self.reception.now(), how))

    def _once_more(self, frame: Frame) -> bool:
        """Whether it is the unit's last message once more. Only the last: of a unit that counts no serials and sends no
        times, a second fire after "normal" is the same to the byte as the first, and is no duplicate."""
        now, message = self.heard, hash((frame.serial, frame.data))
        last, at = self.last.get(frame.source, (None, 0.0))
        if message == last and now - at < AGAIN_SECONDS:
            return True
        self.last[frame.source] = message, now
        return False

    def _reply(self, to: Frame, command: int) -> None:
        how = self._variant(to.source)
        self.send(frames.encode(frames.answer(to, command), self.reception.now(), how))

    # --- clock ----------------------------------------------------------------------------------------------------
    def _keep_clock(self, address: int, device: Known, unit_time: int | None) -> None:
        """At the first contact, daily, and when the unit says a time that is off."""
        now = self.reception.now()
        off = unit_time is not None and abs(unit_time - now) > CLOCK_OFF
        last = self.clock_set.get(address)
        due = last is None or now - last > CLOCK_EVERY or (off and now - last > CLOCK_OFF)
        if due and device.settings.get("set_clock", True) is not False:
            self.clock_set[address] = now
            self.room.count("clocks_set")
            task = asyncio.ensure_future(self.order(device, "set_clock", {}))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    # --- down -----------------------------------------------------------------------------------------------------
    async def order(self, device: Known, name: str, parameters: dict) -> dict:
        """A unit that denies is asked again, as one that is silent."""
        address = int((device.identity or "").rpartition(":")[2], 16)
        how, now = self._variant(address), self.reception.now()
        command, data = downlink.order(name, parameters, now, how)
        serial, self.serial = self.serial, (self.serial + 1) & 0xFFFF
        frame = Frame(serial, self.centre.get(address, 0), address, command, data)
        raw, said = frames.encode(frame, now, how), None
        for _ in range(TRIES):
            answer = await self.sent_down((address, serial), raw, (RESEND_SECONDS,))
            said = answer or said
            if self.transport.is_closing() or (said and said["confirmed"]):
                break
        if said is None:
            return {"result": "no answer"}
        return {"result": "done" if said.pop("confirmed") else "refused", **said}


def identity(address: int) -> str:
    """As the register has it: ``gb26875:`` and 12 hexadecimal digits, capitals."""
    return f"{NAME}:{address:012X}"


def read(frame: Frame, how: Variant) -> tuple[Said, int | None]:
    """The frame's message, and the time on the unit's own clock where it says it."""
    if frame.command in frames.USER_COMMANDS:
        return Said(unreadable=f"command {frame.command} is the maker's own"), None
    said = objects.read(frame.data, frame.sent, how)
    return Said(said.samples, said.facts, unreadable=said.fault), said.unit_time


def _told(said: Said) -> dict:
    """For whoever asked."""
    values = {f"{key}.{owner}" if owner else key: value for owner, key, _, value, _ in said.samples.rows()}
    return {"said": {**values, **said.facts}}


def _again(device: Known, raw: bytes, received: int) -> Said:
    how = frames.variant(device.settings)
    return read_again(raw, frames.splitter(lambda _: how), lambda one: read(frames.decode(one, how), how)[0])


READERS[NAME] = _again
