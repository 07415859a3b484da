"""The streams and key-value buckets of the pipeline, made once, the same by whoever comes first.

==============  =======================  ===============================================================================
stream          subjects                 kept
==============  =======================  ===============================================================================
READINGS        ``readings.<shard>``     until archived and evaluated (the archive clears it); full means devices wait
ALARMS          ``alarms.<shard>``       30 days; the desk's own tables are the record
DEADLETTERS     ``deadletters.<kind>``   90 days or 512 MB
ATTRIBUTES      ``attributes.<device>``  the last of each device
STRANGERS       ``strangers``            who spoke and is not registered; 30 days or 64 MB
PICTURES        ``pictures``             what cameras saw when they found something; 14 days or 1 GB
KV directory    ``page.<n>``             devices, 256 a page
KV rulebook     ``page.<n>``             rules of 4,096 points a page
KV worker-state ``shard.<n>``            the rule worker's snapshot, or how many parts it has (rules/kept.py)
==============  =======================  ===============================================================================
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from typing import NamedTuple

from nats.aio.client import Client
from nats.errors import ConnectionReconnectingError
from nats.js import JetStreamContext, api
from nats.js.errors import BadRequestError, NotFoundError

from anlan.telemetry.settings import load

READINGS, ALARMS, DEADLETTERS, ATTRIBUTES = "READINGS", "ALARMS", "DEADLETTERS", "ATTRIBUTES"
STRANGERS, STRANGER_SUBJECT = "STRANGERS", "strangers"
PICTURES, PICTURE_SUBJECT = "PICTURES", "pictures"
DIRECTORY, RULEBOOK, WORKER_STATE = "directory", "rulebook", "worker-state"
DAY = 86_400.0
MEGABYTE = 1024 * 1024
ANSWER_SECONDS = 15.0

log = logging.getLogger(__name__)


def definitions(readings_megabytes: int) -> list[api.StreamConfig]:
    """What each stream is; times in seconds."""
    return [
        api.StreamConfig(
            name=READINGS,
            subjects=["readings.*"],
            max_bytes=readings_megabytes * MEGABYTE,
            # A full stream refuses new messages: the gateway then waits and devices keep theirs. Dropping the oldest
            # would lose readings that were acknowledged and not yet archived.
            discard=api.DiscardPolicy.NEW,
            duplicate_window=120.0,
        ),
        api.StreamConfig(name=ALARMS, subjects=["alarms.*"], max_age=30 * DAY, duplicate_window=3600.0),
        api.StreamConfig(name=DEADLETTERS, subjects=["deadletters.*"], max_age=90 * DAY, max_bytes=512 * MEGABYTE),
        api.StreamConfig(name=ATTRIBUTES, subjects=["attributes.*"], max_msgs_per_subject=1),
        api.StreamConfig(
            name=PICTURES,
            subjects=[PICTURE_SUBJECT],
            max_age=14 * DAY,
            max_bytes=1024 * MEGABYTE,
            duplicate_window=120.0,
        ),
        api.StreamConfig(name=STRANGERS, subjects=[STRANGER_SUBJECT], max_age=30 * DAY, max_bytes=64 * MEGABYTE),
    ]


async def create(js: JetStreamContext, readings_megabytes: int = 4096, replicas: int | None = None) -> None:
    """Streams and buckets as defined; those that exist are brought to the definition. ``replicas``: on how many servers
    of a cluster each is kept; None is what ANLAN_STREAM_REPLICAS says."""
    replicas = replicas or load().stream_replicas
    for wanted in definitions(readings_megabytes):
        wanted.num_replicas = replicas
        try:
            await js.add_stream(wanted)
        except BadRequestError:
            await js.update_stream(wanted)
    for bucket in (DIRECTORY, RULEBOOK, WORKER_STATE):
        try:
            await js.key_value(bucket)
        except NotFoundError:
            await js.create_key_value(bucket=bucket, history=1, max_value_size=8 * MEGABYTE, replicas=replicas)


class Sending(NamedTuple):
    subject: str
    payload: bytes
    headers: dict[str, str]
    """With a ``Nats-Msg-Id``: then sending again is safe."""


async def put(client: Client, messages: Iterable[Sending]) -> list[api.PubAck]:
    """Returns when all are on the stream's disk; else raises NatsError, TimeoutError or OSError, and all are to be sent
    again. Patient with a busy machine, but gives up at once when the connection was lost meanwhile: what was on its way
    then is not answered any more.
    """
    js, reconnects = client.jetstream(timeout=ANSWER_SECONDS), client.stats["reconnects"]
    sent = [asyncio.create_task(js.publish(one.subject, one.payload, headers=one.headers)) for one in messages]
    waiting = set(sent)
    try:
        while waiting:
            _, waiting = await asyncio.wait(waiting, timeout=0.25)
            if waiting and client.stats["reconnects"] != reconnects:
                raise ConnectionReconnectingError
    finally:
        for task in waiting:
            task.cancel()
    problems = [problem for task in sent if (problem := task.exception())]
    if problems:
        raise problems[0]
    return [task.result() for task in sent]


@contextlib.asynccontextmanager
async def connected(url: str, name: str) -> AsyncIterator[Client]:
    """A client that keeps trying to reach the broker, first and later, and never gives up by itself. ``url`` names one
    server, or those of a cluster between commas."""
    client = await _connect(url, name)
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(client.drain(), 2)


async def _connect(url: str, name: str) -> Client:
    client = Client()

    async def lost() -> None:
        if not client.is_closed and not client.is_draining:
            log.warning("%s: the broker is gone, trying again", name)

    async def found() -> None:
        log.info("%s: the broker is back", name)

    async def told(problem: Exception) -> None:
        log.debug("%s: %s", name, problem)

    await client.connect(
        url.split(","),
        name=name,
        allow_reconnect=True,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=2,
        ping_interval=5,
        max_outstanding_pings=2,
        # While the broker is away nothing is kept for it: whoever publishes is told, and holds its own data.
        pending_size=64 * MEGABYTE,
        disconnected_cb=lost,
        reconnected_cb=found,
        error_cb=told,
    )
    return client
