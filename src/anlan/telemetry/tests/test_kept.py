"""Snapshots in a real broker, larger than one value holds."""

import random

import pytest
from nats.js.errors import NotFoundError

from anlan.telemetry import publish, streams
from anlan.telemetry.rules import kept, snapshot
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.rules.worker import Worker

pytestmark = pytest.mark.pipeline


def told(pipeline, story):
    """What a story of the bucket answers."""

    async def whole(client):
        js = client.jetstream()
        await streams.create(js, 64)
        return await story(await js.key_value(streams.WORKER_STATE))

    return publish.run(pipeline.url, whole)


def test_a_snapshot_of_any_size_comes_back_as_it_was_and_its_parts_go_with_it(pipeline):
    large, small = b"x" + random.Random(1).randbytes(2 * kept.PART), b"x small"

    async def story(bucket):
        for sequence, data in enumerate((small, large, large + b"y", small), 1):
            await kept.put(bucket, 0, sequence, data)
            assert await kept.get(bucket, 0) == data
            assert len(await bucket.keys()) == (1 if data is small else 4)

    told(pipeline, story)


def test_a_worker_killed_before_all_parts_stand_leaves_the_snapshot_before(pipeline, monkeypatch):
    monkeypatch.setattr(kept, "PART", 10)

    async def story(bucket):
        await kept.put(bucket, 0, 5, b"x the state after 5")
        await bucket.put("shard.0.9.0", b"x half of ")
        assert await kept.get(bucket, 0) == b"x the state after 5"
        await bucket.purge("shard.0.5.1")
        with pytest.raises(snapshot.SnapshotProblem, match="lacks a part"):
            await kept.get(bucket, 0)
        with pytest.raises(NotFoundError):
            await kept.get(bucket, 1)

    told(pipeline, story)


def test_a_worker_goes_on_from_a_snapshot_in_parts(pipeline, monkeypatch):
    monkeypatch.setattr(kept, "PART", 40)

    async def story(client):
        await streams.create(client.jetstream(), 64)
        first = Worker(client, pipeline.settings, 0)
        first.shard, first.sequence = Shard(0, 1), 7
        list(first.shard.entry(1_767_576_600_000_000))
        await first._save()
        second = Worker(client, pipeline.settings, 0)
        await second._load()
        return second.sequence, second.shard.now

    assert publish.run(pipeline.url, story) == (7, 1_767_576_600_000_000)
