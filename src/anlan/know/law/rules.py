"""Whether an instrument may still be relied on, on a day: pure, over the dates it is listed with."""

from dataclasses import dataclass
from datetime import date

from anlan.standards.citing import Clause, Instrument, instruments

STATES = ("in_force", "not_yet", "superseded", "unknown")


@dataclass(frozen=True)
class Standing:
    """`state` is one of STATES; `successor` is what holds instead, where it is known."""

    state: str
    successor: Instrument | None = None

    @property
    def must_revise(self) -> bool:
        """Whether something bound to this instrument is to be revised."""
        return self.state == "superseded"


def standing(instrument: Instrument, day: date) -> Standing:
    """Of an instrument, on a day. A named successor that holds already ends it, whether or not its own end is known."""
    successor = instruments().get(instrument.replaced_by)
    if instrument.until and day >= instrument.until:
        return Standing("superseded", successor)
    if successor and successor.in_force(day):
        return Standing("superseded", successor)
    if instrument.effective is None:
        return Standing("unknown", successor)
    return Standing("in_force" if day >= instrument.effective else "not_yet", successor)


def to_revise(clause: Clause, day: date) -> Standing | None:
    """For what is bound to a clause (a checklist item, an obligation): why it is to be revised, or None."""
    found = standing(clause.of, day)
    return found if found.must_revise else None
