"""One address of the operator's (ANLAN_WEBHOOK_URL) that gets each notice as signed JSON, for a group robot or a bus.

The address is the operator's alone: were it a person's to choose, he could make the platform call inside its own
network. `X-Anlan-Signature: t=<seconds>,v1=<hex>` is HMAC-SHA256 over `<seconds>.<body>` with ANLAN_WEBHOOK_SECRET.
"""

import hashlib
import hmac
import time

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from anlan.desk.notices.channels import Message
from anlan.desk.notices.channels.answers import ask, at_path

NAME = "webhook"
TITLE = _("推送接口")


def ready() -> bool:
    return bool(settings.WEBHOOK_URL)


def address_of(user) -> str:
    return user.username


def signature(secret: str, body: bytes, seconds: int) -> str:
    made = hmac.new(secret.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


def signed(secret: str, body: bytes, header: str, now: float, leeway: int = 300) -> bool:
    """Does a signature fit, and is it fresh? For those who receive, and for the receipts that come back to us."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not secret or not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12 or abs(now - int(stamp)) > leeway:
        return False
    return hmac.compare_digest(signature(secret, body, int(stamp)).encode(), header.encode())


def send(message: Message) -> str:
    body = orjson.dumps(
        {
            "number": message.number,
            "user": message.address,
            "title": message.title,
            "body": message.body,
            "url": message.url,
            "level": message.level,
            "room": message.room,
            "at": message.at,
        }
    )
    headers = {
        "Content-Type": "application/json",
        "X-Anlan-Delivery": str(message.number),
        "X-Anlan-Signature": signature(settings.WEBHOOK_SECRET, body, int(time.time())),
    }
    answer = ask("POST", settings.WEBHOOK_URL, content=body, headers=headers)
    try:
        return str(at_path(answer.json(), "receipt") or "")[:120]
    except ValueError:
        return ""
