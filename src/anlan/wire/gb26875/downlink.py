"""What the centre may ask of a unit and tell it to do: application data of GB/T 26875.3-2011, types 61 to 91."""

from collections.abc import Callable
from typing import NamedTuple

from anlan.wire.gb26875.frames import CONTROL, REQUEST, STANDARD, Variant, clock


class Order(NamedTuple):
    command: int
    """CONTROL is confirmed by the unit; REQUEST is answered with data."""
    type: int
    body: Callable[[dict, int, Variant], bytes]


def order(name: str, parameters: dict, now: int, how: Variant = STANDARD) -> tuple[int, bytes]:
    """Command byte and application data. Errors: ValueError, with what is wrong."""
    known = ORDERS.get(name)
    if known is None:
        raise ValueError(f"{name!r} is none of {', '.join(sorted(ORDERS))}")
    return known.command, bytes((known.type, 1)) + known.body(parameters, now, how)


def _byte(parameters: dict, name: str, low: int = 0, high: int = 255, default: int | None = None) -> int:
    value = parameters.get(name, default)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{name}: a whole number from {low} to {high}")
    return value


def _nothing(parameters: dict, now: int, how: Variant) -> bytes:
    return b"\0"


def _now(parameters: dict, now: int, how: Variant) -> bytes:
    return clock(now, how)


def _minutes(parameters: dict, now: int, how: Variant) -> bytes:
    return bytes((_byte(parameters, "minutes", 1, 255, 10),))


def _system(parameters: dict, now: int, how: Variant) -> bytes:
    return bytes((_byte(parameters, "system_type"), _byte(parameters, "system_address")))


def _component(parameters: dict, now: int, how: Variant) -> bytes:
    try:
        address = int(str(parameters.get("component", "")), 16).to_bytes(4, "little")
    except (ValueError, OverflowError) as fault:
        raise ValueError("component: up to 8 hexadecimal digits") from fault
    return _system(parameters, now, how) + address


def _records(parameters: dict, now: int, how: Variant) -> bytes:
    since = parameters.get("since", now)
    if not isinstance(since, int) or isinstance(since, bool) or not 0 < since < 4_102_444_800_000_000:
        raise ValueError("since: microseconds UTC")
    return bytes((_byte(parameters, "records", 1, 102, 1),)) + clock(since, how)


def _system_records(parameters: dict, now: int, how: Variant) -> bytes:
    return _system(parameters, now, how) + _records(parameters, now, how)


ORDERS = {
    "read_system": Order(REQUEST, 61, _system),
    "read_component": Order(REQUEST, 62, _component),
    "read_analogue": Order(REQUEST, 63, _component),
    "read_operations": Order(REQUEST, 64, _system_records),
    "read_version": Order(REQUEST, 65, _system),
    "read_configuration": Order(REQUEST, 66, _system),
    "read_component_configuration": Order(REQUEST, 67, _component),
    "read_time": Order(REQUEST, 68, _system),
    "read_unit": Order(REQUEST, 81, _nothing),
    "read_unit_operations": Order(REQUEST, 84, _records),
    "read_unit_version": Order(REQUEST, 85, _nothing),
    "read_unit_configuration": Order(REQUEST, 86, _nothing),
    "read_unit_time": Order(REQUEST, 88, _nothing),
    "reset": Order(CONTROL, 89, _nothing),
    "set_clock": Order(CONTROL, 90, _now),
    "post_check": Order(CONTROL, 91, _minutes),
}
