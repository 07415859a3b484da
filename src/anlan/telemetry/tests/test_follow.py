"""Reading a stream: a consumer that sees nothing is not believed for ever."""

import asyncio

import pytest
from nats.aio.subscription import Subscription

from anlan.telemetry import follow as following
from anlan.telemetry import publish, streams
from anlan.telemetry.follow import follow, overlooked

pytestmark = pytest.mark.pipeline


async def _three(client):
    js = client.jetstream()
    await streams.create(js)
    return [(await js.publish("alarms.1", b"[]")).seq for _ in range(3)]


def test_what_lies_behind_the_last_message_seen_is_overlooked_and_nothing_else(pipeline):
    async def ask(client):
        js, (*_, last) = client.jetstream(), await _three(client)
        asked = [("alarms.1", 0), ("alarms.*", last - 1), (None, 0), ("alarms.1", last), ("alarms.2", 0)]
        return [await overlooked(js, streams.ALARMS, subject, after) for subject, after in asked]

    assert publish.run(pipeline.url, ask) == [True, True, True, False, False]


def test_a_consumer_that_never_delivers_is_replaced_and_nothing_comes_twice(pipeline, monkeypatch):
    monkeypatch.setattr(following, "QUIET", 2)
    real, made = following._consumer, []

    async def first_one_sees_nothing(js, stream, subject, after, latest):
        made.append(after)
        return await real(js, stream, "alarms.99" if len(made) == 1 else subject, after, latest)

    monkeypatch.setattr(following, "_consumer", first_one_sees_nothing)

    async def read(client):
        await _three(client)
        seen = []
        async with asyncio.timeout(20):
            async for messages in follow(client, streams.ALARMS, "alarms.1"):
                seen += [one.sequence for one in messages]
                if len(seen) >= 3:
                    return seen

    assert publish.run(pipeline.url, read) == [1, 2, 3]
    assert made == [0, 0]


@pytest.mark.parametrize("lost", [1, 2, 3], ids=["the first", "one in the middle", "the last"])
def test_what_got_lost_on_the_way_is_read_again_by_the_next_consumer(pipeline, monkeypatch, lost):
    """A message sent to a connection just dying is gone for the consumer that sent it."""
    real, left = Subscription.next_msg, [lost]

    async def loses_one(self, timeout=1):
        one = await real(self, timeout)
        if one.reply.startswith("$JS.ACK") and left:
            left[0] -= 1
            if not left[0]:
                left.clear()
                return await real(self, timeout)
        return one

    async def read(client):
        await _three(client)
        monkeypatch.setattr(Subscription, "next_msg", loses_one)
        seen = []
        async with asyncio.timeout(20):
            async for messages in follow(client, streams.ALARMS, "alarms.1"):
                seen += [one.sequence for one in messages]
                if len(seen) >= 3:
                    return seen

    assert publish.run(pipeline.url, read) == [1, 2, 3]
    assert not left
