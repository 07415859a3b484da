"""An episode's transition as the event that goes down ``alarms.<shard>``.

``{"episode": uuid, "transition": "raised|worsened|eased|cleared", "rule": id, "point": id, "kind": "H", "level": 2,
"value": f | null, "limit": f, "ts": µs, "raised_ts": µs, "received_ts": µs, "emitted_ts": µs, "count": n, "reason":
""}``

``ts`` is the reading's instant (of a silence or a finished delay, the instant at which that was due), ``received_ts``
when the gateway had the reading, ``count`` the activations in the episode. The episode's id is made of point, rule
and the instant it was raised: whoever finds it, and however often, it is the same.
"""

import math
import uuid
from typing import NamedTuple

import orjson

from anlan.telemetry.rules.shard import Transition

EPISODES = uuid.UUID("6f1c6c9e-5b0e-5d2a-9d7c-0a4d1f3b8e21")
"""Namespace of episode ids; changing it would double every active episode."""


class Event(NamedTuple):
    id: str
    """Refused by the stream when it has been there before."""
    body: bytes


def episode_id(point: int, rule: int, raised: int) -> str:
    """The same for the same point, rule and instant of raising (microseconds UTC), whoever computes it."""
    return str(uuid.uuid5(EPISODES, f"{point}.{rule}.{raised}"))


def event(found: Transition, received: int, emitted: int) -> Event:
    """The event of a transition as it is published; instants in microseconds UTC."""
    episode = episode_id(found.point, found.rule, found.raised)
    body = {
        "episode": episode,
        "transition": found.transition,
        "rule": found.rule,
        "point": found.point,
        "kind": found.kind,
        "level": found.level,
        "value": _rounded(found.value),
        "limit": _rounded(found.limit),
        "ts": found.ts,
        "raised_ts": found.raised,
        "received_ts": received,
        "emitted_ts": emitted,
        "count": found.count,
        "reason": found.reason,
    }
    return Event(f"{episode}.{found.transition}.{found.count}", orjson.dumps(body))


def _rounded(value: float) -> float | None:
    """A 32-bit float as people wrote it: 0.1, not 0.10000000149011612; None when the point was never heard."""
    return float(f"{value:.7g}") if math.isfinite(value) else None
