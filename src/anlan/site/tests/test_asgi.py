"""Requests run on kept threads: used again one after the other, never shared at one time, and not more than needed."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from anlan.site.asgi import MOST_IDLE, KeptThreads

HTTP = {"type": "http"}


def asked(at_once: int, rounds: int = 1) -> tuple[list[int], KeptThreads]:
    """The threads in which so many requests at one time ran, and who kept them."""
    seen: list[int] = []

    async def answer(scope, receive, send):
        barrier = scope["barrier"]
        seen.append(await sync_to_async(threading.get_ident)())
        await barrier.wait()
        assert await sync_to_async(threading.get_ident)() in seen

    async def run() -> KeptThreads:
        application = KeptThreads(answer)
        for _ in range(rounds):
            barrier = asyncio.Barrier(at_once)
            await asyncio.gather(*(application({**HTTP, "barrier": barrier}, None, None) for _ in range(at_once)))
        return application

    return seen, asyncio.run(run())


def test_requests_one_after_the_other_run_in_one_thread():
    seen, application = asked(1, rounds=5)
    assert len(set(seen)) == 1
    assert len(application.idle) == 1


def test_requests_at_one_time_never_share_a_thread():
    seen, _application = asked(4)
    assert len(set(seen)) == 4


def test_no_more_threads_are_kept_than_the_house_needs():
    _seen, application = asked(MOST_IDLE + 5)
    assert len(application.idle) == MOST_IDLE


def test_a_request_that_fails_gives_its_thread_back():
    async def fail(scope, receive, send):
        raise ValueError

    async def run():
        application = KeptThreads(fail)
        for _ in range(3):
            try:
                await application(HTTP, None, None)
            except ValueError:
                continue
        return application

    assert len(asyncio.run(run()).idle) == 1
