"""What runs beside the web for alarms: the rule workers' episodes become rows.

A message is acknowledged after the commit; what is delivered twice is known by its episode. So a kill at any moment
neither loses nor doubles an alarm.
"""

import asyncio
import contextlib
import logging
import time
from functools import partial

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from anlan.desk.audit.context import acting
from anlan.telemetry import streams
from anlan.telemetry.settings import load
from anlan.watch.alarms import floods
from anlan.watch.alarms.hooks import push
from anlan.watch.alarms.recording import tell_others, write
from anlan.watch.alarms.rules import Event

log = logging.getLogger(__name__)
_storm = asyncio.Event()
DURABLE = "alarm-desk"
MOST = 500
PAUSE = 0.1
STORM = 50  # messages at one time: more come than others can be told of
LOOK = 1.0
BREATH = 0.05  # between two transactions of a storm: on SQLite the others get in only when nobody holds the file


async def take_alarms(stop: asyncio.Event) -> None:
    async with streams.connected(settings.NATS_URL, DURABLE) as client:
        js = client.jetstream(timeout=10)
        await streams.create(js, load().stream_megabytes)
        subscription = await js.pull_subscribe(
            "alarms.*",
            durable=DURABLE,
            stream=streams.ALARMS,
            config=api.ConsumerConfig(ack_wait=30, max_ack_pending=10 * MOST),
        )
        try:
            while not stop.is_set():
                messages = await _fetched(subscription)
                _note_storm(len(messages))
                for message in await _take(messages):
                    await message.ack()
        finally:
            _note_storm(0)


async def _fetched(subscription: JetStreamContext.PullSubscription) -> list[Msg]:
    try:
        return await subscription.fetch(MOST, timeout=1)
    except (TimeoutError, NotFoundError):
        return []


def _note_storm(messages: int) -> None:
    if messages >= STORM:
        _storm.set()
    else:
        _storm.clear()


async def _take(messages: list[Msg]) -> list[Msg]:
    """Writes all together; should that fail, one by one, so that a bad message holds up nobody. Answers what is done;
    the others come again."""
    try:
        await _written(messages)
        return messages
    except Exception:
        log.exception("%d messages of alarm events could not be written together", len(messages))
    done = []
    for message in messages:
        try:
            await _written([message])
            done.append(message)
        except Exception:
            log.exception("alarm events of stream position %s will come again", message.metadata.sequence.stream)
            await message.nak(delay=5)
    return done


async def _written(messages: list[Msg]) -> None:
    events = [event for message in messages for event in _read(message)]
    await sync_to_async(partial(_record, events), thread_sensitive=False)()


def _read(message: Msg) -> list[Event]:
    """A message holds what one entry of the readings' stream brought about: one event or many."""
    try:
        return [Event.read(told) for told in orjson.loads(message.data)]
    except (ValueError, KeyError, TypeError):
        log.exception("the alarm events of stream position %s cannot be read", message.metadata.sequence.stream)
        return []


def _record(events: list[Event]) -> None:
    close_old_connections()
    with acting("pipeline"):
        write(events)


async def tell(stop: asyncio.Event) -> None:
    """Tells the other capabilities what happened to alarms: at once in quiet times; in a storm the worst first, and in
    a tenth of the time, until all alarms are on the desk."""
    while not stop.is_set():
        began, storm = time.monotonic(), _storm.is_set()
        told = await sync_to_async(_tell, thread_sensitive=False)()
        pause = 9 * (time.monotonic() - began) if storm else 0.0
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), max(pause, BREATH if told else PAUSE))


def _tell() -> int:
    close_old_connections()
    with acting("pipeline"):
        return tell_others()


async def watch_floods(stop: asyncio.Event) -> None:
    """Beside the schedule: what comes round there may take its time in a storm, and then a flood is to be named."""
    while not stop.is_set():
        await sync_to_async(_look, thread_sensitive=False)()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)


def _look() -> None:
    close_old_connections()
    floods.look(timezone.now())


CONSUMERS = [take_alarms, tell, watch_floods, push]
