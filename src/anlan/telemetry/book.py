"""The published registers: which devices there are and what their keys mean, which rules hold. Pure; bytes in and out.

The database above owns both. It publishes them in pages, so that a change moves a page and a start reads a few hundred:

* **directory**: 256 devices a page (``device id >> 8``), JSON. Tokens appear only as SHA-256, so whoever reads a page
  cannot connect with it.
* **rulebook**: the rules of 4,096 points a page (``point id >> 12``), columns; ready for the rule kernel as they are.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import numpy as np
import orjson

from anlan.columns import page as columns_page
from anlan.columns.readings import PAGE_BITS
from anlan.telemetry.calendars import Calendar
from anlan.telemetry.computed import Computed

DEVICE_PAGE_BITS = 8

KINDS = ("LL", "L", "H", "HH", "SILENCE")
"""Kinds of rule; a page holds the index."""

QUANTITIES = ("VALUE", "CHANGE", "SPREAD", "SUM", "MEAN", "BITS", "RANGE", "DIFFERENCE")
"""What of a point is held against the limit; a page holds the index.

==========  ==================================================================================================
VALUE       the reading itself
CHANGE      the reading less the one about a window ago: rise per minute, displacement per day
SPREAD      largest less smallest within the window: L of it is a stuck sensor
SUM         of all readings within the window: rain in 1 h, 3 h … 24 h
MEAN        of all readings within the window, once it is full: a time-weighted average
BITS        1 when the reading has one of the bits of ``limit`` set, else 0
RANGE       1 when the reading is outside what the point can be, else 0
DIFFERENCE  the reading less the last one of the point ``other``
==========  ==================================================================================================
"""
WINDOWED = ("CHANGE", "SPREAD", "SUM", "MEAN")
BINARY = ("BITS", "RANGE")


@dataclass(frozen=True, slots=True)
class Point:
    """What a device's key means: ``value = sent * scale + offset`` in ``unit``, sensible from ``low`` to ``high``."""

    id: int
    key: str
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is heard by its own token, through a gateway device under its name, or both."""

    id: int
    name: str
    token_hash: str | None = None
    is_gateway: bool = False
    gateway: int | None = None
    """Id of the gateway device that may speak for this one."""
    points: tuple[Point, ...] = ()
    identity: str | None = None
    """Who it says it is in a protocol that knows no token, with the protocol before it: ``hj212:3604A1B2…``."""
    secret_hash: str | None = None
    """Its password in that protocol, as :func:`secret_hash` makes it; None where the protocol has none."""
    settings: dict = field(default_factory=dict)
    """How it departs from its protocol, as the protocol's listener or poller understands it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on one point.

    H and HH hold at or above ``limit``, L and LL at or below; they end past the limit by more than ``deadband``.
    ``on_delay`` and ``off_delay`` are seconds the condition must last to raise and to clear. SILENCE holds when the
    point was not heard for ``silence`` seconds. ``level``: 1 red, 2 orange, 3 yellow, 4 blue. What is held against the
    limit is one of QUANTITIES, over ``window`` seconds where it is one over time; ``other`` is a point of the same
    page.
    """

    id: int
    point: int
    kind: str
    limit: float = 0.0
    deadband: float = 0.0
    on_delay: float = 0.0
    off_delay: float = 0.0
    level: int = 3
    silence: float = 0.0
    of: str = "VALUE"
    window: float = 0.0
    other: int | None = None
    calendar: int | None = None
    """A calendar of the same page; None: always in force."""
    version: int = 1
    """Of the rule, as those who review it count; told with every event."""

    def __post_init__(self) -> None:
        numbers = (self.limit, self.deadband, self.on_delay, self.off_delay, self.silence, self.window)
        if self.kind not in KINDS:
            raise ValueError(f"rule {self.id}: kind {self.kind!r} is none of {', '.join(KINDS)}")
        if self.level not in (1, 2, 3, 4):
            raise ValueError(f"rule {self.id}: level {self.level!r} is not 1 to 4")
        if not np.isfinite(numbers).all() or min(numbers[1:]) < 0:
            raise ValueError(f"rule {self.id}: limit, deadband and delays must be numbers, the last not negative")
        if self.kind == "SILENCE" and self.silence <= 0:
            raise ValueError(f"rule {self.id}: silence takes more than 0 seconds")
        if fault := _quantity_fault(self):
            raise ValueError(f"rule {self.id}: {fault}")


def _quantity_fault(rule: Rule) -> str:
    if rule.of not in QUANTITIES:
        return f"{rule.of!r} is none of {', '.join(QUANTITIES)}"
    if rule.kind == "SILENCE" and rule.of != "VALUE":
        return "silence is of no quantity"
    if (rule.of in WINDOWED) != (rule.window > 0):
        return f"a window belongs to {', '.join(WINDOWED)}, and they need one of more than 0 seconds"
    if (rule.of == "DIFFERENCE") != (rule.other is not None):
        return "another point belongs to DIFFERENCE, and it needs one"
    if rule.other is not None and rule_page(rule.other) != rule_page(rule.point):
        return f"point {rule.other} is evaluated elsewhere than point {rule.point}: choose a point of the same device"
    if rule.of in BINARY and rule.kind not in ("H", "HH"):
        return f"{rule.of} is 1 or 0: its rule is of kind H or HH"
    if rule.of == "BITS" and not (0 < rule.limit < 2**24 and float(rule.limit).is_integer()):
        return "limit is the bits to look at: a whole number between 1 and 16777215"
    return ""


def token_hash(token: str) -> str:
    """What of a token leaves the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def secret_hash(identity: str, password: str) -> str:
    """What of a protocol's password leaves the database: bound to who it is of, for many devices have the same one."""
    return hashlib.sha256(f"{identity}\n{password}".encode()).hexdigest()


