"""The detectors that a camera is set to, and what each says of a frame."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from anlan.vision.absence import Absence
from anlan.vision.finding import Finding, Seen
from anlan.vision.fire import Fire, Smoke
from anlan.vision.intrusion import Intrusion
from anlan.vision.moving import Moving
from anlan.vision.people import People
from anlan.vision.view import GOOD, View
from anlan.vision.zones import Zone

DETECTORS = {"intrusion": Intrusion, "absence": Absence, "fire": Fire, "smoke": Smoke}
"""What a camera can be set to look for; the key is that of the point the value goes to."""
BY_EYES = {"intrusion": ("moving",), "absence": ("moving", "people"), "fire": (), "smoke": ()}
"""What each detector needs to have been found in the frame, where no model finds it."""


class Eyes(Protocol):
    def look(self, frame: NDArray[np.uint8]) -> list[Seen]: ...


class Watcher:
    """All that is remembered of one camera.

    ``settings``: ``{"detect": {"intrusion": {"zone": [[x, y], …], "of": ["person"]}, "fire": {}}}``; ``zone`` is the
    area looked at (none: the whole picture), ``of`` what counts for a model. Errors: ValueError, for a person, for
    settings that are none."""

    def __init__(self, settings: Mapping, model: Eyes | None = None):
        asked = settings.get("detect") or {}
        if not isinstance(asked, Mapping) or set(asked) - set(DETECTORS):
            raise ValueError(
                f"what to detect is any of {', '.join(DETECTORS)}, each with its settings, not {asked!r:.80}"
            )
        self.zones = {key: Zone((each or {}).get("zone", ())) for key, each in asked.items()}
        self.detectors = {key: DETECTORS[key](self.zones[key]) for key in asked}
        self.wanted = {key: set((each or {}).get("of", ())) for key, each in asked.items()}
        self.model, self.view = model, View()
        needed = {name for key in asked for name in BY_EYES[key]}
        self._eyes: dict[str, Eyes] = {"moving": Moving()} if "moving" in needed else {}
        if model is None and "people" in needed:
            self._eyes["people"] = People()

    def look(self, frame: NDArray[np.uint8], seconds: float) -> list[Finding]:
        """What each detector says of the frame, ``seconds`` after the one before; only the state of the view when the
        picture cannot be judged. Errors: UnusableModel of a model whose answer cannot be read."""
        view = self.view.judge(frame)
        if view.value != GOOD:
            return [view]
        seen = {name: eyes.look(frame) for name, eyes in self._eyes.items()}
        if self.model is not None and self.detectors:
            seen["model"] = self.model.look(frame)
        return [view, *(self._judged(key, frame, seen, seconds) for key in self.detectors)]

    def _judged(
        self, key: str, frame: NDArray[np.uint8], seen: Mapping[str, Sequence[Seen]], seconds: float
    ) -> Finding:
        """A model's word counts where it names what is wanted; else what the built-in eyes found."""
        wanted = self.wanted[key]
        if "model" in seen and wanted:
            return self.detectors[key].judge(frame, [one for one in seen["model"] if one.what in wanted], seconds)
        given = [one for name in BY_EYES[key] for one in seen.get(name, ())]
        return self.detectors[key].judge(frame, given, seconds)
