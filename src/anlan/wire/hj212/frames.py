"""The frame of HJ 212-2017, 6: ``##``, four digits of length, the segment, four hexadecimal digits of CRC, CR LF.

The segment is text: ``QN=…;ST=…;CN=…;PW=…;MN=…;Flag=…;CP=&&…&&``. It is read by its length, since the part between the
``&&`` may be cipher (2025); where that length is wrong, by the end of its line, if it is plain and its check right.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from anlan.wire.hj212 import sm4
from anlan.wire.splitting import MORE, Look, Splitter

MARK = b"##"
MOST_SEGMENT = 9_999
"""What four digits can say. The standard's own limit of 1,024 is passed by real stations (up to 1,623 were seen)."""
STANDARD_SEGMENT = 1_024
LONGEST = 2 + 4 + MOST_SEGMENT + 4

NO_LENGTH, NO_SEGMENT, WRONG_CRC, NO_CRC = "no length behind ##", "no segment behind the length", "wrong CRC", "no CRC"
ENDING = "other bytes where the frame should end"

BEFORE_2017, OF_2017, OF_2025 = range(3)
STANDARD = "standard"
MN = re.compile(rb"(?:^|;)MN=([^;&]{1,64})(?:;|$)")
PRINTED_HEAD = re.compile(rb"[^&]{1,300}CP=&&\{0")
PRINTED = re.compile(rb"[^&]{1,300}CP=&&\{[0-9a-fA-FxX,]*\}[^&]*&&([0-9a-fA-F]{4})")
LINE = re.compile(rb"[^&\r\n]{1,300}CP=&&[^\r\n]{0,9999}?&&([0-9a-fA-F]{4})(?=[\r\n])")
BROKEN = re.compile(rb"[\r\n]|##")
HEXADECIMAL = frozenset(b"0123456789ABCDEFabcdef")


def sm4_key(settings: dict) -> bytes:
    """The key of a station that encrypts as HJ 212-2025 has it: ``sm4_key`` of its settings, 32 hexadecimal digits.
    Empty where there is none or it is no key."""
    given = settings.get("sm4_key")
    return bytes.fromhex(given) if isinstance(given, str) and re.fullmatch(r"[0-9a-fA-F]{32}", given) else b""


@dataclass(frozen=True, slots=True)
class Frame:
    cn: str = ""
    st: str = ""
    mn: str = ""
    pw: str = ""
    qn: str = ""
    flag: int | None = None
    """None where the station sends none, as those of 2005 may."""
    total: int = 1
    number: int = 1
    cp: str = ""
    resent: bool = False
    check: str = STANDARD
    """By which of :data:`CHECKS` it was summed: it is answered by the same."""

    @property
    def edition(self) -> int:
        """0: 2005, 1: 2017, 2: 2025, from bits 7 to 2 of the flag."""
        return BEFORE_2017 if self.flag is None else self.flag >> 2

    @property
    def wants_answer(self) -> bool:
        return bool(self.flag is not None and self.flag & 1)


# --- the stream ---------------------------------------------------------------------------------------------------
def splitter(key_of: Callable[[str], bytes] = lambda mn: b"") -> Splitter:
    """Of a stream of frames. ``key_of`` an MN: its station's :func:`sm4_key`. Blank lines between frames mean
    nothing."""
    return Splitter(MARK, lambda buffer, at: look(buffer, at, key_of), padding=b"\r\n \0")


