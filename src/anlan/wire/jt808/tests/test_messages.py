import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.jt808 import downlink, frames, messages, position
from anlan.wire.jt808.frames import Edition, Frame
from anlan.wire.jt808.tests.captures import (
    AUTHENTICATE_2013,
    AUTHENTICATE_2019,
    BATCH_2013,
    NOON,
    PHONE,
    POSITION_2013,
    POSITION_2019,
    REGISTER_2013,
    REGISTERED,
)
from anlan.wire.samples import SECOND, UNFIT, Samples, local_instant

NEW = Edition(True, 1)
BODY = struct.pack(">IIIIHHH6s", 0, 3, 28_683_200, 115_857_962, 22, 653, 125, bytes.fromhex("260105093015"))


def values(body: bytes, **given) -> dict[str, float]:
    said = position.read(body, Samples(), **given)
    assert not said.fault
    return dict(zip(said.samples.key, said.samples.value, strict=True))


def item(number: int, value: bytes) -> bytes:
    return BODY + bytes((number, len(value))) + value


def test_a_terminal_registers_and_is_given_a_code():
    frame = frames.decode(REGISTER_2013)
    asked = messages.registration(frame.body, frame.edition)
    assert asked == (36, 100, "70111", "JX-VT20", "WS00042", 2, "赣A5R318", 2013)
    answer = Frame(messages.REGISTERED, PHONE, 1, messages.registered(frame.serial, messages.OK, "K9f27e"))
    assert frames.encode(answer) == [REGISTERED]
    assert messages.registered(1, messages.NO_TERMINAL, "K9f27e") == b"\x00\x01\x04"


def test_the_three_editions_of_a_registration_are_told_apart():
    head, plate = struct.pack(">HH", 36, 100), "赣A5R318".encode("gbk")
    old = head + b"70111" + b"JX-VT20\0" + b"WS00042" + b"\x02" + plate
    with_vin = head + b"70111" + b"JX-VT20\0" + b"WS00042" + b"\x00" + b"LSVAM4187C2184847"
    new = head + b"70111".ljust(11, b"\0") + b"V3".ljust(30, b"\0") + b"T1".ljust(30, b"\0") + b"\x01" + plate
    assert messages.registration(old, Edition())[3:] == ("JX-VT20", "WS00042", 2, "赣A5R318", 2011)
    assert messages.registration(with_vin, Edition())[4:] == ("WS00042", 0, "LSVAM4187C2184847", 2011)
    assert messages.registration(new, NEW)[2:] == ("70111", "V3", "T1", 1, "赣A5R318", 2019)
    with pytest.raises(ValueError):
        messages.registration(b"\0" * 20, Edition())


OF_OTHERS = {
    # What two published encoders write, by their own documents: go-jt808 (a Go module), jt-framework (Maven Central).
    "7e010000300000000000010001001f006e63643132337777772e3830382e636f6d0000000000000000003736353433323101b2e2413132333435"
    "363738797e": ("1", 2013, 31, 110, "cd123", "www.808.com", "7654321", 1, "测A12345678"),
    "7e0100405601000000000139123443290000000b0002696431323334353637383974797065313233343536373839303132333435363738"
    "393031323334353669643132333435363738393031323334353637383930313233343536373801b8ca4a2d313233343539517e": (
        *("13912344329", 2019, 11, 2, "id123456789", "type12345678901234567890123456"),
        *("id1234567890123456789012345678", 1, "甘J-123459"),
    ),
}


@pytest.mark.parametrize("raw, said", OF_OTHERS.items())
def test_a_registration_that_another_encoder_wrote_is_read(raw, said):
    one = frames.splitter()
    (piece,) = one.feed(bytes.fromhex(raw))
    frame = frames.decode(piece.data)
    found = messages.registration(frame.body, frame.edition)
    told = (found.edition, found.province, found.city, found.maker, found.model, found.terminal, found.colour)
    assert (frame.phone, *told, found.plate) == said


def test_the_code_is_read_in_both_editions_and_bare_in_a_header_of_2019():
    for raw in (AUTHENTICATE_2013, AUTHENTICATE_2019):
        frame = frames.decode(raw)
        assert messages.authentication(frame.body, frame.edition).code == "K9f27e"
    assert messages.authentication(frames.decode(AUTHENTICATE_2019).body, NEW)[1:] == ("860123456789012", "V2.4.1")
    assert messages.authentication(b"K9f27e", NEW) == ("K9f27e", "", "")
    assert messages.authentication(b"", NEW).code == ""


def test_a_position_is_read_with_its_items():
    said = position.read(frames.decode(POSITION_2013).body, Samples())
    assert set(said.samples.ts) == {NOON} and not said.unknown and set(said.samples.quality) == {0}
    read = dict(zip(said.samples.key, said.samples.value, strict=True))
    assert read == {
        "alarm.low": 2, "alarm.high": 0, "status": 0xC0003, "lon": 115.857962, "lat": 28.6832, "altitude": 22,
        "speed": 65.3, "direction": 125, "mileage": pytest.approx(125.6), "signal": 25, "satellites": 12,
    }  # fmt: skip


