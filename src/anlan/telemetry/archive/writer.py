"""The archive process: batches from the stream into the lake, its tidying, and room made in the stream.

A commit holds readings and position together; nothing is acknowledged to the stream. What both the lake and every rule
worker have behind them is then purged from the stream, so the stream holds what is still needed and no more.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import numpy as np
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from anlan.columns import page
from anlan.columns import readings as readings_page
from anlan.columns.readings import Readings
from anlan.telemetry import process, streams
from anlan.telemetry.archive import lake, thinning
from anlan.telemetry.archive.clock import WatchedClock
from anlan.telemetry.follow import Message, follow
from anlan.telemetry.settings import Settings

SUBJECT = "readings.*"
ROWS_A_COMMIT = 1_000_000
"""A row of a commit of a tenth of it costs three times as much, and twice the room."""
TIDY_SECONDS = 300.0
PURGE_SECONDS = 10.0
TRY_AGAIN_SECONDS = 5.0
SMALL, MIDDLE = 1_000_000, 8_000_000
"""Bytes: files below the first are joined every time, below the second once in an hour."""
OVER = object()
BEHIND = 32
"""Messages waiting in the stream from which on they come before tidying."""

FLUSHING = (
    "DELETE FROM positions WHERE (reader, sequence) NOT IN"
    " (SELECT reader, max(sequence) FROM positions GROUP BY reader)",
    f"CALL ducklake_flush_inlined_data('{lake.NAME}')",
)
# One file of the target's size comes of each: seconds, not minutes, in which no readings are written.
JOINING = f"CALL ducklake_merge_adjacent_files('{lake.NAME}', max_compacted_files => 1, max_file_size => ?)"
# What the tidying before this one left over: since then nobody has begun to read it. Not by age: DuckLake compares the
# instants of a SQLite catalogue as text, in which anything of the same day is older.
CLEANING = f"CALL ducklake_cleanup_old_files('{lake.NAME}', cleanup_all => true)"
FORGETTING = f"CALL ducklake_expire_snapshots('{lake.NAME}', older_than => now())"

INSERT = "INSERT INTO readings SELECT point, make_timestamp(ts), value, quality, ? FROM source"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gathered:
    """What the next commit will hold."""

    batches: list[Readings] = field(default_factory=list)
    rows: int = 0
    sequence: int = 0

    def add(self, sequence: int, batch: Readings) -> None:
        self.sequence = sequence
        if len(batch):
            self.batches.append(batch)
            self.rows += len(batch)


def last_of_each(batch: Readings) -> Readings:
    """Sorted by point and time; of two rows of one point and instant the later arrival stays."""
    ordered = readings_page.by_time(batch)
    if not len(ordered):
        return ordered
    same = (ordered.point[1:] == ordered.point[:-1]) & (ordered.ts[1:] == ordered.ts[:-1])
    return ordered.take(np.append(~same, True))


class Store:
    """The lake seen by its one writer. Blocking: called in a thread."""

    def __init__(self, settings: Settings, reader: str):
        self.settings, self.reader = settings, reader
        self.connection = lake.opened(settings)
        self._tidied = 0
        # Every commit makes a snapshot at least: what is counted from here was never counted before.
        (self._arrived,) = self.connection.execute(f"FROM ducklake_current_snapshot('{lake.NAME}')").fetchone()

    def position(self) -> int:
        found = self.connection.execute("SELECT max(sequence) FROM positions WHERE reader = ?", [self.reader])
        return found.fetchone()[0] or 0

    def write(self, batch: Readings, sequence: int) -> None:
        """All rows and the position, or neither."""
        rows = last_of_each(batch)
        # DuckDB finds the columns by this name.
        source = {"point": rows.point, "ts": rows.ts, "value": rows.value, "quality": rows.quality}  # noqa: F841
        connection = self.connection
        connection.execute("BEGIN")
        try:
            connection.execute(INSERT, [self._arrived + 1])
            connection.execute("INSERT INTO positions VALUES (?, ?)", [self.reader, sequence])
            connection.execute("COMMIT")
            self._arrived += 1
        except duckdb.Error:
            # A commit that failed has ended its transaction already.
            with contextlib.suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise

    def tidy(self) -> None:
        """What was left over goes, small files become large ones. These are left over, for those who still read them,
        as is what only earlier snapshots need."""
        for _ in self.tidying():
            pass

    def tidying(self) -> Iterator[None]:
        """The same in steps of a few seconds at most, between which readings may be written."""
        self._tidied += 1
        for statement in (CLEANING, *FLUSHING):
            self.connection.execute(statement)
        most = MIDDLE if self._tidied % 12 == 0 else SMALL
        while self.connection.execute(JOINING, [most]).fetchall():
            yield
        self.connection.execute(FORGETTING)

    def thin(self, now: datetime) -> dict[str, int]:
        """Old readings become coarser; how many rows left each table."""
        return thinning.thin(self.connection, self.settings, now)

    def close(self) -> None:
        self.connection.close()


class Archive:
    def __init__(self, client: Client, settings: Settings):
        self.client, self.settings = client, settings
        self.js = client.jetstream(timeout=5)
        self.counters: Counter = Counter()
        self.gathered = Gathered()
        self.sequence = 0
        """Everything up to here is in the lake (or was empty)."""
        self._tidied = self._purged = time.monotonic()
        self._tidying: Iterator[None] | None = None
        self._clock = WatchedClock()
        self._behind = 0
        self._due = 0.0
        self._failed = False

    async def run(self, stop: asyncio.Event) -> None:
        await streams.create(self.js, self.settings.stream_megabytes)
        info = await self.js.stream_info(streams.READINGS)
        # A stream made anew counts from 1 again: its creation is part of the reader's name.
        self.store = await asyncio.to_thread(Store, self.settings, f"{SUBJECT} {info.created:%Y-%m-%dT%H:%M:%S.%f}")
        self.sequence = await asyncio.to_thread(self.store.position)
        log.info("archiving after %d", self.sequence)
        async with process.health(self.client, "archive", self.counters, sequence=lambda: self.sequence):
            try:
                await self._read(stop)
                await self._commit()
            finally:
                await asyncio.to_thread(self.store.close)

    async def _read(self, stop: asyncio.Event) -> None:
        entries = follow(self.client, streams.READINGS, SUBJECT, self.sequence, batch=16)
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                coming = asyncio.ensure_future(anext(entries))
                while not coming.done() and not stop.is_set():
                    left = self._due - time.monotonic() if self.gathered.rows else 1.0
                    await asyncio.wait((coming, stopped), timeout=max(left, 0), return_when=asyncio.FIRST_COMPLETED)
                    await self._commit_when_due()
                if not coming.done():
                    coming.cancel()
                    await asyncio.gather(coming, return_exceptions=True)
                    return
                for message in coming.result():
                    self._take(message)
                await self._commit_when_due()
                while self._failed and self.gathered.rows >= ROWS_A_COMMIT:
                    # No more is read into memory than one commit holds; the rest waits in the stream.
                    if await process.until(stop, TRY_AGAIN_SECONDS):
                        return
                    await self._commit()
                await self._keep_house(stop)
        finally:
            stopped.cancel()
            await entries.aclose()

    def _take(self, message: Message) -> None:
        self._behind = message.behind
        if message.sequence <= max(self.sequence, self.gathered.sequence):
            return
        batch = readings_page.EMPTY
        try:
            if page.meta(message.data).get("kind") == "readings":
                batch, _ = readings_page.unpack(message.data)
        except page.PageProblem as problem:
            log.error("entry %d of %s cannot be read: %s", message.sequence, message.subject, problem)
            self.counters["entries_unreadable"] += 1
        if len(batch) and not self.gathered.rows:
            self._due = time.monotonic() + self.settings.archive_seconds
        self.gathered.add(message.sequence, batch)

    async def _commit_when_due(self) -> None:
        gathered = self.gathered
        due = time.monotonic() >= self._due
        if gathered.rows and (due or (gathered.rows >= ROWS_A_COMMIT and not self._failed)):
            await self._commit()
        elif not gathered.rows and gathered.sequence:
            self.sequence = gathered.sequence

    async def _commit(self) -> None:
        gathered = self.gathered
        if not gathered.rows:
            return
        began = time.perf_counter()
        try:
            await asyncio.to_thread(self.store.write, readings_page.concat(gathered.batches), gathered.sequence)
        except duckdb.Error as problem:
            # The stream keeps what is not archived; the next try comes with it.
            log.error("%d readings wait for the archive: %s", gathered.rows, str(problem).splitlines()[0])
            self.counters["commits_failed"] += 1
            self._failed = True
            self._due = time.monotonic() + TRY_AGAIN_SECONDS
            return
        self.gathered, self.sequence, self._failed = Gathered(), gathered.sequence, False
        self.counters["readings"] += gathered.rows
        self.counters["commits"] += 1
        self.counters["commit_ms"] += round((time.perf_counter() - began) * 1000)

    # --- keeping house --------------------------------------------------------------------------------------------
    async def _keep_house(self, stop: asyncio.Event) -> None:
        now = time.monotonic()
        if self._behind < BEHIND and not stop.is_set():
            try:
                await self._tidy(now)
            except duckdb.Error as problem:
                self._tidying, self._tidied = None, now
                log.warning("tidying comes later: %s", str(problem).splitlines()[0])
        if now - self._purged > PURGE_SECONDS:
            self._purged = now
            try:
                await self._purge()
            except (NatsError, TimeoutError, OSError) as problem:
                log.info("purging comes later: %r", problem)

    async def _tidy(self, now: float) -> None:
        """One step of it, if it is time."""
        if self._tidying:
            if await asyncio.to_thread(next, self._tidying, OVER) is OVER:
                self._tidying, self._tidied = None, now
                self.counters["tidied"] += 1
        elif now - self._tidied > TIDY_SECONDS:
            self._tidying = self.store.tidying()
            if not self._clock.trusted():
                log.warning("the clock was put on or back: nothing is thinned before it has gone evenly for a day")
                self.counters["thinning_waits"] += 1
                return
            gone = await asyncio.to_thread(self.store.thin, datetime.now(UTC))
            self.counters.update({f"{table}_thinned": count for table, count in gone.items() if count})

    async def _purge(self) -> None:
        """Drop from the stream what neither the lake nor any rule worker will read again."""
        bucket = await self.js.key_value(streams.WORKER_STATE)
        needed = self.sequence
        for shard in range(self.settings.shards):
            try:
                needed = min(needed, int((await bucket.get(f"position.{shard}")).value))
            except NotFoundError:
                return
        if needed > 0:
            await self.js.purge_stream(streams.READINGS, seq=needed + 1)
            self.counters["purged_to"] = needed
