"""Points computed from points: a vote of detectors, the mean, highest or sum of a town. Pure.

The rule worker makes their values from the newest readings of their members, and from there on they are points like any
other: two of three detectors over their limit is a COUNT with an ordinary H rule of 2, its delay and deadband included.

=====  ===========================================================================
MEAN   of the members' newest readings
MAX    the largest of them
MIN    the smallest
SUM    all together
COUNT  how many are at or over ``limit``: the vote; at or under with ``below``
HEARD  how many there are
=====  ===========================================================================

A member counts when it has been heard within ``fresh`` seconds (0: ever) and its reading is a measurement, in range.
Where no member counts there is no value, but for COUNT and HEARD, which are then 0. Members are evaluated in the shard
of the point: publish.py refuses others.
"""

import math
from dataclasses import dataclass

HOWS = ("MEAN", "MAX", "MIN", "SUM", "COUNT", "HEARD")


@dataclass(frozen=True, slots=True)
class Computed:
    """``every``: seconds between two values at least; 0: with every entry that brings a member's reading."""

    point: int
    how: str
    members: tuple[int, ...]
    limit: float = 0.0
    below: bool = False
    every: float = 0.0
    fresh: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(sorted(set(self.members))))
        if self.how not in HOWS:
            raise ValueError(f"computed point {self.point}: {self.how!r} is none of {', '.join(HOWS)}")
        if self.point in self.members:
            raise ValueError(f"computed point {self.point} cannot be a member of itself")
        if not all(map(math.isfinite, (self.limit, self.every, self.fresh))) or min(self.every, self.fresh) < 0:
            raise ValueError(f"computed point {self.point}: limit and times must be numbers, the last not negative")
        if self.fresh and self.every < 1:
            raise ValueError(f"computed point {self.point}: members that grow old need a value every second or rarer")
