"""Flames by colour and flicker, smoke by veil and drift. Signs, not proof: a person looks at the picture.

Flames: a pixel has the colour of fire when its luma and chroma stand as Celik and Demirel (Fire Safety Journal 44,
2009) found on pictures of fires; a red coat has it too, but a coat keeps its edge while flames come and go.
Smoke: a pixel without colour (the difference of its channels is small) that has changed against the background while
the edges behind it faded, in a region that stays veiled while it drifts upward: a grey car passes, a parked one does
not rise.
"""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Finding, Seen, box_of
from anlan.vision.moving import WHOLE, small
from anlan.vision.zones import Zone

WIDTH = 240
REMEMBERED = 8
"""Frames over which flicker and drift are judged."""
CHROMA_APART = 40
"""Least difference of red and blue chroma of fire: configured, from that paper's order of size as it is remembered."""
LEAST_FIRE = 0.0008
"""Share of the picture that must have the colour of fire in the frames looked back at."""
LEAST_SMOKE = 0.01
LASTING = 0.6
"""Share of the frames looked back at in which smoke veils a place."""
LEAST_DRIFT = 0.05
"""Pixels upward between two frames from which a veil rises."""
SLOW_LEARNING = 0.01


def coloured_as_fire(frame: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pixels of a frame ``[height, width, 3]`` have the colour of fire; ``bool [height, width]``."""
    luma, red, blue = (plane.astype(np.int16) for plane in cv2.split(cv2.cvtColor(frame, cv2.COLOR_BGR2YCrCb)))
    lit = (luma > blue) & (red > blue) & (luma > luma.mean()) & (blue < blue.mean()) & (red > red.mean())
    return lit & (np.abs(red - blue) > CHROMA_APART) & (frame[:, :, 2] > 180)


class Fire:
    key = "fire"

    def __init__(self, zone: Zone):
        self.zone = zone
        self._lit: deque[NDArray[np.bool_]] = deque(maxlen=REMEMBERED)

    def judge(self, frame: NDArray[np.uint8], seen: object, seconds: float) -> Finding:
        shown = small(frame, WIDTH)
        lit = coloured_as_fire(shown) & (self.zone.mask(shown.shape) > 0)
        if self._lit and self._lit[-1].shape != lit.shape:
            self._lit.clear()
        self._lit.append(lit)
        if len(self._lit) < REMEMBERED:
            return Finding(self.key, 0.0)
        often = np.mean(self._lit, axis=0)
        ever = often > 0
        share = np.count_nonzero(ever) / ever.size
        if share < LEAST_FIRE:
            return Finding(self.key, 0.0)
        # What passes through lights each pixel once; what stands there unmoved lights it always; flames come and go.
        changes = np.abs(np.diff(np.asarray(self._lit, dtype=np.int8), axis=0)).sum(axis=0)
        flicker = np.count_nonzero(changes[ever] >= 3) / np.count_nonzero(ever)
        core = np.count_nonzero(often >= 0.5) / np.count_nonzero(ever)
        confidence = min(1.0, 2.5 * flicker) * min(1.0, 4 * core) * min(1.0, share / (4 * LEAST_FIRE))
        return _finding(self.key, confidence, ever, "fire")


class Smoke:
    key = "smoke"

    def __init__(self, zone: Zone):
        self.zone = zone
        self._background: NDArray[np.float32] | None = None
        self._greys: deque[NDArray[np.uint8]] = deque(maxlen=2)
        self._veils: deque[NDArray[np.bool_]] = deque(maxlen=REMEMBERED)
        self._drifts: deque[float] = deque(maxlen=REMEMBERED)
        self._looked = 0

    def judge(self, frame: NDArray[np.uint8], seen: object, seconds: float) -> Finding:
        shown = cv2.GaussianBlur(small(frame, WIDTH), (5, 5), 0)
        grey = cv2.cvtColor(shown, cv2.COLOR_BGR2GRAY)
        if self._background is None or self._background.shape != grey.shape:
            self._begin(grey)
            return Finding(self.key, 0.0)
        veil = self._veil(shown, grey)
        if np.count_nonzero(veil) > WHOLE * veil.size:  # the picture changed as a whole
            self._begin(grey)
            return Finding(self.key, 0.0)
        self._greys.append(grey)
        self._veils.append(veil)
        lasting = np.mean(self._veils, axis=0) >= LASTING
        share = np.count_nonzero(lasting) / lasting.size
        self._drifts.append(self._drift(lasting) if share >= LEAST_SMOKE else 0.0)
        self._looked += 1
        cv2.accumulateWeighted(grey.astype(np.float32), self._background, 0.3 if self._looked < 5 else SLOW_LEARNING)
        if self._looked < REMEMBERED or share < LEAST_SMOKE:
            return Finding(self.key, 0.0)
        rising = sum(one > LEAST_DRIFT for one in self._drifts) / len(self._drifts)
        confidence = min(1.0, 2 * rising) * min(1.0, share / (3 * LEAST_SMOKE))
        return _finding(self.key, confidence, lasting, "smoke")

    def _begin(self, grey: NDArray[np.uint8]) -> None:
        self._background, self._looked = grey.astype(np.float32), 0
        for kept in (self._greys, self._veils, self._drifts):
            kept.clear()

    def _veil(self, shown: NDArray[np.uint8], grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Where colourless brightness lies over a background whose edges have faded."""
        behind = self._background
        colourless = (shown.max(axis=2).astype(np.int16) - shown.min(axis=2)) < 28
        apart = grey.astype(np.float32) - behind
        changed = np.abs(apart - np.median(apart)) > 14  # the whole picture grows lighter when the camera's iris opens
        faded = _edges(grey.astype(np.float32)) < 0.7 * _edges(behind) + 1.0
        veil = colourless & changed & faded & (grey > 70) & (grey < 235) & (self.zone.mask(grey.shape) > 0)
        opened = cv2.morphologyEx(veil.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
        return opened > 0

    def _drift(self, veil: NDArray[np.bool_]) -> float:
        """How far what is veiled moves upward between two frames, in pixels."""
        if len(self._greys) < 2:
            return 0.0
        flow = cv2.calcOpticalFlowFarneback(self._greys[0], self._greys[1], None, 0.5, 2, 15, 2, 5, 1.2, 0)
        upward = -flow[..., 1]
        return float(upward[veil].mean() - np.median(upward))  # the camera itself may sway


def _edges(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Strength of edges in the neighbourhood of each pixel."""
    gradient = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return cv2.blur(gradient, (9, 9))


def _finding(key: str, confidence: float, where: NDArray[np.bool_], word: str) -> Finding:
    confidence = round(float(confidence), 3)
    if confidence <= 0:
        return Finding(key, 0.0)
    rows, columns = np.nonzero(where)
    box = box_of(
        float(columns.min()), float(rows.min()),
        float(columns.max() - columns.min() + 1), float(rows.max() - rows.min() + 1),
        where.shape,
    )  # fmt: skip
    return Finding(key, confidence, (Seen(word, confidence, box),))
