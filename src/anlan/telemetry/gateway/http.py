"""The HTTP listener. Everything is answered when it is safe in the stream; the reason of a refusal is in the JSON body.

==============================================  ====================================================================
``POST /api/v1/{token}/telemetry, /attributes``  one device, or a gateway for the devices behind it
``POST /api/v1/{token}/gateway``                 (``gateway/telemetry``, ``gateway/attributes``)
``POST /api/v1/batch``                           many devices at once (:mod:`.batch`)
``POST /push/{source}``                          a platform for its devices (:mod:`.push`)
==============================================  ====================================================================

200 says taken (empty when all was, else which values were not), 400 unreadable, 401 no such token or signature, 404
nothing there, 413 too large, 415 an encoding other than gzip.
"""

import asyncio
import contextlib
import logging
import re
import zlib
from collections.abc import Iterator
from socket import socket

import orjson
import uvicorn

from anlan.telemetry.gateway.batch import take_batch
from anlan.telemetry.gateway.push import Push
from anlan.telemetry.gateway.quarantine import of_token
from anlan.telemetry.gateway.reception import Outcome, Reception, Sender

DEVICE = re.compile(r"/api/v1/([^/]{1,200})/((?:gateway/)?(?:telemetry|attributes))")
PUSH = re.compile(r"/push/([a-z0-9-]{1,64})")
READ_ON = 16 * 1024 * 1024
"""Bytes of an oversized body that are read and thrown away so that the client hears the answer and not a broken
pipe."""

log = logging.getLogger(__name__)


class Listener(uvicorn.Server):
    """Uvicorn without its own signal handling: the process decides when to stop."""

    def __init__(self, reception: Reception, push: Push | None = None, batch_limit: int = 4_194_304):
        push = push or Push(reception, {})
        super().__init__(
            uvicorn.Config(
                Application(reception, push, batch_limit),
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


class Refusal(Exception):
    """What is answered instead: status and reason."""

    def __init__(self, status: int, reason: str):
        self.status, self.reason = status, reason


class Application:
    def __init__(self, reception: Reception, push: Push, batch_limit: int):
        self.reception, self.push, self.batch_limit = reception, push, batch_limit

    async def __call__(self, scope: dict, receive, send) -> None:
        if scope["type"] != "http":
            return
        try:
            status, body = await self._answer(scope, receive)
        except Refusal as refusal:
            status, body = refusal.status, _error(refusal.reason)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: dict, receive) -> tuple[int, bytes]:
        if scope["path"] == "/api/v1/batch":
            return await self._batch(scope, receive)
        if path := PUSH.fullmatch(scope["path"]):
            return await self._pushed(path[1], scope, receive)
        if path := DEVICE.fullmatch(scope["path"]):
            return await self._device(*path.groups(), scope, receive)
        raise Refusal(404, "expected /api/v1/{token}/telemetry or /attributes, /api/v1/batch or /push/{source}")

    # --- one device -----------------------------------------------------------------------------------------------
    async def _device(self, token: str, what: str, scope: dict, receive) -> tuple[int, bytes]:
        topic = f"v1/{what}" if what.startswith("gateway/") else f"v1/devices/me/{what}"
        device = self.reception.directory.device_of(token)
        if device is None:
            await self._stranger(token, scope, topic, receive)
            raise Refusal(401, "no device has this token")
        if scope["method"] == "GET" and what == "attributes":
            return 200, b"{}"
        _only_post(scope)
        sender = Sender(device, _address(scope))
        await self._room()
        payload, size = await _body(scope, receive, self.reception.limits.payload)
        if size > self.reception.limits.payload:
            outcome, status = self.reception.too_large(sender, sender.address, topic, size, payload), 413
        else:
            outcome = self.reception.receive(sender, topic, payload)
            status = 400 if outcome.unreadable else 200
        await self._safe()
        return status, _said(outcome)

    async def _stranger(self, token: str, scope: dict, topic: str, receive) -> None:
        """Refused; but what it sent is read now and then, to be seen and, once it is admitted, taken."""
        reception, payload = self.reception, b""
        if scope["method"] == "POST" and reception.quarantine.wants(of_token(token)[0], reception.now()):
            payload, size = await _body(scope, receive, reception.limits.payload)
            payload = b"" if size > reception.limits.payload else payload
        reception.unknown_token(token, _address(scope), topic, payload)

    # --- many devices ---------------------------------------------------------------------------------------------
    async def _batch(self, scope: dict, receive) -> tuple[int, bytes]:
        _only_post(scope)
        await self._room()
        body = await self._whole(scope, receive, self.batch_limit)
        status, said = take_batch(self.reception, body, _address(scope))
        await self._safe()
        return status, orjson.dumps(said)

    async def _pushed(self, source: str, scope: dict, receive) -> tuple[int, bytes]:
        if scope["method"] == "GET":
            return self.push.checked(source, scope["query_string"])
        _only_post(scope)
        await self._room()
        body = await self._whole(scope, receive, self.batch_limit)
        status, said = self.push.take(source, _headers(scope), body, _address(scope))
        await self._safe()
        return status, orjson.dumps(said)

    async def _whole(self, scope: dict, receive, limit: int) -> bytes:
        body, size = await _body(scope, receive, limit)
        if size > limit:
            raise Refusal(413, f"the most is {limit} bytes")
        return body

    # --- the stream -----------------------------------------------------------------------------------------------
    async def _room(self) -> None:
        if self.reception.intake.full:
            room = asyncio.get_running_loop().create_future()
            self.reception.intake.when_there_is_room(lambda: room.done() or room.set_result(None))
            await room

    async def _safe(self) -> None:
        safe = asyncio.get_running_loop().create_future()
        self.reception.intake.when_safe(lambda: safe.done() or safe.set_result(None))
        await safe


def _only_post(scope: dict) -> None:
    if scope["method"] != "POST":
        raise Refusal(405, f"{scope['method']} is not served here: POST is")


def _address(scope: dict) -> str:
    client = scope.get("client") or ("?", 0)
    return f"{client[0]}:{client[1]}"


def _headers(scope: dict) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _said(outcome: Outcome) -> bytes:
    """ThingsBoard answers an empty body when all went well; so do we."""
    return outcome.json() if outcome.unreadable or outcome.refused else b""


def _error(reason: str) -> bytes:
    return orjson.dumps({"error": reason})


async def _body(scope: dict, receive, limit: int) -> tuple[bytes, int]:
    """The first ``limit`` bytes, unpacked, and how many there were (at least). Raises Refusal for a broken packing."""
    encoding = _headers(scope).get("content-encoding", "identity").lower()
    if encoding not in ("identity", "gzip", ""):
        raise Refusal(415, "the body may be packed with gzip only")
    kept, size = bytearray(), 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        part = message.get("body", b"")
        size += len(part)
        kept += part[: max(0, limit - len(kept))]
        if not message.get("more_body") or size > READ_ON:
            break
    if encoding == "gzip" and size <= limit:
        return _unpacked(bytes(kept), limit)
    return bytes(kept), size


def _unpacked(body: bytes, limit: int) -> tuple[bytes, int]:
    """Never more than a byte over the limit is unpacked, whatever is inside."""
    unpack = zlib.decompressobj(wbits=31)
    try:
        found = unpack.decompress(body, limit + 1)
    except zlib.error as problem:
        raise Refusal(400, "the body is not gzip") from problem
    if len(found) <= limit and not unpack.eof:
        raise Refusal(400, "the gzip body ends early")
    return found[:limit], len(found)
