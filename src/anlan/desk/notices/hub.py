"""Who listens in this process: every announcement is kept for a while and handed to the streams it concerns."""

import asyncio
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from anlan.desk.access.models import Post
from anlan.desk.access.regions import contains
from anlan.desk.access.roles import all_roles
from anlan.desk.notices import link
from anlan.desk.notices.live import Change

log = logging.getLogger(__name__)
KEPT = 5_000
OVERLAP = 3_000_000  # µs looked back before the last id a page has seen: clocks of several processes differ a little
QUEUE = 500


@dataclass(eq=False)
class Listener:
    """One open stream: whose it is, which posts its reader holds, and what waits to be sent."""

    user: int
    posts: list[Post]
    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[Change | None]" = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def hand(self, change: Change) -> None:
        """In the stream's own loop. A reader too slow for the queue is told (None) to ask for everything again."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)
        else:
            self.queue.put_nowait(change)


def concerns(change: Change, user: int, posts: list[Post]) -> bool:
    """Pure: may this person hear of this change?"""
    if change.users:
        return user in change.users
    return any(_reaches(post, change) for post in posts)


def _reaches(post: Post, change: Change) -> bool:
    role = all_roles().get(post.role)
    if role is None or not role.grants(change.permission):
        return False
    if role.side == "enterprise":
        return post.organisation in change.organisations
    if not post.region:
        return True
    return any(contains(post.region, region) for region in change.regions)


class Hub:
    def __init__(self):
        self.listeners: set[Listener] = set()
        self.kept: deque[Change] = deque(maxlen=KEPT)
        self.since = time.time_ns() // 1000
        self.guard = threading.Lock()

    def open(self, user: int, posts: list[Post]) -> Listener:
        link.listen(self.receive)
        listener = Listener(user, posts, asyncio.get_running_loop())
        with self.guard:
            self.listeners.add(listener)
        return listener

    def close(self, listener: Listener) -> None:
        with self.guard:
            self.listeners.discard(listener)

    def streams_of(self, user: int) -> int:
        with self.guard:
            return sum(listener.user == user for listener in self.listeners)

    def receive(self, data: bytes) -> None:
        try:
            change = Change.unpacked(data)
        except (ValueError, TypeError) as error:
            log.warning("live: what arrived is no announcement: %s", error)
            return
        with self.guard:
            self.kept.append(change)
            listeners = list(self.listeners)
        for listener in listeners:
            if concerns(change, listener.user, listener.posts):
                try:
                    listener.loop.call_soon_threadsafe(listener.hand, change)
                except RuntimeError:  # its loop has ended: the page is gone
                    self.close(listener)

    def missed(self, last: int, user: int, posts: list[Post]) -> list[Change] | None:
        """What a page that saw `last` has not heard yet; None when this process cannot know."""
        with self.guard:
            kept = list(self.kept)
        start = kept[0].at if len(kept) == KEPT else self.since
        if last - OVERLAP < start:
            return None
        return [change for change in kept if change.at > last - OVERLAP and concerns(change, user, posts)]


hub = Hub()
