"""`anlan simulate`: the demo district's devices, speaking MQTT and HTTP over real sockets to whatever gateway listens.

One process, one clock: a heap of who reports next. Nothing here knows the platform's database; what it may know
is what an installer would have typed into each device, the token and the name, from the file that the loader wrote.
"""

import asyncio
import contextlib
import heapq
import json
import logging
import os
import random
import time
from collections import Counter
from pathlib import Path

import httpx
import orjson
from nats.aio.client import Client

from anlan.demo.mqtt_line import Line
from anlan.demo.reporters import HURRY, Reporter, cast, reporters
from anlan.demo.scenarios import SCENARIOS, SUBJECT
from anlan.telemetry import process, settings, streams

FILE = "demo-devices.json"
WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds between tries to connect
STILL = 0.25  # the longest sleep: a scenario that starts is heard within it


class NoDevices(SystemExit):
    """There is nothing to speak for; the text says what to do."""


def main() -> None:
    """Runs until told to stop (SIGTERM, Ctrl-C)."""
    given = settings.load()
    # httpx logs addresses, and the token of a device is in the address.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    file = given.home / FILE
    if not file.exists():
        raise NoDevices(f"{file} is not there: load the demo district first with: anlan demo load")

    async def serve(stop: asyncio.Event) -> None:
        await Simulator(given, file).run(stop)

    process.start("simulator", serve)


