"""Packs declare example series with the alarms expected of them; every profile's examples hold."""

import pytest

from anlan import packs
from anlan.telemetry.rules.examples import faults, raised, try_all

GAS = {
    "points": {
        "lel": {
            "low": 0,
            "high": 100,
            "rules": [
                {"kind": "H", "limit": 25, "deadband": 3, "on_delay": 3, "level": 3},
                {"kind": "SILENCE", "silence": 30, "level": 4},
            ],
        }
    }
}
RISE = {"name": "rise", "series": {"lel": [[0, 0], [10, 30], [20, 1]]}, "until": 60}


def test_an_example_that_holds_has_no_faults():
    alarms = [
        {"point": "lel", "kind": "H", "raised": 13, "cleared": 20},
        {"point": "lel", "kind": "SILENCE", "raised": 50},
    ]
    assert list(faults(GAS, RISE | {"alarms": alarms})) == []


def test_what_comes_unexpected_and_what_does_not_come_is_said_each():
    told = list(faults(GAS, RISE | {"alarms": [{"point": "lel", "kind": "H", "raised": 10, "cleared": 20}]}))
    assert told == [
        "raised and not expected: lel H at 13 s to 20 s",
        "raised and not expected: lel SILENCE at 50 s, standing",
        "expected and not raised: lel H at 10 s to 20 s",
    ]
    assert list(faults(GAS, {"series": {"co": []}, "alarms": []})) == ["there is no point co"]


def test_examples_of_all_packs_hold():
    assert [(one.profile, one.name, one.faults) for one in try_all() if one.faults] == []
    assert sum(1 for _ in try_all()) >= 3


@pytest.mark.parametrize("code", ["combustible_gas", "oxygen", "tank_level"])
def test_the_first_sectors_have_examples(code):
    profile = packs.section("profiles")[code]
    assert profile["tests"] and any(raised(profile, example) for example in profile["tests"])


# --- calendars and computed points ------------------------------------------------------------------------------------
LATE = {"kind": "H", "limit": 55, "level": 4, "calendar": "noise_night"}
NOISE = {"points": {"noise": {"rules": [LATE]}}}
LOUD = {"name": "loud", "series": {"noise": [[0, 60], [60, 60], [120, 60]]}, "until": 120}


def test_an_example_begins_at_its_local_time_and_names_the_calendar():
    told = {"point": "noise", "kind": "H", "calendar": "noise_night", "raised": 60}
    assert raised(NOISE, LOUD | {"at": "2026-07-01T21:59"}) == [told]
    assert raised(NOISE, LOUD | {"at": "2026-07-01T12:00"}) == raised(NOISE, LOUD) == []
    assert list(faults(NOISE, LOUD | {"at": "2026-07-01T12:00", "alarms": [told]})) == [
        "expected and not raised: noise H in noise_night at 60 s, standing"
    ]


def test_an_example_gives_the_members_of_a_computed_point_and_not_the_point():
    votes = {
        "computed": {"how": "COUNT", "of": ["a", "b"], "limit": 9},
        "rules": [{"kind": "H", "limit": 2, "level": 1}],
    }
    profile = {"points": {"votes": votes, "a": {}, "b": {}}}
    series = {"a": [[0, 1], [5, 9]], "b": [[0, 1], [8, 9], [20, 1]]}
    assert raised(profile, {"series": series}) == [{"point": "votes", "kind": "H", "raised": 8, "cleared": 20}]
    assert list(faults(profile, {"series": {"votes": [[0, 2]]}, "alarms": []})) == [
        "votes: a computed point is not reported; give the points it is made of"
    ]
