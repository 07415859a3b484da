"""Anything on a line: no session breaks, none grows, and the next good frame is taken and answered."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.telemetry.book import Device, Point
from anlan.telemetry.gateway.fire_units import FireUnit
from anlan.telemetry.gateway.links import Limited, Recent
from anlan.telemetry.gateway.stations import Station
from anlan.telemetry.gateway.tests.lines import Line, lived
from anlan.telemetry.gateway.vehicles import Vehicle, code_of
from anlan.wire.gb26875 import frames as gb
from anlan.wire.gb26875.tests.test_frames import CONFIRMED, FIRE, HEIGHT
from anlan.wire.hj212 import frames as hj
from anlan.wire.hj212.tests.test_frames import EXAMPLES as STATION_FRAMES
from anlan.wire.hj212.tests.test_frames import HOUR, REAL_TIME
from anlan.wire.jt808 import frames as jt
from anlan.wire.jt808 import messages
from anlan.wire.jt808.tests.captures import BATCH_2013, NOON, PHONE, POSITION_2013
from anlan.wire.jt808.tests.captures import EXAMPLES as VEHICLE_FRAMES

KNOWN = {
    "gb26875": (FireUnit, "gb26875:0000A1B2C3D4", (FIRE, HEIGHT, CONFIRMED), HEIGHT),
    "jt808": (Vehicle, f"jt808:{PHONE}", VEHICLE_FRAMES, BATCH_2013),
    "hj212": (Station, "hj212:3604A1B200C300D400E50007", STATION_FRAMES, HOUR),
}


def damaged(frames: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Frames with bytes changed, taken out or put in, run together."""

    def change(raw: bytes, at: int, cut: int, put: bytes) -> bytes:
        at %= len(raw) + 1
        return raw[:at] + put + raw[at + cut :]

    one = st.builds(change, st.sampled_from(frames), st.integers(0, 999), st.integers(0, 9), st.binary(max_size=9))
    return st.lists(st.one_of(one, st.sampled_from(frames), st.binary(max_size=50)), max_size=8).map(b"".join)


@pytest.mark.parametrize("name", sorted(KNOWN))
@settings(max_examples=30)
@given(st.data(), st.integers(1, 400))
def test_no_stream_breaks_a_session_and_the_next_good_frame_is_taken(tmp_path_factory, name, data, step):
    made, identity, frames, good = KNOWN[name]

    @lived
    async def live() -> None:
        points = (Point(10, "lat"), Point(11, "w01018-Avg"), Point(12, "analogue.2.11.1.00000005"))
        home: Path = tmp_path_factory.getbasetemp() / "home"
        one = Line(
            made, name, NOON, home, Device(1, "X", identity=identity, points=points, settings={"set_clock": False})
        )
        stream = data.draw(damaged(frames))
        for at in range(0, len(stream), step):
            one.say(stream[at : at + step])
        assert len(one.session.splitter) <= 11_000 and len(one.session.pieces) == 0
        one.again()  # whatever waits for the rest of a frame is of the old line
        one.room.recent = Recent()
        if name == "jt808":
            code = code_of(home, identity).encode()
            one.say(jt.encode(jt.Frame(messages.AUTHENTICATE, PHONE, 1, code))[0])
        before = len(one.rows())
        one.say(good)
        assert len(one.rows()) > before and one.safe()
        one.session.connection_lost(None)
        assert one.presence.state == {1: 0}

    live()


@pytest.mark.parametrize("name, raw", [("gb26875", FIRE), ("jt808", POSITION_2013), ("hj212", REAL_TIME)])
def test_a_flood_of_invented_names_fills_nothing(tmp_path, name, raw):
    made, *_ = KNOWN[name]

    @lived
    async def live() -> None:
        one = Line(made, name, NOON, tmp_path, Device(1, "X", identity=f"{name}:X"))
        for number in range(600):
            one.say(_named(name, raw, number))
        assert one.counted("strangers") == 600 and len(set(one.strangers())) <= 200
        assert one.session.devices == {} and one.rows() == [] and len(one.room.of_device) == 0
        held = [held for held in vars(one.session).values() if isinstance(held, dict)]
        assert all(len(each) == 0 for each in held)

    live()


def _named(name: str, raw: bytes, number: int) -> bytes:
    if name == "gb26875":
        return gb.encode(gb.Frame(1, number, 100, gb.SEND, gb.decode(raw).data), NOON)
    if name == "jt808":
        return jt.encode(jt.Frame(0x0200, str(number + 1), 1, jt.decode(raw).body))[0]
    return hj.encode(hj.Frame("2011", "31", f"MN{number}", "1", "20260105093000125", 5, cp=hj.decode(raw).cp))


def test_letters_are_limited_by_sender_and_in_all_and_begin_anew_after_the_window():
    limited = Limited(most=2, in_all=3, window=10.0)
    assert [limited.allows("a", 1.0) for _ in range(3)] == [True, True, False]
    assert [limited.allows(source, 2.0) for source in ("b", "c")] == [True, False]
    assert limited.allows("c", 11.1)


def test_what_was_taken_lately_is_remembered_within_bounds():
    recent = Recent(most=2)
    assert [recent.again(one, 1.0, 10.0) for one in ("a", "a", "b", "c", "a")] == [False, True, False, False, False]
    assert not recent.again("a", 20.0, 10.0)
