"""The gateway process: the register of devices kept up to date, the listeners, the intake, and its end."""

import asyncio
import contextlib
import logging
import socket
import ssl
import time
from collections import Counter

from nats.aio.client import Client
from nats.aio.msg import Msg

from anlan.telemetry import deadletters, process, streams
from anlan.telemetry.book import Directory
from anlan.telemetry.follow import follow
from anlan.telemetry.gateway.http import Listener
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import SECOND, Clock
from anlan.telemetry.gateway.mqtt import Connection, Served
from anlan.telemetry.gateway.presence import Presence
from anlan.telemetry.gateway.reception import Reception
from anlan.telemetry.settings import SettingProblem, Settings
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
        self.served = Served(self.reception, set())
        self.ports: dict[str, int] = {}
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
                log.info("%d devices; %s", len(self.directory.by_id), self.ports)
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
        given, loop = self.settings, asyncio.get_running_loop()
        servers = [
            await loop.create_server(
                self._connection, sock=self._bound("ANLAN_MQTT_PORT", given.mqtt_port), backlog=1024
            )
        ]
        if given.tls_certificate:
            secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            secured.load_cert_chain(given.tls_certificate, given.tls_key or None)
            bound = self._bound("ANLAN_MQTTS_PORT", given.mqtts_port)
            servers.append(await loop.create_server(self._connection, sock=bound, ssl=secured, backlog=1024))
        listener = Listener(self.reception)
        http = asyncio.create_task(listener.listen(self._bound("ANLAN_DEVICE_HTTP_PORT", given.http_port)))
        try:
            yield
        finally:
            for server in servers:
                server.close()
            for connection in list(self.served.connections):
                connection.will = None
                connection.transport.close()
            listener.should_exit = True
            await asyncio.wait((http,), timeout=1)

    def _connection(self) -> Connection:
        return Connection(self.served)

    def _bound(self, name: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.settings.device_host else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        try:
            made.bind((self.settings.device_host, port))
        except OSError as problem:
            hint = f"{self.settings.device_host}:{port} cannot be listened on ({problem.strerror}); give another port"
            raise SettingProblem(name, str(port), hint) from problem
        self.ports[name.removeprefix("ANLAN_").removeprefix("DEVICE_").lower()] = made.getsockname()[1]
        return made

    def _quiet(self) -> None:
        """Nothing more is read; what was read still goes to the stream and is answered."""
        for connection in self.served.connections:
            connection.waiting = True
            connection.transport.pause_reading()

    # --- requests and news ----------------------------------------------------------------------------------------
    @contextlib.asynccontextmanager
    async def _answering_requests(self):
        heard = [
            await self.client.subscribe("gateway.retry", queue="gateway", cb=self._retry),
            await self.client.subscribe("presence.get", cb=self._whole_presence),
        ]
        state = {
            "ports": lambda: self.ports,
            "devices": lambda: len(self.directory.by_id),
            "connections": lambda: len(self.served.connections),
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

    async def _whole_presence(self, message: Msg) -> None:
        await message.respond(self.presence.all())

    def _later(self, work) -> None:
        task = asyncio.ensure_future(work)
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _every_second(self) -> None:
        while True:
            await asyncio.sleep(1)
            self.served.sweep(time.monotonic())
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
