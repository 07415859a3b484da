"""The gateway process: the register of devices kept up to date, the listeners, the intake, and its end."""

import asyncio
import contextlib
import logging
import time
from collections import Counter

from nats.aio.client import Client
from nats.aio.msg import Msg

from anlan.telemetry import deadletters, process, streams
from anlan.telemetry.book import Directory
from anlan.telemetry.follow import follow
from anlan.telemetry.gateway import listeners
from anlan.telemetry.gateway.commands import SUBJECT, Commands
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import SECOND, Clock
from anlan.telemetry.gateway.presence import Presence
from anlan.telemetry.gateway.reception import Reception
from anlan.telemetry.settings import Settings
from anlan.wire.thingsboard.payload import Limits

STOP_SECONDS = 2.0

log = logging.getLogger(__name__)


class Gateway:
    def __init__(self, client: Client, settings: Settings):
        self.client, self.settings = client, settings
        self.js = client.jetstream(timeout=5)
        self.counters: Counter = Counter()
        self.directory, self.presence = Directory(), Presence()
        self.intake = Intake(client, settings.shards, self.counters)
        clock = Clock(settings.clock_future_seconds * SECOND, settings.clock_old_days * 86_400 * SECOND)
        limits = Limits(payload=settings.payload_limit)
        self.reception = Reception(self.directory, self.intake, self.presence, self.counters, limits, clock)
        self.listeners = listeners.made(self.reception, settings)
        self.ports = listeners.Ports(settings.device_host)
        self.commands = Commands(self.listeners, self.counters)
        self._answering: set[asyncio.Task] = set()

    async def run(self, stop: asyncio.Event) -> None:
        await streams.create(self.js, self.settings.stream_megabytes)
        loaded = asyncio.Event()
        register = asyncio.create_task(self._keep_directory(loaded))
        await _first(loaded.wait(), stop.wait(), register)
        intake_stop = asyncio.Event()
        intake = asyncio.create_task(self.intake.run(intake_stop))
        beat = asyncio.create_task(self._every_second())
        try:
            async with self._listening(), self._answering_requests():
                log.info("%d devices; %s", len(self.directory.by_id), self.ports.numbers)
                await _first(stop.wait(), register, intake, beat)
                self._quiet()
                intake_stop.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(intake), STOP_SECONDS)
        finally:
            for task in (register, intake, beat):
                task.cancel()
            await asyncio.gather(register, intake, beat, return_exceptions=True)

    # --- the register ---------------------------------------------------------------------------------------------
    async def _keep_directory(self, loaded: asyncio.Event) -> None:
        stream, prefix = f"KV_{streams.DIRECTORY}", f"$KV.{streams.DIRECTORY}.page."
        began = time.perf_counter()
        if not (await self.js.stream_info(stream)).state.messages:
            loaded.set()
        async for messages in follow(self.client, stream, f"{prefix}*", latest_of_each=True):
            for message in messages:
                gone = message.headers and message.headers.get("KV-Operation") in ("DEL", "PURGE")
                number = int(message.subject.removeprefix(prefix))
                self.directory.replace_page(number, b"" if gone else message.data)
                if message.behind == 0 and not loaded.is_set():
                    loaded.set()
                    log.info("register read in %.2f s", time.perf_counter() - began)

    # --- listeners ------------------------------------------------------------------------------------------------
    @contextlib.asynccontextmanager
    async def _listening(self):
        try:
            for one in self.listeners:
                await one.open(self.ports)
            yield
        finally:
            await asyncio.gather(*(one.close() for one in self.listeners), return_exceptions=True)

    def _quiet(self) -> None:
        """Nothing more is read; what was read still goes to the stream and is answered."""
        for one in self.listeners:
            one.quiet()

    # --- requests and news ----------------------------------------------------------------------------------------
    @contextlib.asynccontextmanager
    async def _answering_requests(self):
        heard = [
            await self.client.subscribe("gateway.retry", queue="gateway", cb=self._retry),
            await self.client.subscribe("presence.get", cb=self._whole_presence),
            # Each in a task of its own: a device may take its time, and the next order is for another.
            await self.client.subscribe(SUBJECT, cb=self._command),
        ]
        state = {
            "ports": lambda: self.ports.numbers,
            "devices": lambda: len(self.directory.by_id),
            "connections": lambda: sum(one.connections() for one in self.listeners),
            "waiting_readings": lambda: len(self.intake.pile.rows),
        }
        async with process.health(self.client, "gateway", self.counters, **state):
            try:
                yield
            finally:
                for one in heard:
                    with contextlib.suppress(Exception):
                        await one.unsubscribe()

    async def _retry(self, message: Msg) -> None:
        outcome = self.reception.retry(deadletters.read(message.subject, message.headers, message.data))
        self.counters["retries"] += 1
        self.intake.when_safe(lambda: self._later(message.respond(outcome.json())))

    async def _command(self, message: Msg) -> None:
        self._later(self.commands.hear(message))

    async def _whole_presence(self, message: Msg) -> None:
        await message.respond(self.presence.all())

    def _later(self, work) -> None:
        task = asyncio.ensure_future(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _every_second(self) -> None:
        while True:
            await asyncio.sleep(1)
            for one in self.listeners:
                one.sweep(time.monotonic())
            changes = self.presence.changes()
            if changes and self.client.is_connected:
                await self.client.publish("presence", changes)


async def _first(*awaitables) -> None:
    """Until one of them ends; what failed is raised here."""
    tasks = [asyncio.ensure_future(one) for one in awaitables]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task, given in zip(tasks, awaitables, strict=True):
        if task in pending and task is not given:
            task.cancel()
    for task in done:
        task.result()
