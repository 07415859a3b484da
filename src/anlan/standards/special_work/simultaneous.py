"""What may not go on near to what: kinds of special work, and ordinary activities that feed or meet them.

The table is configuration: a site adds its own rows. `place` narrows a row: same_space, same_pipe, below; without it
the distance decides. A distance nobody knows counts as zero, because two permits whose places are unknown may meet.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import exact, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.special_work.gb30871 import clause, kind_of


@dataclass(frozen=True)
class Clash:
    """A row of incompatible.csv: `work` is a kind of special work, `other` a kind, an activity, or "any"."""

    id: str
    work: str
    other: str
    metres: Fraction | None
    place: str
    words: str
    words_en: str
    clause: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)

    @property
    def cited(self) -> Clause:
        return clause(self.clause, self.status)


@dataclass(frozen=True)
class Neighbour:
    """Another job or activity at the same time. `number`: its permit, empty for an activity without one.

    `kind`: a kind of special work, or gas_release, liquid_release, painting, solvent_cleaning, dust_sweeping, loading.
    `metres`: how far away, None where unknown. `separated`: a deck or net lies between the levels.
    """

    kind: str
    number: str = ""
    metres: exact.Number | None = None
    same_space: bool = False
    same_pipe: bool = False
    below: bool = False
    separated: bool = False


@cache
def clashes() -> tuple[Clash, ...]:
    """Every row, as it stands in the table."""
    return tables.read(__file__, "incompatible.csv", Clash, key=lambda row: row.id)


def clashing(kind: str, neighbour: Neighbour) -> tuple[Clash, ...]:
    """The rows by which a kind of work and its neighbour must not go on at once; either may come first."""
    own = kind_of(kind)
    return tuple(row for row in clashes() if _fits(row, own, neighbour) and _near(row, neighbour))


def _fits(row: Clash, own: str, neighbour: Neighbour) -> bool:
    if row.other == "any":
        return row.work == own
    return (row.work, row.other) in {(own, neighbour.kind), (neighbour.kind, own)}


def _near(row: Clash, neighbour: Neighbour) -> bool:
    match row.place:
        case "same_space":
            return neighbour.same_space
        case "same_pipe":
            return neighbour.same_pipe
        case "below":
            return neighbour.below and not neighbour.separated
    metres = Fraction(0) if neighbour.metres is None else exact.exact(neighbour.metres, Text("距离", "distance"))
    return metres <= row.metres
