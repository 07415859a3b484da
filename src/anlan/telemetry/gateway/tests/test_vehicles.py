import asyncio
from pathlib import Path

import pytest

from anlan.telemetry.book import Device, Point, secret_hash
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway import vehicles
from anlan.telemetry.gateway.tests.lines import Line, lived
from anlan.telemetry.gateway.vehicles import Vehicle, code_of
from anlan.wire.jt808 import frames, messages
from anlan.wire.jt808.frames import Edition, Frame
from anlan.wire.jt808.tests.captures import (
    AUTHENTICATE_2013,
    BATCH_2013,
    HEARTBEAT_2019,
    NOON,
    PHONE,
    POSITION_2013,
    POSITION_2019,
    REGISTER_2013,
)

IDENTITY = f"jt808:{PHONE}"
POINTS = (Point(10, "lon"), Point(11, "lat"), Point(12, "alarm.low"), Point(13, "dsm.1"))
TRUCK = Device(1, "赣A5R318", identity=IDENTITY, points=POINTS)
OLD, NEW = Edition(), Edition(True, 1)


@pytest.fixture
def line(tmp_path: Path):
    return lambda *devices: Line(Vehicle, "jt808", NOON + 5_000_000, tmp_path, *(devices or (TRUCK,)))


def said(raw: bytes) -> Frame:
    (piece,) = [one for one in frames.splitter().feed(raw) if not one.fault]
    return frames.decode(piece.data)


def results(answers: list[bytes]) -> list[tuple[int, int, int]]:
    """(serial, message, result) of each general answer."""
    return [tuple(messages.answered(said(one).body)) for one in answers]


def message(number: int, body: bytes = b"", serial: int = 1, edition: Edition = OLD) -> bytes:
    return b"".join(frames.encode(Frame(number, PHONE, serial, body, edition)))


def authenticated(one: Line) -> Line:
    code = code_of(one.room.home, IDENTITY)
    assert results(one.say(message(messages.AUTHENTICATE, code.encode()))) == [(1, messages.AUTHENTICATE, 0)]
    return one


def test_a_terminal_registers_authenticates_and_is_heard(line):
    one = line()
    answer = said(one.say(REGISTER_2013)[0])
    assert (answer.id, answer.body[:3]) == (messages.REGISTERED, b"\0\1\0")
    assert one.presence.state == {}
    code = answer.body[3:]
    assert results(one.say(message(messages.AUTHENTICATE, code, 2))) == [(2, messages.AUTHENTICATE, 0)]
    assert one.presence.state == {1: 1}
    assert one.say(POSITION_2013) == []
    assert [row[:3] for row in one.rows()] == [(12, NOON, 2.0), (10, NOON, 115.858), (11, NOON, 28.6832)]
    assert results(one.safe()) == [(0x7D7E, messages.POSITION, 0)]


def test_nothing_is_taken_before_the_code_and_a_wrong_one_ends_the_link(line):
    one = line()
    assert results(one.say(POSITION_2013)) == [(0x7D7E, messages.POSITION, 1)]
    assert one.rows() == [] and one.counted("unauthenticated") == 1
    for _ in range(5):
        assert results(one.say(AUTHENTICATE_2013)) == [(2, messages.AUTHENTICATE, 1)]
    assert one.transport.closed and one.counted("wrong_codes") == 5


def test_the_code_outlives_the_process_and_is_no_other_terminals(line, tmp_path):
    one = line()
    code = code_of(one.room.home, IDENTITY)
    vehicles._key.cache_clear()
    assert code_of(one.room.home, IDENTITY) == code != code_of(one.room.home, "jt808:2")
    assert (tmp_path / "gateway" / "registration-key").stat().st_mode & 0o777 == 0o600


def test_a_code_set_by_hand_is_told_to_nobody_and_alone_counts(line):
    one = line(Device(1, "赣A5R318", identity=IDENTITY, secret_hash=secret_hash(IDENTITY, "K9f27e"), points=POINTS))
    assert said(one.say(REGISTER_2013)[0]).body == b"\0\1\3"
    assert results(one.say(message(messages.AUTHENTICATE, code_of(one.room.home, IDENTITY).encode())))[0][2] == 1
    assert results(one.say(AUTHENTICATE_2013)) == [(2, messages.AUTHENTICATE, 0)]


@pytest.mark.parametrize(
    "settings, result", [({"plate": "赣A00000"}, 2), ({"terminal": "X"}, 4), ({"plate": "赣A5R318"}, 0)]
)
def test_a_registration_must_say_what_the_register_expects(line, settings, result):
    one = line(Device(1, "赣A5R318", identity=IDENTITY, settings=settings))
    assert said(one.say(REGISTER_2013)[0]).body[2] == result


def test_who_is_not_registered_is_told_so_and_to_the_desk(line):
    one = line(Device(1, "other", identity="jt808:1"))
    assert said(one.say(REGISTER_2013)[0]).body == b"\0\1\4"
    assert results(one.say(POSITION_2013))[0][2] == 1
    assert one.strangers() == [IDENTITY] and one.rows() == [] and one.presence.state == {}


def test_the_code_of_a_stranger_is_not_kept(line):
    one = line(Device(1, "other", identity="jt808:1"))
    one.say(AUTHENTICATE_2013)
    assert [told.payload for told in one.intake.pile.told] == [b""]


def test_the_editions_of_2019_and_2013_are_answered_in_kind(line):
    one = authenticated(line())
    answer = said(one.say(HEARTBEAT_2019)[0])
    assert answer.edition == NEW and answer.body == b"\0\7\0\2\0"
    assert said(one.say(message(messages.HEARTBEAT))[0]).edition == Edition()
    one.say(POSITION_2019)
    assert one.rows()[-1][:3] == (13, NOON - 3_000_000, 2.0)
    assert said(one.safe()[0]).edition == NEW


