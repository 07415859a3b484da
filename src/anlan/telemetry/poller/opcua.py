"""One session with an OPC UA server: subscriptions to the nodes of the devices read through it.

A session that is lost is made again, with its subscriptions; the server then tells every value once. Namespace
indices are looked up at each connection. A node the server does not have is told once and asked for again with the next
session.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from asyncua import Client, ua

from anlan.telemetry.book import Known
from anlan.telemetry.poller.taking import Row, Taking
from anlan.wire.opcua.tags import FROM_ENVIRONMENT, Source, Tag, quality_of

PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
LOOK_SECONDS = 5.0
QUEUE = 10
MOST_WAITING = 20_000
log = logging.getLogger(__name__)
logging.getLogger("asyncua").setLevel(logging.CRITICAL)


class Session:
    def __init__(
        self,
        devices: list[tuple[Known, Source]],
        taking: Taking,
        pauses: tuple[float, ...] = PAUSES,
        environment: Mapping[str, str] = os.environ,
    ):
        self.devices, self.taking, self.pauses, self.environment = devices, taking, pauses, environment
        self.source = devices[0][1]
        self.address = self.source.url.removeprefix("opc.tcp://")[:64]
        self._waiting: asyncio.Queue[tuple[Known, Row]] = asyncio.Queue(MOST_WAITING)
        self._tags: dict[str, list[tuple[Known, Tag]]] = {}

    async def run(self) -> None:
        """For ever; cancelled when the session is not wanted any more."""
        failures = 0
        while True:
            reason, lived = "it cannot be connected to", False
            try:
                async with await self._client() as client:
                    lived = True
                    await self._follow(client)
            except asyncio.CancelledError:
                raise
            except Exception as problem:
                # The library raises what its parts raise; a source that fails must not end the others.
                reason = f"{'the session ended' if lived else reason}: {type(problem).__name__}"
            failures = 1 if lived else failures + 1
            self.taking.counters["links_lost"] += 1
            log.info("%s: %s", self.address, reason)
            for device, _ in self.devices:
                self.taking.lost(device, reason, self.address)
            await asyncio.sleep(self.pauses[min(failures, len(self.pauses)) - 1])

    async def _client(self) -> Client:
        client = Client(self.source.url, timeout=5)
        client.name = client.description = "anlan"
        if self.source.security:
            await client.set_security_string(self.source.security)
        if self.source.user:
            client.set_user(self.source.user)
            if named := FROM_ENVIRONMENT.fullmatch(self.source.password):
                client.set_password(self.environment.get(named[1], ""))
        return client

    async def _follow(self, client: Client) -> None:
        self._tags = {}
        for device, source in self.devices:
            subscription = await client.create_subscription(source.interval, self)
            for tag in source.tags:
                await self._subscribe(client, subscription, device, tag)
        handing = asyncio.create_task(self._hand_on())
        try:
            while True:
                await asyncio.wait_for(client.check_connection(), LOOK_SECONDS)
                await client.nodes.server_state.read_value()
                if handing.done():
                    handing.result()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            handing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await handing

    async def _subscribe(self, client: Client, subscription, device: Known, tag: Tag) -> None:
        try:
            index = await client.get_namespace_index(tag.uri) if tag.uri else None
            node = client.get_node(tag.node if index is None else f"ns={index};{tag.node}")
            self._tags.setdefault(node.nodeid.to_string(), []).append((device, tag))
            if tag.deadband:
                await subscription.deadband_monitor(node, tag.deadband, deadbandtype=1, queuesize=QUEUE)
            else:
                await subscription.subscribe_data_change(node, queuesize=QUEUE)
        except (ua.UaError, ValueError) as problem:
            self.taking.refused(
                device, tag.key, f"the server has no such node ({type(problem).__name__})", self.address
            )

    def datachange_notification(self, node, value, data) -> None:
        """Called by the library for each value that changed."""
        told: ua.DataValue = data.monitored_item.Value
        quality = quality_of(told.StatusCode.value if told.StatusCode else 0)
        for device, tag in self._tags.get(node.nodeid.to_string(), ()):
            if quality is None:
                self.taking.refused(device, tag.key, f"status {told.StatusCode.name}", self.address)
            elif not isinstance(value, (bool, int, float)):
                self.taking.refused(device, tag.key, f"expected a number, got {type(value).__name__}", self.address)
            else:
                at = told.SourceTimestamp or told.ServerTimestamp
                row = ("", tag.key, _microseconds(at), float(value) * tag.scale + tag.offset, quality)
                self._put(device, row)

    def _put(self, device: Known, row: Row) -> None:
        if self._waiting.full():  # the stream is away for long: the newest values are the ones that count
            self._waiting.get_nowait()
            self.taking.counters["values_dropped"] += 1
        self._waiting.put_nowait((device, row))

    async def _hand_on(self) -> None:
        while True:
            device, row = await self._waiting.get()
            together: dict[int, tuple[Known, list[Row]]] = {device.id: (device, [row])}
            while not self._waiting.empty():
                device, row = self._waiting.get_nowait()
                together.setdefault(device.id, (device, []))[1].append(row)
            for device, rows in together.values():
                await self.taking.take(device, rows, self.address)


def _microseconds(at: datetime | None) -> int | None:
    """The library gives UTC, with or without saying so."""
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1e6) if at else None
