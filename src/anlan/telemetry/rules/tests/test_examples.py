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
