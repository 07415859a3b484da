"""The bar on which a value stands between its limits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 100.0  # the drawing's units from end to end
ROOM = 0.15  # beyond the outermost limit, where no range is known


@dataclass(frozen=True)
class Zone:
    """A stretch in the colour of the alarm that is raised there."""

    x: float
    width: float
    level: int


@dataclass(frozen=True)
class Scale:
    """`low` and `high` are the ends in the point's unit; both None: nothing is known to draw a bar from."""

    low: float | None
    high: float | None
    zones: tuple[Zone, ...] = ()

    @property
    def known(self) -> bool:
        return self.low is not None

    def at(self, value: float) -> float:
        """Where a value stands, held within the bar. Only where the bar is known."""
        return round(min(1.0, max(0.0, (value - self.low) / (self.high - self.low))) * WIDE, 2)


def scale(low: float | None, high: float | None, limits: Sequence[tuple[str, float, int]]) -> Scale:
    """From the range of the instrument and the limits (kind LL, L, H, HH; value; level)."""
    values = [value for _kind, value, _level in limits]
    ends = [end for end in (low, high) if end is not None]
    if not values and len(ends) < 2:
        return Scale(None, None)
    inner = (min(values + ends), max(values + ends))
    room = ROOM * ((inner[1] - inner[0]) or abs(inner[0]) or 1.0)
    first = low if low is not None else inner[0] - room
    last = high if high is not None else inner[1] + room
    if values:
        first, last = min(first, min(values)), max(last, max(values))
    if last <= first:
        return Scale(None, None)
    plain = Scale(first, last)
    return Scale(first, last, tuple(_zones(plain, limits)))


def _zones(plain: Scale, limits: Sequence[tuple[str, float, int]]):
    """Upper limits colour what is above them, lower ones what is below; the graver lies over the milder."""
    for kind, value, level in sorted(limits, key=lambda one: -one[2]):
        x = plain.at(value)
        if kind.startswith("H"):
            yield Zone(x, round(WIDE - x, 2), level)
        else:
            yield Zone(0.0, x, level)
