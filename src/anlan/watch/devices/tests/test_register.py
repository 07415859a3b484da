"""The register of devices: who may change it, what a new device begins with, what the pipeline is told of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from anlan.desk.access.standing import Refused
from anlan.desk.audit.models import Entry
from anlan.watch.devices import published
from anlan.watch.devices.actions import renew_token, save_device, save_rule
from anlan.watch.devices.models import Device, Rule
from anlan.watch.devices.profiles import all_profiles
from anlan.watch.devices.tokens import digest
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def detector(cast) -> Device:
    device = Device(
        code="GD-7", name="7号可燃气体探测器", profile="combustible_gas", region=TOWN, organisation=ENTERPRISE_A
    )
    return save_device(cast.system_administrator, device)


def test_a_new_device_gets_the_points_and_rules_of_its_profile_with_their_sources(detector):
    rules = {rule.kind: rule for rule in Rule.objects.filter(point__device=detector)}
    assert (rules["H"].limit, rules["HH"].limit) == (25, 50)
    assert "GB/T 50493-2019" in rules["H"].source and rules["H"].checked == "found"


def test_it_is_found_by_its_initials(detector):
    assert detector.initials == "7hkrqttcq"


@pytest.mark.parametrize("part", ["duty", "inspector", "manager", "security_administrator", "stranger"])
def test_only_the_system_administrator_changes_the_register(cast, detector, part):
    with pytest.raises(Refused):
        save_device(getattr(cast, part), detector)


def test_a_token_is_kept_only_as_its_digest_and_the_old_one_stops(cast, detector):
    first = renew_token(cast.system_administrator, detector)
    second = renew_token(cast.system_administrator, detector)
    detector.refresh_from_db()
    assert detector.token_digest == digest(second) != digest(first)
    assert not Entry.objects.filter(data__contains=second).exists()


def test_a_device_behind_a_gateway_has_no_token_of_its_own(cast, detector):
    child = Device.objects.create(code="GD-8", name="8号", profile="series", region=TOWN, gateway=detector)
    with pytest.raises(ValidationError):
        renew_token(cast.system_administrator, child)


def test_a_changed_rule_is_recorded_with_before_and_after(cast, detector):
    rule = Rule.objects.get(point__device=detector, kind="H")
    rule.limit = 20
    save_rule(cast.system_administrator, rule)
    entry = Entry.objects.latest("position")
    assert entry.action == "devices.rule"
    assert '"limit":25.0' in entry.data and '"limit":20' in entry.data


def test_a_limit_rule_without_limit_is_refused(cast, detector):
    rule = Rule.objects.get(point__device=detector, kind="H")
    rule.limit = None
    with pytest.raises(ValidationError):
        save_rule(cast.system_administrator, rule)


def test_the_pipeline_is_told_of_points_ranges_and_rules(detector):
    (device,) = published.devices(published.heard())
    assert [(point.key, point.low, point.high) for point in device.points] == [("lel", 0, 100)]
    assert {rule.kind for rule in published.rules()} == {"H", "HH", "SILENCE"}


@pytest.mark.parametrize("status", [Device.Status.STARTUP, Device.Status.MAINTENANCE])
def test_rules_of_a_device_that_starts_up_or_is_repaired_are_judged_as_ever(detector, status):
    in_use = set(published.rules())
    detector.status = status
    detector.save()
    assert set(published.rules()) == in_use != set()


def test_retirement_ends_the_rules_and_the_hearing(detector):
    before = timezone.now() - timedelta(hours=1)
    detector.status = Device.Status.RETIRED
    detector.save()
    assert list(published.rules()) == [] and published.devices(published.heard()) == []
    devices, gone, pages, _ = published.changed_since(before)
    assert (devices, gone, len(pages)) == ([], [detector.pk], 1)


def test_a_change_of_the_register_changes_its_state(detector):
    before = published.state()
    detector.save()
    assert published.state() != before


def test_every_declared_limit_says_where_it_comes_from_and_limits_are_in_order():
    for profile in all_profiles().values():
        for key, point in profile.points.items():
            of_readings = [rule for rule in point.get("rules", []) if rule.get("of", "VALUE") == "VALUE"]
            limits = {rule["kind"]: rule.get("limit") for rule in of_readings}
            assert all(rule["source"] for rule in point.get("rules", []))
            ordered = [limits[kind] for kind in ("LL", "L", "H", "HH") if kind in limits]
            assert ordered == sorted(ordered), f"{profile.code}.{key}"
