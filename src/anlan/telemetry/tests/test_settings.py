import pytest

from anlan.telemetry import broker, deadletters, settings
from anlan.telemetry.deadletters import DeadLetter


def test_without_any_variable_everything_has_a_default(tmp_path):
    given = settings.load({"ANLAN_HOME": str(tmp_path)})
    assert (given.shards, given.mqtt_port, given.payload_limit, given.device_host) == (1, 1883, 65_536, "127.0.0.1")
    assert given.archive_url == f"sqlite:{tmp_path / 'archive' / 'catalogue.sqlite'}"


@pytest.mark.parametrize("value", ["many", "-1", "0", "9999", "1.5"])
def test_a_wrong_value_stops_the_start_with_its_name_and_a_hint(value):
    with pytest.raises(
        SystemExit, match=rf"ANLAN_SHARDS='{value}' cannot be used: write a whole number from 1 to 1024"
    ):
        settings.load({"ANLAN_SHARDS": value})


@pytest.mark.parametrize(
    "value, heard",
    [("", settings.PROTOCOLS), ("none", ()), ("hj212", ("hj212",)), (" jt808, hj212 ", ("jt808", "hj212"))],
)
def test_protocols_of_frames_are_all_heard_unless_said_otherwise(value, heard):
    assert settings.load({"ANLAN_PROTOCOLS": value}).protocols == set(heard)


def test_a_protocol_nobody_knows_stops_the_start():
    with pytest.raises(SystemExit, match="ANLAN_PROTOCOLS='hj213' cannot be used: write some of gb26875, jt808, hj212"):
        settings.load({"ANLAN_PROTOCOLS": "hj213"})


def test_what_may_hold_a_password_is_not_shown():
    given = settings.load({"ANLAN_NATS_URL": "nats://hidden@x", "ANLAN_ARCHIVE_URL": "postgresql://me:hidden@db/x"})
    assert "hidden" not in repr(given)


def test_the_broker_is_for_this_machine_and_its_token_for_its_owner(tmp_path):
    command = broker.command(tmp_path, 4222)
    written = (tmp_path / "nats" / "nats.conf").read_text()
    token = (tmp_path / "nats" / "token").read_text()
    assert command[1:] == ["-c", str(tmp_path / "nats" / "nats.conf")]
    assert '"127.0.0.1:4222"' in written and "sync_interval: always" in written and len(token) >= 32
    assert broker.url(tmp_path, 4222) == f"nats://{token}@127.0.0.1:4222"
    assert {(tmp_path / "nats" / name).stat().st_mode & 0o777 for name in ("nats.conf", "token")} == {0o600}
    assert broker.command(tmp_path, 4222) == command and broker.url(tmp_path, 4222).count(token) == 1


def test_a_dead_letter_survives_its_headers_whatever_is_in_them():
    letter = DeadLetter("unreadable", "水位: «x»\r\nInjected: 1", 7, "[::1]:9", "v1/设备\n", 5, b"\x00\xff", 3)
    said = deadletters.headers(letter)
    assert all("\n" not in value and value.isascii() for value in said.values())
    assert deadletters.read("deadletters.unreadable", said, b"\x00\xff") == letter
    assert deadletters.read("deadletters.unreadable", None, b"x").device is None