class Simulator:
    """Keeps a line for every gateway and sends what is due."""

    def __init__(self, given: settings.Settings, file: Path):
        self.given, self.file = given, file
        self.counters: Counter[str] = Counter()
        self.lines: dict[str, Line] = {}
        self.tried: dict[str, int] = {}
        self._read()

    def _read(self) -> None:
        self.read_at = os.stat(self.file).st_mtime
        self.reporters = reporters(json.loads(self.file.read_text()))
        now = time.time()
        spread = random.Random(1)
        for one in self.reporters:
            one.due = now + spread.random() * one.interval
        self.due = [(one.due, n) for n, one in enumerate(self.reporters)]
        heapq.heapify(self.due)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Broker and gateway may come and go meanwhile."""
        tasks = [asyncio.create_task(self._hear(stop)), asyncio.create_task(self._connect_all(stop))]
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=8)
        async with httpx.AsyncClient(timeout=5, limits=limits, trust_env=False) as self.http:
            while not stop.is_set():
                self._renewed()
                self._report(time.time())
                wait = min(STILL, max(0.005, self.due[0][0] - time.time())) if self.due else STILL
                await process.until(stop, wait)
        for line in list(self.lines.values()):
            line.close()
        _, late = await asyncio.wait(tasks, timeout=1.0)
        for task in late:
            task.cancel()

    # --- reporting ------------------------------------------------------------------------------------------------
    def _report(self, now: float) -> None:
        while self.due and self.due[0][0] <= now:
            _, number = heapq.heappop(self.due)
            one = self.reporters[number]
            self._end_played(one, now)
            if not one.silent:
                self._say(one, now)
            step = min(one.interval, HURRY) if one.playing else one.interval
            one.due = max(one.due + step, now)
            heapq.heappush(self.due, (one.due, number))

    def _say(self, one: Reporter, now: float) -> None:
        if not one.is_gateway:
            task = asyncio.create_task(self._post(one, one.messages(now)[0][1]))
            task.add_done_callback(lambda done: done.exception())
            return
        line = self.lines.get(one.code)
        if line is None or not line.ready:
            self.counters["unheard"] += 1
            return
        for topic, payload in one.messages(now):
            self.counters["sent" if line.publish(topic, payload) else "held"] += 1

    async def _post(self, one: Reporter, payload: bytes) -> None:
        url = f"http://{_host(self.given)}:{self.given.http_port}/api/v1/{one.token}/telemetry"
        try:
            answer = await self.http.post(url, content=payload, headers={"content-type": "application/json"})
            self.counters[f"http_{answer.status_code}"] += 1
        except httpx.HTTPError:
            self.counters["unheard"] += 1

    # --- lines ----------------------------------------------------------------------------------------------------
    async def _connect_all(self, stop: asyncio.Event) -> None:
        """Opens the lines a few at a time, and again those that end."""
        gateways = [one for one in self.reporters if one.is_gateway]
        waiting = {one.code: 0.0 for one in gateways}
        of = {one.code: one for one in gateways}

        def ended(code: str, why: str) -> None:
            if why != "closed" or not of[code].silent:
                self.counters[f"line_{why}"] += 1
            self.lines.pop(code, None)
            tries = self.tried[code] = self.tried.get(code, -1) + 1
            waiting[code] = time.time() + WAITS[min(tries, len(WAITS) - 1)] * random.uniform(0.7, 1.3)

        while not stop.is_set():
            now = time.time()
            for one in gateways:
                line = self.lines.get(one.code)
                if one.silent and line is not None:
                    line.close()
                elif line is not None and line.ready:
                    self.tried.pop(one.code, None)
            ready = [code for code, at in waiting.items() if at <= now and not of[code].silent]
            for code in ready[:40]:
                waiting.pop(code)
                await self._open(of[code], ended)
            await process.until(stop, 0.2 if waiting else 0.5)

    async def _open(self, one: Reporter, ended) -> None:
        loop = asyncio.get_running_loop()
        line = self.lines[one.code] = Line(one.token, one.code, lambda why: ended(one.code, why))
        try:
            await loop.create_connection(lambda: line, _host(self.given), self.given.mqtt_port)
        except OSError:
            ended(one.code, "lost")

    def _renewed(self) -> None:
        """New tokens in the file: end, and let the supervisor start afresh with them."""
        with contextlib.suppress(OSError):
            if os.stat(self.file).st_mtime != self.read_at:
                raise NoDevices(f"{self.file} has new tokens: starting again with them")

    # --- scenarios ------------------------------------------------------------------------------------------------
    async def _hear(self, stop: asyncio.Event) -> None:
        async with streams.connected(self.given.nats_url, "simulator") as client:

            async def asked(message) -> None:
                await message.respond(orjson.dumps(self.play(message.data, time.time())))

            await client.subscribe(SUBJECT, cb=asked)
            async with process.health(client, "simulator", self.counters, lines=lambda: len(self.lines)):
                await stop.wait()

    def play(self, data: bytes, now: float) -> dict:
        """Answers one request: {"running": {name: seconds since its start}} or {"error": why}."""
        try:
            asked = orjson.loads(data)
            what, name = asked["do"], asked.get("name", "")
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return {"error": 'expected {"do": "start" | "stop" | "list", "name": …}'}
        if what != "list" and name not in SCENARIOS:
            return {"error": f"no scenario is called {name!r}; there are: {', '.join(SCENARIOS)}"}
        if what == "start":
            self._start(name, now)
        elif what == "stop":
            self._stop(name, now)
        elif what != "list":
            return {"error": f"{what!r} cannot be done: start, stop or list"}
        return {"running": self._running(now)}

    def _start(self, name: str, now: float) -> None:
        for one in cast(SCENARIOS[name], self.reporters):
            one.playing[name] = now
            self._at_once(one, now)

    def _stop(self, name: str, now: float) -> None:
        for one in cast(SCENARIOS[name], self.reporters):
            if one.playing.pop(name, None) is not None:
                self._at_once(one, now)

    def _running(self, now: float) -> dict[str, float]:
        found = {}
        for one in self.reporters:
            self._end_played(one, now)
            found |= {name: round(now - start, 1) for name, start in one.playing.items()}
        return found

    def _end_played(self, one: Reporter, now: float) -> None:
        for name in [name for name, start in one.playing.items() if now - start >= SCENARIOS[name].seconds]:
            del one.playing[name]

    def _at_once(self, one: Reporter, now: float) -> None:
        """Its next report is now, not at the end of its interval."""
        number = next(n for n, other in enumerate(self.reporters) if other is one)
        self.due = [(due, n) for due, n in self.due if n != number]
        one.due = now
        self.due.append((now, number))
        heapq.heapify(self.due)


def _host(given: settings.Settings) -> str:
    """Where the gateway is reached from this machine."""
    return "127.0.0.1" if given.device_host in ("0.0.0.0", "::", "") else given.device_host


async def ask(client: Client, what: str, name: str = "", timeout: float = 2.0) -> dict:
    """Starts, stops or lists scenarios through the broker. Errors: nats errors when no simulator answers."""
    message = await client.request(SUBJECT, orjson.dumps({"do": what, "name": name}), timeout=timeout)
    return orjson.loads(message.data)
