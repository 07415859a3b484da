"""What a detector says of one frame."""

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of the picture, in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def foot(self) -> tuple[float, float]:
        """Where what is inside stands: the middle of the lower edge."""
        return self.left + self.width / 2, self.top + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


def box_of(left: float, top: float, width: float, height: float, shape: tuple[int, ...]) -> Box:
    """The rectangle given in pixels of a frame of ``shape`` (height, width, …)."""
    return Box(left / shape[1], top / shape[0], width / shape[1], height / shape[0])


@dataclass(frozen=True, slots=True)
class Seen:
    """Something found in a frame: a word for it, how sure the detector is (0 to 1), and where."""

    what: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Finding:
    """The value of one quantity at one frame, as a reading of the camera's point of that key.

    ``intrusion``, ``fire`` and ``smoke`` are a confidence from 0 to 1; ``absence`` is seconds without anybody."""

    key: str
    value: float
    seen: tuple[Seen, ...] = ()
