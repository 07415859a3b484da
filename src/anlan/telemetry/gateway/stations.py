"""The listener of environment stations, HJ 212: MN and password are the login, 9014 says that the stream has it.

Settings of a device: ``sm4_key`` (32 hexadecimal digits); ``set_time`` (true: its clock is set at the first contact
too, not only when it asks). Its identity is ``hj212:`` with its MN, letter by letter.
"""

import asyncio
import hmac
from dataclasses import dataclass, replace

from anlan.telemetry.book import Known, secret_hash
from anlan.telemetry.gateway.framed import READERS, Said, read_again
from anlan.telemetry.gateway.links import Room, Session
from anlan.wire.hj212 import data, frames, talk
from anlan.wire.hj212.frames import BEFORE_2017, OF_2025, Frame
from anlan.wire.splitting import Splitter
from anlan.wire.thingsboard.payload import Fault

NAME = "hj212"
RESEND_SECONDS = (5.0, 5.0, 5.0)
RESULT_SECONDS = 10.0
AGAIN_SECONDS = 86_400.0
TELLING = frozenset(("1011", "1061", "1063", "2081", "3019", "3020"))
"""Commands whose texts are worth keeping as attributes; those of data repeat their time."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a station speaks, so that it is spoken to likewise."""

    st: str = "31"
    pw: str = ""
    edition: int = frames.OF_2017
    check: str = frames.STANDARD


