"""Tag maps are edited with the device: a slip is told at once; a profile gives a new device its tags."""

from dataclasses import replace

import pytest

from anlan.know.places.models import Region
from anlan.watch.devices import profiles
from anlan.watch.devices.actions import save_device
from anlan.watch.devices.forms import DeviceForm
from anlan.watch.devices.models import Device
from tests.cast import ENTERPRISE_A, TOWN

TAGS = {"tags": [{"key": "level", "address": 16}]}
GOOD = {"modbus": {"host": "10.1.2.3", **TAGS}}


@pytest.fixture
def form(cast):
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN)

    def make(settings: str) -> DeviceForm:
        given = {"code": "M-1", "name": "储罐", "profile": "series", "status": "in_service", "region": TOWN}
        return DeviceForm({**given, "settings": settings}, user=cast.system_administrator)

    return make


def test_settings_that_can_be_read_are_taken_and_none_are_none(form):
    assert form('{"modbus": {"host": "10.1.2.3", "tags": [{"key": "level", "address": 16}]}}').is_valid()
    assert form("").is_valid() and form("{}").is_valid()


@pytest.mark.parametrize(
    "settings, words",
    [
        ('{"modbus": {"host": "10.1.2.3", "tags": [{"key": "level"}]}}', "tags[0]: address"),
        ('{"opcua": {"url": "http://x", "tags": []}}', "opc.tcp"),
        ("[1]", "JSON"),
        ("{", "JSON"),
    ],
)
def test_a_slip_is_told_with_its_place(form, settings, words):
    assert words in str(form(settings).errors["settings"])


def test_a_new_device_begins_with_the_tags_of_its_profile(cast, monkeypatch):
    known = profiles.all_profiles()
    with_tags = {**known, "series": replace(known["series"], settings={"modbus": TAGS})}
    monkeypatch.setattr("anlan.watch.devices.actions.all_profiles", lambda: with_tags)
    device = Device(code="M-1", name="储罐", profile="series", region=TOWN, organisation=ENTERPRISE_A)
    save_device(cast.system_administrator, device)
    device.settings["modbus"]["host"] = "10.1.2.3"
    assert device.settings == GOOD and "host" not in TAGS
