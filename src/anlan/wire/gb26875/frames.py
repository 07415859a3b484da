"""The frame of GB/T 26875.3-2011, 8: ``@@``, 25 bytes of head, data, sum, ``##``; numbers with the low byte first.

Nothing is escaped, so ``@@`` and ``##`` may stand inside: a frame is read by its length, and what does not fit is
searched again from the next byte. How real units depart from the standard is a :class:`Variant`, off by default.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

from anlan.wire.samples import local_fields, local_instant
from anlan.wire.splitting import MORE, Look, Splitter

MARK, END = b"@@", b"##"
HEAD = 27
MOST_DATA = 1024
LONGEST = HEAD + MOST_DATA + 3

CONTROL, SEND, CONFIRM, REQUEST, ANSWER, DENY = 1, 2, 3, 4, 5, 6
KNOWN_COMMANDS = frozenset((CONTROL, SEND, CONFIRM, REQUEST, ANSWER, DENY))
USER_COMMANDS = range(128, 256)

SUM = "wrong sum"
LENGTH = "the length is over 1024"
ENDING = "no ## where the length says"


@dataclass(frozen=True, slots=True)
class Variant:
    """How one maker's units depart from the standard."""

    serial_high_first: bool = False
    length_high_first: bool = False
    bcd_times: bool = False
    sum_with_start: bool = False
    """The sum begins at the ``@@`` instead of behind it."""
    component_address: str = "hex"
    """How the four bytes of a component's address are written: ``hex``, ``number``, ``loop`` (two and two bytes),
    ``parts`` (four bytes)."""


STANDARD = Variant()


def variant(settings: dict) -> Variant:
    """The variant a device's settings name; what is of the wrong type is as the standard has it."""
    given = {one.name: settings[one.name] for one in fields(Variant) if one.name in settings}
    fit = {name: value for name, value in given.items() if isinstance(value, type(getattr(STANDARD, name)))}
    return Variant(**fit)


@dataclass(frozen=True, slots=True)
class Frame:
    serial: int
    source: int
    """Six bytes as one number; 12 hexadecimal digits where it is written."""
    destination: int
    command: int
    data: bytes = b""
    sent: int | None = None
    """Microseconds UTC; None when the six bytes are no time."""
    major: int = 1
    user: int = 0


def splitter(variant_of: Callable[[int], Variant] = lambda address: STANDARD) -> Splitter:
    """Of a stream of frames. ``variant_of`` the source address (as the standard orders it): how its unit departs."""
    return Splitter(MARK, lambda buffer, at: look(buffer, at, variant_of))


def look(buffer: bytes | bytearray, at: int, variant_of: Callable[[int], Variant]) -> Look:
    """What stands at the ``@@`` at ``at``: by the length, the ``##`` and the sum, as the sender's variant has them."""
    if len(buffer) < at + HEAD:
        return MORE
    how = variant_of(int.from_bytes(buffer[at + 12 : at + 18], "little"))
    length = int.from_bytes(buffer[at + 24 : at + 26], "big" if how.length_high_first else "little")
    if length > MOST_DATA:
        return Look(at + 1, LENGTH)
    end = at + HEAD + length + 3
    if len(buffer) < end:
        return MORE
    if buffer[end - 2 : end] != END:
        return Look(at + 1, ENDING)
    begin = at if how.sum_with_start else at + 2
    if sum(memoryview(buffer)[begin : end - 3]) & 255 != buffer[end - 3]:
        return Look(at + 1, SUM)
    return Look(end)


def decode(data: bytes, how: Variant = STANDARD) -> Frame:
    """A frame that the splitter found, or the head of one that is damaged. Errors: ValueError, when it is too short."""
    if len(data) < HEAD + 3:
        raise ValueError("shorter than the shortest frame")
    return Frame(
        serial=int.from_bytes(data[2:4], "big" if how.serial_high_first else "little"),
        source=int.from_bytes(data[12:18], "little"),
        destination=int.from_bytes(data[18:24], "little"),
        command=data[26],
        data=data[HEAD:-3],
        sent=instant(data[6:12], how),
        major=data[4],
        user=data[5],
    )


def encode(frame: Frame, now: int, how: Variant = STANDARD) -> bytes:
    """The frame as bytes, sent at ``now`` (microseconds UTC). Errors: ValueError, when the data is too long."""
    if len(frame.data) > MOST_DATA:
        raise ValueError(LENGTH)
    inside = b"".join(
        (
            frame.serial.to_bytes(2, "big" if how.serial_high_first else "little"),
            bytes((frame.major, frame.user)),
            clock(now, how),
            frame.source.to_bytes(6, "little"),
            frame.destination.to_bytes(6, "little"),
            len(frame.data).to_bytes(2, "big" if how.length_high_first else "little"),
            bytes((frame.command,)),
            frame.data,
        )
    )
    summed = sum(inside) + (2 * MARK[0] if how.sum_with_start else 0)
    return MARK + inside + bytes((summed & 255,)) + END


def answer(to: Frame, command: int) -> Frame:
    """Confirm or deny: the same serial, the addresses the other way round, no data."""
    return Frame(to.serial, to.destination, to.source, command, major=to.major, user=to.user)


def deniable(noise: bytes) -> Frame | None:
    """The head of a frame that arrived whole but damaged, so that its sender can be told to send it again."""
    if len(noise) < HEAD + 3 or noise[:2] != MARK:
        return None
    length = int.from_bytes(noise[24:26], "little")
    end = HEAD + length + 3
    whole = length <= MOST_DATA and len(noise) >= end and noise[end - 2 : end] == END
    return decode(noise[:end]) if whole else None


def instant(six: bytes, how: Variant = STANDARD) -> int | None:
    """Microseconds UTC of second, minute, hour, day, month, year; None when these are no time."""
    if len(six) != 6:
        return None
    if how.bcd_times:
        digits = six.hex()
        if not digits.isdecimal():
            return None
        six = bytes(int(digits[n : n + 2]) for n in range(0, 12, 2))
    second, minute, hour, day, month, year = six
    return local_instant(2000 + year, month, day, hour, minute, second) if year < 100 else None


def clock(now: int, how: Variant = STANDARD) -> bytes:
    """Six bytes: second, minute, hour, day, month, year of the century, on the clock of China."""
    year, *rest = local_fields(now)
    numbers = [*reversed(rest), year % 100]
    return bytes.fromhex("".join(f"{n:02d}" for n in numbers)) if how.bcd_times else bytes(numbers)
