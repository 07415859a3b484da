"""Pictures of a facility for its board: floor plans and photographs. Other capabilities give them, through a flow that
appends to SOURCES a function of (user, facility)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anlan.know.facilities.models import Facility


@dataclass(frozen=True)
class Picture:
    """One picture, as its owner lets this person see it."""

    title: str
    url: str  # of its own page
    image: str = ""  # address of the image, "" when only the link is known


SOURCES: list[Callable[[object, Facility], Iterable[Picture]]] = []


def pictures(user, facility: Facility) -> list[Picture]:
    return [picture for source in SOURCES for picture in source(user, facility)]
