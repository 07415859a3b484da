"""What moves before a background that is learnt.

The background is a mixture of Gaussians a pixel (Zivkovic 2004, OpenCV's MOG2), which forgets what stays; shadows are
told apart and left out. A picture that changes as a whole (a lamp switched, the camera knocked) moves nowhere: the
background is learnt anew.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Box, Seen, box_of

WIDTH = 384
"""Pixels across at which movement is looked for: more costs time and finds leaves."""
WARM_UP = 8
"""Frames until there is a background."""
WHOLE = 0.6
"""A share of the picture that does not move at once unless the picture itself did."""
HISTORY = 300


def small(frame: NDArray[np.uint8], width: int = WIDTH) -> NDArray[np.uint8]:
    """The frame at most so wide, its proportions kept."""
    if frame.shape[1] <= width:
        return frame
    height = max(1, round(frame.shape[0] * width / frame.shape[1]))
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)


class Moving:
    """Remembers the background of one camera. ``least`` is the smallest area of the picture that counts, as a share."""

    def __init__(self, least: float = 0.002):
        self.least = least
        self._background = self._new()
        self._frames = 0
        self._shape: tuple[int, ...] = ()
        self._kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))

    @staticmethod
    def _new() -> cv2.BackgroundSubtractorMOG2:
        return cv2.createBackgroundSubtractorMOG2(history=HISTORY, varThreshold=25, detectShadows=True)

    def look(self, frame: NDArray[np.uint8]) -> list[Seen]:
        """What moves in this frame; nothing while the background is being learnt."""
        shown = small(frame)
        if shown.shape != self._shape:
            self._background, self._frames, self._shape = self._new(), 0, shown.shape
        self._frames += 1
        learning = 0.2 if self._frames <= WARM_UP else -1
        front = self._background.apply(cv2.GaussianBlur(shown, (5, 5), 0), learningRate=learning)
        if self._frames <= WARM_UP:
            return []
        mask = np.where(front == 255, np.uint8(255), np.uint8(0))
        if np.count_nonzero(mask) > WHOLE * mask.size:
            self._background, self._frames = self._new(), 0
            return []
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, self._kernel)
        mask = cv2.dilate(mask, self._kernel, iterations=3)
        return self._blobs(mask)

    def _blobs(self, mask: NDArray[np.uint8]) -> list[Seen]:
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        found = []
        for contour in contours:
            share = cv2.contourArea(contour) / mask.size
            if share < self.least:
                continue
            box: Box = box_of(*cv2.boundingRect(contour), mask.shape)
            # Twice the least area is as sure as movement alone can be.
            found.append(Seen("moving", min(1.0, 0.5 + 0.25 * share / self.least), box))
        return sorted(found, key=lambda one: -one.confidence)
