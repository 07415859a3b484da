"""What a platform may tell a terminal and ask of it: message id and body."""

import struct
from collections.abc import Callable
from typing import NamedTuple

from anlan.wire.jt808 import messages
from anlan.wire.jt808.frames import Edition


class Order(NamedTuple):
    message: int
    answer: int
    """The message that answers it: 0x0001, or one that brings what was asked for."""
    body: Callable[[dict, Edition], bytes]


def order(name: str, parameters: dict, edition: Edition) -> tuple[Order, bytes]:
    """Errors: ValueError, with what is wrong."""
    known = ORDERS.get(name)
    if known is None:
        raise ValueError(f"{name!r} is none of {', '.join(sorted(ORDERS))}")
    return known, known.body(parameters, edition)


def _whole(parameters: dict, name: str, low: int, high: int, default: int | None = None) -> int:
    value = parameters.get(name, default)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{name}: a whole number from {low} to {high}")
    return value


def _nothing(parameters: dict, edition: Edition) -> bytes:
    return b""


URGENT, DISPLAY, SPEAK = 1, 4, 8


def _text(parameters: dict, edition: Edition) -> bytes:
    """2013: bit 0 is urgent. 2019: bits 0 and 1 are 01 service, 10 urgent, 11 notice; and a kind follows."""
    words = str(parameters.get("text", ""))
    try:
        raw = words.encode("gbk")
    except UnicodeEncodeError as fault:
        raise ValueError(f"text: {words[fault.start]!r} cannot be written in GBK") from fault
    if not 1 <= len(raw) <= 1_000:
        raise ValueError("text: 1 to 1000 bytes in GBK")
    urgent = parameters.get("urgent") is True
    shown = DISPLAY | (SPEAK if parameters.get("speak", True) is True else 0)
    if edition.of_2019:
        return bytes(((2 if urgent else 3) | shown, 1)) + raw
    return bytes(((URGENT if urgent else 0) | shown,)) + raw


def _track(parameters: dict, edition: Edition) -> bytes:
    interval = _whole(parameters, "interval", 0, 65_535)
    # With 0 tracking ends, and nothing follows.
    return struct.pack(">H", interval) + (
        struct.pack(">I", _whole(parameters, "seconds", 1, 86_400, 600)) if interval else b""
    )


CONFIRMABLE = sum(1 << bit for bit in (0, 3, 20, 21, 22, 27, 28))


def _confirm(parameters: dict, edition: Edition) -> bytes:
    bits = _whole(parameters, "bits", 0, CONFIRMABLE, CONFIRMABLE) & CONFIRMABLE
    return struct.pack(">HI", _whole(parameters, "alarm", 0, 65_535, 0), bits)


def _reset(parameters: dict, edition: Edition) -> bytes:
    return b"\x04"


def _some_parameters(parameters: dict, edition: Edition) -> bytes:
    asked = parameters.get("ids")
    if not isinstance(asked, list) or not 1 <= len(asked) <= 100:
        raise ValueError("ids: 1 to 100 numbers of parameters")
    return bytes((len(asked),)) + b"".join(_whole({"id": one}, "id", 0, 0xFFFF_FFFF).to_bytes(4) for one in asked)


def _interval(parameters: dict, edition: Edition) -> bytes:
    """Parameter 0x0029: seconds between two reports when nothing else says so."""
    return struct.pack(">BIBI", 1, 0x0029, 4, _whole(parameters, "seconds", 1, 86_400))


ORDERS = {
    "text": Order(0x8300, messages.COMMON, _text),
    "locate": Order(0x8201, messages.POSITION_ASKED, _nothing),
    "track": Order(0x8202, messages.COMMON, _track),
    "confirm_alarm": Order(0x8203, messages.COMMON, _confirm),
    "check_link": Order(0x8204, messages.COMMON, _nothing),
    "reset": Order(0x8105, messages.COMMON, _reset),
    "read_all_parameters": Order(0x8104, messages.PARAMETERS, _nothing),
    "read_parameters": Order(0x8106, messages.PARAMETERS, _some_parameters),
    "set_interval": Order(0x8103, messages.COMMON, _interval),
    "read_attributes": Order(0x8107, messages.ATTRIBUTES, _nothing),
}
