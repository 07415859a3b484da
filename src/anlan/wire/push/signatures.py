"""Whether a push is from whom it says: three ways, each compared in constant time. Pure; clock and memory are given.

==========  ========================================================================================================
way         what is sent
==========  ========================================================================================================
``hmac``    headers ``X-Timestamp`` (Unix seconds), ``X-Nonce`` and ``X-Signature``: hexadecimal HMAC-SHA256 of
            ``timestamp.nonce.body`` with the source's secret. Times beyond the window and nonces used are refused
``onenet``  in the body ``msg_signature`` = Base64(MD5(secret + nonce + msg)) and ``nonce``; MD5 is the platform's
            choice (recalled, not checked against a sample). Nonces used are refused
``token``   header ``X-Token`` (or ``Authorization: Bearer``): the secret itself. It shows no replay; for platforms
            that sign nothing, behind TLS
==========  ========================================================================================================
"""

import base64
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import orjson

WINDOW = 300
"""Seconds a signed push may be old, or ahead."""
MOST_NONCES = 50_000
LONGEST_NONCE = 128


class Nonces:
    """Nonces used within the window; of more than so many the oldest is forgotten first."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, float] = OrderedDict()

    def is_fresh(self, nonce: str, now: float) -> bool:
        """True the first time within two windows: a signature that is so old is refused for its time."""
        while self._used and next(iter(self._used.values())) < now - 2 * WINDOW:
            self._used.popitem(last=False)
        if not nonce or len(nonce) > LONGEST_NONCE or nonce in self._used:
            return False
        self._used[nonce] = now
        if len(self._used) > MOST_NONCES:
            self._used.popitem(last=False)
        return True


def refusal(way: str, secret: str, said: Mapping[str, str], body: bytes, now: float, nonces: Nonces) -> str:
    """Why a push is refused; empty when it is genuine. ``said`` are its headers, by names in small letters."""
    return WAYS[way](secret, said, body, now, nonces)


def sign(secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature of the way ``hmac``."""
    return hmac.new(secret.encode(), f"{timestamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()


def onenet_signature(secret: str, nonce: str, message: str) -> str:
    """Base64(MD5(secret + nonce + message)), as OneNET makes it."""
    digest = hashlib.md5(f"{secret}{nonce}{message}".encode(), usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def _hmac(secret: str, said: Mapping[str, str], body: bytes, now: float, nonces: Nonces) -> str:
    timestamp, nonce = said.get("x-timestamp", ""), said.get("x-nonce", "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return "X-Timestamp is not Unix seconds"
    if not _same(sign(secret, timestamp, nonce, body), said.get("x-signature", "")):
        return "the signature is not of this source's secret"
    if abs(now - int(timestamp)) > WINDOW:
        return "the timestamp is beyond the window"
    # The nonce is marked as used only behind a good signature: others must not use it up.
    return "" if nonces.is_fresh(nonce, now) else "the nonce was used before"


def _onenet(secret: str, said: Mapping[str, str], body: bytes, now: float, nonces: Nonces) -> str:
    try:
        document: Any = orjson.loads(body)
        message, nonce = document["msg"], document["nonce"]
        signature = document["msg_signature"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "expected msg, nonce and msg_signature"
    if not isinstance(nonce, str) or not isinstance(signature, str):
        return "nonce and msg_signature are texts"
    # The platform signs msg as it wrote it: as text, or as the JSON of the object without blanks.
    written = message if isinstance(message, str) else orjson.dumps(message).decode()
    if not _same(onenet_signature(secret, nonce, written), signature):
        return "the signature is not of this source's secret"
    return "" if nonces.is_fresh(nonce, now) else "the nonce was used before"


def _token(secret: str, said: Mapping[str, str], body: bytes, now: float, nonces: Nonces) -> str:
    given = said.get("x-token") or said.get("authorization", "").removeprefix("Bearer ")
    return "" if _same(secret, given) else "the token is not of this source"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


WAYS = {"hmac": _hmac, "onenet": _onenet, "token": _token}
