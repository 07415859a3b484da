"""What capabilities bind to clauses: a room `citations.py` each, found by its name.

    CITATIONS = [Citations("checklists", _("检查表条目"), "checks.see", bound=lambda user, instrument: [...])]

The library's page of an instrument shows them, and flags them for revision when the instrument is superseded.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from anlan.desk.lists.rooms import declared, permission_faults, refuse


@dataclass(frozen=True)
class Bound:
    """One thing bound to an article; `url` leads to it."""

    title: Any
    article: str = ""
    url: str = ""


@dataclass(frozen=True)
class Citations:
    """Things of one kind that are bound to clauses. `bound(user, instrument id)` answers those this person may see,
    at most a few hundred."""

    name: str
    title: Any
    permission: str
    bound: Callable[[Any, str], Iterable[Bound]]


@cache
def citations() -> tuple[Citations, ...]:
    """All kinds of bound things."""
    found = []
    for module, _name, entry in declared("citations", {"CITATIONS": Citations}):
        refuse(module, f"citations '{entry.name}'", permission_faults(entry.permission))
        found.append(entry)
    return tuple(found)
