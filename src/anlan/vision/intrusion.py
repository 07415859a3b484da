"""Something has been moving inside a zone for some time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Finding, Seen
from anlan.vision.zones import Zone

REMEMBERED = 5
"""Frames over which what moves must show itself: one frame of rain is no intruder."""


class Intrusion:
    """Confidence that something came into the zone: how sure what is seen there is, times the share of the last frames
    in which something was."""

    key = "intrusion"

    def __init__(self, zone: Zone, remembered: int = REMEMBERED):
        self.zone, self._last = zone, [0.0] * max(1, remembered)

    def judge(self, frame: NDArray[np.uint8], seen: Sequence[Seen], seconds: float) -> Finding:
        """``seen``: what moves, or what a model names, anywhere in this frame; ``seconds`` since the one before."""
        inside = tuple(one for one in seen if self.zone.holds_foot(one.box))
        surest = max((one.confidence for one in inside), default=0.0)
        self._last = [*self._last[1:], surest]
        often = sum(value > 0 for value in self._last) / len(self._last)
        return Finding(self.key, round(surest * often, 3), inside)
