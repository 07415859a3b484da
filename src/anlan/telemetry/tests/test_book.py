import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.columns import page
from anlan.telemetry.book import (
    Device,
    Directory,
    Point,
    Rule,
    device_page,
    pack_devices,
    pack_rules,
    secret_hash,
    token_hash,
    unpack_devices,
)

TANK = Device(1, "储罐", token_hash("T1"), points=(Point(10, "level", 0.001, 2.0, "m", 0.0, 20.0), Point(11, "o2")))
GATEWAY = Device(2, "网关", token_hash("T2"), is_gateway=True)
GAUGE = Device(3, "Gauge A", gateway=2, points=(Point(12, "p"),))


def directory(*devices: Device) -> Directory:
    made = Directory()
    for number in {device_page(device.id) for device in devices}:
        made.replace_page(number, pack_devices(one for one in devices if device_page(one.id) == number))
    return made


def test_devices_survive_the_page():
    assert unpack_devices(pack_devices([GAUGE, TANK, GATEWAY])) == [TANK, GATEWAY, GAUGE]
    assert unpack_devices(b"") == []


def test_a_page_holds_no_token():
    assert b"T1" not in pack_devices([TANK])


def test_a_device_is_found_by_token_and_a_child_by_its_gateway_and_name():
    register = directory(TANK, GATEWAY, GAUGE)
    assert register.device_of("T1").points["level"] == (10, 0.001, 2.0, 0.0, 20.0)
    assert register.device_of("T9") is None and register.device_of("") is None
    assert register.child(2, "Gauge A").id == 3
    assert register.child(1, "Gauge A") is None and register.child(2, "Gauge B") is None


def test_a_page_replaced_forgets_old_tokens_and_names():
    register = directory(TANK, GATEWAY, GAUGE)
    register.replace_page(0, pack_devices([Device(1, "储罐", token_hash("NEW")), GATEWAY]))
    assert register.device_of("T1") is None and register.device_of("NEW").id == 1
    assert register.child(2, "Gauge A") is None and set(register.by_id) == {1, 2}
    register.replace_page(0, b"")
    assert register.by_id == register.by_token == register.by_name == {}


def test_a_token_that_moved_to_another_page_stays_with_its_new_device():
    register = directory(TANK)
    register.replace_page(2, pack_devices([Device(600, "新", token_hash("T1"))]))
    register.replace_page(0, b"")
    assert register.device_of("T1").id == 600


@pytest.mark.parametrize(
    "wrong, word",
    [
        (dict(kind="X"), "kind"),
        (dict(kind="H", level=0), "level"),
        (dict(kind="H", limit=float("nan")), "numbers"),
        (dict(kind="H", on_delay=-1), "negative"),
        (dict(kind="SILENCE"), "silence"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_number(wrong, word):
    with pytest.raises(ValueError, match=f"rule 7.*{word}"):
        Rule(7, 5, **wrong)


def test_a_page_of_rules_is_columns_in_the_kernels_units():
    columns, meta = page.unpack(
        pack_rules(0, 3, [Rule(2, 9, "HH", 20, 1, 0.5, 3, 1), Rule(1, 5, "SILENCE", silence=60)])
    )
    assert meta == {"kind": "rulebook", "page": 0, "version": 3}
    assert columns["rule"].tolist() == [1, 2] and columns["kind"].tolist() == [4, 3]
    assert columns["on_delay"].tolist() == [0, 500_000] and columns["silence"].tolist() == [60_000_000, 0]
    with pytest.raises(ValueError, match="outside page 0"):
        pack_rules(0, 1, [Rule(1, 4096, "H", 1)])
    with pytest.raises(ValueError, match="twice"):
        pack_rules(0, 1, [Rule(1, 5, "H", 1), Rule(1, 6, "H", 1)])


@given(
    st.lists(st.builds(Device, id=st.integers(0, 700), name=st.text(max_size=5), gateway=st.none() | st.integers(0, 3)))
)
def test_whatever_pages_come_the_register_holds_just_their_devices(devices):
    devices = list({device.id: device for device in devices}.values())
    assert set(directory(*devices).by_id) == {device.id for device in devices}


def test_a_device_is_found_by_what_it_says_it_is_and_not_when_that_moved_to_another():
    station = Device(7, "站", identity="hj212:M1", secret_hash=secret_hash("hj212:M1", "123456"), settings={"crc": "m"})
    register = directory(station)
    known = register.by_identity["hj212:M1"]
    assert (known.id, known.settings, known.secret_hash) == (7, {"crc": "m"}, station.secret_hash)
    register.replace_page(1, pack_devices([Device(256, "新站", identity="hj212:M1")]))
    register.replace_page(0, b"")
    assert register.by_identity["hj212:M1"].id == 256
    register.replace_page(1, b"")
    assert register.by_identity == {}


def test_two_devices_with_one_password_do_not_show_that_they_have_it():
    assert secret_hash("hj212:M1", "123456") != secret_hash("hj212:M2", "123456")
    assert b"123456" not in pack_devices([Device(7, "站", secret_hash=secret_hash("hj212:M1", "123456"))])