def look(buffer: bytes | bytearray, at: int, key_of: Callable[[str], bytes]) -> Look:
    """What stands at the ``##`` at ``at``: by the four digits of length or else by its line, the CRC, and what follows
    it."""
    digits = buffer[at + 2 : at + 6]
    if not (digits.isdigit() if digits else True):
        # "###": the mark may begin one byte on.
        return Look(at + (1 if digits[:1] == b"#" else 2), NO_LENGTH)
    if len(digits) < 4:
        return MORE
    begin = at + 6
    if not _begins(buffer[begin : begin + 3]):
        return Look(at + 2, NO_SEGMENT)
    by_length = _checked(buffer, at, _end(buffer, begin, int(digits)), key_of)
    if by_length.end and not by_length.fault:
        return by_length
    # Stations count letters instead of bytes, or the check and the line's end too.
    line = LINE.match(buffer, begin)
    if not line:
        return MORE if len(buffer) - at < LONGEST and not BROKEN.search(buffer, begin) else by_length
    by_line = _checked(buffer, at, line.start(1), key_of)
    return by_length if by_line.fault else by_line


def _checked(buffer: bytes | bytearray, at: int, end: int, key_of: Callable[[str], bytes]) -> Look:
    """The frame at ``at`` whose segment ends at ``end``, if its check says so."""
    if len(buffer) < end + 4:
        return MORE
    if not HEXADECIMAL.issuperset(buffer[end : end + 4]):
        return Look(at + 2, NO_CRC)
    segment = bytes(buffer[at + 6 : end])
    if opened(segment, int(buffer[end : end + 4], 16), key_of(mn_of(segment))) is None:
        return Look(at + 2, WRONG_CRC)
    return _ended(buffer, at, end + 4, segment)


def _end(buffer: bytes | bytearray, begin: int, length: int) -> int:
    """Where the segment ends: where its length says, or, with the cipher printed as text, where the text does; that
    length is the one of the bytes it stands for."""
    if not PRINTED_HEAD.match(buffer, begin):
        return begin + length
    found = PRINTED.match(buffer, begin, begin + MOST_SEGMENT)
    return found.start(1) if found else begin + max(length, min(len(buffer) - begin, MOST_SEGMENT))


def _begins(first: bytes | bytearray) -> bool:
    """A field's name, of which not all may have come yet."""
    return not first or (first[:1].isalpha() and first.isascii())


def _ended(buffer: bytes | bytearray, at: int, end: int, segment: bytes) -> Look:
    """CR LF, or what stations send instead: LF, CR, nothing."""
    following = bytes(buffer[end : end + 2])
    if following == b"\r\n":
        return Look(end + 2)
    if following[:1] in (b"\r", b"\n"):
        return Look(end + 1)
    if following in (b"", b"##", b"#") or segment.endswith(b"&&"):
        return Look(end)
    return Look(at + 2, ENDING)


def mn_of(segment: bytes) -> str:
    """Who speaks; empty when he does not say. Letters outside ASCII are replaced, not refused."""
    found = MN.search(segment.partition(b"CP=")[0])
    return found[1].decode("ascii", "replace") if found else ""


def opened(segment: bytes, crc: int, key: bytes) -> tuple[bytes, str] | None:
    """The plain segment and by which check its CRC is right; None when by none. Plain first: a station may mix.

    The standard's CRC takes 256 values only: that of a cipher is right by chance now and then, so plain must also look
    like it.
    """
    if (check := check_of(segment, crc)) and not (key and _looks_ciphered(segment)):
        return segment, check
    if key and (plain := sm4.opened(segment, key)) and (check := check_of(plain, crc)):
        return plain, check
    return None


def _looks_ciphered(segment: bytes) -> bool:
    try:
        return not segment.decode().isprintable() or b"CP=&&{0" in segment
    except UnicodeDecodeError:
        return True


# --- checks -------------------------------------------------------------------------------------------------------
def check_of(segment: bytes, crc: int) -> str:
    """By which of :data:`CHECKS` the segment has this CRC; empty when by none. Many stations send CRC-16/MODBUS."""
    return next((name for name, summed in CHECKS.items() if summed(segment) == crc), "")


def standard_crc(segment: bytes) -> int:
    """Appendix A: the register is shifted before the byte is put in, so this is not CRC-16/MODBUS."""
    return int(_standard(np.frombuffer(segment, np.uint8)))


