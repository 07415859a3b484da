"""What runs beside the web for video: pictures of the pipeline become rows."""

import asyncio
from functools import partial

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from nats.js.errors import NotFoundError

from anlan.telemetry import streams
from anlan.telemetry.settings import load
from anlan.watch.video.actions import keep_pictures

MOST = 50


async def keep_what_was_found(stop: asyncio.Event) -> None:
    async with streams.connected(settings.NATS_URL, "pictures") as client:
        js = client.jetstream(timeout=10)
        await streams.create(js, load().stream_megabytes)
        subscription = await js.pull_subscribe(streams.PICTURE_SUBJECT, durable="video-desk", stream=streams.PICTURES)
        while not stop.is_set():
            try:
                messages = await subscription.fetch(MOST, timeout=1)
            except (TimeoutError, NotFoundError):
                continue
            found = [(message.headers or {}, message.data) for message in messages]
            await sync_to_async(partial(_kept, found), thread_sensitive=False)()
            await asyncio.gather(*(message.ack() for message in messages))


def _kept(found: list[tuple[dict, bytes]]) -> None:
    close_old_connections()
    keep_pictures(found)


CONSUMERS = [keep_what_was_found]
