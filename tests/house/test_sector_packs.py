"""What every sector pack must hold: profiles with silence, sources and guidance, and scenarios that keep their word."""

import numpy as np
import pytest

from anlan import packs
from anlan.demo.rehearsal import broken_promises, ordinary
from anlan.demo.scenarios import SCENARIOS
from anlan.demo.signals import Signals
from anlan.telemetry.declared import kind_of

PROFILES = packs.section("profiles")
USED = [code for code, entry in PROFILES.items() if any("usual" in point for point in entry["points"].values())]
SECTORS = {entry["pack"] for entry in packs.section("map_layers").values()}
FREE = {"series"}  # a plain series is what nobody described; it has no class and no rules
# Rows of the catalogue of requirements of which a reading and the alarm that must come of it is the beginning.
ROWS = {
    *(
        "S72",
        "S76",
        "S77",
        "S78",
        "S79",
        "S83",
        "S84",
        "S88",
        "S89",
        "S94",
        "S95",
        "S113",
        "S121",
        "S124",
        "S125",
        "S128",
    ),
}


def rules(profile):
    return [(key, rule) for key, point in profile["points"].items() for rule in point.get("rules", ())]


@pytest.mark.parametrize("code", sorted(set(PROFILES) - FREE))
def test_every_profile_tells_when_it_is_silent(code):
    silences = [rule["silence"] for _, rule in rules(PROFILES[code]) if rule["kind"] == "SILENCE"]
    assert silences, f"{code}: write `class: …` (device_classes.yaml) or a SILENCE rule"
    assert min(silences) >= 2 * PROFILES[code].get("every", 60), f"{code}: silent before it should report twice"


@pytest.mark.parametrize("code", PROFILES)
def test_every_rule_says_where_it_is_from_and_a_grave_one_what_to_do(code):
    for key, rule in rules(PROFILES[code]):
        assert rule.get("source") and rule.get("checked"), f"{code}/{key} {rule['kind']}: source and checked"
        grave = rule["level"] <= 2 and rule["kind"] != "SILENCE"
        assert not grave or rule.get("guidance"), f"{code}/{key} {rule['kind']}: cause, consequence and action"


@pytest.mark.parametrize("code", PROFILES)
def test_the_rules_of_a_point_are_each_of_their_own_kind_and_lie_within_its_range(code):
    for key, point in PROFILES[code]["points"].items():
        kinds = [kind_of(rule) for rule in point.get("rules", ())]
        assert len(set(kinds)) == len(kinds), f"{code}/{key}: two rules of one kind"
        for rule in point.get("rules", ()):
            if rule.get("of", "VALUE") in ("VALUE", "MEAN") and "limit" in rule and "low" in point:
                assert point["low"] <= rule["limit"] <= point["high"], f"{code}/{key}: the limit is out of range"


def test_the_names_of_packs_and_their_folders_agree():
    assert {about["name"] for about in map(packs.load_yaml, packs.HERE.glob("*/pack.yaml"))} == {
        path.parent.name for path in packs.HERE.glob("*/pack.yaml")
    }


def test_every_scenario_raises_what_it_promises_and_spares_what_it_spares():
    assert broken_promises(SCENARIOS.values()) == []


def test_every_sector_with_a_layer_has_a_scenario():
    played = {PROFILES[play.profile]["pack"] for scenario in SCENARIOS.values() for play in scenario.plays}
    assert played >= SECTORS


def test_the_rows_of_the_catalogue_that_begin_with_a_reading_and_its_alarm_have_scenarios():
    assert {row for scenario in SCENARIOS.values() for row in scenario.accepts} == ROWS


def test_an_ordinary_day_raises_no_alarm_in_any_sector():
    raised = ordinary(USED)
    assert [(one.profile, one.point, one.rule["kind"], one.rule.get("of"), round(one.after)) for one in raised] == []


@pytest.mark.parametrize("code", USED)
def test_twenty_ordinary_days_stay_within_the_range_of_every_point(code):
    times = np.linspace(1.79e9, 1.79e9 + 20 * 86_400, 97)[:, None]
    for key, value in Signals(code, np.arange(50, dtype=np.uint64) * np.uint64(7_919)).at(times).items():
        point = PROFILES[code]["points"][key]
        assert point["low"] <= value.min() and value.max() <= point["high"], f"{code}/{key}"


def test_every_profile_of_a_sector_is_on_one_layer_of_the_map():
    layered = [profile for layer in packs.section("map_layers").values() for profile in layer["devices"]]
    assert sorted(layered) == sorted(set(layered)), "a profile stands on one layer"
    assert {code for code in PROFILES if PROFILES[code]["pack"] in SECTORS} <= set(layered) <= set(PROFILES)
