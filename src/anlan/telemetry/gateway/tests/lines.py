"""A line to a session without a socket: what is said to it, what it answers, and what became readings and letters."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path

from anlan.telemetry.book import Device
from anlan.telemetry.gateway.intake import Intake, Pile
from anlan.telemetry.gateway.links import Room, Session
from anlan.telemetry.gateway.mapping import Clock
from anlan.telemetry.gateway.presence import Presence
from anlan.telemetry.gateway.reception import Reception
from anlan.telemetry.tests.test_book import directory
from anlan.wire.thingsboard.payload import Limits


def lived(test: Callable[..., Coroutine]) -> Callable[..., None]:
    """A test that lives in an event loop of its own."""

    @wraps(test)
    def run(*given, **named) -> None:
        asyncio.run(test(*given, **named))

    return run


class Transport:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = self.paused = False

    def get_extra_info(self, name: str) -> tuple:
        return "1.2.3.4", 5

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Line:
    def __init__(self, made: type[Session], name: str, now: int, home: Path, *devices: Device):
        self.now = now
        self.intake = Intake(None, 1, Counter())
        self.presence, self.counters = Presence(), Counter()
        self.reception = Reception(
            directory(*devices), self.intake, self.presence, self.counters, Limits(), Clock(), now=lambda: self.now
        )
        self.room, self.made = Room(name, self.reception, home), made
        self.again()

    def again(self) -> Session:
        """Another connection."""
        self.session, self.transport = self.made(self.room), Transport()
        self.session.connection_made(self.transport)
        return self.session

    def say(self, data: bytes) -> list[bytes]:
        """What is answered at once."""
        before = len(self.transport.sent)
        self.session.data_received(data)
        return self.transport.sent[before:]

    def safe(self) -> list[bytes]:
        """All received so far is in the stream: what is answered then."""
        before = len(self.transport.sent)
        pile, self.intake.pile = self.intake.pile, Pile()
        for answer in pile.answers:
            answer()
        return self.transport.sent[before:]

    def rows(self) -> list[tuple]:
        batch = self.intake.pile.rows.readings()
        return [
            (int(p), int(t), round(float(v), 4), int(q))
            for p, t, v, q in zip(batch.point, batch.ts, batch.value, batch.quality, strict=True)
        ]

    def letters(self) -> list[tuple]:
        return [(letter.kind, letter.device, letter.reason) for letter in self.intake.pile.letters]

    def strangers(self) -> list[str]:
        return [one.headers["Anlan-Identity"] for one in self.intake.pile.told if one.subject == "strangers"]

    def counted(self, what: str) -> int:
        return self.counters[f"{self.room.name}_{what}"]
