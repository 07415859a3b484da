"""Telemetry and attributes from JSON, as devices in the field send them.

======================================  ================================================================
form                                    meaning
======================================  ================================================================
``{"o2": 20.9}``                        values without time: the receiver's time holds
``{"ts": 1767576600000, "values": {…}}``  values of one instant, Unix milliseconds
``[…, …]``                              any number of either
``{"Gauge A": [… either …]}``           through a gateway: per child device (topic ``v1/gateway/telemetry``)
======================================  ================================================================

A value may be a number, a boolean (1 or 0) or a text that is a number (``"20.9"``; ThingsBoard casts it too). Anything
else is a :class:`Fault` with its key and reason, beside the samples that are good. Only a message of which nothing can
be told raises :class:`Unreadable`. Values are 32-bit floats later, so what does not fit is a fault here.

Source: the public ThingsBoard device API; limits as in ``docs/telemetry.md``.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

FLOAT32_MOST = 3.4028234663852886e38
TS_MOST = 253_402_300_799_999
"""The last millisecond of the year 9999."""
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most one message may hold."""

    payload: int = 65_536
    keys: int = 1_000
    samples: int = 10_000
    key_length: int = 255


class Sample(NamedTuple):
    key: str
    ts: int | None
    """Unix milliseconds as the device said, or None when it said none."""
    value: float


class Fault(NamedTuple):
    key: str
    reason: str


@dataclass(slots=True)
class Telemetry:
    samples: list[Sample] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Unreadable(ValueError):
    """Nothing in the message can be used; the text is the reason, in words for whoever looks after the device."""


class _Constant:
    """Stands for NaN, Infinity and -Infinity, which are no JSON: the other values of such a message are still good."""

    def __init__(self, name: str):
        self.name = name


def decode_telemetry(payload: bytes, limits: Limits = Limits()) -> Telemetry:
    """All samples of a device's message."""
    found = Telemetry()
    _device(_parse(payload, limits), found, limits)
    return found


def decode_gateway_telemetry(payload: bytes, limits: Limits = Limits()) -> dict[str, Telemetry]:
    """All samples of a gateway's message, by the name of the child device."""
    document = _parse(payload, limits)
    if not isinstance(document, dict):
        raise Unreadable(f"a gateway sends an object of device names, not {_word(document)}")
    children: dict[str, Telemetry] = {}
    for name, sent in document.items():
        child = children[name] = Telemetry()
        try:
            _device(sent, child, limits)
        except Unreadable as problem:
            child.faults.append(Fault("", str(problem)))
    if sum(len(child.samples) for child in children.values()) > limits.samples:
        raise Unreadable(f"more than {limits.samples} values in one message")
    return children


def decode_attributes(payload: bytes, limits: Limits = Limits()) -> dict:
    """A device's client attributes: any JSON values but NaN and Infinity, which no reader of them could take."""
    document = _parse(payload, limits, strict=True)
    if not isinstance(document, dict):
        raise Unreadable(f"attributes are an object, not {_word(document)}")
    if len(document) > limits.keys:
        raise Unreadable(f"{len(document)} keys: the most is {limits.keys}")
    return document


def decode_named_device(payload: bytes, limits: Limits = Limits()) -> str:
    """The device's name in ``v1/gateway/connect`` and ``disconnect``: ``{"device": "Gauge A"}``."""
    document = _parse(payload, limits)
    name = document.get("device") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name:
        raise Unreadable('expected {"device": "name of the device"}')
    return name


def _parse(payload: bytes, limits: Limits, strict: bool = False) -> object:
    if len(payload) > limits.payload:
        raise Unreadable(f"{len(payload)} bytes: the most is {limits.payload}")
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError as problem:
        return _parse_again(payload, str(problem), strict)


def _parse_again(payload: bytes, problem: str, strict: bool) -> object:
    """The slow way, for messages with NaN or Infinity in them; every other defect keeps its first reason."""
    if "depth limit" in problem:
        raise Unreadable("nested too deep")
    if strict or (b"NaN" not in payload and b"Infinity" not in payload):
        raise Unreadable(f"not JSON: {problem}")
    try:
        return json.loads(payload, parse_constant=_Constant)
    except RecursionError:
        raise Unreadable("nested too deep") from None
    except ValueError:
        raise Unreadable(f"not JSON: {problem}") from None


def _device(document: object, found: Telemetry, limits: Limits) -> None:
    for one in document if isinstance(document, list) else (document,):
        if not isinstance(one, dict):
            raise Unreadable(f"expected an object of values, got {_word(one)}")
        if "ts" in one and "values" in one:
            _timed(one["ts"], one["values"], found, limits)
        else:
            _values(None, one, found, limits)
    if len(found.samples) > limits.samples:
        raise Unreadable(f"more than {limits.samples} values in one message")


def _timed(ts: object, values: object, found: Telemetry, limits: Limits) -> None:
    if not isinstance(values, dict):
        found.faults.append(Fault("values", f"expected an object of values, got {_word(values)}"))
    elif type(ts) is float and ts.is_integer() and 0 <= ts <= TS_MOST:
        _values(int(ts), values, found, limits)
    elif type(ts) is not int or not 0 <= ts <= TS_MOST:
        shown = ts if type(ts) in (int, float) else _word(ts)
        reason = f"ts is {str(shown)[:40]}: expected Unix milliseconds"
        found.faults.extend(Fault(str(key)[:255], reason) for key in values)
    else:
        _values(ts, values, found, limits)


def _values(ts: int | None, values: dict, found: Telemetry, limits: Limits) -> None:
    if len(values) > limits.keys:
        raise Unreadable(f"{len(values)} keys: the most is {limits.keys}")
    samples = found.samples
    for key, value in values.items():
        kind = type(value)
        if kind is float or kind is int:
            number = value
        elif kind is bool:
            number = 1 if value else 0
        elif kind is str and NUMBER.fullmatch(value):
            number = float(value)
        else:
            found.faults.append(Fault(key[: limits.key_length], _why_not(value)))
            continue
        # False for NaN as well: no comparison with it holds.
        if not -FLOAT32_MOST <= number <= FLOAT32_MOST:
            found.faults.append(Fault(key[: limits.key_length], "too large for a reading"))
        elif len(key) > limits.key_length:
            found.faults.append(Fault(key[: limits.key_length], f"a key of {len(key)} characters"))
        else:
            samples.append(Sample(key, ts, float(number)))


def _why_not(value: object) -> str:
    return f"expected a number, got {_word(value)}"


def _word(value: object) -> str:
    if isinstance(value, _Constant):
        return value.name
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, float) and not math.isfinite(value):
        return "a number too large"
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "nothing (null)" if value is None else type(value).__name__)
