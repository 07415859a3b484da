"""A frame as JPEG, with what was found drawn on it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from anlan.vision.finding import Seen
from anlan.vision.moving import small
from anlan.vision.zones import Zone

LONGEST = 1280
MOST_BYTES = 400_000
RED, YELLOW = (48, 48, 214), (0, 200, 255)


def jpeg(frame: NDArray[np.uint8], longest: int = LONGEST, most: int = MOST_BYTES) -> bytes:
    """The frame as JPEG of at most ``most`` bytes: quality is given up first, then size."""
    shown = small(frame, longest)
    for quality in (82, 70, 55, 40):
        made = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(made) <= most:
            return made
    return jpeg(frame, max(64, longest * 2 // 3), most) if longest > 64 else made


def marked(frame: NDArray[np.uint8], seen: tuple[Seen, ...], zone: Zone | None = None) -> NDArray[np.uint8]:
    """A copy with the zone outlined and each thing seen framed, its sureness in per cent beside."""
    shown = small(frame, LONGEST).copy()
    size = np.array([shown.shape[1], shown.shape[0]])
    if zone is not None and len(zone.corners):
        cv2.polylines(shown, [np.rint(zone.corners * size).astype(np.int32)], True, YELLOW, 2, cv2.LINE_AA)
    for one in seen:
        first = np.rint(np.array([one.box.left, one.box.top]) * size).astype(int)
        last = np.rint(np.array([one.box.left + one.box.width, one.box.top + one.box.height]) * size).astype(int)
        cv2.rectangle(shown, tuple(map(int, first)), tuple(map(int, last)), RED, 2)
        words = f"{one.what} {round(one.confidence * 100)}%"
        at = int(first[0]), int(max(14, first[1] - 5))
        cv2.putText(shown, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 3, cv2.LINE_AA)
        cv2.putText(shown, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, RED, 1, cv2.LINE_AA)
    return shown
