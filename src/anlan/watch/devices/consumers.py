"""What runs beside the web for devices: tells the pipeline of changes, hears who is there, keeps what was unread."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from anlan.columns import page
from anlan.telemetry import deadletters, publish, streams
from anlan.telemetry.book import Beside, Rule
from anlan.telemetry.gateway import quarantine as told
from anlan.telemetry.settings import load
from anlan.watch.devices import published, quarantine
from anlan.watch.devices.letters import keep
from anlan.watch.devices.presence import Presence

log = logging.getLogger(__name__)
BUCKET, KEY = "published", "devices"
PERIOD = 1.0


async def tell_pipeline(stop: asyncio.Event) -> None:
    """Publishes the whole register once if the broker's copy is not of its present state, then every change within
    a second or two. A change is found by its time, so none is lost while the broker or this process is away."""
    async with streams.connected(settings.NATS_URL, "device-register") as client:
        bucket = await _bucket(client)
        now = await _asked(published.state)
        if await _mark(bucket) != now:
            await _publish_all(client)
            await bucket.put(KEY, now.encode())
        last = now, 0
        while not stop.is_set():
            seen = now, _ = await _asked(_register)
            if seen != last:
                await _publish_changes(client, last[0], now)
                await bucket.put(KEY, now.encode())
                last = seen
            await _pause(stop, PERIOD)


def _register() -> tuple[str, int]:
    return published.state(), published.late_comers(datetime.now(UTC))


async def hear_presence(stop: asyncio.Event) -> None:
    """Keeps who is connected and when each device was last heard: comings and goings at once, times once a minute."""
    heard = Presence()
    async with streams.connected(settings.NATS_URL, "device-presence") as client:

        async def take(message: Msg) -> None:
            heard.take(page.unpack(message.data)[0])

        await client.subscribe("presence", cb=take)
        with contextlib.suppress(NatsError):  # no gateway yet: it will tell by itself
            heard.take(page.unpack((await client.request("presence.get", timeout=2)).data)[0])
        while not stop.is_set():
            await _pause(stop, PERIOD)
            await _asked(heard.write)


async def keep_letters(stop: asyncio.Event) -> None:
    """Dead letters become rows that an administrator sees and retries. Their place in the stream makes each one row."""
    async with streams.connected(settings.NATS_URL, "dead-letters") as client:
        js = client.jetstream(timeout=10)
        await streams.create(js, load().stream_megabytes)
        subscription = await js.pull_subscribe("deadletters.*", durable="letter-desk", stream=streams.DEADLETTERS)
        while not stop.is_set():
            try:
                messages = await subscription.fetch(200, timeout=1)
            except (TimeoutError, NotFoundError):
                continue
            await _asked(partial(keep, [_letter(message) for message in messages]))
            await asyncio.gather(*(message.ack() for message in messages))


def _letter(message: Msg) -> tuple[int, deadletters.DeadLetter]:
    return message.metadata.sequence.stream, deadletters.read(message.subject, message.headers, message.data)


async def keep_strangers(stop: asyncio.Event) -> None:
    """Who spoke and is not registered becomes a row that a person admits or refuses."""
    async with streams.connected(settings.NATS_URL, "strangers") as client:
        js = client.jetstream(timeout=10)
        await streams.create(js, load().stream_megabytes)
        subscription = await js.pull_subscribe(
            streams.STRANGER_SUBJECT, durable="quarantine-desk", stream=streams.STRANGERS
        )
        while not stop.is_set():
            try:
                messages = await subscription.fetch(200, timeout=1)
            except (TimeoutError, NotFoundError):
                continue
            await _asked(partial(quarantine.keep, [told.read(one.headers, one.data) for one in messages]))
            await asyncio.gather(*(message.ack() for message in messages))


async def give_what_was_kept(stop: asyncio.Event) -> None:
    """What admitted strangers had sent is read by the gateway as soon as it knows them."""
    async with streams.connected(settings.NATS_URL, "kept-messages") as client:
        while not stop.is_set():
            messages = await _asked(quarantine.to_give)
            if messages:
                with contextlib.suppress(NatsError, TimeoutError):  # no gateway: they wait
                    answers = await quarantine.give(client, messages)
                    await _asked(partial(quarantine.settle, messages, answers, datetime.now(UTC)))
            await _pause(stop, 2 * PERIOD)


async def _publish_all(client: Client) -> None:
    devices = await _asked(lambda: published.devices(published.heard()))
    await publish.replace_directory(client, devices)
    rules, beside, shards = await _asked(_rules)
    await publish.put_all_rules(client, rules, shards, beside)
    log.info("published %d devices and their rules", len(devices))


async def _publish_changes(client: Client, before: str, now: str) -> None:
    moment, _, count = before.partition(" ")
    if moment == "None" or count != now.partition(" ")[2]:  # rows came or went: the register is compared as a whole
        await _publish_all(client)
        return
    devices, gone, pages, _ = await _asked(
        lambda: published.changed_since(datetime.fromisoformat(moment) - published.LATE)
    )
    await publish.put_devices(client, devices)
    await publish.remove_devices(client, gone)
    for number in sorted(pages):
        rules, beside, shards = await _asked(partial(_rules, number))
        await publish.put_rules(client, number, rules, shards, beside)


def _rules(page: int | None = None) -> tuple[list[Rule], Beside, int]:
    """The rules of a page or of all, what goes with them, and among how many shards."""
    shards = load().shards
    return list(published.rules(page)), published.beside(page, shards), shards


async def _bucket(client: Client) -> KeyValue:
    js = client.jetstream(timeout=10)
    await streams.create(js, load().stream_megabytes)
    try:
        return await js.key_value(BUCKET)
    except BucketNotFoundError:
        return await js.create_key_value(bucket=BUCKET, history=1)


async def _mark(bucket: KeyValue) -> str:
    try:
        return (await bucket.get(KEY)).value.decode()
    except KeyNotFoundError:
        return ""


async def _asked[Result](question: Callable[[], Result]) -> Result:
    """A question to the database, asked in a thread; the loop goes on meanwhile."""

    def ask() -> Result:
        close_old_connections()
        return question()

    return await sync_to_async(ask, thread_sensitive=False)()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


CONSUMERS = [tell_pipeline, hear_presence, keep_letters, keep_strangers, give_what_was_kept]
