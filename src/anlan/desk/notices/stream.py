"""The stream of one page: server-sent events from changes, pure as far as the text goes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import orjson

from anlan.desk.notices.hub import Listener
from anlan.desk.notices.live import MOST_IDS, Change

TOGETHER = 0.05  # seconds in which changes are gathered into one event per room
BEAT = 15.0


def event(name: str, data: dict, number: int | None = None) -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {name}\ndata: {orjson.dumps(data).decode()}\n\n".encode()


def merged(changes: Iterable[Change]) -> bytes:
    """One `change` event per room; above MOST_IDS ids it says only that the room changed."""
    rooms: dict[str, dict[int, None]] = {}
    last: dict[str, int] = {}
    for change in changes:
        rooms.setdefault(change.room, {}).update(dict.fromkeys(change.ids))
        last[change.room] = max(last.get(change.room, 0), change.at)
    found = []
    for room in sorted(rooms, key=last.__getitem__):
        ids = list(rooms[room])
        data = {"room": room, "ids": ids} if len(ids) <= MOST_IDS else {"room": room, "ids": [], "all": True}
        found.append(event("change", data, last[room]))
    return b"".join(found)


async def events(
    listener: Listener,
    missed: list[Change] | None,
    still_in: Callable[[Listener], Awaitable[bool]],
    close: Callable[[Listener], None],
    beat: float = BEAT,
) -> AsyncIterator[bytes]:
    """The bytes of the stream. Ends with `signed-out` when the reader's session does."""
    try:
        yield b"retry: 2000\n\n"
        if missed is None:
            yield event("reset", {})
        elif missed:
            yield merged(missed)
        while True:
            try:
                first = await asyncio.wait_for(listener.queue.get(), beat)
            except TimeoutError:
                if not await still_in(listener):
                    yield event("signed-out", {})
                    return
                yield b": beat\n\n"
                continue
            await asyncio.sleep(TOGETHER)
            changes = [first]
            while not listener.queue.empty():
                changes.append(listener.queue.get_nowait())
            yield event("reset", {}) if None in changes else merged(changes)
    finally:
        close(listener)
