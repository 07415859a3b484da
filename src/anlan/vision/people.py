"""Upright people, by histograms of oriented gradients (Dalal and Triggs 2005) with the weights OpenCV brings.

Finds standing and walking people at least about a sixth of the picture high. Whoever sits or stands behind something is
better found by a model (model.py).
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Seen, box_of
from anlan.vision.moving import small

WIDTH = 512
LEAST = 0.5
"""Surenesses below are not told: half of them are door frames."""


class People:
    def __init__(self, least: float = LEAST):
        self.least = least
        self._finder = cv2.HOGDescriptor()
        self._finder.setSVMDetector(cv2.HOGDescriptor_getDefaultPeopleDetector())

    def look(self, frame: NDArray[np.uint8]) -> list[Seen]:
        """People in the frame, the surest first."""
        shown = small(frame, WIDTH)
        if shown.shape[0] < 128 or shown.shape[1] < 64:  # smaller than the window of the detector
            return []
        boxes, weights = self._finder.detectMultiScale(shown, winStride=(8, 8), padding=(8, 8), scale=1.05)
        found = [
            Seen("person", confidence, box_of(*map(float, box), shown.shape))
            for box, weight in zip(boxes, np.ravel(weights), strict=True)
            if (confidence := _sureness(float(weight))) >= self.least
        ]
        return sorted(found, key=lambda one: -one.confidence)


def _sureness(weight: float) -> float:
    """The distance from the border of the classifier as a share: 0.5 at a distance of 0.5, 0.9 near 1.2."""
    return round(1 / (1 + math.exp(-3.1 * (weight - 0.5))), 3)