# --- the directory ------------------------------------------------------------------------------------------------
def device_page(device: int) -> int:
    """The page of the directory on which a device stands."""
    return device >> DEVICE_PAGE_BITS


def pack_devices(devices: Iterable[Device]) -> bytes:
    """One page of the directory as JSON, sorted by identifier."""
    return orjson.dumps([asdict(device) for device in sorted(devices, key=lambda device: device.id)])


def unpack_devices(data: bytes) -> list[Device]:
    """The devices of one page; none for an empty one."""
    return [
        Device(**{**one, "points": tuple(Point(**point) for point in one["points"])})
        for one in orjson.loads(data or b"[]")
    ]


class Known:
    """A device as the gateway knows it: its keys lead straight to what a reading needs. Small, for there are many."""

    __slots__ = (
        "gateway",
        "id",
        "identity",
        "is_gateway",
        "name",
        "points",
        "secret_hash",
        "settings",
        "token_hash",
    )

    def __init__(self, one: dict):
        self.id: int = one["id"]
        self.name: str = one["name"]
        self.token_hash: str | None = one["token_hash"]
        self.is_gateway: bool = one["is_gateway"]
        self.gateway: int | None = one["gateway"]
        # A page written before these were known has none of them.
        self.identity: str | None = one.get("identity")
        self.secret_hash: str | None = one.get("secret_hash")
        self.settings: dict = one.get("settings") or {}
        self.points: dict[str, tuple[int, float, float, float, float]] = {
            point["key"]: (
                point["id"],
                point["scale"],
                point["offset"],
                -np.inf if point["low"] is None else point["low"],
                np.inf if point["high"] is None else point["high"],
            )
            for point in one["points"]
        }
        """key -> (point id, scale, offset, low, high)"""


@dataclass(slots=True)
class Directory:
    """All devices, found by token, by identity, and by gateway and name. Changed page by page, between messages."""

    by_token: dict[str, Known] = field(default_factory=dict)
    by_id: dict[int, Known] = field(default_factory=dict)
    by_name: dict[tuple[int, str], Known] = field(default_factory=dict)
    by_identity: dict[str, Known] = field(default_factory=dict)
    pages: dict[int, tuple[int, ...]] = field(default_factory=dict)
    version: int = 0
    """Grows with every change, by which others know that what they remember of devices is old."""

    def replace_page(self, number: int, data: bytes) -> None:
        """The page's devices become those in ``data``; empty data removes them."""
        self.version += 1
        for id_ in self.pages.pop(number, ()):
            self._forget(self.by_id.pop(id_))
        devices = [Known(one) for one in orjson.loads(data or b"[]")]
        self.pages[number] = tuple(device.id for device in devices)
        for device in devices:
            self.by_id[device.id] = device
            if device.token_hash:
                self.by_token[device.token_hash] = device
            if device.identity:
                self.by_identity[device.identity] = device
            if device.gateway is not None:
                self.by_name[device.gateway, device.name] = device

    def _forget(self, device: Known) -> None:
        # A token or name may have moved to a device of another page meanwhile: only its own entries go.
        if device.token_hash and self.by_token.get(device.token_hash) is device:
            del self.by_token[device.token_hash]
        if device.identity and self.by_identity.get(device.identity) is device:
            del self.by_identity[device.identity]
        place = (device.gateway, device.name)
        if device.gateway is not None and self.by_name.get(place) is device:
            del self.by_name[place]

    def device_of(self, token: str) -> Known | None:
        return self.by_token.get(token_hash(token))

    def child(self, gateway: int, name: str) -> Known | None:
        return self.by_name.get((gateway, name))


