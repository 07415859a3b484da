"""The last seconds of a camera as a film."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from anlan.vision.moving import small

WIDTH = 640


def film(pictures: Sequence[bytes], every: float) -> bytes:
    """The JPEG pictures, ``every`` seconds apart, as WebM with VP8, which browsers play; empty without pictures."""
    frames = [cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in pictures]
    frames = [small(frame, WIDTH) for frame in frames if frame is not None]
    if not frames:
        return b""
    height, width = frames[-1].shape[0] // 2 * 2, frames[-1].shape[1] // 2 * 2
    with tempfile.TemporaryDirectory(prefix="anlan-clip-") as folder:
        path = Path(folder) / "clip.webm"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"VP80"), 1 / every, (width, height))
        for frame in frames:
            writer.write(cv2.resize(frame, (width, height)))
        writer.release()
        return path.read_bytes() if path.exists() else b""
