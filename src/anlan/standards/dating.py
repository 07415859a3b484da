"""Which edition of a rule holds.

Two dates decide: the day for which is asked, and the day the thing came under the rule (was built, licensed, hired).
Most editions bind everything from their first day. Some spare what was there already; such a thing keeps the edition
before. A day before the first edition is refused, not answered with the nearest one.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from anlan.standards.citing import Clause, Refusal, Text


@dataclass(frozen=True)
class When:
    """`asked`: for which day. `since`: the day the thing came under the rule; None where it does not matter."""

    asked: date
    since: date | None = None


class NotInForce(Refusal):
    """No edition holds on the day asked."""


@dataclass(frozen=True)
class Edition[T]:
    """One edition of a rule. It holds from `start` to the day before `end`; without an end, until the next begins."""

    start: date
    value: T
    clause: Clause | None = None
    end: date | None = None
    spares_existing: bool = False


class Editions[T]:
    """The editions of one rule, oldest first, without overlap.

    >>> from datetime import date
    >>> limit = Editions(Edition(date(2009, 12, 1), 10), Edition(date(2019, 3, 1), 5, spares_existing=True))
    >>> limit.at(When(date(2020, 1, 1))).value
    5
    >>> limit.at(When(date(2020, 1, 1), since=date(2015, 6, 1))).value
    10
    """

    def __init__(self, *editions: Edition[T]):
        if not editions:
            raise ValueError("a rule has at least one edition")
        closed = [replace(one, end=one.end or after.start) for one, after in pairwise(editions)]
        self.all: tuple[Edition[T], ...] = (*closed, editions[-1])
        for one in self.all:
            if one.end is not None and one.end <= one.start:
                raise ValueError(f"the edition of {one.start} ends on {one.end}, before it begins")
        for one, after in pairwise(self.all):
            if one.end > after.start:
                raise ValueError(f"the editions of {one.start} and {after.start} overlap")

    def at(self, when: When) -> Edition[T]:
        """The edition that binds; NotInForce where none does."""
        place = next((i for i, one in enumerate(self.all) if _holds(one, when.asked)), None)
        if place is None:
            raise NotInForce(self._why_not(when.asked), self.all[0].clause)
        while place and when.since and self.all[place].spares_existing and when.since < self.all[place].start:
            place -= 1
        return self.all[place]

    def _why_not(self, asked: date) -> Text:
        first, last = self.all[0], self.all[-1]
        if asked < first.start:
            return Text(
                f"{asked} 早于已收录的最早版本（自 {first.start} 起施行），不作回答",
                f"{asked} is before the first edition kept here (in force from {first.start}); not answered",
            )
        if last.end is not None and asked >= last.end:
            return Text(f"自 {last.end} 起不再施行", f"no longer in force from {last.end}")
        return Text(f"{asked} 没有施行的版本", f"no edition is in force on {asked}")


def _holds(edition: Edition, day: date) -> bool:
    return edition.start <= day and (edition.end is None or day < edition.end)
