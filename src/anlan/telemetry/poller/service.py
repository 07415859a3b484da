"""The poller process: which devices the published register says are to be asked, a task a link, the way to the stream.

The libraries of the two protocols are loaded with the first source that needs them: without one the process is small.
"""

import asyncio
import contextlib
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from nats.aio.client import Client

from anlan.telemetry import process, streams
from anlan.telemetry.book import Known
from anlan.telemetry.follow import follow
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import SECOND, Clock
from anlan.telemetry.gateway.presence import Presence
from anlan.telemetry.poller.taking import Taking
from anlan.telemetry.settings import Settings
from anlan.wire.modbus import tags as modbus_tags
from anlan.wire.opcua import tags as opcua_tags

STOP_SECONDS = 2.0
READERS: dict[str, tuple[Callable[[object], Any], Callable[[Any], str]]] = {
    "modbus": (modbus_tags.read_settings, lambda source: f"{source.host}:{source.port}"),
    "opcua": (
        opcua_tags.read_settings,
        lambda source: f"{source.url} {source.user} {source.security} {source.password}",
    ),
}
"""Protocol, the key in a device's settings -> the reading of its settings, and what tells one link from another."""
log = logging.getLogger(__name__)


def _modbus_link(devices: list, taking: Taking):
    from anlan.telemetry.poller.modbus import Link

    return Link(devices, taking)


def _opcua_session(devices: list, taking: Taking):
    from anlan.telemetry.poller.opcua import Session

    return Session(devices, taking)


LINKS = {"modbus": _modbus_link, "opcua": _opcua_session}


@dataclass(slots=True)
class Running:
    basis: str
    """All that the link was made of: it is made again when this changes."""
    task: asyncio.Task


class Poller:
    def __init__(self, client: Client, settings: Settings):
        self.client, self.settings = client, settings
        self.js = client.jetstream(timeout=5)
        self.counters: Counter = Counter()
        self.presence = Presence()
        self.intake = Intake(client, settings.shards, self.counters)
        clock = Clock(settings.clock_future_seconds * SECOND, settings.clock_old_days * 86_400 * SECOND)
        self.taking = Taking(self.intake, self.presence, self.counters, clock)
        self.pages: dict[int, list[dict]] = {}
        self.running: dict[str, Running] = {}

    async def run(self, stop: asyncio.Event) -> None:
        await streams.create(self.js, self.settings.stream_megabytes)
        intake_stop = asyncio.Event()
        tasks = [asyncio.create_task(one) for one in (self._keep_links(), self._tell_presence())]
        intake = asyncio.create_task(self.intake.run(intake_stop))
        told = asyncio.create_task(stop.wait())
        state = {"links": lambda: len(self.running), "waiting_readings": lambda: len(self.intake.pile.rows)}
        try:
            async with process.health(self.client, "poller", self.counters, **state):
                done, _ = await asyncio.wait([*tasks, intake, told], return_when=asyncio.FIRST_COMPLETED)
                for task in done - {told}:
                    task.result()
                await self._end([one.task for one in self.running.values()])
                intake_stop.set()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(intake), STOP_SECONDS)
        finally:
            await self._end([*tasks, intake, told, *(one.task for one in self.running.values())])

    async def _end(self, tasks: Iterable[asyncio.Task]) -> None:
        tasks = list(tasks)
        for task in tasks:
            task.cancel()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), STOP_SECONDS)

    # --- which links ----------------------------------------------------------------------------------------------
    async def _keep_links(self) -> None:
        stream, prefix = f"KV_{streams.DIRECTORY}", f"$KV.{streams.DIRECTORY}.page."
        async for messages in follow(self.client, stream, f"{prefix}*", latest_of_each=True):
            for message in messages:
                gone = message.headers and message.headers.get("KV-Operation") in ("DEL", "PURGE")
                number = int(message.subject.removeprefix(prefix))
                self.pages[number] = [] if gone else asked(message.data)
            if messages and messages[-1].behind == 0:
                await self._renew(self._wanted())

    def _wanted(self) -> dict[str, tuple[str, list]]:
        """Links by name, each with what it is made of and its devices."""
        found: dict[str, list] = defaultdict(list)
        for one in (one for _, page in sorted(self.pages.items()) for one in page):
            device = Known(one)
            for protocol in READERS.keys() & device.settings.keys():
                read, name = READERS[protocol]
                try:
                    source = read(device.settings[protocol])
                except ValueError as problem:
                    self.counters["settings_refused"] += 1
                    self.taking.letter(device, "unreadable", str(problem), "settings")
                else:
                    found[f"{protocol} {name(source)}"].append((one, device, source))
        return {
            name: (
                json.dumps([one for one, _, _ in devices], sort_keys=True),
                [(device, source) for _, device, source in devices],
            )
            for name, devices in found.items()
        }

    async def _renew(self, wanted: dict[str, tuple[str, list]]) -> None:
        old = {name for name, one in self.running.items() if name not in wanted or wanted[name][0] != one.basis}
        await self._end([self.running.pop(name).task for name in old])
        for name, (basis, devices) in wanted.items():
            if name not in self.running:
                link = LINKS[name.partition(" ")[0]](devices, self.taking)
                self.running[name] = Running(basis, asyncio.create_task(self._kept(name, link)))
        if wanted or old:
            log.info("%d links", len(self.running))

    async def _kept(self, name: str, link) -> None:
        """A link that fails for a reason nobody foresaw is tried again: it must not take the others with it."""
        while True:
            try:
                await link.run()
            except Exception:
                log.exception("the link %s failed", name.partition(" ")[0])
                self.counters["links_failed"] += 1
            await asyncio.sleep(5)

    async def _tell_presence(self) -> None:
        while True:
            await asyncio.sleep(1)
            changes = self.presence.changes()
            if changes and self.client.is_connected:
                await self.client.publish("presence", changes)


def asked(data: bytes) -> list[dict]:
    """The devices of a page of the directory that are to be asked."""
    return [one for one in orjson.loads(data or b"[]") if READERS.keys() & (one.get("settings") or {}).keys()]