def test_fatigue_behind_the_wheel_begins_at_its_own_time():
    said = position.read(frames.decode(POSITION_2019).body, Samples())
    at = local_instant(2026, 1, 5, 9, 30, 12)
    assert said.samples.rows()[-2:] == [("", "dsm.1", at, 2.0, 0), ("", "dsm.fatigue", at, 6.0, 0)]


def test_a_batch_holds_positions_of_earlier_times():
    said = position.batch(frames.decode(BATCH_2013).body, Samples())
    assert not said.fault and said.samples.key.count("lon") == 2
    assert set(said.samples.ts) == {local_instant(2026, 1, 5, 9, 29, 0)}


@pytest.mark.parametrize("cut", [1, 2, 30, 31, 62])
def test_of_a_damaged_batch_what_stands_before_the_damage_is_taken(cut):
    body = frames.decode(BATCH_2013).body
    said = position.batch(body[:-cut], Samples())
    assert said.fault and said.samples.key.count("lon") == (1 if cut <= 30 else 0)
    assert "behind the last" in position.batch(body + b"x", Samples()).fault


def test_south_and_west_are_negative():
    south_west = struct.pack(">IIIIHHH6s", 0, 3 | 4 | 8, 1_000_000, 2_000_000, 0xFFFE, 0, 0, bytes(6))
    read = values(south_west)
    assert (read["lat"], read["lon"], read["altitude"]) == (-1, -2, -2)


@pytest.mark.parametrize("status, lat", [(0, 1), (3 | 32, 1), (3, 90_000_001)])
def test_a_place_without_fix_encrypted_or_impossible_is_unfit_and_the_alarms_are_not(status, lat):
    body = struct.pack(">IIIIHHH6s", 1, status, lat, 1, 0, 0, 0, bytes.fromhex("260105093015"))
    said = position.read(body, Samples())
    doubt = dict(zip(said.samples.key, said.samples.quality, strict=True))
    assert doubt["lon"] == doubt["speed"] == UNFIT and doubt["alarm.low"] == 0


def test_all_alarm_bits_survive_in_two_halves():
    body = struct.pack(">II", 0xFFFF_FFFF, 0xFFFF_FFFF) + BODY[8:]
    read = values(body)
    assert (read["alarm.low"], read["alarm.high"], read["status"]) == (0xFFFF, 0xFFFF, (1 << 23) - 1)


def test_a_clock_that_is_not_set_gives_no_time():
    said = position.read(BODY[:22] + bytes(6), Samples())
    assert set(said.samples.ts) == {None}
    assert position.instant(bytes.fromhex("2601050930ff")) is None


@pytest.mark.parametrize(
    "number, value, expected",
    [
        (0x02, b"\x01\xf4", {"fuel": 50}),
        (0x06, b"\x00\x05", {"cabin_temperature": 5}),
        (0x11, b"\x00", {"overspeed_area": 0}),
        (0x11, b"\x01\0\0\0\x07", {"overspeed_area": 7}),
        (0x12, b"\x01\0\0\0\x07\x01", {"area": -7}),
        (0x13, b"\0\0\0\x07\x00\x1e\x00", {"section_seconds": -30}),
        (0x15, b"\x80\0\0\x01", {"video.lost.low": 1, "video.lost.high": 0x8000}),
        (0x18, b"\0\x01\x32", {"video.driving": 1, "video.fatigue": 50}),
        (0x2B, b"\0\x02\0\x01", {"analogue.0": 1, "analogue.1": 2}),
        (0x05, b"\x20" + b"\xff" * 29, {"tyre.1.pressure": 32}),
    ],
)
def test_items_have_their_meaning(number, value, expected):
    read = values(item(number, value))
    assert {key: read[key] for key in expected} == pytest.approx(expected)


def test_a_temperature_below_zero_is_written_in_two_ways():
    assert values(item(0x06, b"\xff\xfb"))["cabin_temperature"] == -5
    assert values(item(0x06, b"\x80\x05"), sign_and_magnitude=True)["cabin_temperature"] == -5


def safety(number: int, state: int, mark: int = 16) -> bytes:
    when, place = bytes.fromhex("260105093012"), bytes(10)
    if number in (0x64, 0x65):
        value = struct.pack(">IBBBB4xB", 1, state, 3, 2, 0, 60) + place + when + bytes(2 + mark)
    elif number == 0x67:
        value = struct.pack(">IBBB", 1, state, 2, 60) + place + when + bytes(2 + mark)
    else:
        wheels = struct.pack(">BHHhH", 4, 6, 700, -3, 90)
        value = struct.pack(">IBB", 1, state, 60) + place + when + bytes(2 + mark) + b"\x01" + wheels
    return item(number, value)


