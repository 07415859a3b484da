"""A shard's state as bytes, with the position in the stream up to which it is true."""

import struct
import zlib
from dataclasses import asdict

import numpy as np

from anlan.columns import page
from anlan.telemetry import book
from anlan.telemetry.rules import windows
from anlan.telemetry.rules.kernel import State
from anlan.telemetry.rules.shard import RULE_STATE, Shard

FORM = 3
"""Raised when the bytes change their meaning; a snapshot of another form is not read."""


class SnapshotProblem(ValueError):
    """The bytes cannot be this shard's state."""


def pack(shard: Shard, sequence: int) -> bytes:
    """The shard's whole state after this sequence of the stream, compressed."""
    return compressed(taken(shard, sequence))


def compressed(state: bytes) -> bytes:
    """What is kept of a state that was taken. Ten times as long as taking it: other threads go on meanwhile."""
    return zlib.compress(state, 1)


def taken(shard: Shard, sequence: int) -> bytes:
    """The shard's whole state after this sequence of the stream, as it is."""
    shard.settle()
    heard = np.flatnonzero(shard.points.heard)
    points = {
        "slot": heard.astype(np.uint32),
        "heard": shard.points.heard[heard],
        "ts": shard.points.ts[heard],
        "value": shard.points.value[heard],
        "quality": shard.points.quality[heard],
    }
    rules = shard.rules | {f"state.{name}": column for name, column in zip(RULE_STATE, shard.state, strict=True)}
    meta = {
        "form": FORM,
        "shard": shard.number,
        "shards": shard.shards,
        "sequence": sequence,
        "now": shard.now,
        "versions": {str(number): version for number, version in shard.versions.items()},
        "beside": {str(number): asdict(beside) for number, beside in shard.beside.items()},
        "made": {str(point): held for point, held in shard.made().items()},
    }
    pages = (page.pack(points, meta), page.pack(rules), page.pack(windows.columns(shard.windows)))
    return b"".join(part for one in pages for part in (struct.pack("<Q", len(one)), one))


def unpack(data: bytes, number: int, shards: int) -> tuple[Shard, int]:
    """The shard and the sequence after which to read on."""
    try:
        (points, meta), (columns, _), (kept, _) = _pages(zlib.decompress(data))
    except (zlib.error, struct.error, ValueError) as problem:
        raise SnapshotProblem(f"the snapshot of shard {number} cannot be read: {problem}") from problem
    if (meta["form"], meta["shard"], meta["shards"]) != (FORM, number, shards):
        raise SnapshotProblem(
            f"the snapshot is of form {meta['form']}, shard {meta['shard']} of {meta['shards']}; "
            f"wanted is form {FORM}, shard {number} of {shards}"
        )
    shard = Shard(number, shards)
    shard.restore(
        meta["now"],
        {int(page_): version for page_, version in meta["versions"].items()},
        {name: np.array(columns[name]) for name in book.RULE_COLUMNS},
        State(*(np.array(columns[f"state.{name}"]) for name in RULE_STATE)),
        points,
        windows.restored(kept),
        {int(number): book.beside(told) for number, told in meta["beside"].items()},
        {int(point): tuple(held) for point, held in meta["made"].items()},
    )
    return shard, meta["sequence"]


def _pages(whole: bytes) -> list[tuple[dict, dict]]:
    """Points, rules, windows, each with its length before it."""
    found, at = [], 0
    while at < len(whole):
        (length,) = struct.unpack_from("<Q", whole, at)
        found.append(page.unpack(memoryview(whole)[at + 8 : at + 8 + length]))
        at += 8 + length
    if len(found) != 3:
        raise ValueError(f"{len(found)} pages where 3 are due")
    return found
