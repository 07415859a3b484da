"""Whether the picture can be judged at all."""

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Finding
from anlan.vision.moving import small

WIDTH = 160
DARK = 12.0
"""Mean grey (0 to 255) below which nothing is seen."""
FLAT = 3.0
"""Standard deviation of grey below which the lens is covered, or the picture one colour."""
FROZEN_FRAMES = 12
"""Pictures equal to the last bit in a row: even a still scene has noise."""
GOOD, DARK_VIEW, COVERED, FROZEN = 0, 1, 2, 4


class View:
    """Tells a camera that shows nothing from a scene where nothing happens.

    The value is bits: 0 good, 1 dark, 2 covered, 4 frozen."""

    key = "view"

    def __init__(self) -> None:
        self._last: NDArray[np.uint8] | None = None
        self._same = 0

    def judge(self, frame: NDArray[np.uint8]) -> Finding:
        grey = cv2.cvtColor(small(frame, WIDTH), cv2.COLOR_BGR2GRAY)
        same = self._last is not None and self._last.shape == grey.shape and np.array_equal(self._last, grey)
        self._same = self._same + 1 if same else 0
        self._last = grey
        state = GOOD
        if grey.mean() < DARK:
            state |= DARK_VIEW
        elif grey.std() < FLAT:
            state |= COVERED
        if self._same >= FROZEN_FRAMES:
            state |= FROZEN
        return Finding(self.key, float(state))
