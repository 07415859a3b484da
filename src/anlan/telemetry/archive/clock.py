"""Whether the wall clock can be trusted with what nobody brings back: by a clock put on by years everything is old."""

import time
from collections.abc import Callable

DAY = 86_400.0
JUMP = 60.0
"""Seconds; less is the work of those who keep clocks right."""


class WatchedClock:
    """The wall clock, held against the one that nobody can set. After a jump it is trusted again when it has gone
    evenly for a day: somebody who set it wrongly will have noticed."""

    def __init__(self, wall: Callable[[], float] = time.time, even: Callable[[], float] = time.monotonic):
        self._wall, self._even = wall, even
        self._ahead, self._jumped = wall() - even(), None

    def trusted(self) -> bool:
        """To be asked often: a jump there and back between two questions is not seen."""
        now = self._even()
        before, self._ahead = self._ahead, self._wall() - now
        if abs(self._ahead - before) > JUMP:
            self._jumped = now
        return self._jumped is None or now - self._jumped > DAY
