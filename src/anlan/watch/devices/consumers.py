"""What runs beside the web for devices: tells the pipeline what changed."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from nats.aio.client import Client
from nats.js.errors import BucketNotFoundError, KeyNotFoundError
from nats.js.kv import KeyValue

from anlan.telemetry import publish, streams
from anlan.telemetry.settings import load
from anlan.watch.devices import published

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
        last = now
        while not stop.is_set():
            now = await _asked(published.state)
            if now != last:
                await _publish_changes(client, last, now)
                await bucket.put(KEY, now.encode())
                last = now
            await _pause(stop, PERIOD)


async def _publish_all(client: Client) -> None:
    devices = await _asked(lambda: published.devices(published.heard()))
    await publish.replace_directory(client, devices)
    await publish.put_all_rules(client, await _asked(lambda: list(published.rules())), load().shards)
    log.info("published %d devices and their rules", len(devices))


async def _publish_changes(client: Client, before: str, now: str) -> None:
    moment, _, count = before.partition(" ")
    if moment == "None" or count != now.partition(" ")[2]:  # rows came or went: the register is compared as a whole
        await _publish_all(client)
        return
    devices, gone, pages, _ = await _asked(lambda: published.changed_since(datetime.fromisoformat(moment)))
    await publish.put_devices(client, devices)
    await publish.remove_devices(client, gone)
    for page in sorted(pages):
        await publish.put_rules(
            client, page, await _asked(lambda page=page: list(published.rules(page))), load().shards
        )


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


CONSUMERS = [tell_pipeline]
