"""What changed, told to the pages that are open: `announce` after a change, `/live/` passes it on.

A change names a room (`alarms`, `warnings` …) and the ids of the rows that moved, never their content: a page that
hears of a change asks again and gets only what its reader may see. Whoever has the permission `<room>.see` in one
of the named regions, or in one of the named organisations, hears it; nobody else learns even the ids.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import orjson
from django.db import transaction

from anlan.desk.notices import link

MOST_IDS = 1000


@dataclass(frozen=True, kw_only=True)
class Change:
    """One announcement. `at` (µs since 1970) is its id, the same in every web process."""

    room: str
    ids: tuple[int, ...]
    regions: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    users: tuple[int, ...] = ()
    permission: str = ""
    at: int = 0

    def packed(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def unpacked(cls, data: bytes) -> "Change":
        """Errors: ValueError or TypeError for what is no announcement."""
        fields = orjson.loads(data)
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})


def announce(
    room: str,
    ids: Iterable[int],
    regions: str | Iterable[str] = (),
    organisations: str | Iterable[str] = (),
    *,
    users: Iterable[int] = (),
    permission: str = "",
) -> None:
    """Tells open pages, once the caller's transaction has committed, that these rows of a room changed.

    With `users` (ids) only those people hear it, whatever their posts; otherwise the posts with `permission`
    (default `<room>.see`) that reach one of the regions or organisations.
    """
    change = Change(
        room=room,
        ids=tuple(int(number) for number in ids),
        regions=_several(regions),
        organisations=_several(organisations),
        users=tuple(users),
        permission=permission or f"{room}.see",
        at=time.time_ns() // 1000,
    )
    transaction.on_commit(partial(link.send, change.room, change.packed()))


def _several(value: str | Iterable[str]) -> tuple[str, ...]:
    values = (value,) if isinstance(value, str) else value
    return tuple(dict.fromkeys(item for item in values if item))
