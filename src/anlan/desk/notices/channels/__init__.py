"""The ways out of the platform, one module each: sms, email, webhook. A new one begins as a copy of its neighbour.

Each module has NAME, TITLE, `ready()` (is it configured?), `address_of(user)` ('' when this person has none) and
`send(message) -> receipt number`. What goes wrong is `Passing` (try again) or `Permanent` (it never will); their
texts go into the delivery's row, so they name no secret.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent, free of the database."""

    number: int  # of the delivery: the receiver may drop a second one with it
    address: str
    title: str
    body: str
    url: str  # whole, or '' when the platform does not know its own address
    level: int | None
    room: str
    at: datetime


class Passing(Exception):
    """It failed, and may work later."""


class Permanent(Exception):
    """It failed, and will every time."""
