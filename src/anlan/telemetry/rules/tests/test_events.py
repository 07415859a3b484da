import math

import orjson

from anlan.telemetry.rules.events import TOGETHER, episode_id, event, messages
from anlan.telemetry.rules.shard import Transition

FOUND = Transition("raised", 7, 5, "H", 2, 0.10000000149011612, 0.1, 20, 10, 1)


def test_an_event_says_everything_the_desk_needs():
    assert event(FOUND, received=30, emitted=40) == {
        "episode": episode_id(5, 7, 10),
        "transition": "raised",
        "rule": 7,
        "point": 5,
        "kind": "H",
        "of": "VALUE",
        "level": 2,
        "value": 0.1,
        "limit": 0.1,
        "ts": 20,
        "raised_ts": 10,
        "received_ts": 30,
        "emitted_ts": 40,
        "count": 1,
        "reason": "",
        "version": 1,
    }


def test_ids_depend_on_what_happened_and_not_on_when_it_was_told():
    ((id_, position, body),) = messages(9, [FOUND], 30, 40)
    assert [one.id for one in messages(9, [FOUND], 31, 999)] == [id_] and position == (9, 0)
    assert orjson.loads(body) == [event(FOUND, 30, 40)]
    assert len({episode_id(5, 7, 10), episode_id(5, 7, 11), episode_id(5, 8, 10), episode_id(6, 7, 10)}) == 4


def test_a_point_never_heard_has_no_value():
    silent = Transition("raised", 7, 5, "SILENCE", 4, math.nan, 0.0, 20, 20, 1)
    assert event(silent, 30, 40)["value"] is None


def test_a_storm_is_few_messages_and_every_event_is_in_one():
    found = [FOUND] * (2 * TOGETHER + 1)
    made = list(messages(9, found, 30, 40))
    assert [one.position for one in made] == [(9, 0), (9, 1), (9, 2)] and len({one.id for one in made}) == 3
    assert sum(len(orjson.loads(one.body)) for one in made) == len(found) and list(messages(9, [], 30, 40)) == []
