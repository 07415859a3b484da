import math

import orjson

from anlan.telemetry.rules.events import episode_id, event
from anlan.telemetry.rules.shard import Transition

FOUND = Transition("raised", 7, 5, "H", 2, 0.10000000149011612, 0.1, 20, 10, 1)


def test_an_event_says_everything_the_desk_needs():
    assert orjson.loads(event(FOUND, received=30, emitted=40).body) == {
        "episode": episode_id(5, 7, 10),
        "transition": "raised",
        "rule": 7,
        "point": 5,
        "kind": "H",
        "level": 2,
        "value": 0.1,
        "limit": 0.1,
        "ts": 20,
        "raised_ts": 10,
        "received_ts": 30,
        "emitted_ts": 40,
        "count": 1,
        "reason": "",
    }


def test_ids_depend_on_what_happened_and_not_on_when_it_was_told():
    assert event(FOUND, 30, 40).id == event(FOUND, 31, 999).id
    assert len({episode_id(5, 7, 10), episode_id(5, 7, 11), episode_id(5, 8, 10), episode_id(6, 7, 10)}) == 4


def test_a_point_never_heard_has_no_value():
    silent = Transition("raised", 7, 5, "SILENCE", 4, math.nan, 0.0, 20, 20, 1)
    assert orjson.loads(event(silent, 30, 40).body)["value"] is None
