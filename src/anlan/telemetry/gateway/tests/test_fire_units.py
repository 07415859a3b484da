import asyncio
from pathlib import Path

import pytest

from anlan.telemetry.book import Device, Point
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway import fire_units
from anlan.telemetry.gateway.fire_units import FireUnit
from anlan.telemetry.gateway.tests.lines import Line, lived
from anlan.wire.gb26875 import frames
from anlan.wire.gb26875.frames import ANSWER, CONFIRM, DENY, SEND, Frame
from anlan.wire.gb26875.tests.test_frames import CENTRE, CONFIRMED, FIRE, HEIGHT, NOON, UNIT
from anlan.wire.samples import local_instant

SILENT_CLOCK = {"set_clock": False}
BOX = Device(
    1,
    "用传装置",
    identity="gb26875:0000A1B2C3D4",
    points=(Point(10, "state.1.7.00020015"), Point(11, "unit"), Point(12, "unregistered"), Point(13, "system.1.7")),
    settings=SILENT_CLOCK,
)
NOW = local_instant(2026, 1, 5, 9, 30, 16)
AT = local_instant(2026, 1, 5, 9, 30, 12)


@pytest.fixture
def line(tmp_path: Path):
    async def made(*devices: Device) -> Line:
        return Line(FireUnit, "gb26875", NOW, tmp_path, *(devices or (BOX,)))

    return made


def sent(kind: int, body: bytes, serial: int = 1, command: int = SEND, address: int = UNIT) -> bytes:
    return frames.encode(Frame(serial, address, CENTRE, command, bytes((kind, 1)) + body), NOON)


def commands(answers: list[bytes]) -> list[int]:
    return [frames.decode(one).command for one in answers]


@lived
async def test_a_fire_is_confirmed_once_it_is_in_the_stream(line):
    one = await line()
    assert one.say(FIRE) == [] and one.rows() == [(10, AT, 2.0, 0)]
    assert one.safe() == [CONFIRMED]
    assert one.presence.state == {1: 1}


@lived
async def test_the_same_frame_sent_again_is_confirmed_again_and_stored_once(line):
    one = await line()
    one.say(FIRE)
    one.safe()
    one.say(FIRE)
    assert one.rows() == [] and commands(one.safe()) == [CONFIRM] and one.counted("duplicates") == 1


@lived
async def test_a_second_fire_is_no_duplicate_though_the_unit_counts_nothing(line):
    one = await line()
    states = [sent(21, bytes((state,)), serial=0) for state in (3, 1, 3)]
    one.say(b"".join(states))
    assert [row[2] for row in one.rows()] == [3.0, 1.0, 3.0]


@lived
async def test_a_damaged_frame_is_denied_once_and_kept_and_makes_no_event(line):
    one = await line()
    assert commands(one.say(FIRE[:40] + b"\xff" + FIRE[41:])) == [DENY]
    assert one.rows() == [] and [letter[0] for letter in one.letters()] == ["unreadable"]
    assert commands(one.safe()) == []


@lived
async def test_who_is_not_registered_is_denied_and_told_to_the_desk(line):
    one = await line()
    assert commands(one.say(sent(21, b"\3" + frames.clock(NOON), address=7))) == [DENY]
    assert one.strangers() == ["gb26875:000000000007"] and one.rows() == [] and one.presence.state == {}


@lived
async def test_what_nobody_reads_is_kept_raw_and_confirmed(line):
    one = await line()
    one.say(sent(130, b"xyz"))
    assert one.letters() == [("unreadable", 1, "type 130 is not of the standard")]
    assert commands(one.safe()) == [CONFIRM]


@lived
async def test_a_fire_at_a_component_nobody_registered_is_not_overlooked(line):
    one = await line()
    one.say(FIRE.replace(b"\x17\x15\0", b"\x17\x16\0").replace(b"\x5c##", b"\x5d##"))
    assert one.rows() == [(12, AT, 2.0, 0)]
    assert one.letters() == [
        ("unknown-key", 1, "state.1.7.00020016 3号库区东门手报: no point of 用传装置 has this key")
    ]


@lived
async def test_a_component_may_be_a_device_behind_its_unit(line):
    unit = Device(1, "用传装置", identity=BOX.identity, is_gateway=True, settings=SILENT_CLOCK)
    pump = Device(2, "11.1.00000005", gateway=1, points=(Point(20, "analogue.2"),))
    one = await line(unit, pump)
    one.say(HEIGHT + FIRE)
    assert one.rows() == [(20, NOON, -0.15, 0)]
    assert one.strangers() == ["child:1/1.7.00020015"] and one.letters()[0][0] == "unknown-device"


