"""Who is not registered is seen, and however much is sent, little is made of it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.book import Device, pack_devices
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.quarantine import Bounds, Quarantine, Stranger, headers, of_child, of_token, read
from anlan.telemetry.gateway.tests.test_reception import GATEWAY, GAUGE, NOW, TANK, Desk
from anlan.telemetry.tests.test_book import Point

SECOND = 1_000_000


class Door:
    def __init__(self, **bounds):
        self.intake = Intake(None, 1, Counter())
        self.quarantine = Quarantine(self.intake, Counter(), Bounds(**bounds))

    def met(self, identity="jt808:1", now=NOW, address="10.0.0.1:99", payload=b"frame", **more) -> bool:
        return self.quarantine.met(identity, address, "jt808", payload, now, **more)

    def told(self) -> list[Stranger]:
        return [read(one.headers, one.payload) for one in self.intake.pile.told]


def test_a_stranger_is_told_at_once_with_what_he_sent():
    door = Door()
    assert door.met(words="粤B 12345")
    assert door.told() == [Stranger("jt808:1", "10.0.0.1:99", "jt808", NOW, b"frame", 1, "粤B 12345")]


def test_then_ever_more_seldom_and_counted():
    door = Door()
    kept = [second for second in range(3600) if door.met(now=NOW + second * SECOND)]
    assert kept == [0, 10, 30, 70, 150, 310, 630, 1230, 1830, 2430, 3030]
    assert sum(one.count for one in door.told()) == 3031


def test_a_clock_that_goes_back_silences_nobody():
    door = Door()
    assert door.met() and door.met(now=NOW - 3600 * SECOND)


def test_a_flood_of_invented_names_is_counted_and_not_kept():
    door = Door(newcomers=20, newcomers_a_source=5, remembered=10)
    for number in range(10_000):
        door.met(f"jt808:{number}", NOW + number, address=f"10.0.{number % 9}.1:{number}")
    assert len(door.told()) == 20 and len(door.quarantine._heard) == 10
    assert door.quarantine.counters["strangers_held_back"] == 9_980
    assert len(door.quarantine._sources) <= 9


def test_one_source_does_not_take_the_place_of_all():
    door = Door(newcomers=20, newcomers_a_source=5)
    for number in range(100):
        door.met(f"jt808:{number}")
    assert door.met("jt808:other", address="10.0.0.2:7")


def test_who_was_held_back_is_taken_in_the_next_ten_minutes():
    door = Door(newcomers_a_source=1)
    door.met("jt808:1")
    assert not door.met("jt808:2") and not door.met("jt808:2", NOW + 599 * SECOND)
    assert door.met("jt808:2", NOW + 600 * SECOND)


def test_only_what_would_be_kept_is_wanted():
    door = Door(newcomers=1)
    assert door.quarantine.wants("jt808:1", NOW)
    door.met()
    assert not door.quarantine.wants("jt808:1", NOW + 9 * SECOND) and door.quarantine.wants(
        "jt808:1", NOW + 10 * SECOND
    )
    assert not door.quarantine.wants("jt808:2", NOW)


@given(
    st.builds(
        Stranger,
        st.text(max_size=200),
        st.text(max_size=64),
        st.text(max_size=200),
        st.integers(0, 2**60),
        st.binary(max_size=40),
        st.integers(1, 10**9),
        st.text(max_size=120),
        st.booleans(),
    )
)
def test_a_stranger_is_read_as_he_was_written(stranger):
    said = headers(stranger)
    assert read(said, stranger.payload) == stranger
    assert all(value.isascii() and "\n" not in value and "\r" not in value for value in said.values())


@pytest.mark.parametrize("token, weak", [("", True), ("A1_TEST_TOKEN", True), ("x" * 16, False)])
def test_a_token_is_told_by_its_hash_and_whether_it_is_short(token, weak):
    identity, short = of_token(token)
    assert short is weak and (not token or token not in identity) and len(identity) == 6 + 64


# --- through the reception ----------------------------------------------------------------------------------------
def strangers(desk: Desk) -> list[Stranger]:
    return [read(one.headers, one.payload) for one in desk.intake.pile.told if one.subject == "strangers"]


def test_a_child_nobody_registered_is_kept_alone_and_read_once_it_is():
    desk = Desk()
    sent = {"Gauge A": [{"p": 0.61}], "Gauge 乙": [{"ts": NOW // 1000, "values": {"p": 1, "t": 2}}, {"p": 3}]}
    desk.say("T2", sent, "v1/gateway/telemetry")
    (stranger,) = strangers(desk)
    assert (stranger.identity, stranger.words) == (
        of_child(2, "Gauge 乙"),
        "Gauge 乙",
    ) and b"Gauge A" not in stranger.payload
    registered = Device(4, "Gauge 乙", gateway=2, points=(Point(20, "p"), Point(21, "t")))
    desk.directory.replace_page(0, pack_devices([TANK, GATEWAY, GAUGE, registered]))
    letter = DeadLetter("stranger", "", 2, stranger.address, stranger.topic, stranger.received, stranger.payload)
    assert desk.reception.retry(letter).accepted == 3
    assert [row[0] for row in desk.rows()] == [12, 20, 21, 20]


def test_an_unknown_token_is_seen_and_an_absent_one_only_counted():
    desk = Desk()
    desk.reception.unknown_token("some-token-of-a-device", "1.2.3.4:5", "mqtt", b"", "client 7")
    desk.reception.unknown_token("", "1.2.3.4:5", "mqtt", b"")
    (stranger,) = strangers(desk)
    assert stranger.identity.startswith("token:") and stranger.words == "client 7" and not stranger.weak
    assert desk.reception.counters["unknown_tokens"] == 2