# --- the rulebook -------------------------------------------------------------------------------------------------
RULE_COLUMNS = {
    "rule": "<u4",
    "point": "<u4",
    "kind": "u1",
    "level": "u1",
    "limit": "<f4",
    "deadband": "<f4",
    "on_delay": "<i8",
    "off_delay": "<i8",
    "silence": "<i8",
    "of": "u1",
    "window": "<i8",
    "other": "<u4",
    "calendar": "<u4",
    "version": "<u4",
}
"""Columns of a rulebook page; delays in microseconds. ``other`` is the point itself where there is none, ``calendar`` 0
where there is none. Calendars and computed points of the page stand in its meta data."""


def rule_page(point: int) -> int:
    """The page of the rulebook on which the rules of a point stand."""
    return point >> PAGE_BITS


def astray(computed: Computed, shards: int) -> tuple[int, ...]:
    """Members that are evaluated by another shard than the point: it cannot be made of them."""
    page = rule_page(computed.point)
    return tuple(member for member in computed.members if (rule_page(member) - page) % shards)


def pack_rules(
    number: int,
    version: int,
    rules: Iterable[Rule],
    computed: Iterable[Computed] = (),
    calendars: Iterable[Calendar] = (),
) -> bytes:
    """The rules of one page, sorted by point and rule, at a version that only grows, with the page's computed points
    and the calendars its rules name."""
    ordered = sorted(rules, key=lambda rule: (rule.point, rule.id))
    strangers = {rule.id for rule in ordered if rule_page(rule.point) != number}
    if strangers:
        raise ValueError(f"rules {sorted(strangers)[:5]} are of points outside page {number}")
    if len({rule.id for rule in ordered}) != len(ordered):
        raise ValueError(f"page {number} names a rule twice")
    computed, known = list(computed), {calendar.id: calendar for calendar in calendars}
    if strangers := {one.point for one in computed if rule_page(one.point) != number}:
        raise ValueError(f"computed points {sorted(strangers)[:5]} are outside page {number}")
    named = {rule.calendar for rule in ordered if rule.calendar}
    if named - set(known):
        raise ValueError(f"page {number} names calendars {sorted(named - set(known))[:5]}, which are not given")
    rows = {
        "rule": [rule.id for rule in ordered],
        "point": [rule.point for rule in ordered],
        "kind": [KINDS.index(rule.kind) for rule in ordered],
        "level": [rule.level for rule in ordered],
        "limit": [rule.limit for rule in ordered],
        "deadband": [rule.deadband for rule in ordered],
        "on_delay": [round(rule.on_delay * 1e6) for rule in ordered],
        "off_delay": [round(rule.off_delay * 1e6) for rule in ordered],
        "silence": [round(rule.silence * 1e6) for rule in ordered],
        "of": [QUANTITIES.index(rule.of) for rule in ordered],
        "window": [round(rule.window * 1e6) for rule in ordered],
        "other": [rule.point if rule.other is None else rule.other for rule in ordered],
        "calendar": [rule.calendar or 0 for rule in ordered],
        "version": [rule.version for rule in ordered],
    }
    arrays = {name: np.array(rows[name], RULE_COLUMNS[name]) for name in RULE_COLUMNS}
    meta = {"kind": "rulebook", "page": number, "version": version}
    if computed:
        meta["computed"] = [asdict(one) for one in sorted(computed, key=lambda one: one.point)]
    if named:
        meta["calendars"] = [asdict(known[id_]) for id_ in sorted(named)]
    return columns_page.pack(arrays, meta)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in a rulebook page beside its rules."""

    computed: tuple[Computed, ...] = ()
    calendars: tuple[Calendar, ...] = ()


NOTHING = Beside()


def beside(meta: dict) -> Beside:
    """What the meta data of a page says."""
    calendars = tuple(Calendar(**one) for one in meta.get("calendars", ()))
    return Beside(tuple(Computed(**one) for one in meta.get("computed", ())), calendars)


def whole_rules(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A page's columns, with those that an older page does not have yet: its rules are of the value itself."""
    plain = {name: np.zeros(len(columns["rule"]), dtype) for name, dtype in RULE_COLUMNS.items()}
    plain["version"][:] = 1
    return plain | {"other": columns["point"]} | {name: columns[name] for name in RULE_COLUMNS if name in columns}


def empty_rules() -> dict[str, np.ndarray]:
    """The columns of a rulebook page of no rows."""
    return {name: np.empty(0, dtype) for name, dtype in RULE_COLUMNS.items()}
