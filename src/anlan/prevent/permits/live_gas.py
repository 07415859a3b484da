"""Gas values that need nobody to type them: whoever knows instruments says so here, a flow does. Permits know none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anlan.prevent.permits.models import Permit


@dataclass(frozen=True)
class Measured:
    """What an instrument at the place of a permit says now. `gas`: as in a gas test; `source`: "device:12"."""

    gas: str
    value: float
    at: datetime
    source: str
    title: str


Source = Callable[[Permit], list[Measured]]
SOURCES: list[Source] = []


def measured(permit: Permit) -> list[Measured]:
    """All that instruments say about the place of this permit; nothing when there are none or they are silent."""
    return [one for source in SOURCES for one in source(permit)]