@lived
async def test_a_letter_is_read_again_with_todays_register(line):
    one = await line()
    outcome = one.reception.retry(DeadLetter("unreadable", "", 1, "", "gb26875", NOW, b"noise" + FIRE))
    assert outcome.accepted == 1 and one.rows() == [(10, AT, 2.0, 0)]
    refused = one.reception.retry(DeadLetter("unreadable", "", 1, "", "gb26875", NOW, FIRE[:-3]))
    assert refused.unreadable == "the frame is cut off"


@lived
async def test_the_units_clock_is_set_at_the_first_contact_and_when_it_is_off(line, monkeypatch):
    monkeypatch.setattr(fire_units, "RESEND_SECONDS", 0.01)
    one = await line(Device(1, "用传装置", identity=BOX.identity))
    one.say(sent(28, frames.clock(NOW)))
    await asyncio.sleep(0)
    first = frames.decode(one.transport.sent[-1])
    assert (first.command, first.data[:2], first.destination) == (frames.CONTROL, b"\x5a\x01", UNIT)
    one.say(frames.encode(Frame(first.serial, UNIT, CENTRE, CONFIRM), NOON))
    await asyncio.sleep(0.05)
    assert one.counted("clocks_set") == 1 and one.counted("sent_down") == 1
    one.now += 3_600_000_000
    one.say(sent(28, frames.clock(one.now - 30_000_000), serial=2))
    assert one.counted("clocks_set") == 1
    one.say(sent(28, frames.clock(one.now - 90_000_000), serial=3))
    assert one.counted("clocks_set") == 2


@lived
async def test_an_order_is_sent_three_times_more_and_then_has_failed(line, monkeypatch):
    monkeypatch.setattr(fire_units, "RESEND_SECONDS", 0.01)
    one = await line()
    one.say(FIRE)
    before = len(one.transport.sent)
    device = one.reception.directory.by_id[1]
    assert await one.session.order(device, "reset", {}) == {"result": "no answer"}
    again = one.transport.sent[before:]
    assert len(again) == 4 and len(set(again)) == 1 and frames.decode(again[0]).data == b"\x59\x01\x00"


@lived
async def test_an_order_that_asks_is_answered_with_what_the_unit_says_if_need_be_after_a_denial(line):
    one = await line()
    one.say(FIRE)
    device = one.reception.directory.by_id[1]
    asked = asyncio.create_task(one.session.order(device, "read_unit", {}))
    await asyncio.sleep(0)
    request = frames.decode(one.transport.sent[-1])
    assert (request.command, request.data) == (frames.REQUEST, b"\x51\x01\x00")
    one.say(frames.encode(Frame(request.serial, UNIT, CENTRE, DENY), NOON))
    await asyncio.sleep(0.01)
    assert frames.decode(one.transport.sent[-1]) == request and one.counted("sent_down") == 2
    one.say(sent(21, b"\x05" + frames.clock(NOON), serial=request.serial, command=ANSWER))
    assert await asked == {"result": "done", "said": {"unit": 5.0}}
    with pytest.raises(ValueError):
        await one.session.order(device, "explode", {})


@lived
async def test_noise_without_end_closes_the_link_and_fills_nothing(line):
    one = await line()
    for _ in range(40):
        one.say(b"@@\0noise" * 500)
    assert one.transport.closed and len(one.letters()) <= 20 and len(one.session.splitter) <= frames.LONGEST


@lived
async def test_a_new_link_of_the_same_unit_replaces_the_old(line):
    one = await line()
    one.say(FIRE)
    first = one.transport
    one.again()
    one.say(HEIGHT)
    assert first.closed and not one.transport.closed and one.room.of_device[1] is one.session
    assert one.presence.state == {1: 1}


@lived
async def test_a_device_taken_out_of_the_register_is_a_stranger(line):
    one = await line()
    one.say(FIRE)
    one.reception.directory.replace_page(0, b"[]")
    one.session.check(one.session.heard)
    assert one.session.devices == {} and one.presence.state == {1: 0}
    assert commands(one.say(HEIGHT)) == [DENY]


@lived
async def test_a_frame_that_does_not_end_is_given_up_after_a_while(line):
    one = await line()
    one.say(FIRE[:-1])
    one.session.check(one.session.heard + 5)
    assert one.letters() == []
    one.session.check(one.session.heard + 11)
    assert [letter[2] for letter in one.letters()] == ["the frame is cut off"]
    one.session.check(one.session.heard + 901)
    assert one.transport.closed


@lived
async def test_a_full_intake_is_not_read_further_and_nothing_is_lost(line, monkeypatch):
    one = await line()
    monkeypatch.setattr(type(one.intake.pile), "full", lambda pile: len(pile.rows) > 0)
    one.say(FIRE + HEIGHT + sent(21, b"\3" + frames.clock(NOON)))
    assert one.transport.paused and [row[0] for row in one.rows()] == [10]
    room, one.intake._room = one.intake._room, []
    one.safe()
    for call in room:
        call()
    assert [row[0] for row in one.rows()] == [11]
