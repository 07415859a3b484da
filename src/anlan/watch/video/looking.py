"""What a camera sees now, asked of the process that watches it."""

from dataclasses import dataclass
from urllib.parse import unquote

import orjson
from django.conf import settings
from nats.aio.client import Client
from nats.errors import Error as NatsError

from anlan.telemetry import publish

WAIT_SECONDS = 8.0


@dataclass(frozen=True)
class Sight:
    """The bytes, empty when there is nothing to see, and the state of the stream in its own words."""

    body: bytes
    state: str


def look(device: int, clip: bool = False) -> Sight:
    """The last picture as JPEG, or the last seconds as WebM."""

    async def ask(client: Client) -> Sight:
        asked = orjson.dumps({"device": device, "clip": clip})
        answer = await client.request("cameras.ask", asked, timeout=WAIT_SECONDS)
        return Sight(answer.data, unquote((answer.headers or {}).get("Anlan-State", "")))

    try:
        return publish.run(settings.NATS_URL, ask, wait=WAIT_SECONDS + 2)
    except (NatsError, OSError, TimeoutError):
        return Sight(b"", "nobody watches")
