"""A message of a known form must be taken exactly as the usual way takes it, or go that way."""

import struct

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.book import Device, Point, token_hash
from anlan.telemetry.gateway import forms
from anlan.telemetry.gateway.tests.test_reception import NOW, Desk
from anlan.telemetry.tests.test_book import directory

KEYS = "abcdefgh"
POINTS = tuple(Point(100 + n, key, scale=1.5 if n % 2 else 1.0, low=-50.0, high=50.0) for n, key in enumerate(KEYS))
TANK = Device(1, "tank", token_hash("T1"), points=POINTS)
GATEWAY = Device(2, "gateway", token_hash("T2"), is_gateway=True)
CHILDREN = tuple(
    Device(10 + n, f"C{n}", gateway=2, points=(Point(200 + n, "v"), Point(220 + n, "w"))) for n in range(8)
)
CHILD_TOPIC = "v1/gateway/telemetry"

ODD = (0, -0.0, 0.5, 1e22)
numbers = st.one_of(
    st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(ODD)
)
values = st.lists(numbers, min_size=8, max_size=8)
instants = st.one_of(st.none(), st.integers(-5, 2**54), st.just(NOW // 1000), st.floats(0, 1e13))


def desk() -> Desk:
    return Desk(TANK, GATEWAY, *CHILDREN)


def message(given_values, instant):
    said = dict(zip(KEYS, given_values, strict=True))
    return said if instant is None else {"ts": instant, "values": said}


def taken(one: Desk):
    batch = one.intake.pile.rows.readings()
    letters = [(letter.kind, letter.payload) for letter in one.intake.pile.letters]
    return [column.tolist() for column in (batch.point, batch.ts, batch.quality)], batch.value.tobytes(), letters


def known(one: Desk) -> int:
    return one.reception.counters["messages_of_known_form"]


@given(values, values, instants, instants)
def test_numbers_of_a_known_form_are_read_as_the_usual_way_reads_them(first, second, at_first, at_second):
    quick, usual = desk(), desk()
    usual.reception.forms.learn = lambda *_: None
    for body in (message(first, at_first), message(second, at_second), message(second, at_second)):
        payload = orjson.dumps(body)
        left, right = quick.say("T1", payload), usual.say("T1", payload)
        assert (left.accepted, left.words()) == (right.accepted, right.words())
    assert taken(quick) == taken(usual)
    assert known(usual) == 0


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 20))
def test_a_message_spoilt_anywhere_is_treated_as_if_no_form_were_known(noise, at, cut):
    whole = orjson.dumps(message([1.5, -2, 3e3, 0.25, 5, 6, 7, 8], NOW // 1000))
    spoilt = whole[:at] + noise + whole[at + cut :]
    quick, usual = desk(), desk()
    usual.reception.forms.learn = lambda *_: None
    for one in (quick, usual):
        one.say("T1", whole)
        one.say("T1", spoilt)
    assert taken(quick) == taken(usual)


def test_the_second_message_of_a_form_needs_no_reading():
    one = desk()
    for number in range(3):
        one.say("T1", message([number + n / 4 for n in range(8)], NOW // 1000 + number))
    assert known(one) == 2
    assert one.rows()[8:10] == [(100, NOW + 1000, 1.0, 0), (101, NOW + 1000, 1.875, 0)]


def test_a_gateway_speaks_for_its_children_quickly_too():
    one = desk()
    for number in range(2):
        body = {child.name: [{"ts": NOW // 1000, "values": {"v": number}}, {"w": 2}] for child in CHILDREN}
        assert one.say("T2", body, CHILD_TOPIC).accepted == 16
    assert known(one) == 1
    assert one.presence.changes() and one.presence.seen.keys() >= {child.id for child in CHILDREN}
    assert one.rows()[16:18] == [(200, NOW, 1.0, 0), (220, NOW, 2.0, 0)]


def test_nobody_becomes_a_gateway_by_a_known_form():
    one = desk()
    body = {child.name: [{"v": 1}] for child in CHILDREN}
    for _ in range(3):
        assert one.say("T1", body, CHILD_TOPIC).unreadable
    assert known(one) == 0 and len(one.rows()) == 0


@pytest.mark.parametrize("key, value", [("a", 1e39), ("a", -1e39), ("b", 3e38)])
def test_what_does_not_fit_a_reading_is_a_letter_as_ever(key, value):
    one = desk()
    good = message([1.0] * 8, None)
    one.say("T1", good)
    assert one.say("T1", {**good, key: value}).accepted == 7
    assert [letter[0] for letter in one.letters()] == ["bad-value"]


def test_a_changed_register_makes_old_forms_unknown():
    one = desk()
    body = message([1.0] * 8, None)
    one.say("T1", body)
    points = tuple(Point(300 + n, key) for n, key in enumerate(KEYS))
    moved = Device(1, "tank", token_hash("T1"), points=points)
    pages = directory(moved)
    one.directory.replace_page(0, b"[]")
    for name in ("by_id", "by_token", "by_name", "pages"):
        getattr(one.directory, name).update(getattr(pages, name))
    one.say("T1", body)
    assert [row[0] for row in one.rows()] == [*range(100, 108), *range(300, 308)] and known(one) == 0


def test_a_device_that_never_says_the_same_twice_is_not_learned_for_ever():
    one = desk()
    learned = []
    usual = one.reception.forms.learn
    one.reception.forms.learn = lambda *given: learned.append(usual(*given))
    for number in range(40):
        one.say("T1", b" " * number + orjson.dumps(message([1.0] * 8, None)))
    assert one.reception.forms._count <= forms.KEPT and known(one) == 0
    assert one.reception.forms._wasted[1, "v1/devices/me/telemetry"] == forms.PATIENCE


def test_rows_keep_the_order_of_arrival_whichever_way_they_came():
    one = desk()
    for number in range(6):
        one.say("T1", message([number] * 8, None) if number % 2 else {"a": number})
    assert [row[2] for row in one.rows() if row[0] == 100] == [0, 1, 2, 3, 4, 5]


def test_values_are_the_nearest_32_bit_numbers():
    one = desk()
    for value in (0.1, 16777217, 1.1754943508222875e-38):
        for _ in range(2):
            one.say("T1", message([value] * 8, None))
    assert known(one) == 3  # the last value needs more than a double can tell simply
    stored = one.intake.pile.rows.readings().value[::8][:4].tolist()
    assert stored == [struct.unpack("f", struct.pack("f", value))[0] for value in (0.1, 0.1, 16777217, 16777217)]
