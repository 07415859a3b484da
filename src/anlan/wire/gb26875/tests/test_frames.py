"""Captures are made from the worked examples of the protocol's sheet, whose sums were checked apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.gb26875 import downlink, frames, objects
from anlan.wire.gb26875.frames import ANSWER, CONFIRM, CONTROL, SEND, Frame, Variant
from anlan.wire.samples import local_instant
from anlan.wire.splitting import BETWEEN, CUT_OFF, Piece

FIRE = bytes.fromhex(
    "40400201 0100 0f1e0905011a d4c3b2a10000 640000000000 3000 02 02010107 17 15000200 0200"
    "33bac5bfe2c7f8b6abc3c5cad6b1a8 00000000000000000000000000000000 0c1e0905011a 5c2323"
)
HEIGHT = bytes.fromhex(
    "4040090001000f1e0905011ad4c3b2a100006400000000001200020301 0b015c050000 0002f1ff0f1e0905011a7b2323"
)
CONFIRMED = bytes.fromhex("404002010100101e0905011a640000000000d4c3b2a100000000 03ac2323")
CLOCK_SET = bytes.fromhex("404001000100001f0905011a640000000000d4c3b2a100000800015a01001f0905011a442323")
POST_CHECK = bytes.fromhex("40400200010000200905011a640000000000d4c3b2a100000300015b010a042323")
UNIT, CENTRE = 0xA1B2C3D4, 0x64
NOON = local_instant(2026, 1, 5, 9, 30, 15)


def split(data: bytes, *, ended: bool = True, **given) -> list[Piece]:
    one = frames.splitter(**given)
    return one.feed(data) + (one.end() if ended else [])


def good(data: bytes) -> list[bytes]:
    return [piece.data for piece in split(data) if not piece.fault]


def sent(kind: int, objects_: bytes, count: int = 1, serial: int = 1) -> bytes:
    return frames.encode(Frame(serial, UNIT, CENTRE, SEND, bytes((kind, count)) + objects_), NOON)


def test_a_fire_is_read_with_its_place_and_time():
    (piece,) = split(FIRE)
    frame = frames.decode(piece.data)
    assert (frame.serial, frame.source, frame.destination, frame.command) == (0x0102, UNIT, CENTRE, SEND)
    said = objects.read(frame.data, frame.sent)
    fire = ("1.7.00020015", "state", local_instant(2026, 1, 5, 9, 30, 12), 2.0, 0)
    assert said.samples.rows() == [fire] and said.facts == {"place.1.7.00020015": "3号库区东门手报"}


def test_a_negative_height_is_in_metres():
    said = objects.read(frames.decode(HEIGHT).data, None)
    assert said.samples.rows() == [("11.1.00000005", "analogue.2", NOON, -0.15, 0)]


def test_answers_and_orders_are_made_to_the_byte():
    asked = frames.decode(FIRE)
    at = local_instant(2026, 1, 5, 9, 30, 16)
    assert frames.encode(frames.answer(asked, CONFIRM), at) == CONFIRMED
    noon = local_instant(2026, 1, 5, 9, 31, 0)
    for name, serial, when, capture in (
        ("set_clock", 1, noon, CLOCK_SET),
        ("post_check", 2, local_instant(2026, 1, 5, 9, 32, 0), POST_CHECK),
    ):
        command, data = downlink.order(name, {}, when)
        assert command == CONTROL
        assert frames.encode(Frame(serial, CENTRE, UNIT, command, data), when) == capture


@pytest.mark.parametrize("name", sorted(downlink.ORDERS))
def test_every_order_says_its_type_and_one_object(name):
    given_ = {"system_type": 1, "system_address": 7, "component": "20015", "records": 3, "minutes": 5, "since": NOON}
    command, data = downlink.order(name, given_, NOON)
    assert data[0] == downlink.ORDERS[name].type and data[1] == 1 and command in (1, 4)


@pytest.mark.parametrize(
    "name, parameters",
    [
        ("explode", {}),
        ("read_system", {}),
        ("read_system", {"system_type": 256, "system_address": 1}),
        ("read_component", {"system_type": 1, "system_address": 1, "component": "123456789"}),
        ("post_check", {"minutes": 0}),
        ("read_unit_operations", {"records": 103}),
        ("read_unit_operations", {"since": "now"}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(name, parameters):
    with pytest.raises(ValueError):
        downlink.order(name, parameters, NOON)


def test_frames_run_together_and_cut_anywhere_are_all_read():
    stream = FIRE + HEIGHT + CONFIRMED
    for cut in range(len(stream)):
        one = frames.splitter()
        assert [p.data for p in one.feed(stream[:cut]) + one.feed(stream[cut:])] == [FIRE, HEIGHT, CONFIRMED]
    one = frames.splitter()
    assert [p.data for byte in stream for p in one.feed(bytes((byte,)))] == [FIRE, HEIGHT, CONFIRMED]


@pytest.mark.parametrize("noise", [b"@", b"@@", b"##", b"@@@@@@", b"\0" * 3000, b"@@" * 700, FIRE[:-1], FIRE[5:]])
def test_noise_before_a_frame_is_kept_with_a_reason_and_the_frame_is_read(noise):
    pieces = split(noise + HEIGHT)
    assert [p.data for p in pieces if not p.fault] == [HEIGHT]
    assert b"".join(p.data for p in pieces) == noise + HEIGHT


def test_a_wrong_sum_is_no_frame_but_can_be_denied_once():
    spoilt = FIRE[:40] + b"\xff" + FIRE[41:]
    (piece,) = split(spoilt, ended=False)
    assert piece.fault == frames.SUM
    asked = frames.deniable(piece.data)
    assert (asked.serial, asked.source) == (0x0102, UNIT)
    assert frames.deniable(piece.data[:-1]) is None and frames.deniable(b"@@") is None


def test_a_length_over_1024_is_not_waited_for():
    spoilt = bytearray(FIRE)
    spoilt[24:26] = b"\x01\x04"
    assert good(bytes(spoilt) + HEIGHT) == [HEIGHT]


def test_marks_inside_the_data_end_nothing():
    inside = sent(26, b"\x08@@##@@##")
    assert good(inside + FIRE) == [inside, FIRE]


def test_a_silent_line_gives_up_what_waits():
    one = frames.splitter()
    assert one.feed(FIRE[:30]) == []
    assert [p.fault for p in one.end()] == [CUT_OFF] and len(one) == 0
    assert one.feed(FIRE) == [Piece(FIRE)]


def test_twenty_two_components_fill_one_frame():
    one = bytes((1, 7, 23, 1, 0, 0, 0, 1, 0)) + "一号楼".encode("gb18030").ljust(31, b"\0") + frames.clock(NOON)
    frame = frames.decode(split(sent(2, one * 22, 22))[0].data)
    assert len(frame.data) == 1014 and len(objects.read(frame.data, None).samples) == 22


@pytest.mark.parametrize(
    "kind, body, count",
    [
        (1, bytes((1, 7, 2, 0)), 1),  # without time
        (3, bytes((1, 7, 25, 1, 0, 0, 0, 3, 20, 0)), 1),
        (4, bytes((1, 7, 1, 9)), 1),
        (21, b"\x03", 1),
        (21, b"\x03" + frames.clock(NOON) + frames.clock(NOON), 1),  # one time more
    ],
)
def test_objects_without_a_time_or_with_one_more_are_read(kind, body, count):
    said = objects.read(bytes((kind, count)) + body, NOON)
    assert not said.fault and said.samples.ts == [NOON]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x02", b"\x02\x00", b"\x02\x17" + bytes(46 * 23), b"\x01\x02" + bytes(11), b"\x1f\x01\x00", b"\x80\x01\x00",
     b"\x06\x01\x01\x07\x09abc", b"\x1a\x01\x02abcde"],
)  # fmt: skip
def test_what_does_not_fit_is_kept_raw_with_the_reason(data):
    said = objects.read(data, NOON)
    assert said.fault and not len(said.samples) and not said.facts


def test_texts_versions_and_the_units_clock_are_facts():
    facts = {}
    for kind, body in (
        (5, b"\x01\x07\x02\x05"),
        (6, b"\x01\x07\x06" + "主机".encode("gb18030") + b"\0\0"),
        (7, b"\x01\x07\x17\x15\0\x02\0" + "手报".encode("gb18030").ljust(31, b"\0")),
        (25, b"\x03\x01"),
        (26, b"\x02v1"),
    ):
        facts |= objects.read(bytes((kind, 1)) + body, None).facts
    assert facts == {
        "version.1.7": "2.5", "configuration.1.7": "主机", "place.1.7.00020015": "手报", "version": "3.1",
        "configuration": "v1",
    }  # fmt: skip
    assert objects.read(b"\x1c\x01" + frames.clock(NOON), None).unit_time == NOON


def test_an_impossible_time_is_replaced_by_that_of_the_frame():
    said = objects.read(b"\x15\x01\x03" + bytes((61, 0, 0, 31, 2, 26)), NOON)
    assert said.samples.ts == [NOON]
    assert frames.instant(bytes((0, 0, 0, 1, 1, 100))) is None


@pytest.mark.parametrize(
    "address, name", [("hex", "00020015"), ("number", "131093"), ("loop", "21-2"), ("parts", "21-0-2-0")]
)
def test_a_components_address_is_written_as_its_device_has_it(address, name):
    how = frames.variant({"component_address": address})
    assert objects.component(frames.decode(FIRE).data[2:], how) == f"1.7.{name}"


@pytest.mark.parametrize(
    "how",
    [Variant(serial_high_first=True), Variant(length_high_first=True), Variant(bcd_times=True),
     Variant(sum_with_start=True)],
)  # fmt: skip
def test_a_variant_is_read_only_when_the_devices_settings_say_so(how):
    asked = Frame(0x0102, UNIT, CENTRE, SEND, b"\x15\x01\x03" + frames.clock(NOON, how))
    raw = frames.encode(asked, NOON, how)
    (piece,) = split(raw, variant_of=lambda address: how)
    read = frames.decode(piece.data, how)
    assert (read.serial, read.source, read.sent) == (0x0102, UNIT, NOON)
    assert objects.read(read.data, None, how).samples.ts == [NOON]
    assert [p for p in split(raw) if not p.fault] == [] or frames.decode(raw) != read


def test_settings_of_the_wrong_type_are_as_the_standard_has_it():
    assert frames.variant({"bcd_times": "yes", "component_address": 3, "colour": 1}) == frames.STANDARD


@given(
    st.integers(0, 65535), st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1), st.sampled_from((SEND, ANSWER)),
    st.binary(max_size=1024), st.integers(946_684_800, 4_070_908_800),
)  # fmt: skip
def test_what_is_encoded_is_decoded(serial, source, destination, command, data, second):
    frame = Frame(serial, source, destination, command, data)
    (piece,) = split(frames.encode(frame, second * 1_000_000))
    read = frames.decode(piece.data)
    assert read == Frame(serial, source, destination, command, data, second * 1_000_000)


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from((FIRE, HEIGHT, CONFIRMED, b"@@", b"##", FIRE[:50])))),
       st.integers(1, 200))  # fmt: skip
def test_no_stream_breaks_the_splitter_loses_a_byte_or_fills_it(parts, step):
    stream, one, pieces = b"".join(parts), frames.splitter(), []
    for at in range(0, len(stream), step):
        pieces += one.feed(stream[at : at + step])
        assert len(one) <= frames.LONGEST
    pieces += one.end()
    assert b"".join(piece.data for piece in pieces) == stream and len(one) == 0
    for piece in pieces:
        if not piece.fault:
            objects.read(frames.decode(piece.data).data, None)


@given(st.binary(max_size=300), st.sampled_from(sorted(objects.LAYOUTS)), st.integers(0, 30))
def test_no_application_data_breaks_the_reader(body, kind, count):
    said = objects.read(bytes((kind, count)) + body, NOON)
    assert not (said.fault and len(said.samples))


def test_bytes_between_frames_say_so():
    assert split(b"hello" + FIRE)[0] == Piece(b"hello", BETWEEN)
