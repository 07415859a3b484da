"""A drawn area of the picture."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Box

MOST_CORNERS = 64


class Zone:
    """A polygon of the picture. ``corners`` are fractions of width and height; without any it is the whole picture.

    Errors: ValueError, for a person, when they make no area inside the picture."""

    def __init__(self, corners: Sequence[Sequence[float]] = ()):
        try:
            points = np.array([tuple(corner) for corner in corners], dtype=float).reshape(-1, 2)
        except (TypeError, ValueError) as problem:
            raise ValueError("a zone is a list of corners, each of two numbers") from problem
        if len(points):
            if not 3 <= len(points) <= MOST_CORNERS:
                raise ValueError(f"a zone has 3 to {MOST_CORNERS} corners, this one {len(points)}")
            if not (np.isfinite(points).all() and points.min() >= 0 and points.max() <= 1):
                raise ValueError("corners of a zone are fractions of the picture, from 0 to 1")
            if cv2.contourArea(points.astype(np.float32)) < 1e-4:
                raise ValueError("the corners of the zone lie on a line: they enclose nothing")
        self.corners = points
        self._masks: dict[tuple[int, int], NDArray[np.uint8]] = {}

    def holds(self, place: tuple[float, float]) -> bool:
        """Whether a place of the picture lies inside or on the border."""
        if not len(self.corners):
            return True
        return cv2.pointPolygonTest(self.corners.astype(np.float32), (float(place[0]), float(place[1])), False) >= 0

    def holds_foot(self, box: Box) -> bool:
        """Whether what the box shows stands inside: its foot, or its middle when the foot is cut off by the picture."""
        foot = box.foot
        return self.holds(box.middle if foot[1] >= 0.99 else foot) or self.holds(box.middle)

    def mask(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """255 inside, 0 outside, of a frame's height and width."""
        size = shape[0], shape[1]
        if size not in self._masks:
            made = np.full(size, 0 if len(self.corners) else 255, dtype=np.uint8)
            if len(self.corners):
                scale = np.array([size[1] - 1, size[0] - 1])
                cv2.fillPoly(made, [np.rint(self.corners * scale).astype(np.int32)], 255)
            self._masks[size] = made
        return self._masks[size]
