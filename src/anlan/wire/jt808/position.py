"""The position of JT/T 808 (0x0200) and what terminals add to it, as samples.

=====================================  ===============================================================================
``lon``, ``lat``                       degrees WGS-84, negative in the west and south; unfit while there is no fix or
                                       the coordinates are encrypted
``altitude``, ``speed``, ``direction``  m, km/h, degrees from north
``alarm.low``, ``alarm.high``          alarm bits 0 to 15 and 16 to 31: a reading holds 24 bits exactly
``status``                             status bits 0 to 22
:data:`ITEMS`                          items 01 to 31
``adas.<type>``, ``dsm.<type>``,       active safety (64, 65, 67): the alarm's level from its beginning (of ``bsd``,
``bsd.<type>``                         which has none, 1), 0 from its end
``tyre.<n>``                           active safety (66): alarm bits of a wheel; ``.pressure`` kPa,
                                       ``.temperature`` Cel, ``.battery`` %
=====================================  ===============================================================================
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from anlan.wire.samples import SECOND, UNFIT, Samples, bcd, local_instant

FIXED = struct.Struct(">IIIIHHH6s")
SOUTH, WEST, ENCRYPTED, FIX = 1 << 2, 1 << 3, 1 << 5, 1 << 1
STATUS_BITS = (1 << 23) - 1
PLAIN = ("alarm.low", "alarm.high", "status")
PLACE = ("lon", "lat", "altitude", "speed", "direction")


class Said(NamedTuple):
    samples: Samples
    unknown: list[str]
    """Items that are read by nobody here, named ``item.EB``."""
    fault: str = ""


def read(body: bytes | memoryview, into: Samples, sign_and_magnitude: bool = False) -> Said:
    """One position appended to ``into``; ``sign_and_magnitude`` is how its terminal writes a temperature below zero.

    Never raises: with less than 28 bytes nothing is appended, and of damaged items those before the damage are.
    """
    if len(body) < FIXED.size:
        return Said(into, [], f"a position of {len(body)} bytes: it has at least 28")
    alarm, status, lat, lon, altitude, speed, direction, when = FIXED.unpack_from(body)
    ts = instant(when)
    into.extend(PLAIN, ts, (float(alarm & 0xFFFF), float(alarm >> 16), float(status & STATUS_BITS)))
    fit = status & FIX and not status & ENCRYPTED and lat <= 90_000_000 and lon <= 180_000_000 and direction <= 360
    into.extend(
        PLACE,
        ts,
        (
            -lon / 1e6 if status & WEST else lon / 1e6,
            -lat / 1e6 if status & SOUTH else lat / 1e6,
            float(altitude - 65_536 if altitude > 32_767 else altitude),
            speed / 10,
            float(direction),
        ),
    )
    if not fit:
        into.quality[-len(PLACE) :] = [UNFIT] * len(PLACE)
    return _items(body, into, ts, sign_and_magnitude)


def _items(body: bytes | memoryview, into: Samples, ts: int | None, sign_and_magnitude: bool) -> Said:
    at, last, unknown = FIXED.size, len(body), []
    while at < last:
        if at + 2 > last or at + 2 + body[at + 1] > last:
            return Said(into, unknown, f"the item at byte {at} is cut off")
        number, value = body[at], bytes(body[at + 2 : at + 2 + body[at + 1]])
        at += 2 + len(value)
        item = ITEMS.get(number)
        if item is None or not (item.size == len(value) or (item.size == 0 and _READERS[number](value, ts, into))):
            if number != OWN_LENGTH:
                unknown.append(f"item.{number:02X}")
        elif item.size:
            raw = int.from_bytes(value)
            if number == CABIN:
                raw = _signed(raw, sign_and_magnitude)
            into.add(item.key, ts, raw * item.step)
    return Said(into, unknown)


def batch(body: bytes, into: Samples, sign_and_magnitude: bool = False) -> Said:
    """0x0704: positions a terminal could not send when they were. Never raises; what stands before damage is taken."""
    if len(body) < 3:
        return Said(into, [], f"a batch of {len(body)} bytes")
    count, at, unknown, faults = int.from_bytes(body[:2]), 3, {}, []
    for number in range(count):
        size = int.from_bytes(body[at : at + 2])
        if at + 2 + size > len(body) or size < FIXED.size:
            faults.append(f"position {number + 1} of {count} is cut off")
            break
        said = read(body[at + 2 : at + 2 + size], into, sign_and_magnitude)
        unknown |= dict.fromkeys(said.unknown)
        if said.fault:
            faults.append(f"position {number + 1}: {said.fault}")
        at += 2 + size
    else:
        if at != len(body):
            faults.append(f"{len(body) - at} bytes behind the last position")
    return Said(into, list(unknown), "; ".join(faults[:3]))


def instant(six: bytes) -> int | None:
    """Microseconds UTC of BCD YYMMDDhhmmss on the clock of China; None when it is no time."""
    digits = bcd(six)
    if not digits:
        return None
    year, *rest = (int(digits[n : n + 2]) for n in range(0, 12, 2))
    return local_instant(2000 + year, *rest)


def _signed(raw: int, sign_and_magnitude: bool) -> int:
    """A temperature: the print hints at a sign and a magnitude, most terminals send a complement."""
    if raw < 0x8000:
        return raw
    return -(raw & 0x7FFF) if sign_and_magnitude else raw - 0x10000


# --- items --------------------------------------------------------------------------------------------------------
class Item(NamedTuple):
    key: str
    size: int
    """Bytes of a whole number; 0 when a reader of its own takes it."""
    step: float = 1.0
    unit: str = ""


OWN_LENGTH, CABIN = 0xE0, 0x06
ITEMS = {
    0x01: Item("mileage", 4, 0.1, "km"),
    0x02: Item("fuel", 2, 0.1, "L"),
    0x03: Item("recorder_speed", 2, 0.1, "km/h"),
    0x04: Item("alarm_to_confirm", 2),
    0x05: Item("tyre.<n>.pressure", 0),
    CABIN: Item("cabin_temperature", 2, 1.0, "Cel"),
    0x11: Item("overspeed_area", 0),
    0x12: Item("area", 0),
    0x13: Item("section_seconds", 0, 1.0, "s"),
    0x14: Item("video.alarm", 4),
    0x15: Item("video.lost", 0),
    0x16: Item("video.masked", 0),
    0x17: Item("video.storage", 2),
    0x18: Item("video.driving", 0),
    0x25: Item("signals", 4),
    0x2A: Item("io", 2),
    0x2B: Item("analogue", 0),
    0x30: Item("signal", 1),
    0x31: Item("satellites", 1),
    0x64: Item("adas.<type>", 0),
    0x65: Item("dsm.<type>", 0),
    0x66: Item("tyre.<n>", 0),
    0x67: Item("bsd.<type>", 0),
}


def _tyres(value: bytes, ts: int | None, into: Samples) -> bool:
    """One byte a wheel from the front, left to right; the unit is printed as Pa, FF is none."""
    if len(value) != 30:
        return False
    for wheel, pressure in enumerate(value, 1):
        if pressure != 0xFF:
            into.add(f"tyre.{wheel}.pressure", ts, float(pressure))
    return True


def _overspeed(value: bytes, ts: int | None, into: Samples) -> bool:
    if len(value) != (1 if value[:1] == b"\0" else 5):
        return False
    into.add("overspeed_area", ts, float(int.from_bytes(value[1:]) & 0xFFFFFF))
    return True


def _area(value: bytes, ts: int | None, into: Samples) -> bool:
    """The number of the area: positive on entering, negative on leaving."""
    if len(value) != 6:
        return False
    number = float(int.from_bytes(value[1:5]) & 0xFFFFFF)
    into.add("area", ts, -number if value[5] else number)
    return True


def _section(value: bytes, ts: int | None, into: Samples) -> bool:
    """Seconds on a section of the route: negative when they were too few."""
    if len(value) != 7:
        return False
    seconds = float(int.from_bytes(value[4:6]))
    into.add("section_seconds", ts, seconds if value[6] else -seconds)
    return True


def _channels(key: str) -> Callable:
    def take(value: bytes, ts: int | None, into: Samples) -> bool:
        if len(value) != 4:
            return False
        into.add(f"{key}.low", ts, float(int.from_bytes(value[2:])))
        into.add(f"{key}.high", ts, float(int.from_bytes(value[:2])))
        return True

    return take


def _driving(value: bytes, ts: int | None, into: Samples) -> bool:
    if len(value) not in (2, 3):
        return False
    into.add("video.driving", ts, float(int.from_bytes(value[:2])))
    if len(value) == 3:
        into.add("video.fatigue", ts, float(value[2]))
    return True


def _analogue(value: bytes, ts: int | None, into: Samples) -> bool:
    if len(value) != 4:
        return False
    into.add("analogue.0", ts, float(int.from_bytes(value[2:])))
    into.add("analogue.1", ts, float(int.from_bytes(value[:2])))
    return True


# --- active safety ------------------------------------------------------------------------------------------------
MARKS = (16, 40)
"""Bytes of an alarm's mark: T/JSATL 12 has a terminal id of 7 bytes, T/GDRTA 002 one of 30. Told by the item's
length."""
BEGINNING, ENDING = 1, 2
PULSE = SECOND
"""An alarm that has no beginning and end (state 0) is up for this long, so that it can be raised again."""


def _event(into: Samples, key: str, ts: int | None, state: int, level: float) -> None:
    into.add(key, ts, 0.0 if state == ENDING else level)
    if state not in (BEGINNING, ENDING):
        into.add(key, None if ts is None else ts + PULSE, 0.0)


def _driving_alarm(name: str) -> Callable:
    def take(value: bytes, ts: int | None, into: Samples) -> bool:
        """0x64 and 0x65: id 4, state, type, level; their own time at byte 23, after speed, altitude and place."""
        if len(value) - 31 not in MARKS:
            return False
        at = instant(value[23:29]) or ts
        _event(into, f"{name}.{value[5]}", at, value[4], float(value[6] or 1))
        if name == "dsm" and value[4] != ENDING and value[7]:
            into.add("dsm.fatigue", at, float(value[7]))
        return True

    return take


def _blind_spot(value: bytes, ts: int | None, into: Samples) -> bool:
    if len(value) - 25 not in MARKS:
        return False
    _event(into, f"bsd.{value[5]}", instant(value[17:23]) or ts, value[4], 1.0)
    return True


def _tyre_alarm(value: bytes, ts: int | None, into: Samples) -> bool:
    """0x66: id 4, state, speed, altitude, place, time, vehicle state, mark, count, nine bytes a wheel."""
    for mark in MARKS:
        head = 24 + mark
        if len(value) > head and len(value) == head + 1 + 9 * value[head]:
            break
    else:
        return False
    at = instant(value[16:22]) or ts
    for n in range(head + 1, len(value), 9):
        wheel, bits, pressure, temperature, battery = struct.unpack_from(">BHHhH", value, n)
        into.add(f"tyre.{wheel}", at, 0.0 if value[4] == ENDING else float(bits))
        into.add(f"tyre.{wheel}.pressure", at, float(pressure))
        into.add(f"tyre.{wheel}.temperature", at, float(temperature))
        into.add(f"tyre.{wheel}.battery", at, float(battery))
    return True


_READERS: dict[int, Callable[[bytes, int | None, Samples], bool]] = {
    0x05: _tyres,
    0x11: _overspeed,
    0x12: _area,
    0x13: _section,
    0x15: _channels("video.lost"),
    0x16: _channels("video.masked"),
    0x18: _driving,
    0x2B: _analogue,
    0x64: _driving_alarm("adas"),
    0x65: _driving_alarm("dsm"),
    0x66: _tyre_alarm,
    0x67: _blind_spot,
}
