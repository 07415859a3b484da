"""What an edge node says, message after message. Pure: payloads in; samples, texts and what is amiss out.

A node begins with NBIRTH, which names all its metrics and their aliases; data may then use the alias alone, and a
device behind the node does the same with DBIRTH. Every message carries ``seq``, which counts 0 to 255 and around. A gap
means that something was lost on the way, and data before a birth cannot be understood: both are answered by asking
for the birth again. NDEATH is the node's last will; it belongs to the birth of the same ``bdSeq``.

Source: Sparkplug 3.0.0, sections 5 and 6.
"""

from dataclasses import dataclass, field

from google.protobuf.message import DecodeError

from anlan.columns.readings import Quality
from anlan.wire.samples import Samples
from anlan.wire.sparkplug import values
from anlan.wire.sparkplug.schema import Payload
from anlan.wire.sparkplug.topics import Topic
from anlan.wire.thingsboard.payload import TS_MOST, Fault, Unreadable

MOST_METRICS = 5_000
"""Metrics of one message, and of one birth that are remembered."""
MOST_DEVICES = 1_000
"""Devices of one node whose births are remembered."""
REBIRTH = "Node Control/Rebirth"
OWN_METRICS = ("bdSeq", "Node Control/", "Device Control/")
"""What the protocol itself speaks of: never a reading."""
UNFIT, SUBSTITUTED = Quality.UNFIT.value, Quality.SUBSTITUTED.value
BAD, STALE = 0, 500
"""Values of the property ``Quality``; 192 is good."""


@dataclass(slots=True)
class Said:
    """What one message says of whom."""

    device: str = ""
    """Empty for the node itself."""
    samples: Samples = field(default_factory=Samples)
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    came: bool = False
    """A birth: it is there from now on."""
    gone: tuple[str, ...] = ()
    """Who is gone; the node itself is ""."""
    rebirth: str = ""
    """Why the birth is to be asked for again; empty when it is not."""


@dataclass(slots=True)
class Birth:
    """The metrics that were named: by name, and names by alias."""

    types: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """One edge node as the host knows it."""

    births: dict[str, Birth] = field(default_factory=dict)
    """By device; the node's own under ""."""
    seq: int | None = None
    bd_seq: int | None = None

    def hear(self, topic: Topic, data: bytes) -> Said:
        """One message. Raises Unreadable when nothing in it can be used; what is known of the node stays."""
        payload = _read(data)
        said = Said(topic.device)
        if topic.verb == "NDEATH":
            self._death(payload, said)
            return said
        self._count(topic, payload, said)
        if topic.verb == "DDEATH":
            said.gone = (topic.device,)
            self.births.pop(topic.device, None)
        elif topic.verb in ("NBIRTH", "DBIRTH"):
            self._birth(topic, payload, said)
        else:
            self._data(topic, payload, said)
        return said

    def read_again(self, topic: Topic, data: bytes) -> Said:
        """A message of earlier, with the births known today: nothing of the session changes."""
        payload, said = _read(data), Said(topic.device)
        birth = Birth()
        if topic.verb in ("NBIRTH", "DBIRTH"):
            _name(birth, payload)
        elif topic.verb in ("NDATA", "DDATA"):
            birth = self.births.get(topic.device, birth)
        _take(payload, birth, said)
        return said

    # --- the session ----------------------------------------------------------------------------------------------
    def _count(self, topic: Topic, payload, said: Said) -> None:
        seq = payload.seq if payload.HasField("seq") else None
        if topic.verb == "NBIRTH":
            self.seq = seq or 0
            return
        expected = None if self.seq is None else (self.seq + 1) % 256
        if seq is None or seq > 255:
            said.faults.append(Fault("seq", "every message but NDEATH carries seq, 0 to 255"))
        elif expected is not None and seq != expected:
            said.rebirth = f"seq {seq} came where {expected} was due: something was lost"
        self.seq = seq if seq is not None and seq <= 255 else expected

    def _birth(self, topic: Topic, payload, said: Said) -> None:
        if topic.verb == "NBIRTH":
            self.births.clear()
            self.bd_seq = next((metric.long_value for metric in payload.metrics if metric.name == "bdSeq"), None)
        elif "" not in self.births:
            said.rebirth = "a device was born before its node"
        birth = Birth()
        _name(birth, payload)
        if topic.device in self.births or len(self.births) < MOST_DEVICES:
            self.births[topic.device] = birth
        said.came = True
        _take(payload, birth, said)

    def _data(self, topic: Topic, payload, said: Said) -> None:
        birth = self.births.get(topic.device)
        if birth is None:
            said.rebirth = "data came before the birth"
            birth = Birth()
        _take(payload, birth, said)
        if any(fault.key.startswith("alias ") for fault in said.faults):
            said.rebirth = said.rebirth or "an alias is used that no birth has named"

    def _death(self, payload, said: Said) -> None:
        """A will that belongs to an earlier connection says nothing of this one."""
        bd_seq = next((metric.long_value for metric in payload.metrics if metric.name == "bdSeq"), None)
        if bd_seq is not None and self.bd_seq is not None and bd_seq != self.bd_seq:
            return
        said.gone = tuple(dict.fromkeys(("", *self.births)))
        self.births.clear()
        self.seq = None


