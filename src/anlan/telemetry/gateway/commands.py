"""What a person sends down to a device: a request on ``gateway.command``, answered with what the device says.

``{"device": 12, "order": "set_clock", "parameters": {…}}``. Answers: ``{"result": "done"}`` with ``"said"`` where the
device brings something, ``"refused"``, ``"no answer"`` …; ``{"error": …}`` for an order that makes no sense. Of several
gateway processes the one that has the device's link answers, the others keep still.
"""

import logging
from collections import Counter
from collections.abc import Iterable

import orjson
from nats.aio.msg import Msg

from anlan.telemetry.gateway.listeners import Framed, Listener

SUBJECT = "gateway.command"

log = logging.getLogger(__name__)


class Commands:
    def __init__(self, listeners: Iterable[Listener], counters: Counter):
        self.framed = [one for one in listeners if isinstance(one, Framed)]
        self.counters = counters

    async def hear(self, message: Msg) -> None:
        answer = await self.carry_out(message.data)
        if answer is not None:
            await message.respond(orjson.dumps(answer))

    async def carry_out(self, asked: bytes) -> dict | None:
        """None when the device has no link here."""
        try:
            given = orjson.loads(asked)
            device, name, parameters = given["device"], given["order"], given.get("parameters") or {}
            if not isinstance(device, int) or not isinstance(name, str) or not isinstance(parameters, dict):
                raise ValueError("device: a number, order: a word, parameters: an object")
            for one in self.framed:
                answer = await one.order(device, name, parameters)
                if answer is not None:
                    self.counters["commands"] += 1
                    return answer
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            self.counters["commands_refused"] += 1
            return {"error": str(problem)}
        return None