def test_catch_up_positions_keep_their_own_times(line):
    one = authenticated(line())
    one.say(BATCH_2013)
    assert [row[0] for row in one.rows()] == [12, 10, 11, 12, 10, 11] and one.rows()[0][1] == NOON - 75_000_000
    assert results(one.safe()) == [(0x15, messages.BATCH, 0)]


def test_a_position_sent_again_is_answered_again_and_stored_once(line):
    one = authenticated(line())
    one.say(POSITION_2013 + POSITION_2013)
    assert len(one.rows()) == 3 and len(one.safe()) == 2 and one.counted("duplicates") == 1


def test_what_cannot_be_read_is_answered_bad_and_kept(line):
    one = authenticated(line())
    one.say(message(messages.POSITION, b"short"))
    assert one.letters() == [("unreadable", 1, "a position of 5 bytes: it has at least 28")]
    assert results(one.safe())[0][2] == messages.BAD


def test_what_is_not_built_is_answered_unsupported_and_kept_once(line):
    one = authenticated(line())
    for serial in range(3):
        one.say(message(0x0900, b"\x41abc", serial))
    assert one.letters() == [("unknown-key", 1, "message 0900: not read")]
    assert [result for *_, result in results(one.safe())] == [messages.UNSUPPORTED] * 3


def test_points_nobody_wants_make_no_letters_but_unknown_items_do(line):
    one = authenticated(line())
    body = said(POSITION_2013).body + b"\xeb\x01\x07"
    one.say(message(messages.POSITION, body))
    assert one.letters() == [("unknown-key", 1, "item.EB: not read")] and one.counters["values_without_point"] == 8


def test_a_message_in_parts_is_taken_whole_and_what_is_missing_is_asked_for(line):
    one = authenticated(line())
    single = said(POSITION_2013).body
    body = (40).to_bytes(2) + b"\1" + b"".join(len(single).to_bytes(2) + single for _ in range(40))
    raw = frames.encode(Frame(messages.BATCH, PHONE, 50, body))
    assert len(raw) == 2
    answer = said(one.say(raw[1])[0])
    assert (answer.id, answer.body) == (messages.MISSING_PARTS, bytes.fromhex("0032010001"))
    assert one.rows() == []
    one.say(raw[0])
    assert len(one.rows()) == 120 and results(one.safe()) == [(50, messages.BATCH, 0)]


@lived
async def test_parts_that_never_come_are_told(line):
    one = authenticated(line())
    one.say(frames.encode(Frame(0x0801, PHONE, 50, bytes(3000)))[0])
    one.session.parts._sets[next(iter(one.session.parts._sets))].since = -1e9
    one.session.check(one.session.heard)
    assert one.letters() == [("unreadable", 1, f"1 of 3 parts of 0801 came from {PHONE}")]


def test_the_time_is_told_in_utc_and_a_log_off_ends_the_session(line):
    one = authenticated(line())
    assert said(one.say(message(messages.SERVER_TIME, edition=NEW))[0]).body == bytes.fromhex("260105013020")
    assert results(one.say(message(messages.LOG_OFF)))[0][2] == 0
    assert one.presence.state == {1: 0}
    assert results(one.say(POSITION_2013))[0][2] == 1


@lived
async def test_a_text_is_sent_down_and_the_answer_comes_back(line):
    one = authenticated(line())
    device = one.reception.directory.by_id[1]
    asked = asyncio.create_task(one.session.order(device, "text", {"text": "请减速"}))
    await asyncio.sleep(0)
    sent = said(one.transport.sent[-1])
    assert (sent.id, sent.body) == (0x8300, b"\x0c" + "请减速".encode("gbk"))
    one.say(message(messages.COMMON, messages.common(sent.serial, sent.id, 0)))
    assert await asked == {"result": "done"}


@lived
async def test_a_place_asked_for_is_stored_and_told(line):
    one = authenticated(line())
    device = one.reception.directory.by_id[1]
    asked = asyncio.create_task(one.session.order(device, "locate", {}))
    await asyncio.sleep(0)
    serial = said(one.transport.sent[-1]).serial
    one.say(message(messages.COMMON, messages.common(serial, 0x8201, 0)))
    one.say(message(messages.POSITION_ASKED, serial.to_bytes(2) + said(POSITION_2013).body))
    answer = await asked
    assert answer["result"] == "done" and answer["said"]["lat"] == 28.6832 and len(one.rows()) == 3


@lived
async def test_a_refusal_comes_back_and_silence_too(line, monkeypatch):
    monkeypatch.setattr(vehicles, "RESEND_SECONDS", (0.01, 0.01))
    one = authenticated(line())
    device = one.reception.directory.by_id[1]
    asked = asyncio.create_task(one.session.order(device, "read_attributes", {}))
    await asyncio.sleep(0)
    one.say(message(messages.COMMON, messages.common(said(one.transport.sent[-1]).serial, 0x8107, 3)))
    assert await asked == {"result": "not supported"}
    assert await one.session.order(device, "reset", {}) == {"result": "no answer"}
    one.session.connection_lost(None)
    assert one.room.of_device == {} and one.presence.state == {1: 0}


def test_a_letter_is_read_again(line):
    one = line()
    outcome = one.reception.retry(DeadLetter("stranger", "", 1, "", "jt808", NOON, BATCH_2013))
    assert outcome.accepted == 6 and not outcome.refused
    assert one.reception.retry(DeadLetter("stranger", "", 1, "", "jt808", NOON, b"\x7ex\x7e")).unreadable
