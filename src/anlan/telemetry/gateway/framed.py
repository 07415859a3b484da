"""What frames say becomes readings of points: of the device itself, or of what it speaks for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from anlan.telemetry.book import Known
from anlan.telemetry.gateway.mapping import Rows, map_rows
from anlan.wire.samples import Samples
from anlan.wire.splitting import Splitter
from anlan.wire.thingsboard.payload import Fault, Sample

if TYPE_CHECKING:
    from anlan.telemetry.gateway.reception import Outcome, Reception, Sender


@dataclass(slots=True)
class Said:
    """One message as its protocol has read it."""

    samples: Samples = field(default_factory=Samples)
    facts: dict[str, str] = field(default_factory=dict)
    """Texts: they become attributes of the device."""
    faults: list[Fault] = field(default_factory=list)
    """Values that could not be taken."""
    unread: list[str] = field(default_factory=list)
    """Parts of it that nobody reads, by name."""
    unreadable: str = ""
    selective: bool = False
    """The protocol sends the same many values to everybody: those without a point are not wanted, and no letter is
    written of them."""


READERS: dict[str, Callable[[Known, bytes, int], Said]] = {}
"""Protocol -> its reader of raw frames (device, bytes, time of reception), for messages that are read again."""

UNREGISTERED = "unregistered"
"""A device's point for the state of what it speaks for and nobody has registered: a fire there is not overlooked."""


def take(reception: "Reception", sender: "Sender", said: Said, received: int, rows: Rows, outcome: "Outcome") -> list:
    """Readings into ``rows``, what is refused into ``outcome``; returns what is unknown, to be told."""
    device = sender.device
    if said.facts:
        reception.intake.attributes(device.id, orjson.dumps(said.facts))
    unknown = [("unknown-key", device.id, f"{name[:100]}: not read") for name in said.unread]
    samples = said.samples
    if not any(samples.owner):
        wanted = samples.rows()
    else:
        of_owner: dict[str, list[tuple]] = {}
        for row in samples.rows():
            of_owner.setdefault(row[0], []).append(row)
        wanted = of_owner.pop("", [])
        for owner, of_it in of_owner.items():
            unknown += _owned(reception, sender, said, owner, of_it, received, rows, outcome, wanted)
    mapped = map_rows(device, wanted, received, reception.clock, rows)
    outcome.accepted += mapped.accepted
    outcome.refused += said.faults + mapped.faults
    if said.selective:
        reception.counters["values_without_point"] += len(mapped.unknown)
        return unknown
    return unknown + reception.unknown_keys(device, [key for key in mapped.unknown if key != UNREGISTERED])


def _owned(
    reception: "Reception",
    sender: "Sender",
    said: Said,
    owner: str,
    of_it: list[tuple],
    received: int,
    rows: Rows,
    outcome: "Outcome",
    wanted: list[tuple],
) -> list:
    """Values of what the device speaks for: a device of its own behind it, else points of the device itself by the
    name behind the key."""
    device = sender.device
    child = reception.directory.child(device.id, owner) if device.is_gateway else None
    if child is not None:
        reception.presence.heard(child.id, received)
        mapped = map_rows(child, of_it, received, reception.clock, rows)
        outcome.accepted += mapped.accepted
        outcome.refused += [Fault(f"{owner}/{key}", why) for key, why in mapped.faults]
        return reception.unknown_keys(child, mapped.unknown)
    own = [("", f"{key}.{owner}", ts, value, quality) for _, key, ts, value, quality in of_it]
    if any(row[1] in device.points for row in own):
        wanted += own
        return []
    wanted += [("", UNREGISTERED, *row[2:]) for row in of_it if row[1] == "state"]
    place = said.facts.get(f"place.{owner}", "")
    if not device.is_gateway:
        return [("unknown-key", device.id, f"{own[0][1][:100]} {place}: no point of {device.name[:100]} has this key")]
    sent = [Sample(key, ts and ts // 1000, value) for _, key, ts, value, _ in of_it]
    return [reception.unknown_child(sender, owner, received, sent, place)]


def read_again(raw: bytes, splitter: Splitter, read: Callable[[bytes], Said]) -> Said:
    """Raw frames of a letter once more; with no frame in them, the reason of the first damage."""
    whole, fault, found = Said(), "", False
    for piece in splitter.feed(raw) + splitter.end():
        if piece.fault:
            fault = fault or piece.fault
            continue
        try:
            said = read(piece.data)
        except ValueError as problem:
            said = Said(unreadable=str(problem))
        fault, found = fault or said.unreadable, found or not said.unreadable
        whole = _together(whole, said)
    return whole if found else Said(unreadable=fault or "no frame")


def _together(one: Said, other: Said) -> Said:
    samples = Samples(
        *(
            getattr(one.samples, name) + getattr(other.samples, name)
            for name in ("owner", "key", "ts", "value", "quality")
        )
    )
    return Said(
        samples,
        one.facts | other.facts,
        one.faults + other.faults,
        one.unread + other.unread,
        selective=one.selective or other.selective,
    )
