"""The frame of JT/T 808: ``7e | header | body | check | 7e``, numbers with the high byte first.

Between the flags ``7e`` is written ``7d 02`` and ``7d`` is ``7d 01``. Bit 14 of the attributes says that the header is
that of 2019: with a protocol version and a phone of ten bytes instead of six.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from anlan.wire.splitting import BETWEEN, MORE, Look, Splitter

FLAG = b"\x7e"
MOST_BODY = 1023
SHORT_HEAD, LONG_HEAD = 12, 17
LONGEST = 2 * (LONG_HEAD + 4 + MOST_BODY + 1) + 2
"""Bytes of a frame of which every byte is escaped."""

ESCAPE, CHECK, LENGTH, TOO_LONG = (
    "7d with neither 01 nor 02",
    "wrong check",
    "not the length it says",
    "no flag in time",
)
SHORT = "shorter than a header"
PARTS = "a part that cannot be"


@dataclass(frozen=True, slots=True)
class Edition:
    """In which header the terminal speaks; it is answered in the same."""

    of_2019: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    id: int
    phone: str
    """Digits without the zeros before them: the same terminal in both editions."""
    serial: int
    body: bytes = b""
    edition: Edition = Edition()
    encrypted: int = 0
    total: int = 1
    index: int = 1
    """Part ``index`` of ``total``; a whole message is 1 of 1."""


def splitter() -> Splitter:
    """Of a stream of frames. Two may share a flag or double it."""
    return Splitter(FLAG, look, padding=FLAG, shared=1)


def look(buffer: bytes | bytearray, at: int) -> Look:
    """What stands at the flag at ``at``: a frame up to the next flag when its check and its length are right."""
    end = buffer.find(0x7E, at + 1, at + LONGEST)
    if end < 0:
        return Look(at + 1, TOO_LONG) if len(buffer) - at >= LONGEST else MORE
    if end == at + 1:
        return Look(end, BETWEEN)
    fault = _fault(buffer[at + 1 : end])
    return Look(end, fault) if fault else Look(end + 1)


def _fault(escaped: bytes | bytearray) -> str:
    inside = unescaped(escaped)
    if inside is None:
        return ESCAPE
    if len(inside) < SHORT_HEAD + 1:
        return SHORT
    if xor(inside):
        return CHECK
    attributes = inside[2] << 8 | inside[3]
    head = (LONG_HEAD if attributes & 0x4000 else SHORT_HEAD) + (4 if attributes & 0x2000 else 0)
    return "" if len(inside) == head + (attributes & 0x3FF) + 1 else LENGTH


def unescaped(escaped: bytes | bytearray) -> bytes | None:
    """None when a ``7d`` is followed by neither 01 nor 02."""
    if 0x7D not in escaped:
        return bytes(escaped)
    if escaped.count(b"\x7d") != escaped.count(b"\x7d\x01") + escaped.count(b"\x7d\x02"):
        return None
    # In this order nothing is replaced twice: the 7d that the second makes is not looked at again.
    return bytes(escaped.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d"))


def escaped(inside: bytes) -> bytes:
    """The bytes between the flags: 7d is written 7d 01 and 7e is 7d 02."""
    return inside.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")


def xor(data: bytes) -> int:
    """All bytes together. Folded in halves: a loop over bytes would cost more than all the rest of a frame."""
    value, width = int.from_bytes(data), 1 << max(len(data) - 1, 0).bit_length()
    while width > 1:
        width >>= 1
        value ^= value >> (8 * width)
    return value & 255


def decode(data: bytes) -> Frame:
    """A frame that the splitter found. Errors: ValueError, for parts that cannot be (0 of 0, 3 of 2)."""
    inside = unescaped(data[1:-1])
    attributes = inside[2] << 8 | inside[3]
    if attributes & 0x4000:
        edition, phone, at = Edition(True, inside[4]), inside[5:15], 15
    else:
        edition, phone, at = Edition(), inside[4:10], 10
    serial, at = inside[at] << 8 | inside[at + 1], at + 2
    total = index = 1
    if attributes & 0x2000:
        total, index = int.from_bytes(inside[at : at + 2]), int.from_bytes(inside[at + 2 : at + 4])
        at += 4
        if not 1 <= index <= total:
            raise ValueError(PARTS)
    return Frame(
        id=inside[0] << 8 | inside[1],
        phone=phone.hex().lstrip("0") or "0",
        serial=serial,
        body=inside[at:-1],
        edition=edition,
        encrypted=attributes >> 10 & 7,
        total=total,
        index=index,
    )


def encode(frame: Frame) -> list[bytes]:
    """The message as frames: one, or with a long body parts of consecutive serials. Errors: ValueError, for a phone
    that is none or a body that no number of parts holds."""
    pieces = [frame.body[at : at + MOST_BODY] for at in range(0, len(frame.body), MOST_BODY)] or [b""]
    if len(pieces) > 65_535:
        raise ValueError("the body is too long")
    return [_one(frame, piece, n, len(pieces)) for n, piece in enumerate(pieces)]


def _one(frame: Frame, body: bytes, number: int, total: int) -> bytes:
    edition = frame.edition
    digits = 20 if edition.of_2019 else 12
    if len(frame.phone) > digits:
        raise ValueError(f"a phone of more than {digits} digits")
    attributes = len(body) | (0x2000 if total > 1 else 0) | (0x4000 if edition.of_2019 else 0)
    inside = frame.id.to_bytes(2) + attributes.to_bytes(2)
    if edition.of_2019:
        inside += bytes((edition.version,))
    inside += bytes.fromhex(frame.phone.zfill(digits)) + ((frame.serial + number) & 0xFFFF).to_bytes(2)
    if total > 1:
        inside += total.to_bytes(2) + (number + 1).to_bytes(2)
    inside += body
    return FLAG + escaped(inside + bytes((xor(inside),))) + FLAG


@dataclass(slots=True)
class _Set:
    since: float
    parts: dict[int, bytes] = field(default_factory=dict)


class Parts:
    """Messages in parts, put together by their index. Bounded: so many unfinished at a time, so many parts each."""

    MOST_SETS, MOST_PARTS, SECONDS = 4, 1_024, 120.0

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple[str, int, int, int], _Set] = OrderedDict()

    def add(self, frame: Frame, now: float) -> Frame | None:
        """The whole message once its last part is here; ``now`` in seconds. Errors: ValueError, when it has too many
        parts."""
        if frame.total == 1:
            return frame
        if frame.total > self.MOST_PARTS:
            raise ValueError(f"{frame.total} parts: the most is {self.MOST_PARTS}")
        key = self._key(frame)
        held = self._sets.setdefault(key, _Set(now))
        held.parts[frame.index] = frame.body
        if len(held.parts) == frame.total:
            del self._sets[key]
            body = b"".join(held.parts[n] for n in range(1, frame.total + 1))
            return replace(frame, body=body, total=1, index=1, serial=key[2])
        while len(self._sets) > self.MOST_SETS:
            self._sets.popitem(last=False)
        return None

    def missing(self, frame: Frame) -> tuple[int, list[int]]:
        """Serial of the first part, and the indexes not here of the message of which ``frame`` is a part."""
        key = self._key(frame)
        held = self._sets.get(key)
        here = held.parts.keys() if held else range(1, frame.total + 1)
        return key[2], [n for n in range(1, frame.total + 1) if n not in here]

    def drop(self, now: float) -> list[tuple[str, int, int, int]]:
        """Forget sets whose parts do not come: (phone, message id, parts here, parts in all) of each."""
        late = [key for key, held in self._sets.items() if now - held.since > self.SECONDS]
        return [(*key[:2], len(self._sets.pop(key).parts), key[3]) for key in late]

    @staticmethod
    def _key(frame: Frame) -> tuple[str, int, int, int]:
        return frame.phone, frame.id, (frame.serial - frame.index + 1) & 0xFFFF, frame.total
