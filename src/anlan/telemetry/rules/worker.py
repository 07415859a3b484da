"""One shard's worker: the stream of readings in, alarm events out, its state in a snapshot now and then.

The events of an entry are on disk in the stream before the next entries are read, and every snapshot is of a moment at
which all events were. So a worker killed anywhere reads again, from its snapshot, entries whose events are there
already; it finds the last event's position (sequence and number within the entry, in a header) and stays silent up to
it. Two workers on one shard find the same events with the same ids and the stream refuses the second.
"""

import asyncio
import logging
import time
from collections import Counter

import numpy as np
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from anlan.columns import page
from anlan.columns import readings as readings_page
from anlan.telemetry import book, process, streams
from anlan.telemetry.follow import Message, follow
from anlan.telemetry.rules import events, kept, snapshot
from anlan.telemetry.rules.shard import Shard, Transition
from anlan.telemetry.settings import Settings

POSITION = "Anlan-Position"
SNAPSHOT_SECONDS = 15.0
SAVED_WITHIN = 10.0
LATEST_SECONDS = 0.5

log = logging.getLogger(__name__)


class Stopping(Exception):
    """Told to stop while the broker could not take an entry's events: the entry is left for the next start."""


class Worker:
    def __init__(self, client: Client, settings: Settings, number: int):
        self.client, self.settings, self.number = client, settings, number
        self.js = client.jetstream(timeout=5)
        self.shard = Shard(number, settings.shards)
        self.sequence = 0
        """Of the last entry that is part of the state."""
        self.emitted = (0, 0)
        """Position of the last event known to be in the stream when this worker started."""
        self.counters: Counter = Counter()
        self._saved = 0
        self._told = 0
        self._stop = asyncio.Event()
        self._entry = asyncio.Lock()
        """Held while entries are half taken: their readings are in the state, their events not yet all in the
        stream."""

    async def run(self, stop: asyncio.Event) -> None:
        self._stop = stop
        await self._load()
        name = f"rules-{self.number}"
        state = {"sequence": lambda: self.sequence, "rules": lambda: len(self.shard.rules["rule"])}
        answers = await self.client.subscribe(f"latest.get.{self.number}", cb=self._answer_latest)
        async with process.health(self.client, name, self.counters, **state):
            log.info("shard %d: %d rules, reading after %d", self.number, len(self.shard.rules["rule"]), self.sequence)
            others = [asyncio.create_task(self._tell_latest()), asyncio.create_task(self._save_regularly())]
            try:
                await self._read(stop)
            except Stopping:
                log.warning("stopped with events that the broker could not take; they come again at the next start")
                return
            finally:
                for other in others:
                    other.cancel()
                await asyncio.gather(*others, return_exceptions=True)
                await answers.unsubscribe()
        await self._save()

    # --- reading --------------------------------------------------------------------------------------------------
    async def _read(self, stop: asyncio.Event) -> None:
        subject = f"readings.{self.number}"
        entries = follow(self.client, streams.READINGS, subject, self.sequence, batch=32)
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                coming = asyncio.ensure_future(anext(entries))
                await asyncio.wait((coming, stopped), return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)
                    return
                async with self._entry:
                    await self._take(coming.result())
        finally:
            stopped.cancel()
            await entries.aclose()

    async def _take(self, messages: list[Message]) -> None:
        for message in messages:
            if message.sequence > self.sequence:
                await self._emit(self._judged(message))
                self.sequence = message.sequence
                self.counters["entries"] += 1

    def _judged(self, message: Message) -> list[events.Message]:
        try:
            columns, meta = page.unpack(message.data)
            received = int(meta.get("received", message.at))
            found = self._found(message, columns, meta, received)
        except (page.PageProblem, KeyError, ValueError) as problem:
            # Only our own gateways write here; an entry nobody can read must not stop the shard for ever.
            log.error("entry %d of %s cannot be read: %s", message.sequence, message.subject, problem)
            self.counters["entries_unreadable"] += 1
            return []
        emitted = time.time_ns() // 1000
        self.counters["events"] += len(found)
        told = events.messages(message.sequence, found, received, emitted)
        return [one for one in told if one.position > self.emitted]

    def _found(self, message: Message, columns: dict, meta: dict, received: int) -> list[Transition]:
        if meta.get("kind") == "rulebook":
            self.counters["rulebook_pages"] += 1
            beside = book.beside(meta)
            return list(self.shard.replace_page(message.at, meta["page"], meta["version"], columns, beside))
        batch, _ = readings_page.unpack(message.data)
        self.counters["readings"] += len(batch)
        found = list(self.shard.entry(message.at, batch, received, int(meta.get("sent", received))))
        self.counters["out_of_order"] = self.shard.late
        return found

    # --- events out -----------------------------------------------------------------------------------------------
    async def _emit(self, coming: list[events.Message]) -> None:
        """One after the other: were a later one in the stream without an earlier, a restart would skip the earlier."""
        for one in coming:
            while not await self._published(one):
                if await process.until(self._stop, 0.2):
                    raise Stopping

    async def _published(self, one: events.Message) -> bool:
        """True when it is in the stream. Trying again is safe: a message's id is taken only once."""
        headers = {"Nats-Msg-Id": one.id, POSITION: f"{one.position[0]}.{one.position[1]}"}
        try:
            (stored,) = await streams.put(self.client, [streams.Sending(f"alarms.{self.number}", one.body, headers)])
        except (NatsError, TimeoutError, OSError) as problem:
            log.warning("alarms of entry %d wait for the broker: %r", one.position[0], problem)
            return False
        self.counters["messages_seen_before"] += stored.duplicate is True
        return True

    # --- state ----------------------------------------------------------------------------------------------------
    async def _load(self) -> None:
        await streams.create(self.js, self.settings.stream_megabytes)
        bucket = await self.js.key_value(streams.WORKER_STATE)
        try:
            data = await kept.get(bucket, self.number)
            self.shard, self.sequence = snapshot.unpack(data, self.number, self.settings.shards)
            self._saved = self.sequence
        except NotFoundError:
            await self._load_rulebook()
        except snapshot.SnapshotProblem as problem:
            log.warning("%s; starting from the rulebook", problem)
            await self._load_rulebook()
        try:
            last = await self.js.get_last_msg(streams.ALARMS, f"alarms.{self.number}")
            sequence, number = (last.headers or {}).get(POSITION, "0.0").split(".")
            self.emitted = int(sequence), int(number)
        except NotFoundError:
            pass

    async def _load_rulebook(self) -> None:
        bucket = await self.js.key_value(streams.RULEBOOK)
        now = time.time_ns() // 1000
        try:
            keys = await bucket.keys()
        except NatsError:
            return
        for key in keys:
            columns, meta = page.unpack((await bucket.get(key)).value)
            list(self.shard.replace_page(now, meta["page"], meta["version"], columns, book.beside(meta)))
        # The stream's own time decides from its first entry on.
        self.shard.now = 0

    async def _save_regularly(self) -> None:
        while True:
            await asyncio.sleep(SNAPSHOT_SECONDS)
            try:
                await self._save()
            except (NatsError, TimeoutError, OSError) as problem:
                log.warning("the snapshot waits for the broker: %r", problem)

    async def _save(self) -> None:
        """Taken between two entries, when state and sequence say the same."""
        if self.sequence == self._saved:
            return
        async with self._entry:
            sequence, state = self.sequence, snapshot.taken(self.shard, self.sequence)
        data = await asyncio.to_thread(snapshot.compressed, state)
        bucket = await self.js.key_value(streams.WORKER_STATE)
        await asyncio.wait_for(kept.put(bucket, self.number, sequence, data), SAVED_WITHIN)
        # Read by the archive, which purges from the stream what nobody will read again.
        await asyncio.wait_for(bucket.put(f"position.{self.number}", str(sequence).encode()), 2)
        self._saved = sequence
        self.counters["snapshot_bytes"] = len(data)

    # --- last values ----------------------------------------------------------------------------------------------
    async def _tell_latest(self) -> None:
        """What changed since the last time, at most twice a second, to whoever listens."""
        while True:
            await asyncio.sleep(LATEST_SECONDS)
            batch = self.shard.latest(heard_after=self._told)
            self._told = self.shard.now
            if len(batch):
                await self.client.publish(f"latest.{self.number}", readings_page.pack(batch, {"shard": self.number}))

    async def _answer_latest(self, message) -> None:
        """The last readings of the points asked for (their ids, u32), or of all."""
        batch = self.shard.latest()
        if message.data:
            batch = batch.take(np.isin(batch.point, np.frombuffer(message.data, readings_page.POINT)))
        await message.respond(readings_page.pack(batch, {"shard": self.number}))