def rebirth_request(topic: Topic, now: int) -> tuple[Topic, bytes]:
    """Topic and payload that ask the node for its births; ``now`` in Unix milliseconds."""
    payload = Payload(timestamp=now)
    payload.metrics.add(name=REBIRTH, timestamp=now, datatype=values.BOOLEAN, boolean_value=True)
    return Topic(topic.group, "NCMD", topic.node, ""), payload.SerializeToString()


def _read(data: bytes):
    try:
        payload = Payload.FromString(data)
    except DecodeError:
        raise Unreadable("not a payload of Sparkplug B") from None
    if len(payload.metrics) > MOST_METRICS:
        raise Unreadable(f"{len(payload.metrics)} metrics: the most is {MOST_METRICS}")
    # A text that is no UTF-8 comes as the bytes it is made of.
    if any(isinstance(metric.name, bytes) for metric in payload.metrics):
        raise Unreadable("a metric's name is no UTF-8")
    return payload


def _name(birth: Birth, payload) -> None:
    for metric in payload.metrics:
        if metric.name:
            birth.types[metric.name] = metric.datatype
            if metric.HasField("alias"):
                birth.names[metric.alias] = metric.name


def _take(payload, birth: Birth, said: Said) -> None:
    """Samples, texts and faults of all metrics. Times are Unix milliseconds; a metric without one has its payload's."""
    common = _instant(payload.timestamp)
    for metric in payload.metrics:
        name = metric.name or birth.names.get(metric.alias)
        if name is None:
            said.faults.append(Fault(f"alias {metric.alias}", "no birth has named it"))
        elif not name.startswith(OWN_METRICS) and not metric.is_null:
            _metric(name, metric, metric.datatype or birth.types.get(name, 0), common, said)


def _metric(name: str, metric, datatype: int, common: int | None, said: Said) -> None:
    at = _instant(metric.timestamp) or common
    if metric.is_historical and at is None:
        said.faults.append(Fault(name[:255], "a value of the past without its time"))
        return
    quality = _quality(metric)
    for key, value, why in values.values(name, datatype, metric):
        if why or len(key) > 255:
            said.faults.append(Fault(key[:255], why or f"a key of {len(key)} characters"))
        elif isinstance(value, str):
            said.texts[key] = value[:1_000]
        elif value is not None:
            said.samples.add(key, at, value, quality, said.device)
        if len(said.samples) > 10_000:
            raise Unreadable("more than 10000 values in one message")


def _instant(milliseconds: int) -> int | None:
    """Microseconds; None for no time and for one that no calendar has."""
    return milliseconds * 1000 if 0 < milliseconds <= TS_MOST else None


def _quality(metric) -> int:
    if not metric.HasField("properties"):
        return 0
    said = dict(zip(metric.properties.keys, metric.properties.values, strict=False)).get("Quality")
    if said is None:
        return 0
    return {BAD: UNFIT, STALE: SUBSTITUTED}.get(said.int_value or said.long_value, 0)
