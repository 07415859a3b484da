"""Subjects, as a capability writes them in its room `subjects.py`.

    SUBJECTS = [Subjects("enterprises", _("企业"), select)]

`select(selector)` answers an iterable of Subject (or plain tuples in its order): all that the selector may mean,
whoever asks. The engine checks the selector again against the facts, so `select` may narrow roughly, by an index.

Facts the engines understand
    categories   codes the subject is regulated as or belongs to (list of text)
    side         government or enterprise
    kind         one code: kind of organisation, of region, of facility …
    since        the day from which it exists (date)
Every other fact is free: a rule names it (`field: issued_on`, `fact: population`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from django.apps import apps


class WrongSubjects(ValueError):
    """A declaration cannot be used; the text names the room and what to change."""


class Subject(NamedTuple):
    """One who is bound. `key` is stable and unique over all rooms: `enterprise:9199…`, `record:17`."""

    key: str
    region: str
    organisation: str
    facts: Mapping[str, Any]
    title: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Selector:
    """Which subjects of a room a rule means. Empty lists do not narrow; the values of one list are alternatives."""

    room: str
    side: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    type: str = ""  # the record type, for the room "records"
    where: Mapping[str, tuple] = field(default_factory=dict)  # fact -> values of which it has one
    besides: tuple[str, ...] = ()  # categories that take a subject out again
    organisations: tuple[str, ...] = ()  # only these: who asks for himself need not look through all

    def means(self, facts: Mapping[str, Any]) -> bool:
        categories = set(facts.get("categories") or ())
        return (
            (not self.side or facts.get("side", self.side) == self.side)
            and (not self.categories or bool(categories & set(self.categories)))
            and not categories & set(self.besides)
            and (not self.kinds or facts.get("kind") in self.kinds)
            and all(facts.get(name) in values for name, values in self.where.items())
        )


@dataclass(frozen=True)
class Subjects:
    room: str
    title: Any
    select: Callable[[Selector], Iterable]


def selector(entry: Mapping) -> Selector:
    """A selector as a pack writes it under `who`."""
    return Selector(
        room=entry["room"],
        side=entry.get("side", ""),
        categories=tuple(entry.get("categories", ())),
        kinds=tuple(entry.get("kinds", ())),
        type=entry.get("type", ""),
        where={name: tuple(values) for name, values in entry.get("where", {}).items()},
        besides=tuple(entry.get("besides", ())),
    )


@cache
def rooms() -> dict[str, Subjects]:
    """All declared subjects by room. A wrong or doubled declaration stops the start."""
    found: dict[str, Subjects] = {}
    for app in apps.get_app_configs():
        module = f"{app.name}.subjects"
        if find_spec(module) is None:
            continue
        for entry in getattr(import_module(module), "SUBJECTS", ()):
            if not isinstance(entry, Subjects):
                raise WrongSubjects(f"{module}: SUBJECTS holds {entry!r}; write Subjects(room, title, select).")
            if entry.room in found:
                raise WrongSubjects(f"{module}: the room '{entry.room}' is declared twice; rename one.")
            found[entry.room] = entry
    return found


def select(chosen: Selector) -> Iterable[Subject]:
    """The subjects meant. A room nobody declares has none: a pack may speak of what is not installed."""
    room = rooms().get(chosen.room)
    if room is None:
        return
    for row in room.select(chosen):
        subject = row if isinstance(row, Subject) else Subject(*row)
        if chosen.organisations and subject.organisation not in chosen.organisations:
            continue
        if chosen.means(subject.facts):
            yield subject
