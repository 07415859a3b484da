import asyncio
from pathlib import Path

import pytest

from anlan.telemetry.book import Device, Point, secret_hash
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway import stations
from anlan.telemetry.gateway.stations import Station
from anlan.telemetry.gateway.tests.lines import Line, lived
from anlan.wire.hj212 import frames
from anlan.wire.hj212.frames import Frame
from anlan.wire.hj212.tests.test_frames import ANSWERED, CIPHER, HOUR, KEY, OF_2025, REAL_TIME, ciphered
from anlan.wire.samples import local_instant

MN = "3604A1B200C300D400E50007"
IDENTITY = f"hj212:{MN}"
NOW = local_instant(2026, 1, 5, 10, 0, 0)
POINTS = (Point(10, "a24088-Rtd"), Point(11, "a00000-Rtd"), Point(12, "w01018-Avg"), Point(13, "LA-Rtd"))
STATION = Device(1, "总排口", identity=IDENTITY, secret_hash=secret_hash(IDENTITY, "654321"), points=POINTS)
THREE = ((10, 1.0), (11, 2.0), (12, 3.0))


@pytest.fixture
def line(tmp_path: Path):
    return lambda *devices: Line(Station, "hj212", NOW, tmp_path, *(devices or (STATION,)))


def said(raw: bytes) -> Frame:
    return frames.decode(raw)


def frame(cn: str, cp: str, flag: int | None = 5, **given) -> bytes:
    whole = {"st": "31", "mn": MN, "pw": "654321", "qn": "20260105093000125"} | given
    return frames.encode(Frame(cn, flag=flag, cp=cp, **whole))


@lived
async def test_data_are_answered_once_they_are_in_the_stream(line):
    one = line()
    assert one.say(REAL_TIME) == []
    at = local_instant(2026, 1, 5, 9, 30, 0)
    assert one.rows() == [(10, at, 12.64, 0), (11, at, 3.2, 4)]
    assert one.safe() == [ANSWERED] and one.presence.state == {1: 1}


@lived
async def test_each_part_is_answered_by_itself(line):
    one = line()
    one.say(HOUR + HOUR.replace(b"PNO=1", b"PNO=2"))
    assert [row[0] for row in one.rows()] == [12]  # the second has a wrong check
    assert len(one.safe()) == 1 and one.counted("damaged") == 1


@lived
async def test_parts_that_do_not_repeat_the_time_of_their_data_have_that_of_the_first(line):
    """As a published simulator sends them: also with the numbers of the parts eight digits wide."""
    one, eight = line(), {"total": 3, "qn": "20260105095959999"}
    parts = ("DataTime=20260105080000;a24088-Rtd=1", "a00000-Rtd=2", "w01018-Avg=3")
    sent = [frame("2061", cp, flag=7, number=number, **eight) for number, cp in enumerate(parts, 1)]
    wide = [raw.replace(b"PNUM=3;PNO=", b"PNUM=00000003;PNO=0000000") for raw in sent]
    one.say(b"".join(b"##%04d%b%04X\r\n" % (len(s), s, frames.standard_crc(s)) for s in (raw[6:-6] for raw in wide)))
    assert [row[:3] for row in one.rows()] == [(p, local_instant(2026, 1, 5, 8, 0, 0), v) for p, v in THREE]
    assert len(one.safe()) == 3


@lived
async def test_a_part_whose_first_was_not_heard_has_the_time_it_was_asked_for(line):
    one = line()
    one.say(frame("2061", "a00000-Rtd=2", flag=7, total=3, number=2, qn="20260105095959000"))
    assert [row[:3] for row in one.rows()] == [(11, local_instant(2026, 1, 5, 9, 59, 59), 2.0)]


@lived
async def test_one_who_wants_no_answer_gets_none_and_is_taken(line):
    one = line()
    one.say(frame("2011", "DataTime=20260105093000;a24088-Rtd=1", flag=4))
    one.say(frame("2011", "DataTime=20260105093100;a24088-Rtd=2", flag=None, qn=""))
    assert [row[2] for row in one.rows()] == [1.0, 2.0] and one.safe() == []


@lived
async def test_the_same_data_under_another_qn_are_answered_again_and_stored_once(line):
    one = line()
    one.say(REAL_TIME + frame("2011", said(REAL_TIME).cp, qn="20260105093010125"))
    assert len(one.rows()) == 2 and len(one.safe()) == 2 and one.counted("duplicates") == 1
    one.say(frame("2011", said(REAL_TIME).cp.replace("12.640", "12.7")))
    assert len(one.rows()) == 2  # the value has changed: both are kept, the last written wins


@lived
async def test_without_a_time_of_their_own_equal_values_are_new_ones(line):
    one = line()
    one.say(frame("2011", "a24088-Rtd=1") + frame("2011", "a24088-Rtd=1", qn="20260105093100125"))
    assert [row[2] for row in one.rows()] == [1.0, 1.0] and one.counted("duplicates") == 0


@lived
async def test_a_wrong_password_is_neither_taken_nor_answered_nor_kept_in_plain(line):
    one = line()
    one.say(frame("2011", "a24088-Rtd=1", pw="hunter"))
    assert one.rows() == [] and one.letters() == [("unreadable", None, "wrong PW")] and one.safe() == []
    assert one.presence.state == {} and one.counted("wrong_passwords") == 1
    one = line()
    one.say(frame("2011", "a24088-Rtd=1", pw="hunter"))
    assert b"hunter" not in one.intake.pile.letters[0].payload


