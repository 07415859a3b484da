"""What runs beside the web: trials, one after the other."""

import asyncio
import contextlib

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from anlan.watch.tuning.trials import run_next

PERIOD = 2.0


async def run_trials(stop: asyncio.Event) -> None:
    while not stop.is_set():
        if await sync_to_async(_next, thread_sensitive=False)() is None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PERIOD)


def _next():
    close_old_connections()
    return run_next()


CONSUMERS = [run_trials]
