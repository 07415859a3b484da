"""A shard's snapshot in the broker's bucket: whole under ``shard.<n>``, or, where one value cannot hold it, in parts.

The parts stand under ``shard.<n>.<sequence>.<place>``, and ``shard.<n>`` says how many there are only when all do: a
worker killed meanwhile leaves the snapshot before. At one sequence every worker of a shard has the same state.
"""

import orjson
from nats.js.errors import NotFoundError
from nats.js.kv import KeyValue

from anlan.telemetry.rules.snapshot import SnapshotProblem

PART = 4 * 1024 * 1024


async def put(bucket: KeyValue, number: int, sequence: int, data: bytes) -> None:
    """The snapshot of a shard as of a sequence of the stream, in the place of the one before."""
    before = await _named(bucket, number)
    parts = [data[at : at + PART] for at in range(0, len(data), PART)]
    keys = _keys(number, sequence, len(parts)) if len(parts) > 1 else []
    for key, part in zip(keys, parts, strict=False):
        await bucket.put(key, part)
    await bucket.put(f"shard.{number}", orjson.dumps([sequence, len(keys)]) if keys else data)
    for key in before:
        if key not in keys:
            await bucket.purge(key)


async def get(bucket: KeyValue, number: int) -> bytes:
    """Errors: NotFoundError where there is none, SnapshotProblem where a part is missing."""
    whole = (await bucket.get(f"shard.{number}")).value
    if not _is_list(whole):
        return whole
    try:
        return b"".join([(await bucket.get(key)).value for key in _keys(number, *orjson.loads(whole))])
    except NotFoundError as problem:
        raise SnapshotProblem(f"the snapshot of shard {number} lacks a part") from problem


async def _named(bucket: KeyValue, number: int) -> list[str]:
    """The parts of the snapshot there is."""
    try:
        whole = (await bucket.get(f"shard.{number}")).value
    except NotFoundError:
        return []
    return _keys(number, *orjson.loads(whole)) if _is_list(whole) else []


def _is_list(whole: bytes) -> bool:
    return whole[:1] == b"["  # a snapshot is compressed, and begins otherwise


def _keys(number: int, sequence: int, count: int) -> list[str]:
    return [f"shard.{number}.{sequence}.{place}" for place in range(count)]
