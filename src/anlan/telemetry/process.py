"""What every process of the pipeline does alike: start, answer for its health, stop when told.

Stopping is designed: SIGTERM and SIGINT set a flag; the process finishes the piece in hand, writes its state and
exits with 0, within three seconds. Whatever it could not finish is still in the stream or still with the device.
"""

import asyncio
import gc
import logging
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import uvloop
from nats.aio.client import Client
from nats.errors import Error as NatsError

log = logging.getLogger(__name__)


def start(name: str, serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run ``serve`` with an event that is set when the process shall stop."""
    logging.basicConfig(
        stream=sys.stderr,
        level=os.environ.get("ANLAN_LOG", "INFO"),
        format=f"%(asctime)s %(levelname)s {name} %(message)s",
    )
    _open_files()
    # What was loaded up to here stays: the collector need not walk it again and again.
    gc.freeze()
    uvloop.run(_until_stopped(serve))


async def _until_stopped(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    while not stop.is_set():
        try:
            return await serve(stop)
        except (NatsError, TimeoutError) as problem:
            # A cluster that is choosing a new leader answers nobody for seconds. What is written down is enough to
            # begin anew, as after a death, only without one.
            log.warning("the broker does not answer, beginning anew in a moment: %r", problem)
            await until(stop, 1.0)


def _open_files() -> None:
    """One connection is one file: take all that the system allows without asking."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@asynccontextmanager
async def health(client: Client, name: str, counters: Counter, **more: Callable[[], object]) -> AsyncIterator[None]:
    """Answer requests on ``health.<name>`` with the counters, the memory and the processor time used."""
    since = time.time()

    async def answer(message) -> None:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        said = {
            "process": name,
            "pid": os.getpid(),
            "up_seconds": round(time.time() - since, 1),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 3),
            "memory_mb": _memory(),
            "counters": dict(counters),
            **{key: value() for key, value in more.items()},
        }
        await message.respond(orjson.dumps(said, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY))

    heard = await client.subscribe(f"health.{name}", cb=answer)
    try:
        yield
    finally:
        if not client.is_closed:
            await heard.unsubscribe()


def _memory() -> float:
    try:
        with open("/proc/self/statm") as file:
            return round(int(file.read().split()[1]) * resource.getpagesize() / 1e6, 1)
    except OSError:
        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


async def until(stop: asyncio.Event, seconds: float) -> bool:
    """Wait so long or until told to stop; True when told."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
