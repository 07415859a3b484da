"""What an entry of the readings' stream brought about, as one message down ``alarms.<shard>``: a JSON list of events.

``{"episode": uuid, "transition": "raised|worsened|eased|cleared", "rule": id, "point": id, "kind": "H", "of": "VALUE",
"level": 2, "value": f | null, "limit": f, "ts": µs, "raised_ts": µs, "received_ts": µs, "emitted_ts": µs, "count": n,
"reason": "", "version": n}``

``version`` is that of the rule as it was in force. ``ts`` is the reading's instant (of a silence or a finished delay,
the instant at which that was due), ``received_ts`` when the gateway had the reading, ``count`` the activations in the
episode. The episode's id is made of point, rule and the instant it was raised: whoever finds it, and however often, it
is the same.

One message an entry, because the stream writes each message to disk by itself: in a storm the events come by the
hundred and the disk by the message.
"""

import hashlib
import math
import uuid
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from anlan.telemetry.rules.shard import Transition

EPISODES = uuid.UUID("6f1c6c9e-5b0e-5d2a-9d7c-0a4d1f3b8e21")
"""Namespace of episode ids; changing it would double every active episode."""


TOGETHER = 200
"""Most events in one message."""


class Message(NamedTuple):
    id: str
    """Refused by the stream when it has been there before: two workers that found the same make the same."""
    position: tuple[int, int]
    """Sequence of the entry, and which of its messages this is."""
    body: bytes


def episode_id(point: int, rule: int, raised: int) -> str:
    """The same for the same point, rule and instant of raising (microseconds UTC), whoever computes it."""
    return str(uuid.uuid5(EPISODES, f"{point}.{rule}.{raised}"))


def messages(sequence: int, found: Sequence[Transition], received: int, emitted: int) -> Iterator[Message]:
    """The transitions that entry ``sequence`` brought about."""
    for number, at in enumerate(range(0, len(found), TOGETHER)):
        part = found[at : at + TOGETHER]
        events = [event(one, received, emitted) for one in part]
        said = "".join(f"{told['episode']}{told['transition']}{told['count']}" for told in events)
        id_ = f"{sequence}.{number}.{hashlib.sha256(said.encode()).hexdigest()[:32]}"
        yield Message(id_, (sequence, number), orjson.dumps(events))


def event(found: Transition, received: int, emitted: int) -> dict:
    """One transition as the object drawn above; ``received`` and ``emitted`` in microseconds UTC."""
    return {
        "episode": episode_id(found.point, found.rule, found.raised),
        "transition": found.transition,
        "rule": found.rule,
        "point": found.point,
        "kind": found.kind,
        "of": found.of,
        "level": found.level,
        "value": _rounded(found.value),
        "limit": _rounded(found.limit),
        "ts": found.ts,
        "raised_ts": found.raised,
        "received_ts": received,
        "emitted_ts": emitted,
        "count": found.count,
        "reason": found.reason,
        "version": found.version,
    }


def _rounded(value: float) -> float | None:
    """A 32-bit float as people wrote it: 0.1, not 0.10000000149011612; None when the point was never heard."""
    return float(f"{value:.7g}") if math.isfinite(value) else None
