"""The way between processes: announcements go out on the NATS subject `live.<room>` and come in on `live.>`.

One daemon thread with one connection per process, started at the first use. While there is no connection, what this
process announces still reaches the pages it serves itself; with NATS_URL empty (tests, one process) that is all.
"""

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable

import nats
from django.conf import settings

log = logging.getLogger(__name__)
SUBJECT = "live"
WAITING_AT_MOST = 10_000

_receivers: list[Callable[[bytes], None]] = []
_link: "Link | None" = None
_guard = threading.Lock()


def send(room: str, data: bytes) -> None:
    """Passes an announcement on. Never blocks and never fails the caller: what is said is already committed."""
    if not settings.NATS_URL:
        _receive(data)
        return
    current = start()
    if not current.connected:
        _receive(data)
    current.put(f"{SUBJECT}.{room}", data)


def listen(receiver: Callable[[bytes], None]) -> None:
    """`receiver` is called for every announcement of any process, in the link's thread: it must not block."""
    if receiver not in _receivers:
        _receivers.append(receiver)
    if settings.NATS_URL:
        start().subscribe()


def start() -> "Link":
    global _link
    with _guard:
        if _link is None or not _link.thread.is_alive():
            _link = Link(settings.NATS_URL)
    return _link


def stop() -> None:
    global _link
    with _guard:
        if _link is not None:
            _link.close()
            _link = None


def _receive(data: bytes) -> None:
    for receiver in _receivers:
        try:
            receiver(data)
        except Exception:
            log.exception("live: an announcement could not be passed on")


class Link:
    """One connection, kept by a thread of its own."""

    def __init__(self, url: str):
        self.url = url
        self.connected = self.told = False
        self.wanted = bool(_receivers)
        self.loop = asyncio.new_event_loop()
        self.waiting: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(WAITING_AT_MOST)
        self.connection = None
        self.thread = threading.Thread(target=self._run, name="live-link", daemon=True)
        self.thread.start()

    def put(self, subject: str, data: bytes) -> None:
        self.loop.call_soon_threadsafe(self._put, subject, data)

    def subscribe(self) -> None:
        if not self.wanted:
            self.wanted = True
            self.loop.call_soon_threadsafe(lambda: self.loop.create_task(self._subscribe()))

    def close(self, seconds: float = 1.0) -> None:
        """Sends what is waiting, if that takes no longer than a moment, and ends the thread."""
        if self.thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._close(), self.loop)
            self.thread.join(seconds)

    def _put(self, subject: str, data: bytes) -> None:
        if self.waiting.full():
            self.waiting.get_nowait()
            self.waiting.task_done()
        self.waiting.put_nowait((subject, data))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.create_task(self._connect())
        self.loop.run_forever()
        left = asyncio.all_tasks(self.loop)
        for one in left:
            one.cancel()
        self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.close()

    async def _connect(self) -> None:
        while self.connection is None:
            try:
                self.connection = await nats.connect(
                    self.url.split(","),
                    name="anlan-live",
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=0.5,
                    connect_timeout=2,
                    error_cb=self._trouble,
                    disconnected_cb=self._lost,
                    reconnected_cb=self._found,
                )
            except Exception as error:  # a wrong address; a broker that is away is waited for inside connect
                await self._trouble(error)
                await asyncio.sleep(1)
        await self._found()
        await self._subscribe()
        while True:
            subject, data = await self.waiting.get()
            try:
                await self.connection.publish(subject, data)
            except Exception as error:
                log.warning("live: an announcement was not passed on: %s", error)
            finally:
                self.waiting.task_done()

    async def _subscribe(self) -> None:
        if self.wanted and self.connection is not None and not getattr(self, "subscription", None):
            self.subscription = await self.connection.subscribe(f"{SUBJECT}.>", cb=self._arrived)

    async def _arrived(self, message) -> None:
        _receive(message.data)

    async def _trouble(self, error: Exception) -> None:
        """Told once for each time without a connection, and without the token that may stand in the address."""
        if not self.told:
            self.told = True
            where = self.url.rpartition("@")[2]
            log.warning("live: no broker at %s (%s); trying again until there is", where, type(error).__name__)

    async def _lost(self) -> None:
        self.connected = False

    async def _found(self) -> None:
        self.connected, self.told = True, False

    async def _close(self) -> None:
        try:
            if self.connection is not None and self.connected:
                await asyncio.wait_for(self.waiting.join(), 0.5)
                await self.connection.flush(timeout=1)
                await self.connection.close()
        except (TimeoutError, nats.errors.Error):
            log.warning("live: %d announcements were not sent before the end", self.waiting.qsize())
        finally:
            self.loop.stop()


atexit.register(stop)
