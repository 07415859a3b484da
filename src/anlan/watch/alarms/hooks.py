"""Alarms pushed to other systems as they happen: one signed request a message of events, straight from the stream.

It does not wait for the desk: a consumer of its own reads what the rule workers publish. A message is acknowledged
when the other system has answered 2xx; until then it comes again, ever more seldom, while the stream keeps it.
`X-Anlan-Delivery` is the same every time.

The addresses are the operator's alone (ANLAN_ALARM_HOOKS, separated by spaces): were they a person's to choose, he
could make the platform call inside its own network. Redirects are not followed. What is held back is marked, not left
out.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx
import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from nats.aio.msg import Msg
from nats.js import api
from nats.js.errors import NotFoundError

from anlan.desk.notices.channels.webhook import signature
from anlan.telemetry import streams
from anlan.telemetry.settings import load
from anlan.watch.alarms.models import Inhibition
from anlan.watch.alarms.rules import held_by
from anlan.watch.devices.models import Point

log = logging.getLogger(__name__)
SECONDS = 5.0
AT_ONCE = 20
PAUSES = (1, 5, 30, 120, 600)  # seconds before the next try; the last one again and again
KEPT = 10.0  # seconds for which names and what is held back are remembered


async def push(stop: asyncio.Event) -> None:
    """One consumer an address: one that does not answer holds up no other."""
    addresses = settings.ALARM_HOOKS
    if addresses:
        await asyncio.gather(*(_push_to(address, stop) for address in addresses))
    else:
        await stop.wait()


async def _push_to(address: str, stop: asyncio.Event) -> None:
    durable = "alarm-hook-" + hashlib.sha256(address.encode()).hexdigest()[:12]
    names = Names()
    async with streams.connected(settings.NATS_URL, durable) as client, httpx.AsyncClient(timeout=SECONDS) as web:
        js = client.jetstream(timeout=10)
        await streams.create(js, load().stream_megabytes)
        subscription = await js.pull_subscribe(
            "alarms.*",
            durable=durable,
            stream=streams.ALARMS,
            config=api.ConsumerConfig(ack_wait=30, max_ack_pending=200, deliver_policy=api.DeliverPolicy.NEW),
        )
        while not stop.is_set():
            try:
                messages = await subscription.fetch(AT_ONCE, timeout=1)
            except (TimeoutError, NotFoundError):
                continue
            await asyncio.gather(*(_deliver(web, address, message, names) for message in messages))


async def _deliver(web: httpx.AsyncClient, address: str, message: Msg, names: "Names") -> None:
    meta = message.metadata
    try:
        events = orjson.loads(message.data)
        told = await names.told(events)
    except Exception:
        log.exception("the alarm events of stream position %s cannot be pushed", meta.sequence.stream)
        await message.term()
        return
    if await _sent(web, address, str(meta.sequence.stream), told):
        await message.ack()
    else:
        await message.nak(delay=PAUSES[min(meta.num_delivered, len(PAUSES)) - 1])


async def _sent(web: httpx.AsyncClient, address: str, number: str, events: list[dict]) -> bool:
    body = orjson.dumps({"number": number, "events": events})
    headers = {
        "Content-Type": "application/json",
        "X-Anlan-Delivery": number,
        "X-Anlan-Signature": signature(settings.WEBHOOK_SECRET, body, int(time.time())),
    }
    try:
        answer = await web.post(address, content=body, headers=headers, follow_redirects=False)
    except httpx.HTTPError as error:
        log.warning("alarm hook: not reached: %s", type(error).__name__)
        return False
    if not answer.is_success:
        log.warning("alarm hook: answered %d", answer.status_code)
    return answer.is_success


class Names:
    """What points and devices are called, and what holds their alarms back: asked once in a while, not each time."""

    def __init__(self):
        self.known: dict[int, tuple[float, Any, list]] = {}

    async def told(self, events: Sequence[dict]) -> list[dict]:
        now = time.monotonic()
        unknown = {
            event["point"]
            for event in events
            if event["point"] not in self.known or now - self.known[event["point"]][0] > KEPT
        }
        if unknown:
            found = await sync_to_async(partial(_asked, unknown), thread_sensitive=False)()
            self.known |= {point: (now, *pair) for point, pair in found.items()}
        return [told(event, *self.known[event["point"]][1:]) for event in events if event["point"] in self.known]


def told(event: dict, point: Point, inhibitions: list) -> dict:
    """An event as the other system reads it."""
    device, local = point.device, timezone.localtime()
    return {
        **event,
        "name": point.title,
        "unit": point.unit,
        "device": device.code,
        "device_name": device.name,
        "region": device.region,
        "organisation": device.organisation,
        "held": held_by(inhibitions, point.pk, event["rule"], device.status, local).kind,
    }


def _asked(points: set[int]) -> dict[int, tuple[Point, list]]:
    close_old_connections()
    return known_of(points)


def known_of(points: set[int]) -> dict[int, tuple[Point, list]]:
    """The points that are still there, each with its device and what holds that device's alarms back."""
    found = Point.objects.select_related("device").in_bulk(points)
    held: dict[int, list] = {}
    devices = {point.device_id for point in found.values()}
    for one in Inhibition.objects.filter(device__in=devices, ended_at=None, in_force=True):
        held.setdefault(one.device_id, []).append(one)
    return {number: (point, held.get(point.device_id, [])) for number, point in found.items()}
