"""Gauges of the Meokon family inside transparent pushes: pressure and level of mains, tanks and hydrants.

``A5 5A | command 1 | length 2 | device 12 ASCII | battery 1 | signal 1 | interval 2 | count 2 | type 1 | alarm 1 |
low 2 | high 2 | now 2 | Unix seconds 4 | count × 2 | CRC-16/MODBUS, high byte first | 55 AA``, big-endian. The newest
record is of the given second, earlier ones step back by the interval.
"""

import struct

from anlan.wire.samples import Samples
from anlan.wire.thingsboard.payload import Unreadable

HEAD, TAIL = b"\xa5\x5a", b"\x55\xaa"
LAYOUT = struct.Struct(">2sBH12sBbHHBBhhhI")
SCALES = {0: 0.1, 1: 0.001, 2: 0.01}
"""By type: kPa, MPa, bar."""
SECOND = 1_000_000
MOST_RECORDS = 1_000


def is_frame(data: bytes) -> bool:
    """Whether bytes begin and end as a frame of this maker does; what is between is for :func:`read`."""
    return data[:2] == HEAD and data[-2:] == TAIL


def read(data: bytes) -> Samples:
    """Keys ``value`` (in the type's unit), ``alarm``, ``battery`` (%), ``signal`` (dBm), ``low``, ``high``. Raises
    Unreadable."""
    if not is_frame(data) or len(data) < LAYOUT.size + 4:
        raise Unreadable("not a frame of a Meokon gauge")
    _, _, length, _, battery, signal, interval, count, kind, alarm, low, high, now, at = LAYOUT.unpack_from(data)
    if length != len(data) or len(data) != LAYOUT.size + 2 * count + 4 or count > MOST_RECORDS:
        raise Unreadable(f"{len(data)} bytes for {count} records and a length of {length}")
    if crc16(data[:-4]) != int.from_bytes(data[-4:-2], "big"):
        raise Unreadable("the checksum is wrong")
    scale = SCALES.get(kind)
    if scale is None:
        raise Unreadable(f"values of the unknown type {kind}")
    samples, latest = Samples(), at * SECOND
    records = struct.unpack_from(f">{count}h", data, LAYOUT.size)
    for place, value in enumerate(records):
        samples.add("value", latest - (count - 1 - place) * interval * SECOND, round(value * scale, 6))
    if not records:
        samples.add("value", latest, round(now * scale, 6))
    beside = {
        "alarm": alarm, "battery": (battery & 0x1F) * 5, "signal": signal, "low": low * scale, "high": high * scale,
    }  # fmt: skip
    for key, value in beside.items():
        samples.add(key, latest, round(float(value), 6))
    return samples


def crc16(data: bytes) -> int:
    """CRC-16/MODBUS: reflected polynomial A001h, initial value FFFFh."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
    return register