@pytest.mark.parametrize("mark", [16, 40])
@pytest.mark.parametrize(
    "number, key, level", [(0x64, "adas.3", 2), (0x65, "dsm.3", 2), (0x66, "tyre.4", 6), (0x67, "bsd.2", 1)]
)
def test_active_safety_begins_and_ends_in_both_lengths_of_its_mark(number, key, level, mark):
    assert values(safety(number, 1, mark))[key] == level
    assert values(safety(number, 2, mark))[key] == 0


def test_an_alarm_without_duration_is_a_pulse():
    rows = [row for row in position.read(safety(0x64, 0), Samples()).samples.rows() if row[1] == "adas.3"]
    assert [row[3] for row in rows] == [2.0, 0.0] and rows[1][2] - rows[0][2] == SECOND


def test_a_tyre_tells_its_pressure_temperature_and_battery():
    read = values(safety(0x66, 1))
    assert [read[f"tyre.4.{what}"] for what in ("pressure", "temperature", "battery")] == [700, -3, 90]


@pytest.mark.parametrize(
    "number, value", [(0xEB, b"\1\2"), (0x01, b"\1"), (0x64, bytes(46)), (0x66, bytes(41) + b"\1"), (0x05, b"\1")]
)
def test_items_nobody_knows_are_named_and_the_others_are_read(number, value):
    said = position.read(item(number, value) + b"\x30\x01\x19", Samples())
    assert said.samples.key[-1] == "signal" and said.samples.value[-1] == 25
    assert said.unknown == [f"item.{number:02X}"]


def test_an_item_that_is_cut_off_spoils_only_itself():
    said = position.read(BODY + b"\x30\x01\x19\x01\x04\x00", Samples())
    assert said.fault == "the item at byte 31 is cut off" and said.samples.key[-1] == "signal"
    assert position.read(BODY[:27], Samples()).fault and len(position.read(BODY[:27], Samples()).samples) == 0


def test_the_servers_time_alone_is_utc():
    assert messages.server_time(NOON) == bytes.fromhex("260105013015")
    assert messages.bcd_time(NOON) == bytes.fromhex("260105093015")


def test_missing_parts_are_counted_in_a_byte_or_a_word():
    assert messages.missing_parts(10, [1, 2], Edition()) == bytes.fromhex("000a0200010002")
    assert messages.missing_parts(10, [1, 2], NEW) == bytes.fromhex("000a000200010002")


def test_what_a_terminal_answers_is_read():
    assert messages.answered(messages.common(7, 0x8300, 0)) == (7, 0x8300, 0)
    told = messages.told(messages.PARAMETERS, bytes.fromhex("00070100000029040000001e"), Edition())
    assert (told.serial, told.said) == (7, {"0029": 30})
    located = messages.told(messages.POSITION_ASKED, b"\0\7" + BODY, Edition())
    assert (located.serial, located.position) == (7, BODY)
    attributes = struct.pack(">H5s20s7s10s", 1, b"70111", b"VT20", b"WS00042", bytes.fromhex("89860000000000000001"))
    told = messages.told(messages.ATTRIBUTES, attributes + b"\x02H1\x02F1\x00\x00", Edition())
    assert told.said == {
        "type": 1, "maker": "70111", "model": "VT20", "terminal": "WS00042", "iccid": "89860000000000000001",
        "hardware": "H1", "firmware": "F1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "message, body", [(0x0001, b"\0"), (0x0104, b"\0\1\1\0\0\0\x29\4\0"), (0x0107, b"\0"), (0x0201, b"")]
)
def test_an_answer_that_is_cut_off_says_so(message, body):
    with pytest.raises(ValueError):
        messages.answered(body) if message == 1 else messages.told(message, body, Edition())


def test_a_text_is_flagged_as_its_edition_has_it():
    assert downlink.order("text", {"text": "减速", "urgent": True}, Edition())[1] == b"\x0d" + "减速".encode("gbk")
    assert downlink.order("text", {"text": "减速", "urgent": True}, NEW)[1] == b"\x0e\x01" + "减速".encode("gbk")
    assert downlink.order("track", {"interval": 0}, NEW)[1] == b"\0\0"
    assert downlink.order("confirm_alarm", {}, NEW)[1].hex() == "000018700009"


@pytest.mark.parametrize(
    "name, given_",
    [("text", {}), ("text", {"text": "😀"}), ("track", {}), ("track", {"interval": "x"}),
     ("read_parameters", {"ids": []}), ("fly", {}), ("set_interval", {"seconds": 0})],
)  # fmt: skip
def test_an_order_that_makes_no_sense_is_refused(name, given_):
    with pytest.raises(ValueError):
        downlink.order(name, given_, NEW)


@given(st.binary(max_size=400), st.sampled_from((Edition(), NEW)), st.sampled_from((0x0104, 0x0107, 0x0201, 0x0500)))
def test_no_body_breaks_a_reader(body, edition, message):
    position.read(body, Samples())
    position.read(BODY + body, Samples())
    position.batch(body, Samples())
    messages.authentication(body, edition)
    for read in (messages.registration, lambda b, e: messages.told(message, b, e), lambda b, e: messages.answered(b)):
        try:
            read(body, edition)
        except ValueError:
            continue
