"""The last value of some points, asked of the rule workers, who hold them in memory."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.conf import settings
from nats.aio.client import Client
from nats.errors import Error as NatsError

from anlan.columns import readings
from anlan.telemetry import publish
from anlan.telemetry.settings import load


@dataclass(frozen=True)
class Latest:
    value: float
    at: datetime
    quality: int


def latest(points: Iterable[int]) -> dict[int, Latest] | None:
    """What is known of these points; None when no worker answers, which a page must not show as "no value"."""
    ids = np.fromiter(points, readings.POINT)
    if not len(ids):
        return {}
    try:
        pages = publish.run(settings.NATS_URL, lambda client: _ask(client, ids), wait=2)
    except (NatsError, OSError, TimeoutError):
        return None
    return {point: found for page in pages for point, found in _read(page)}


async def _ask(client: Client, ids: np.ndarray) -> list[bytes]:
    shards = load().shards
    of_shard = readings.shard_of(ids, shards)
    asked = [
        client.request(f"latest.get.{shard}", ids[of_shard == shard].tobytes(), timeout=1)
        for shard in range(shards)
        if (of_shard == shard).any()
    ]
    return [answer.data for answer in await asyncio.gather(*asked)]


def _read(page: bytes) -> Iterable[tuple[int, Latest]]:
    batch = readings.unpack(page)[0]
    for point, at, value, quality in zip(
        batch.point.tolist(), batch.ts.tolist(), batch.value.tolist(), batch.quality.tolist(), strict=True
    ):
        yield point, Latest(value, datetime.fromtimestamp(at / 1e6, UTC), quality)
