"""Readings that the house itself makes enter the stream as those of a gateway do: kept, judged by rules, archived.

A computed value becomes a reading of a point of the register::

    publish.run(settings.NATS_URL, lambda client: entering.put(client, readings, shards, "fire-weather"))
"""

import hashlib
import time

from nats.aio.client import Client

from anlan.columns import readings as readings_page
from anlan.columns.readings import Readings
from anlan.telemetry import streams
from anlan.telemetry.streams import Sending


async def put(client: Client, batch: Readings, shards: int, name: str) -> None:
    """Returns when all are on the stream's disk. The same again, within the stream's memory, is taken once. Errors:
    NatsError, TimeoutError or OSError, and all are to be put again."""
    await streams.put(
        client, [_sending(shard, part, name) for shard, part in readings_page.split(batch, shards).items()]
    )


def _sending(shard: int, part: Readings, name: str) -> Sending:
    told = hashlib.sha256(b"".join(column.tobytes() for column in readings_page.columns_of(part))).hexdigest()[:24]
    meta = {"kind": "readings", "received": time.time_ns() // 1000}
    return Sending(f"readings.{shard}", readings_page.pack(part, meta), {"Nats-Msg-Id": f"{name}.{shard}.{told}"})
