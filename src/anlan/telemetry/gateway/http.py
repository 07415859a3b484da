"""The HTTP listener: ``POST /api/v1/{token}/telemetry`` and ``/attributes``, answered when safe in the stream.

200 says taken (empty when all was, else which values were not), 400 unreadable, 401 no such token, 404 nothing there,
413 too large; the reason is in the JSON body.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Iterator
from socket import socket

import orjson
import uvicorn

from anlan.telemetry.gateway.quarantine import of_token
from anlan.telemetry.gateway.reception import Outcome, Reception, Sender

PATH = re.compile(r"/api/v1/([^/]{1,200})/(telemetry|attributes)")
READ_ON = 16 * 1024 * 1024
"""Bytes of an oversized body that are read and thrown away so that the client hears the answer and not a broken
pipe."""

log = logging.getLogger(__name__)


class Listener(uvicorn.Server):
    """Uvicorn without its own signal handling: the process decides when to stop."""

    def __init__(self, reception: Reception):
        super().__init__(
            uvicorn.Config(
                Application(reception),
                http="httptools",
                ws="none",
                lifespan="off",
                # The token is in the path: requests are never logged.
                access_log=False,
                log_config=None,
                log_level="warning",
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=1,
                limit_concurrency=20_000,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def listen(self, on: socket) -> None:
        await self.serve(sockets=[on])


class Application:
    def __init__(self, reception: Reception):
        self.reception = reception

    async def __call__(self, scope: dict, receive, send) -> None:
        if scope["type"] != "http":
            return
        status, body = await self._answer(scope, receive)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: dict, receive) -> tuple[int, bytes]:
        path = PATH.fullmatch(scope["path"])
        if path is None:
            return 404, _error("expected /api/v1/{token}/telemetry or /attributes")
        token, what = path.groups()
        device = self.reception.directory.device_of(token)
        if device is None:
            await self._stranger(token, scope, f"v1/devices/me/{what}", receive)
            return 401, _error("no device has this token")
        if scope["method"] == "GET" and what == "attributes":
            return 200, b'{"client":{},"shared":{}}'
        if scope["method"] != "POST":
            return 405, _error(f"{scope['method']} is not served here: POST is")
        sender = Sender(device, _address(scope))
        return await self._take(sender, f"v1/devices/me/{what}", receive)

    async def _stranger(self, token: str, scope: dict, topic: str, receive) -> None:
        """Refused; but what it sent is read now and then, to be seen and, once it is admitted, taken."""
        reception, payload = self.reception, b""
        if scope["method"] == "POST" and reception.quarantine.wants(of_token(token)[0], reception.now()):
            payload, size = await _body(receive, reception.limits.payload)
            payload = b"" if size > reception.limits.payload else payload
        reception.unknown_token(token, _address(scope), topic, payload)

    async def _take(self, sender: Sender, topic: str, receive) -> tuple[int, bytes]:
        reception = self.reception
        if reception.intake.full:
            room = asyncio.get_running_loop().create_future()
            reception.intake.when_there_is_room(lambda: room.done() or room.set_result(None))
            await room
        payload, size = await _body(receive, reception.limits.payload)
        if size > reception.limits.payload:
            outcome, status = reception.too_large(sender, sender.address, topic, size, payload), 413
        else:
            outcome = reception.receive(sender, topic, payload)
            status = 400 if outcome.unreadable else 200
        await self._safe()
        return status, _said(outcome)

    async def _safe(self) -> None:
        safe = asyncio.get_running_loop().create_future()
        self.reception.intake.when_safe(lambda: safe.done() or safe.set_result(None))
        await safe


def _address(scope: dict) -> str:
    client = scope.get("client") or ("?", 0)
    return f"{client[0]}:{client[1]}"


def _said(outcome: Outcome) -> bytes:
    """ThingsBoard answers an empty body when all went well; so do we."""
    return outcome.json() if outcome.unreadable or outcome.refused else b""


def _error(reason: str) -> bytes:
    return orjson.dumps({"error": reason})


async def _body(receive, limit: int) -> tuple[bytes, int]:
    """The first ``limit`` bytes and how many there were."""
    kept, size = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(kept), size
        part = message.get("body", b"")
        size += len(part)
        kept += part[: max(0, limit - len(kept))]
        if not message.get("more_body") or size > READ_ON:
            return bytes(kept), size
