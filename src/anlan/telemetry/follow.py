"""The one way in which a stream is read: from a sequence on, in order, pulled, without acknowledgements.

A reader's position is part of its own state, written in one piece with what it made of the messages (the archive's
transaction, the worker's snapshot). So nothing is acknowledged to the stream, nothing is delivered twice, and a
reader that died goes on exactly where its state says. The consumer on the server is a throw-away: when it is lost
(server restarted, connection cut) the next one starts behind the last message seen. It numbers what it delivers; a hole
in its numbers is what was sent to a connection that was just dying, and a new consumer reads it again.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import NamedTuple

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

log = logging.getLogger(__name__)


class Message(NamedTuple):
    sequence: int
    at: int
    """When the stream stored it, microseconds UTC."""
    subject: str
    data: bytes
    headers: dict[str, str] | None
    behind: int
    """How many messages were waiting behind this one when it was sent."""


AFTER_SILENCE = 4
"""Seconds without message or heartbeat after which the consumer is taken for lost."""
QUIET = 10
"""Heartbeats without a message after which the stream itself is asked whether there is none: on a server that was
away a consumer may live and see nothing."""
LAST_DELIVERED = "Nats-Last-Consumer"
"""A heartbeat's header: how many messages the consumer has sent."""


async def follow(
    client: Client,
    stream: str,
    subject: str | None = None,
    after: int = 0,
    *,
    latest_of_each: bool = False,
    batch: int = 256,
) -> AsyncIterator[list[Message]]:
    """Lists of messages behind sequence ``after``, for ever. An empty list now and then says "nothing new, still here".

    ``latest_of_each`` begins with the last message of every subject (a key-value bucket's present content).
    """
    js, quiet = client.jetstream(timeout=5), 0
    while True:
        try:
            consumer = await _consumer(js, stream, subject, after, latest_of_each)
            async with contextlib.aclosing(_pull(client, stream, consumer, batch)) as pulled:
                async for messages in pulled:
                    if messages:
                        after, latest_of_each = messages[-1].sequence, False
                    quiet = 0 if messages else quiet + 1
                    if quiet >= QUIET:
                        quiet = 0
                        if await overlooked(js, stream, subject, after):
                            raise NatsError("the consumer overlooks what is there")
                    yield messages
        except (TimeoutError, NatsError, OSError) as problem:
            log.info("reading %s again after %s: %r", stream, after, problem)
        yield []
        await asyncio.sleep(0.2)


async def _consumer(js: JetStreamContext, stream: str, subject: str | None, after: int, latest: bool) -> str:
    if latest and after == 0:
        start = {"deliver_policy": api.DeliverPolicy.LAST_PER_SUBJECT}
        subject = subject or ">"
    else:
        start = {"deliver_policy": api.DeliverPolicy.BY_START_SEQUENCE, "opt_start_seq": after + 1}
    made = await js.add_consumer(
        stream,
        api.ConsumerConfig(
            filter_subject=subject,
            ack_policy=api.AckPolicy.NONE,
            inactive_threshold=30.0,
            mem_storage=True,
            num_replicas=1,
            **start,
        ),
    )
    return made.name


async def overlooked(js: JetStreamContext, stream: str, subject: str | None, after: int) -> bool:
    """Whether the stream holds a message of the subject behind this sequence."""
    try:
        return (await js.get_last_msg(stream, subject or ">")).seq > after
    except NotFoundError:
        return False


async def _pull(client: Client, stream: str, consumer: str, batch: int) -> AsyncIterator[list[Message]]:
    inbox = client.new_inbox()
    heard = await client.subscribe(inbox, pending_msgs_limit=-1, pending_bytes_limit=-1)
    ask = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
    request = json.dumps({"batch": batch, "expires": 20_000_000_000, "idle_heartbeat": 1_000_000_000}).encode()
    delivered = 0
    try:
        while True:
            await client.publish(ask, request, reply=inbox)
            wanted = batch
            while wanted > 0:
                messages, ended = _sorted_out(await _arrived(client, heard), delivered)
                delivered += len(messages)
                wanted = 0 if ended else wanted - len(messages)
                yield messages
    finally:
        # A connection that is closing ends its subscriptions itself.
        with contextlib.suppress(NatsError):
            await heard.unsubscribe()


async def _arrived(client: Client, heard: Subscription) -> list[Msg]:
    """The next message and all that came with it."""
    arrived, reconnects = [], client.stats["reconnects"]
    for _ in range(AFTER_SILENCE):
        with contextlib.suppress(TimeoutError, NatsTimeout):
            arrived.append(await heard.next_msg(timeout=1))
            break
        if client.stats["reconnects"] != reconnects:
            raise NatsTimeout
    else:
        raise NatsTimeout
    for _ in range(heard.pending_msgs):
        arrived.append(await heard.next_msg(timeout=1))
    return arrived


def _sorted_out(arrived: list[Msg], delivered: int) -> tuple[list[Message], bool]:
    """Messages told from the server's status lines; True when the request has ended. ``delivered``: how many the
    consumer has sent before these."""
    messages, ended = [], False
    for one in arrived:
        status = one.headers.get("Status") if one.headers and not one.data else None
        if status is None:
            message, number = _message(one)
            messages.append(message)
            _without_hole(number, delivered + len(messages))
        elif status == "408":
            ended = True
        elif status == "100":
            _without_hole(int(one.headers.get(LAST_DELIVERED, -1)), delivered + len(messages))
        else:
            raise NatsError(f"the consumer ended: {status} {one.headers.get('Description', '')}")
    return messages, ended


def _without_hole(number: int, expected: int) -> None:
    if number not in (expected, -1):
        raise NatsError(f"the consumer has sent {number} messages, {expected} arrived")


def _message(one: Msg) -> tuple[Message, int]:
    """And which of the consumer's it is, from 1."""
    # $JS.ACK.<stream>.<consumer>.<tries>.<stream sequence>.<consumer sequence>.<time in ns>.<pending>; a domain and an
    # account hash may stand before the stream, so the fields are counted from the end (a random token may follow them).
    parts = one.reply.split(".")
    tail = parts[-5:] if len(parts) == 9 else parts[-6:-1]
    _, sequence, number, at, behind = tail
    return Message(int(sequence), int(at) // 1000, one.subject, one.data, one.headers, int(behind)), int(number)
