"""Which registers a device's keys stand in, how few requests read them all, and what their words mean. Pure.

A device's settings, under ``modbus``::

    {"host": "192.0.2.3", "port": 502, "unit": 17, "every": 1.0, "timeout": 2.0, "framer": "tcp", "base": 0,
     "order": "ABCD",
     "tags": [{"key": "level", "table": "holding", "address": 16, "type": "float32", "order": "CDAB",
               "scale": 0.1, "offset": 0, "bad": [32767]},
              {"key": "pump_fault", "address": 40, "bit": 3}]}

``address`` less ``base`` is what goes over the wire: documents that begin with 40001 say ``"base": 40001``. ``order``
is how the bytes of more than one word are laid: ABCD high word first, CDAB low word first, BADC and DCBA the same with
the bytes of each word swapped. ``bad`` are raw values that say "no measurement".
"""

import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

TABLES = ("holding", "input", "coil", "discrete")
BITS = ("coil", "discrete")
ORDERS = ("ABCD", "CDAB", "BADC", "DCBA")
FRAMERS = ("tcp", "rtu")
"""``rtu``: the frames of a serial line with their checksum, through a serial server."""
TYPES = {
    "int16": (1, ">h"), "uint16": (1, ">H"), "int32": (2, ">i"), "uint32": (2, ">I"), "float32": (2, ">f"),
    "int64": (4, ">q"), "uint64": (4, ">Q"), "float64": (4, ">d"), "bcd16": (1, ""), "bcd32": (2, ""),
}  # fmt: skip
"""Words of each type, and how :mod:`struct` reads them; binary coded decimals are read here."""
MOST_TAGS = 2_000
MOST_REGISTERS, MOST_BITS, GAP = 125, 2_000, 16
FASTEST, SLOWEST = 0.1, 3_600.0


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    table: str
    address: int
    """As it goes over the wire, from 0."""
    type: str = "uint16"
    order: str = "ABCD"
    bit: int | None = None
    scale: float = 1.0
    offset: float = 0.0
    bad: tuple[float, ...] = ()

    @property
    def words(self) -> int:
        return 1 if self.table in BITS else TYPES[self.type][0]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a device is read, how often, and its tags."""

    host: str
    port: int
    unit: int
    every: float
    timeout: float
    framer: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One request: so many registers or bits of a table, and the tags in them."""

    table: str
    start: int
    count: int
    tags: tuple[Tag, ...]


def read_settings(said: object) -> Source:
    """The source that a device's settings describe. Raises ValueError with the place and what may stand there."""
    if not isinstance(said, Mapping):
        raise ValueError("modbus: an object with host and tags is expected")
    strange = said.keys() - {"host", "port", "unit", "every", "timeout", "base", "order", "framer", "tags"}
    if strange:
        raise ValueError(f"modbus: {', '.join(map(repr, sorted(map(str, strange))))} is not known")
    host = said.get("host")
    if not isinstance(host, str) or not 0 < len(host) <= 255 or any(letter.isspace() for letter in host):
        raise ValueError("modbus: host is a name or an address")
    framer, order = said.get("framer", "tcp"), said.get("order", "ABCD")
    if framer not in FRAMERS:
        raise ValueError(f"modbus: framer is one of {', '.join(FRAMERS)}")
    tags = said.get("tags")
    if not isinstance(tags, list) or not 0 < len(tags) <= MOST_TAGS:
        raise ValueError(f"modbus: tags are a list of 1 to {MOST_TAGS}")
    base = whole(said, "modbus", "base", 0, 0, 70_000)
    read = tuple(_tag(entry, f"modbus: tags[{place}]", base, order) for place, entry in enumerate(tags))
    if len({tag.key for tag in read}) != len(read):
        raise ValueError("modbus: a key stands in two tags")
    return Source(
        host,
        whole(said, "modbus", "port", 502, 1, 65_535),
        whole(said, "modbus", "unit", 1, 0, 255),
        number(said, "modbus", "every", 1.0, FASTEST, SLOWEST),
        number(said, "modbus", "timeout", 2.0, 0.1, 30.0),
        framer,
        read,
    )


