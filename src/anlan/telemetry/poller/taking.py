"""What a poll found becomes readings of points, presence and letters, whichever protocol it came by."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable

from anlan.telemetry.book import Known
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import Clock, map_rows
from anlan.telemetry.gateway.presence import Presence

LETTER_EVERY = 600_000_000
"""Microseconds between two letters of one device about one thing."""
MOST_TOLD = 10_000
Row = tuple[str, str, int | None, float, int]
"""Owner (always empty here), key, microseconds UTC or None, value, quality."""


class Taking:
    def __init__(
        self,
        intake: Intake,
        presence: Presence,
        counters: Counter,
        clock: Clock,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ):
        self.intake, self.presence, self.counters, self.clock, self.now = intake, presence, counters, clock, now
        self._told: dict[tuple[int, str], int] = {}

    async def take(self, device: Known, rows: Iterable[Row], address: str) -> int:
        """Readings of one device; how many. Waits while the stream does not take them: nothing is read meanwhile."""
        await self._room()
        received, pile = self.now(), self.intake.pile
        self.presence.told(device.id, True, received)
        mapped = map_rows(device, rows, received, self.clock, pile.rows)
        self.counters["polled_values"] += mapped.accepted
        if mapped.accepted:
            pile.first_received = pile.first_received or received
            self.intake.when_safe(lambda: None)
        for key in mapped.unknown:
            self.letter(device, "unknown-key", f"{key}: no point of {device.name[:100]} has this key", address)
        for fault in mapped.faults:
            self.letter(device, "bad-value", f"{fault.key}: {fault.reason}", address)
        return mapped.accepted

    def refused(self, device: Known, key: str, reason: str, address: str) -> None:
        """A value that says that there is none: never an old one in its place."""
        self.counters["values_refused"] += 1
        self.letter(device, "bad-value", f"{key}: {reason}", address)

    def lost(self, device: Known, reason: str, address: str) -> None:
        """It does not answer: it is gone, its points fall silent, and their rules of silence do the rest."""
        self.counters["polls_failed"] += 1
        self.presence.told(device.id, False, self.now())
        self.letter(device, "unreadable", reason, address)

    def letter(self, device: Known, kind: str, reason: str, address: str) -> None:
        """At most one of a kind and wording in ten minutes."""
        now, place = self.now(), (device.id, f"{kind} {reason}"[:200])
        if 0 <= now - self._told.get(place, -LETTER_EVERY) < LETTER_EVERY:
            self.counters["letters_held_back"] += 1
            return
        if len(self._told) >= MOST_TOLD:
            self._told.pop(next(iter(self._told)))
        self._told[place] = now
        self.intake.letter(DeadLetter(kind, reason[:400], device.id, address, "poller", now, b""))

    async def _room(self) -> None:
        if self.intake.full:
            room = asyncio.get_running_loop().create_future()
            self.intake.when_there_is_room(lambda: room.done() or room.set_result(None))
            await room
