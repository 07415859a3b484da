"""A shard's state as bytes, with the position in the stream up to which it is true."""

import struct
import zlib

import numpy as np

from anlan.columns import page
from anlan.telemetry import book
from anlan.telemetry.rules.kernel import State
from anlan.telemetry.rules.shard import RULE_STATE, Shard

FORM = 1
"""Raised when the bytes change their meaning; a snapshot of another form is not read."""


class SnapshotProblem(ValueError):
    """The bytes cannot be this shard's state."""


def pack(shard: Shard, sequence: int) -> bytes:
    """The shard's whole state after this sequence of the stream, compressed."""
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
    }
    first = page.pack(points, meta)
    return zlib.compress(struct.pack("<Q", len(first)) + first + page.pack(rules), 1)


def unpack(data: bytes, number: int, shards: int) -> tuple[Shard, int]:
    """The shard and the sequence after which to read on."""
    try:
        whole = zlib.decompress(data)
        (length,) = struct.unpack_from("<Q", whole)
        points, meta = page.unpack(memoryview(whole)[8 : 8 + length])
        columns, _ = page.unpack(memoryview(whole)[8 + length :])
    except (zlib.error, struct.error, page.PageProblem) as problem:
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
    )
    return shard, meta["sequence"]
