"""Enterprises, public hand, facilities and devices: the plan's counts, met exactly."""

from collections import Counter

import numpy as np
import pytest
import shapely

from anlan import packs
from anlan.demo import signals
from anlan.demo.enterprises import COUNTS, TOTAL
from anlan.demo.major_hazards import SITES
from anlan.demo.reporters import cast, reporters
from anlan.demo.scenarios import SCENARIOS


def test_every_count_of_the_plan_is_met_exactly(district):
    counted = Counter(category for one in district.enterprises for category in one.categories)
    assert {key: counted[key] for key in COUNTS} == COUNTS
    assert COUNTS["hazchem_dealer_storage"] + COUNTS["hazchem_dealer"] + COUNTS["petrol_station"] == 46
    assert len(district.enterprises) == TOTAL > 6_000
    assert sum(one.output > 10_000 for one in district.enterprises) == COUNTS["output_100_million"] > 200


def test_every_category_and_facility_kind_and_profile_is_one_the_packs_know(district):
    assert {c for one in district.enterprises for c in one.categories} <= set(packs.section("enterprise_categories"))
    assert {facility.kind for facility in district.facilities} <= set(packs.section("facility_kinds"))
    assert {device.profile for device in district.devices} <= set(packs.section("profiles"))


def test_no_two_enterprises_share_a_name_or_a_code_and_none_can_be_called(district):
    assert len({one.name for one in district.enterprises}) == TOTAL
    assert len({one.code for one in district.enterprises}) == TOTAL
    phones = [p for one in district.enterprises for p in (one.phone, one.safety_phone, one.duty_phone)]
    assert all(len(phone) == 11 and phone.startswith("102") for phone in phones)
    assert all("澄汀" in one.name for one in district.enterprises)


def test_every_enterprise_lies_in_the_grid_it_names(district):
    grids = {grid.code: grid.shape for grid in district.place.parts.of("grid")}
    whole = district.place.parts.regions[0].shape
    sample = district.enterprises[::40]
    assert all(shapely.contains_xy(whole, one.x, one.y) for one in sample)
    # a building may reach over the edge of its cell, never far
    assert max(shapely.distance(grids[one.region], shapely.Point(one.x, one.y)) for one in sample) < 200


def test_the_public_hand_has_twenty_departments_and_twelve_special_committees(district):
    kinds = Counter(body.kind for body in district.hand.bodies)
    assert kinds["department"] == 20
    assert kinds["committee"] == 1 + 12
    assert kinds["village"] == 87
    assert sum(one.title in ("大队长", "副大队长", "队员") for one in district.hand.staff) == 72
    codes = [body.code for body in district.hand.bodies]
    assert len(set(codes)) == len(codes)


def test_five_major_hazard_installations_are_levelled_by_the_computed_r(district):
    found = [facility for facility in district.facilities if facility.hazard_level]
    assert len(found) == 5
    for facility in found:
        by_hand = facility.attributes["alpha"] * sum(
            row["beta"] * row["quantity_t"] / row["threshold_t"] for row in facility.attributes["substances"]
        )
        assert facility.r_value == pytest.approx(by_hand, abs=0.06)
        assert facility.hazard_level == (1 if by_hand >= 100 else 2 if by_hand >= 50 else 3 if by_hand >= 10 else 4)
    assert not any(installation.identified for site in SITES[4:] for installation in site)


def test_a_chlorine_unit_of_12_tonnes_is_a_level_3_installation():
    # 12 t / 5 t = 2.4; beta 4; alpha 2: R = 2 * 4 * 2.4 = 19.2, between 10 and 50
    unit = SITES[0][1]
    assert unit.r_value == 19.2
    assert unit.level == 3


def test_thirty_five_thousand_smoke_detectors_stand_behind_gateways_of_their_grid(district):
    smoke = [device for device in district.devices if device.profile == "smoke_detector"]
    assert Counter(device.code[:2] for device in smoke) == {"SA": 20_000, "SB": 15_000}
    gateways = {device.code: device for device in district.devices if device.is_gateway}
    assert all(gateways[device.gateway].region == device.region for device in smoke)
    assert sum(device.code.startswith("F") and device.is_gateway for device in district.devices) == 80


def test_gateways_stand_before_their_devices_and_names_are_unique_behind_one(district):
    seen: set[str] = set()
    names: set[tuple[str, str]] = set()
    for device in district.devices:
        assert not device.gateway or device.gateway in seen
        assert (device.gateway, device.name) not in names or not device.gateway
        names.add((device.gateway, device.name))
        seen.add(device.code)
    assert len(seen) == len(district.devices)


def test_every_device_stands_at_a_facility_that_is_there(district):
    facilities = {(facility.owner, facility.code) for facility in district.facilities}
    assert len(facilities) == len(district.facilities)
    assert all(device.facility in facilities for device in district.devices if device.facility)


def test_every_used_profile_says_how_an_ordinary_day_looks_and_one_smoke_detector_in_thousands_has_an_old_battery(
    district,
):
    for profile in {device.profile for device in district.devices}:
        points = packs.section("profiles")[profile]["points"].values()
        assert all("usual" in point or "computed" in point for point in points), profile
    battery = signals.Signals("smoke_detector", np.arange(35_000, dtype=np.uint64)).at(1.79e9)["battery"]
    assert 0 < (battery < 2.6).sum() < 30


def test_every_scenario_finds_its_players_in_the_district(district):
    behind: dict[str, list[dict]] = {}
    for device in district.devices:
        entry = {"code": device.code, "name": device.name, "profile": device.profile, "number": 1, "token": device.code}
        behind.setdefault(device.gateway or device.code, []).append(entry)
    gateways = [{**own[0], "devices": own[1:]} for own in behind.values() if own[0]["profile"] == "gateway"]
    alone = [own[0] for own in behind.values() if own[0]["profile"] != "gateway"]
    among = reporters({"stage": {}, "gateways": gateways, "alone": alone})
    for scenario in SCENARIOS.values():
        if not scenario.stage:
            for play in scenario.plays:
                found = [place for one in cast(scenario, among) for place, _ in one.places(play)]
                assert sorted(set(found)) == list(range(len(play.shares))), scenario.name


def test_a_reading_does_not_depend_on_who_is_read_beside_it():
    number = np.arange(50, dtype=np.uint64)
    read = lambda some: signals.Signals("tank_level", some).at(1.79e9)["level"]  # noqa: E731
    together, alone = read(number), np.concatenate([read(number[n : n + 1]) for n in range(50)])
    assert (together == alone).all()
