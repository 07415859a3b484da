"""Bodies of the messages with which a session is kept: registration, authentication, answers; and what a platform
sends."""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from anlan.wire.jt808.frames import Edition
from anlan.wire.samples import local_fields

COMMON, HEARTBEAT, LOG_OFF, SERVER_TIME = 0x0001, 0x0002, 0x0003, 0x0004
REGISTER, AUTHENTICATE, POSITION, BATCH = 0x0100, 0x0102, 0x0200, 0x0704
PARAMETERS, ATTRIBUTES, POSITION_ASKED, CONTROLLED = 0x0104, 0x0107, 0x0201, 0x0500
ANSWERED, REGISTERED, SERVER_TIME_IS, MISSING_PARTS = 0x8001, 0x8100, 0x8004, 0x8003

OK, FAILED, BAD, UNSUPPORTED = 0, 1, 2, 3
RESULTS = {OK: "done", FAILED: "failed", BAD: "bad message", UNSUPPORTED: "not supported", 4: "alarm confirmed"}

VEHICLE_TAKEN, NO_VEHICLE, TERMINAL_TAKEN, NO_TERMINAL = 1, 2, 3, 4


class Registration(NamedTuple):
    province: int
    city: int
    maker: str
    model: str
    terminal: str
    colour: int
    plate: str
    """A VIN when the colour is 0."""
    edition: int


def registration(body: bytes, edition: Edition) -> Registration:
    """0x0100. Only here a terminal of 2011 shows itself: its model has 8 bytes. Errors: ValueError."""
    if edition.of_2019:
        year, sizes = 2019, (11, 30, 30)
    elif len(body) < 37 or _is_2011_with_vin(body):
        year, sizes = 2011, (5, 8, 7)
    else:
        year, sizes = 2013, (5, 20, 7)
    if len(body) < 5 + sum(sizes):
        raise ValueError(f"a registration of {len(body)} bytes")
    fields, at = [], 4
    for size in sizes:
        fields.append(text(body[at : at + size]))
        at += size
    province, city = struct.unpack_from(">HH", body)
    return Registration(province, city, *fields, body[at], text(body[at + 1 :]), year)


def _is_2011_with_vin(body: bytes) -> bool:
    return len(body) == 42 and body[24] == 0 and body[25:].isalnum()


class Authentication(NamedTuple):
    code: str
    imei: str = ""
    software: str = ""


def authentication(body: bytes, edition: Edition) -> Authentication:
    """0x0102. A unit with a header of 2019 that sends the bare code, as 2013 has it, is understood too."""
    if edition.of_2019 and body and len(body) == body[0] + 36:
        at = 1 + body[0]
        return Authentication(text(body[1:at]), text(body[at : at + 15]), text(body[at + 15 :]))
    return Authentication(text(body))


def text(raw: bytes) -> str:
    """GBK, padded with 00."""
    return raw.decode("gbk", "replace").strip("\0 ")


# --- answers ------------------------------------------------------------------------------------------------------
def common(serial: int, message: int, result: int) -> bytes:
    """0x8001: to the message of this serial and id."""
    return struct.pack(">HHB", serial, message, result)


def registered(serial: int, result: int, code: str = "") -> bytes:
    """0x8100: the code only with result 0."""
    return struct.pack(">HB", serial, result) + (code.encode("gbk") if result == OK else b"")


def server_time(now: int) -> bytes:
    """0x8004: BCD, and of all times in the standard the only one in UTC."""
    return bcd_time(now - 8 * 3_600_000_000)


def missing_parts(first: int, indexes: list[int], edition: Edition) -> bytes:
    """0x8003: ask for these parts again; the count is a byte in 2013 and a word in 2019."""
    indexes = indexes[: 65_535 if edition.of_2019 else 255]
    count = struct.pack(">H" if edition.of_2019 else ">B", len(indexes))
    return struct.pack(">H", first) + count + struct.pack(f">{len(indexes)}H", *indexes)


def bcd_time(now: int) -> bytes:
    """Six bytes YYMMDDhhmmss on the clock of China."""
    year, *rest = local_fields(now)
    return bytes.fromhex("".join(f"{n:02d}" for n in (year % 100, *rest)))


class Common(NamedTuple):
    serial: int
    message: int
    result: int


def answered(body: bytes) -> Common:
    """0x0001. Errors: ValueError."""
    if len(body) < 5:
        raise ValueError("an answer of less than 5 bytes")
    return Common(*struct.unpack_from(">HHB", body))


# --- what a terminal answers with more than a result --------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Told:
    serial: int
    said: dict[str, object]
    position: bytes = b""


def told(message: int, body: bytes, edition: Edition) -> Told:
    """0x0104, 0x0107, 0x0201, 0x0500: what was asked for. Errors: ValueError."""
    if message == ATTRIBUTES:
        # The only one of them that names no serial: the platform asks one terminal once at a time.
        return Told(-1, _attributes(body, edition))
    if len(body) < 2:
        raise ValueError("no serial")
    serial = int.from_bytes(body[:2])
    if message == PARAMETERS:
        return Told(serial, _parameters(body[2:]))
    return Told(serial, {}, body[2:])


def _parameters(body: bytes) -> dict[str, object]:
    said: dict[str, object] = {}
    at = 1
    while at + 5 <= len(body):
        number, size = struct.unpack_from(">IB", body, at)
        value = body[at + 5 : at + 5 + size]
        if len(value) < size:
            raise ValueError("a parameter is cut off")
        said[f"{number:04X}"] = _parameter(number, value)
        at += 5 + size
    return said


TEXT_PARAMETERS = frozenset(
    (0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x1A, 0x1D, 0x40, 0x41, 0x42, 0x43, 0x44, 0x48, 0x49, 0x83)
)


def _parameter(number: int, value: bytes) -> object:
    if number in TEXT_PARAMETERS:
        return text(value)
    return int.from_bytes(value) if len(value) in (1, 2, 4) else value.hex()


def _attributes(body: bytes, edition: Edition) -> dict[str, object]:
    model, terminal = (30, 30) if edition.of_2019 else (20, 7)
    card = 7 + model + terminal
    at = card + 10
    if len(body) < at + 1 or len(body) < at + 1 + body[at] + 1:
        raise ValueError("attributes are cut off")
    hardware = body[at + 1 : at + 1 + body[at]]
    at += 1 + body[at]
    return {
        "type": int.from_bytes(body[:2]),
        "maker": text(body[2:7]),
        "model": text(body[7 : 7 + model]),
        "terminal": text(body[7 + model : 7 + model + terminal]),
        "iccid": body[card : card + 10].hex(),
        "hardware": text(hardware),
        "firmware": text(body[at + 1 : at + 1 + body[at]]),
    }
