"""The ASGI application: Django on threads that are kept, each with its database connection.

Django gives each request a thread of its own, closes with it what it opened, and crosses between thread and event loop
at every middleware that knows only one of the two. On SQLite a new connection first reads the whole schema. Both
together are several times the work of an ordinary answer: here a request crosses once, on a thread that is used again.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
MOST_IDLE = 8


class SyncHandler(ASGIHandler):
    """All middleware and views in one thread; what streams is sent by the loop, as ever."""

    def load_middleware(self, is_async=False):
        super().load_middleware(is_async=False)

    async def get_response_async(self, request):
        return await sync_to_async(self.get_response)(request)


class KeptThreads:
    """A request takes the thread that was free last, or a new one when all are at work; a live stream keeps its own."""

    def __init__(self, answer):
        self.answer, self.idle = answer, []

    async def __call__(self, scope, receive, send):
        thread = self.idle.pop() if self.idle else ThreadPoolExecutor(max_workers=1, thread_name_prefix="web")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.answer(scope, receive, send)
        finally:
            if len(self.idle) < MOST_IDLE:
                self.idle.append(thread)
            else:
                thread.shutdown(wait=False)


django.setup(set_prefix=False)
application = KeptThreads(SyncHandler())
