"""From a stream of bytes to whole frames, whatever the stream: noise, damage, frames cut anywhere or run together.

A :class:`Splitter` looks for the mark a frame begins with and asks its codec's ``look`` what stands there. What is no
frame is handed out too, with the reason, so that nothing a device sent disappears. It holds one unfinished frame at
most: so many bytes as the codec's longest, and what was fed last.
"""

from collections.abc import Callable
from typing import NamedTuple

BETWEEN = "bytes between frames"
CUT_OFF = "the frame is cut off"


class Look(NamedTuple):
    """What stands at a mark: a frame up to ``end``; nothing yet to be said (``end`` 0); or, with a ``fault``, no frame,
    and ``end`` is where to look again."""

    end: int
    fault: str = ""


MORE = Look(0)


class Piece(NamedTuple):
    """One frame as it came (``fault`` empty), or bytes that are none and why."""

    data: bytes
    fault: str = ""


class Splitter:
    """``look(buffer, at)`` says what stands at a ``mark``; it answers MORE only while the longest frame is not full.

    ``padding``: bytes that mean nothing between frames. ``shared``: so many last bytes of a frame may be the first of
    the next (the flag of JT/T 808).
    """

    __slots__ = ("_buffer", "_look", "_mark", "_padding", "_shared")

    def __init__(self, mark: bytes, look: Callable[[bytearray, int], Look], padding: bytes = b"", shared: int = 0):
        self._mark, self._look, self._padding, self._shared = mark, look, padding, shared
        self._buffer = bytearray()

    def __len__(self) -> int:
        """Bytes that wait for more."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces these bytes complete, in their order."""
        self._buffer += data
        return self._pieces(ended=False)

    def end(self) -> list[Piece]:
        """Nothing more comes (a datagram, a closed or silent connection): what waits is searched once more and given
        up."""
        return self._pieces(ended=True) if self._buffer else []

    def _pieces(self, ended: bool) -> list[Piece]:
        buffer, mark, pieces = self._buffer, self._mark, []
        at = rest = 0
        fault = ""
        while True:
            found = buffer.find(mark, at)
            if found < 0:
                at = len(buffer) if ended else len(buffer) - _beginning(buffer, mark, at)
                break
            end, problem = self._look(buffer, found)
            if not end:
                if not ended:
                    at = found
                    break
                end, problem = found + 1, CUT_OFF
            if problem:
                at, fault = end, fault or problem
                continue
            self._put(pieces, rest, found, fault)
            pieces.append(Piece(bytes(buffer[found:end])))
            at, rest, fault = end - self._shared, end, ""
        self._put(pieces, rest, at, fault)
        del buffer[:at]
        return pieces

    def _put(self, pieces: list[Piece], begin: int, end: int, fault: str) -> None:
        noise = bytes(self._buffer[begin:end])
        if noise and not (self._padding and not noise.strip(self._padding)):
            pieces.append(Piece(noise, fault or BETWEEN))


def _beginning(buffer: bytearray, mark: bytes, at: int) -> int:
    """How many of the last bytes may be the beginning of a mark."""
    for count in range(min(len(mark) - 1, len(buffer) - at), 0, -1):
        if buffer.endswith(mark[:count]):
            return count
    return 0
