"""How long nobody has been at a post."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Finding, Seen
from anlan.vision.zones import Zone

TELLING = {"person", "moving"}
"""What shows that somebody is there: a person, or movement where a person is not made out."""


class Absence:
    """Seconds since a person, or movement, was last seen inside the zone. It counts seconds of frames that were looked
    at: a stream that broke off is not a person who left."""

    key = "absence"
    LONGEST_GAP = 30.0

    def __init__(self, zone: Zone):
        self.zone, self.seconds = zone, 0.0

    def judge(self, frame: NDArray[np.uint8], seen: Sequence[Seen], seconds: float) -> Finding:
        there = tuple(one for one in seen if one.what in TELLING and self.zone.holds_foot(one.box))
        self.seconds = 0.0 if there else self.seconds + min(max(seconds, 0.0), self.LONGEST_GAP)
        return Finding(self.key, round(self.seconds, 1), there)
