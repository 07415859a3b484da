"""The application data of GB/T 26875.3-2011, 9: ``type | count | objects``, as samples and facts.

Keys of the samples, with ``<s>`` the type and ``<a>`` the address of a fire system, ``<owner>`` the name of a component
``<s>.<a>.<address>``:

=============================  =====================================================================================
``system.<s>.<a>``             state word of a fire system
``state`` of an owner          state word of a component
``analogue.<n>`` of an owner   analogue value of kind n, in the unit of :data:`ANALOGUES`
``operation.<s>.<a>``          bits of what somebody did at the panel
``unit``, ``unit.operation``   state word of the unit itself, and what somebody did at it
=============================  =====================================================================================

State words are as sent. A unit in alarm sends bit 1 alone: bit 0 = 0 means "test" only when no other bit is set.
"""

from collections.abc import Callable
from typing import NamedTuple

from anlan.wire.gb26875.frames import STANDARD, Variant, instant
from anlan.wire.samples import Samples

ANALOGUES = {
    1: ("count", 1.0, "1"), 2: ("height", 0.01, "m"), 3: ("temperature", 0.1, "Cel"), 4: ("pressure", 0.1, "MPa"),
    5: ("pressure", 0.1, "kPa"), 6: ("gas", 0.1, "%LEL"), 7: ("time", 1.0, "s"), 8: ("voltage", 0.1, "V"),
    9: ("current", 0.1, "A"), 10: ("flow", 0.1, "L/s"), 11: ("air volume", 0.1, "m3/min"),
    12: ("air speed", 1.0, "m/s"),
}  # fmt: skip
"""Kind of analogue value: what it is, the step of its raw number, its unit. Others stay raw."""

POST_CHECK_ANSWER = 1 << 5
"""The bit of a unit's operation with which a person answers a post check."""


class Said(NamedTuple):
    """What application data says. ``fault``: why it is kept as it came; then the rest is empty."""

    type: int
    samples: Samples
    facts: dict[str, str]
    unit_time: int | None = None
    fault: str = ""


class Layout(NamedTuple):
    size: int
    """Bytes of an object by the standard, time included; 0 when it says its own length."""
    most: int
    times: int
    """Bytes of the time in it: units leave it out, or add one where there is none."""
    read: Callable


def read(data: bytes, sent: int | None, how: Variant = STANDARD) -> Said:
    """The application data of a frame sent at ``sent``: the time of what carries none. Never raises."""
    said = Said(data[0] if data else 0, Samples(), {})
    if len(data) < 2:
        return said._replace(fault="no application data")
    kind, count = data[0], data[1]
    layout = LAYOUTS.get(kind)
    if layout is None:
        return said._replace(fault=f"type {kind} is not of the standard")
    if not 1 <= count <= layout.most:
        return said._replace(fault=f"{count} objects of type {kind}: 1 to {layout.most} fit")
    if layout.size == 0:
        return _texts(said, data[2:], count, layout)
    size, left = divmod(len(data) - 2, count)
    timed = size == layout.size or size == layout.size + 6
    if left or not (timed or (layout.times and size == layout.size - 6)):
        return said._replace(fault=f"{count} objects of type {kind} do not fill {len(data) - 2} bytes")
    unit_time = None
    for at in range(2, len(data), size):
        one = data[at : at + size]
        ts = instant(one[layout.size - 6 : layout.size], how) if layout.times and timed else sent
        unit_time = layout.read(said, one, ts if ts is not None else sent, how) or unit_time
    return said._replace(unit_time=unit_time)


def _texts(said: Said, body: bytes, count: int, layout: Layout) -> Said:
    """Objects that say their own length: system and unit configuration."""
    at = 0
    for _ in range(count):
        head = 2 if said.type == 6 else 0
        if len(body) < at + head + 1 or len(body) < at + head + 1 + body[at + head]:
            return Said(said.type, Samples(), {}, fault=f"a text of type {said.type} is cut off")
        end = at + head + 1 + body[at + head]
        name = f"configuration.{body[at]}.{body[at + 1]}" if head else "configuration"
        said.facts[name] = text(body[at + head + 1 : end])
        at = end
    if len(body) - at not in (0, 6, 6 * count):
        return Said(said.type, Samples(), {}, fault=f"{len(body) - at} bytes behind the last text")
    return said


def text(raw: bytes) -> str:
    """GB 18030, padded with 00."""
    return raw.partition(b"\0")[0].decode("gb18030", "replace").strip()


def component(one: bytes, how: Variant, at: int = 3) -> str:
    """The owner's name of a component: system type, system address, component address."""
    return f"{one[0]}.{one[1]}.{ADDRESSES.get(how.component_address, _hex)(one[at : at + 4])}"


def _hex(four: bytes) -> str:
    return f"{int.from_bytes(four, 'little'):08X}"


ADDRESSES: dict[str, Callable[[bytes], str]] = {
    "hex": _hex,
    "number": lambda four: str(int.from_bytes(four, "little")),
    "loop": lambda four: f"{int.from_bytes(four[:2], 'little')}-{int.from_bytes(four[2:], 'little')}",
    "parts": lambda four: "-".join(map(str, four)),
}


# --- objects ------------------------------------------------------------------------------------------------------
def _system(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.samples.add(f"system.{one[0]}.{one[1]}", ts, float(int.from_bytes(one[2:4], "little")))


def _component(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    owner = component(one, how)
    said.samples.add("state", ts, float(int.from_bytes(one[7:9], "little")), owner=owner)
    if words := text(one[9:40]):
        said.facts[f"place.{owner}"] = words


def _analogue(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    kind, raw = one[7], int.from_bytes(one[8:10], "little", signed=True)
    step = ANALOGUES[kind][1] if kind in ANALOGUES else 1.0
    said.samples.add(f"analogue.{kind}", ts, raw * step, owner=component(one, how))


def _operation(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.samples.add(f"operation.{one[0]}.{one[1]}", ts, float(one[2]))


def _version(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.facts[f"version.{one[0]}.{one[1]}"] = f"{one[2]}.{one[3]}"


def _component_text(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.facts[f"place.{component(one, how)}"] = text(one[7:38])


def _system_time(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.facts[f"clock.{one[0]}.{one[1]}"] = str(instant(one[2:8], how) or "")


def _unit(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.samples.add("unit", ts, float(one[0]))


def _unit_operation(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.samples.add("unit.operation", ts, float(one[0]))


def _unit_version(said: Said, one: bytes, ts: int | None, how: Variant) -> None:
    said.facts["version"] = f"{one[0]}.{one[1]}"


def _unit_time(said: Said, one: bytes, ts: int | None, how: Variant) -> int | None:
    return instant(one[:6], how)


LAYOUTS = {
    1: Layout(10, 102, 6, _system),
    2: Layout(46, 22, 6, _component),
    3: Layout(16, 63, 6, _analogue),
    4: Layout(10, 102, 6, _operation),
    5: Layout(4, 1, 0, _version),
    6: Layout(0, 3, 0, _version),
    7: Layout(38, 26, 0, _component_text),
    8: Layout(8, 1, 0, _system_time),
    21: Layout(7, 1, 6, _unit),
    24: Layout(8, 127, 6, _unit_operation),
    25: Layout(2, 1, 0, _unit_version),
    26: Layout(0, 1, 0, _unit_version),
    28: Layout(6, 1, 0, _unit_time),
}
"""GB/T 26875.3-2011, 9.1 and 9.2: what a unit may send."""
