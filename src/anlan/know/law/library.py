"""What the library shows: instruments with their standing, found by words; and the questions and parts of each."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from anlan.know.law.rules import Standing, standing
from anlan.standards.citing import Instrument, instruments
from anlan.standards.coverage import Covered, covered
from anlan.standards.questions import Question, questions


@dataclass(frozen=True)
class Shelf:
    """An instrument with what of it is here."""

    instrument: Instrument
    standing: Standing
    parts: tuple[Covered, ...]
    questions: tuple[Question, ...]


@cache
def parts() -> dict[str, tuple[Covered, ...]]:
    """Parts that are here, by instrument."""
    found: dict[str, list[Covered]] = {}
    for row in covered():
        found.setdefault(row.instrument.id, []).append(row)
    return {id: tuple(rows) for id, rows in found.items()}


def shelf(instrument: Instrument, day: date) -> Shelf:
    asked = tuple(one for one in questions().values() if one.clause.instrument == instrument.id)
    return Shelf(instrument, standing(instrument, day), parts().get(instrument.id, ()), asked)


def found(words: str, kind: str, state: str, day: date) -> list[Shelf]:
    """Shelves whose names, parts or questions hold every word; those with something to ask or read first."""
    shelves = [shelf(one, day) for one in instruments().values() if not kind or one.kind == kind]
    wanted = words.casefold().split()
    kept = [
        one
        for one in shelves
        if (not state or one.standing.state == state) and all(word in _text(one) for word in wanted)
    ]
    return sorted(kept, key=lambda one: (not one.questions, not one.parts))


def asked_by(words: str) -> list[Question]:
    """Questions that hold every word."""
    wanted = words.casefold().split()
    return [one for one in questions().values() if all(word in _words(one) for word in wanted)]


def named(words: str) -> Instrument | None:
    """The instrument a pack names: "安全生产法（2021）", "…管理规定（安监总局令第30号）", "GB 30871-2022".

    Of several of one title, the one whose number stands there too; None for what is not listed (a plan, a local rule).
    """
    if words in instruments():
        return instruments()[words]
    bare = re.split(r"[（(]", words)[0].strip()
    same = [one for one in instruments().values() if bare in (_bare(one.id), _bare(one.title.zh), one.number)]
    numbered = [one for one in same if any(part and part in words for part in re.split(r"[、（]", one.number))]
    return next(iter(numbered or same), None)


def _bare(title: str) -> str:
    return re.split(r"[（(]", title)[0].removeprefix("中华人民共和国")


def _text(one: Shelf) -> str:
    entry = one.instrument
    said = [entry.id, entry.number, entry.title.zh, entry.title.en]
    said += [word for row in one.parts for word in (row.part.what.zh, row.part.what.en)]
    return " ".join([*said, *map(_words, one.questions)]).casefold()


def _words(one: Question) -> str:
    return f"{one.name} {one.title.zh} {one.title.en} {one.about.zh} {one.about.en} {one.clause}".casefold()