class Station(Session):
    idle = 7_200.0

    def __init__(self, room: Room):
        super().__init__(room)
        self.manners: dict[str, Manner] = {}
        self.brought: dict[tuple[str, str], dict] = {}
        """What a station brings in answer to a request, by MN and QN."""
        self.parts: dict[str, tuple[Frame, str]] = {}
        """By MN the part heard last of a message in parts, with the time of its data."""
        self.under_way: set[asyncio.Task] = set()

    def made_splitter(self) -> Splitter:
        return frames.splitter(self._key)

    def _key(self, mn: str) -> bytes:
        device = self.known(identity(mn))
        return frames.sm4_key(device.settings) if device else b""

    def frame(self, raw: bytes) -> None:
        mn = frames.mn_of(raw[6:])
        frame = frames.decode(raw, self._key(mn))
        device = self.known(identity(mn))
        if not mn:
            raise ValueError("no MN: who speaks is not said")
        if device is None:
            self.stranger(identity(mn), hidden(frame), f"ST={frame.st}")
            return
        if not _may_speak(device, frame.pw):
            self.room.count("wrong_passwords")
            self.letter("unreadable", "wrong PW", hidden(frame))
            return
        first = identity(mn) not in self.devices
        self.join(identity(mn), device)
        self.alive(device)
        if len(raw) > frames.STANDARD_SEGMENT + 12:
            self.room.count("longer_than_the_standard")
        if frame.st != talk.INTERACTION or mn not in self.manners:
            self.manners[mn] = Manner(frame.st, frame.pw, frame.edition, frame.check)
        if frame.cn in (talk.REQUEST_ANSWER, talk.RESULT, talk.NOTICE_ANSWER, talk.DATA_ANSWER):
            self._answer(mn, frame)
            return
        self._data(mn, self._dated(mn, frame) if frame.total > 1 else frame, device, raw)
        if frame.cn == "1013" or (first and device.settings.get("set_time") is True):
            self._set_time(device)

    def _data(self, mn: str, frame: Frame, device: Known, raw: bytes) -> None:
        wanted = self.brought.get((mn, frame.qn))
        # What carries a time of its own may come again much later, under another QN; without one the QN is its time.
        qn = "" if "DataTime=" in frame.cp else frame.qn
        again = self.room.recent.again((device.id, frame.cn, frame.number, qn, frame.cp), self.heard, AGAIN_SECONDS)
        if again and wanted is None and frame.cn.startswith(("2", "3")):
            self.room.count("duplicates")
        else:
            said = read(frame)
            self.take(device, raw, said)
            if wanted is not None:
                wanted |= said.facts | {key: value for _, key, _, value, _ in said.samples.rows()}
        if answer := talk.reply(frame):
            self.send_when_safe(frames.encode(answer))

    def _dated(self, mn: str, frame: Frame) -> Frame:
        """A part with the time of its data: where it does not repeat it, that of the part before."""
        before, time = self.parts.pop(mn, (frame, ""))
        own = dict(data.fields(frame.cp)).get("DataTime", "")
        if not own and (before.cn, before.total, before.number + 1) == (frame.cn, frame.total, frame.number):
            own, frame = time, replace(frame, cp=f"DataTime={time};{frame.cp}")
        if own and frame.number < frame.total:
            self.parts[mn] = frame, own
        return frame

    def _answer(self, mn: str, frame: Frame) -> None:
        qn, result = talk.answered_qn(frame), talk.result(frame)
        if frame.cn == talk.REQUEST_ANSWER:
            self.answered((mn, qn), result)
        elif frame.cn == talk.RESULT:
            # A station may leave out the first of its two answers.
            self.answered((mn, qn, "result"), result)
            self.answered((mn, qn), talk.READY)
        else:
            self.answered((mn, qn), talk.READY)
            self.answered((mn, qn, "result"), talk.DONE)

    # --- down -----------------------------------------------------------------------------------------------------
    def _set_time(self, device: Known) -> None:
        self.room.count("clocks_set")
        task = asyncio.ensure_future(self.order(device, "set_time", {}))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def order(self, device: Known, name: str, parameters: dict) -> dict:
        """Request, 9011 "ready", what it brings, 9012 "done", all under one QN."""
        mn, now = (device.identity or "").partition(":")[2], self.reception.now()
        order, cp = talk.order(name, parameters, now)
        manner = self.manners.get(mn, Manner())
        qn = self._free_qn(mn, now)
        flag = 1 if manner.edition == BEFORE_2017 else min(manner.edition, OF_2025) << 2 | 1
        request = Frame(order.cn, manner.st, mn, manner.pw, qn, flag, cp=cp, check=manner.check)
        brought: dict = {}
        self.brought[mn, qn] = brought
        done = self.waited[mn, qn, "result"] = asyncio.get_running_loop().create_future()
        try:
            ready = await self.sent_down((mn, qn), frames.encode(request), RESEND_SECONDS)
            if ready is None:
                return {"result": "no answer"}
            if ready != talk.READY:
                return {"result": "refused", "reason": talk.QN_RESULTS.get(ready, str(ready))}
            await asyncio.wait((done,), timeout=RESULT_SECONDS)
            result = done.result() if done.done() else None
            words = "no result" if result is None else talk.RESULTS.get(result, str(result))
            return {"result": words, "said": brought} if brought else {"result": words}
        finally:
            self.brought.pop((mn, qn), None)
            self.waited.pop((mn, qn, "result"), None)

    def _free_qn(self, mn: str, now: int) -> str:
        """A QN is a time to the millisecond: the next one that is not under way."""
        while (mn, qn := talk.stamp(now)) in self.waited:
            now += 1_000
        return qn


def identity(mn: str) -> str:
    """As the register has it: ``hj212:`` and the MN, letter by letter."""
    return f"{NAME}:{mn}"


def _may_speak(device: Known, pw: str) -> bool:
    """A device without a password in the register is known by its MN alone."""
    return not device.secret_hash or hmac.compare_digest(secret_hash(device.identity, pw), device.secret_hash)


def hidden(frame: Frame) -> bytes:
    """The same frame with the password masked, for people to see and to be read again."""
    return frames.encode(replace(frame, pw="*" * len(frame.pw)))


def read(frame: Frame) -> Said:
    """The frame's values, and its texts where they are worth keeping (:data:`TELLING`)."""
    said = data.read(frame)
    facts = {name: value for name, value in said.facts.items() if value} if frame.cn in TELLING else {}
    return Said(said.samples, facts, [Fault(key, why) for key, why in said.faults])


def _again(device: Known, raw: bytes, received: int) -> Said:
    key = frames.sm4_key(device.settings)
    return read_again(raw, frames.splitter(lambda _: key), lambda one: read(frames.decode(one, key)))


READERS[NAME] = _again