def modbus_crc(segment: bytes) -> int:
    """CRC-16/MODBUS (polynomial A001, from FFFF), its high byte first."""
    return int(_modbus(np.frombuffer(segment, np.uint8)))


def _modbus_low(segment: bytes) -> int:
    high, low = divmod(modbus_crc(segment), 256)
    return low << 8 | high


CHECKS: dict[str, Callable[[bytes], int]] = {
    STANDARD: standard_crc,
    "modbus": modbus_crc,
    "modbus-low": _modbus_low,
}


@njit(cache=True, nogil=True)
def _standard(data):
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            out = register & 1
            register >>= 1
            if out:
                register ^= 0xA001
    return register


@njit(cache=True, nogil=True)
def _modbus(data):
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            out = register & 1
            register >>= 1
            if out:
                register ^= 0xA001
    return register


# --- segments -----------------------------------------------------------------------------------------------------
def decode(data: bytes, key: bytes = b"") -> Frame:
    """A frame that the splitter found. Errors: ValueError, for one that names no command or has numbers that are
    none."""
    end = len(data.rstrip(b"\r\n")) - 4
    segment, crc = data[6:end], int(data[end : end + 4], 16)
    plain, check = opened(segment, crc, key) or (segment, STANDARD)
    return replace(parsed(plain), check=check)


def parsed(segment: bytes) -> Frame:
    """A plain segment's fields. Doubled and trailing separators and fields nobody knows are passed over."""
    head, _, rest = segment.partition(b"CP=")
    given = {}
    for one in head.decode("utf-8", "replace").split(";"):
        name, sign, value = one.partition("=")
        if sign:
            given.setdefault(name.strip(), value.strip())
    if not given.get("CN"):
        raise ValueError("no CN: what it is for is not said")
    return Frame(
        cn=given["CN"],
        st=given.get("ST", ""),
        mn=given.get("MN", ""),
        pw=given.get("PW", ""),
        qn=given.get("QN", ""),
        flag=_number(given, "Flag", None, 0, 255),
        total=_number(given, "PNUM", 1, 1, 999_999),
        number=_number(given, "PNO", 1, 1, 99_999),
        cp=_inside(rest).decode("utf-8", "replace"),
        resent=given.get("RF") == "1",
    )


def _inside(rest: bytes) -> bytes:
    """What stands between the first ``&&`` and the last."""
    inside = rest.removeprefix(b"&&")
    return inside[: inside.rindex(b"&&")] if b"&&" in inside else inside


def _number(given: dict[str, str], name: str, default: int | None, low: int, high: int) -> int | None:
    value = given.get(name)
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and low <= int(value) <= high):
        raise ValueError(f"{name}={value[:20]}: a whole number from {low} to {high}")
    return int(value)


def encode(frame: Frame) -> bytes:
    """The frame as bytes, in plain. Errors: ValueError, when it is too long."""
    given = (
        ("QN", frame.qn),
        ("ST", frame.st),
        ("CN", frame.cn),
        ("PW", frame.pw),
        ("MN", frame.mn),
        ("Flag", "" if frame.flag is None else str(frame.flag)),
        *((("PNUM", str(frame.total)), ("PNO", str(frame.number))) if frame.flag and frame.flag & 2 else ()),
        *((("RF", "1"),) if frame.resent else ()),
    )
    head = "".join(f"{name}={value};" for name, value in given if value)
    segment = f"{head}CP=&&{frame.cp}&&".encode()
    if len(segment) > MOST_SEGMENT:
        raise ValueError(f"{len(segment)} bytes: the most is {MOST_SEGMENT}")
    return b"##%04d%b%04X\r\n" % (len(segment), segment, CHECKS[frame.check](segment))


def masked(data: bytes) -> bytes:
    """The same bytes without the password: what people may see of a station that is not registered."""
    return re.sub(rb"(?<=;PW=)[^;]*", b"******", data)