@lived
async def test_a_stranger_is_told_to_the_desk_with_his_password_masked(line):
    one = line(Device(1, "other", identity="hj212:1"))
    assert one.say(REAL_TIME) == [] and one.safe() == []
    one.say(HOUR)
    one = line(Device(1, "other", identity="hj212:1"))
    one.say(REAL_TIME)
    assert one.strangers() == [IDENTITY]
    (told,) = one.intake.pile.told
    assert b"654321" not in told.payload and said(told.payload).cp == said(REAL_TIME).cp
    one.reception.directory.replace_page(0, b"[]")
    assert one.reception.retry(DeadLetter("stranger", "", 1, "", "hj212", NOW, told.payload)).unreadable


@lived
async def test_what_was_kept_of_a_stranger_is_read_once_it_is_admitted(line):
    one = line()
    kept = stations.hidden(said(REAL_TIME))
    assert one.reception.retry(DeadLetter("stranger", "", 1, "", "hj212", NOW, kept)).accepted == 2


@lived
async def test_the_mn_is_matched_letter_by_letter(line):
    one = line()
    one.say(frame("2011", "a24088-Rtd=1", mn=MN.lower()))
    one.say(frame("2011", "a24088-Rtd=1", mn=""))
    assert one.strangers() == [f"hj212:{MN.lower()}"] and one.rows() == []
    assert one.letters() == [("unreadable", None, "no MN: who speaks is not said")]


@lived
async def test_values_that_are_none_and_factors_nobody_registered_are_told(line):
    one = line()
    one.say(frame("2011", "DataTime=20260105093000;a24088-Rtd=<0.01,a24088-Flag=N;a99999-Rtd=1;LA-Rtd=5"))
    assert [row[0] for row in one.rows()] == [13]
    assert sorted(letter[0] for letter in one.letters()) == ["bad-value", "unknown-key"]
    assert len(one.safe()) == 1


@lived
async def test_a_damaged_frame_is_dropped_without_an_answer_and_kept(line):
    one = line()
    assert one.say(REAL_TIME.replace(b"12.640", b"12.641")) == [] and one.safe() == []
    one.say(REAL_TIME.replace(b"12.640", b"12.641") + HOUR)
    assert len(one.rows()) == 1


@lived
async def test_a_station_with_another_check_or_a_key_is_read_by_its_settings(line):
    settings = {"sm4_key": KEY.hex()}
    one = line(Device(1, "扬尘", identity=IDENTITY, points=POINTS, settings=settings))
    one.say(ciphered(CIPHER + b"LA-Flag=N") + OF_2025.replace(b"5780", b"0000"))
    assert [row[0] for row in one.rows()] == [13] and one.counted("damaged") == 1
    assert said(one.safe()[0]).flag == 8


@lived
async def test_a_station_that_asks_gets_the_time(line):
    one = line()
    answers = one.say(frame("1013", "PolId=w01018"))
    await asyncio.sleep(0)
    request = said(one.transport.sent[-1])
    assert answers == [] and said(one.safe()[0]).cn == "9013"
    assert (request.cn, request.flag, request.st, request.pw) == ("1012", 5, "31", "654321")
    assert request.cp == "SystemTime=20260105100000"
    one.session.connection_lost(None)


@lived
async def test_an_order_goes_through_ready_data_and_done(line):
    one = line()
    one.say(REAL_TIME)
    device = one.reception.directory.by_id[1]
    asked = asyncio.create_task(one.session.order(device, "read_serial", {}))
    await asyncio.sleep(0)
    qn = said(one.transport.sent[-1]).qn
    one.say(frame("9011", "QnRtn=1", 4, st="91", qn=qn))
    one.say(frame("3019", "PolId=a24088;a24088-SN=X17", 4, qn=qn))
    one.say(frame("9012", "ExeRtn=1", 4, st="91", qn=qn))
    assert await asked == {"result": "done", "said": {"PolId": "a24088", "a24088-SN": "X17"}}
    assert one.session.waited == {} and one.session.brought == {}


@lived
async def test_an_order_is_refused_fails_or_is_not_answered(line, monkeypatch):
    monkeypatch.setattr(stations, "RESEND_SECONDS", (0.01, 0.01))
    monkeypatch.setattr(stations, "RESULT_SECONDS", 0.01)
    one = line()
    one.say(REAL_TIME)
    device = one.reception.directory.by_id[1]

    async def asked(*answers: tuple[str, str]) -> dict:
        order = asyncio.create_task(one.session.order(device, "set_time", {}))
        await asyncio.sleep(0)
        qn = said(one.transport.sent[-1]).qn
        for cn, cp in answers:
            one.say(frame(cn, cp, 4, st="91", qn=qn))
        return await order

    assert await asked(("9011", "QnRtn=3")) == {"result": "refused", "reason": "wrong PW"}
    assert await asked(("9011", "QnRtn=1"), ("9012", "ExeRtn=5")) == {"result": "busy"}
    assert await asked(("9012", "ExeRtn=1")) == {"result": "done"}
    assert await asked(("9011", "QnRtn=1")) == {"result": "no result"}
    assert await asked() == {"result": "no answer"}
