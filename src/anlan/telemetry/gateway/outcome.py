"""Who sent a message, and what he is told of it."""

from dataclasses import dataclass, field

import orjson

from anlan.telemetry.book import Known
from anlan.wire.thingsboard.payload import Fault


@dataclass(slots=True)
class Outcome:
    """What the sender is told: how many values were taken, which were not and why."""

    accepted: int = 0
    refused: list[Fault] = field(default_factory=list)
    unreadable: str = ""
    replies: list[tuple[str, bytes]] = field(default_factory=list)
    """Messages for the sender beside the answer, by topic."""

    def json(self) -> bytes:
        said = {"accepted": self.accepted, "refused": [fault._asdict() for fault in self.refused]}
        return orjson.dumps({"error": self.unreadable, **said} if self.unreadable else said)

    def words(self) -> str:
        if self.unreadable:
            return self.unreadable
        return "; ".join(f"{fault.key}: {fault.reason}" for fault in self.refused[:5])


@dataclass(frozen=True, slots=True)
class Sender:
    device: Known
    address: str