def _tag(entry: object, where: str, base: int, order: object) -> Tag:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: an object with key and address is expected")
    strange = entry.keys() - {"key", "table", "address", "type", "order", "bit", "scale", "offset", "bad"}
    if strange:
        raise ValueError(f"{where}: {', '.join(map(repr, sorted(map(str, strange))))} is not known")
    key, table, kind = entry.get("key"), entry.get("table", "holding"), entry.get("type", "uint16")
    order = entry.get("order", order)
    if not isinstance(key, str) or not 0 < len(key) <= 64:
        raise ValueError(f"{where}: key is the key of a point")
    for name, value, known in (("table", table, TABLES), ("type", kind, TYPES), ("order", order, ORDERS)):
        if value not in known:
            raise ValueError(f"{where}: {name} is one of {', '.join(known)}")
    address = whole(entry, where, "address", None, base, base + 65_535) - base
    bit = None if entry.get("bit") is None else whole(entry, where, "bit", None, 0, 15)
    if bit is not None and (table in BITS or TYPES[kind][0] != 1):
        raise ValueError(f"{where}: a bit is one of a single register")
    bad = entry.get("bad", [])
    if not isinstance(bad, list) or len(bad) > 20 or not all(is_number(one) for one in bad):
        raise ValueError(f"{where}: bad is a list of numbers")
    scale = number(entry, where, "scale", 1.0, -1e12, 1e12)
    offset = number(entry, where, "offset", 0.0, -1e12, 1e12)
    tag = Tag(key, table, address, kind, order, bit, scale, offset, tuple(float(one) for one in bad))
    if tag.address + tag.words > 65_536:
        raise ValueError(f"{where}: it reaches beyond the last register")
    return tag


def is_number(value: object) -> bool:
    """A finite number, and no truth value, which Python takes for one."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def whole(said: Mapping, where: str, name: str, default: int | None, low: int, high: int) -> int:
    """A whole number of the settings within bounds. Raises ValueError with the place."""
    value = said.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{where}: {name} is a whole number from {low} to {high}")
    return value


def number(said: Mapping, where: str, name: str, default: float, low: float, high: float) -> float:
    """A number of the settings within bounds. Raises ValueError with the place."""
    value = said.get(name, default)
    if not is_number(value) or not low <= value <= high:
        raise ValueError(f"{where}: {name} is a number from {low:g} to {high:g}")
    return float(value)


def blocks(tags: Iterable[Tag]) -> list[Block]:
    """As few requests as reach all tags, reading over gaps of up to 16 registers."""
    found: list[Block] = []
    for table in TABLES:
        most = MOST_BITS if table in BITS else MOST_REGISTERS
        ordered = sorted((tag for tag in tags if tag.table == table), key=lambda tag: tag.address)
        group: list[Tag] = []
        for tag in ordered:
            end = max((one.address + one.words for one in group), default=0)
            if group and (tag.address - end > GAP or tag.address + tag.words - group[0].address > most):
                found.append(_block(table, group))
                group = []
            group.append(tag)
        if group:
            found.append(_block(table, group))
    return found


def apart(block: Block) -> list[Block]:
    """A request a tag: for devices that refuse to read over what they do not have."""
    return [_block(block.table, [tag]) for tag in block.tags]


def _block(table: str, tags: Sequence[Tag]) -> Block:
    start = tags[0].address
    return Block(table, start, max(tag.address + tag.words for tag in tags) - start, tuple(tags))


def decode(block: Block, words: Sequence[int]) -> list[tuple[str, float | None, str]]:
    """Key, value, and why there is none, of each tag of a block; ``words`` are its registers, or its bits as 0 and 1.
    Raises ValueError when fewer came than were asked for."""
    if len(words) < block.count:
        raise ValueError(f"{len(words)} came where {block.count} were asked for")
    return [_decoded(tag, words[tag.address - block.start :][: tag.words]) for tag in block.tags]


def _decoded(tag: Tag, words: Sequence[int]) -> tuple[str, float | None, str]:
    if tag.table in BITS:
        return tag.key, float(bool(words[0])), ""
    if tag.bit is not None:
        return tag.key, float(words[0] >> tag.bit & 1), ""
    data = ordered(words, tag.order)
    if tag.type.startswith("bcd"):
        digits = data.hex()
        if not digits.isdecimal():
            return tag.key, None, f"{digits} is no binary coded decimal"
        raw = float(digits)
    else:
        raw = float(struct.unpack(TYPES[tag.type][1], data)[0])
    if not math.isfinite(raw):
        return tag.key, None, "no number (NaN or infinite)"
    if any(raw == bad or math.isclose(raw, bad, rel_tol=1e-7) for bad in tag.bad):
        return tag.key, None, f"{raw:g} says that there is no measurement"
    return tag.key, raw * tag.scale + tag.offset, ""


def ordered(words: Sequence[int], order: str) -> bytes:
    """The bytes of registers, most significant first."""
    if order in ("CDAB", "DCBA"):
        words = list(reversed(words))
    return struct.pack(f"{'<' if order in ('BADC', 'DCBA') else '>'}{len(words)}H", *words)
