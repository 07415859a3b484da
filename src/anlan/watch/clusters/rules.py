"""What is decided about clusters, purely: whose they are, where their middle lies."""

from collections.abc import Iterable, Sequence

LEVELS = (15, 12, 9, 6, 4, 2)  # digits of a division code, from the village down to the province


def region_of_all(regions: Iterable[str]) -> str:
    """The smallest division that holds them all; "" when not even a province does."""
    found = set(regions)
    shortest = min(map(len, found), default=0)
    for digits in (one for one in LEVELS if one <= shortest):
        if len({region[:digits] for region in found}) == 1:
            return next(iter(found))[:digits]
    return ""


def owner_of_all(organisations: Iterable[str]) -> str:
    """The one organisation they all belong to, else nobody."""
    found = set(organisations)
    return found.pop() if len(found) == 1 else ""


def middle(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return tuple(sum(one) / len(places) for one in zip(*places, strict=True))
