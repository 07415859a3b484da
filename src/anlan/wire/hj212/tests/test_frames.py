"""Captures are the worked examples of the protocol's sheet, whose lengths and checks were made apart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.hj212 import data, frames, sm4, talk
from anlan.wire.hj212.frames import Frame
from anlan.wire.samples import OUT_OF_RANGE, UNFIT, local_instant
from anlan.wire.splitting import BETWEEN, CUT_OFF, Piece

HEAD = "PW=654321;MN=3604A1B200C300D400E50007;"
REAL_TIME = (
    f"##0231QN=20260105093000125;ST=31;CN=2011;{HEAD}Flag=5;CP=&&DataTime=20260105093000;a24088-Rtd=12.640,"
    "a24088-Flag=N;a25005-Rtd=1.05,a25005-Flag=N;a01012-Rtd=41.3,a01012-Flag=N;a00000-Rtd=3.2,a00000-Flag=T&&E401\r\n"
).encode()
ANSWERED = f"##0087QN=20260105093000125;ST=91;CN=9014;{HEAD}Flag=4;CP=&&&&3180\r\n".encode()
HOUR = (
    f"##0201QN=20260105094010007;ST=32;CN=2061;{HEAD}Flag=7;PNUM=2;PNO=1;CP=&&DataTime=20260105080000;"
    "w01018-Cou=18.4,w01018-Min=20.1,w01018-Avg=23.7,w01018-Max=31.0,w01018-Flag=N&&E101\r\n"
).encode()
SET_TIME = f"##0112QN=20260105100000001;ST=31;CN=1012;{HEAD}Flag=5;CP=&&SystemTime=20260105100000&&0280\r\n".encode()
READY = f"##0094QN=20260105100000001;ST=91;CN=9011;{HEAD}Flag=4;CP=&&QnRtn=1&&FCC1\r\n".encode()
DONE = f"##0095QN=20260105100000001;ST=91;CN=9012;{HEAD}Flag=4;CP=&&ExeRtn=1&&2800\r\n".encode()
OF_2025 = (
    f"##0160QN=20260105101500333;ST=39;CN=2011;{HEAD}Flag=9;CP=&&DataTime=20260105101500;a34004-Rtd=38,a34004-Flag=N;"
    "LA-Rtd=61.5,LA-Flag=N&&5780\r\n"
).encode()
EXAMPLES = (REAL_TIME, ANSWERED, HOUR, SET_TIME, READY, DONE, OF_2025)
KEY = b"platform-key-016"
CIPHER = bytes.fromhex(
    "9fb5d7e44203d28a3744f547e7dd57220ad7c09aa9896e18cee1968e0ceda95d8603e78176afeef67dd1416696a4907fb5037fe7b785103f"
    "91868884a5b478b0"
)


def split(raw: bytes, key: bytes = b"") -> list[Piece]:
    one = frames.splitter(lambda mn: key)
    return one.feed(raw) + one.end()


def good(raw: bytes, key: bytes = b"") -> list[bytes]:
    return [piece.data for piece in split(raw, key) if not piece.fault]


def made(cp: str, flag: int | None = 5, cn: str = "2011", **given_) -> Frame:
    whole = {"st": "31", "mn": "A1", "pw": "123456", "qn": "20260105093000125", **given_}
    return frames.decode(frames.encode(Frame(cn=cn, flag=flag, cp=cp, **whole)))


def values(cp: str) -> dict[str, float]:
    samples = data.read(made(cp)).samples
    return dict(zip(samples.key, samples.value, strict=True))


@pytest.mark.parametrize("raw", EXAMPLES)
def test_a_capture_is_decoded_and_encoded_to_the_same_bytes(raw):
    assert split(raw) == [Piece(raw)] and frames.encode(frames.decode(raw)) == raw


def test_the_check_is_not_that_of_modbus():
    assert frames.modbus_crc(ANSWERED[6:-6]) == 0xB717
    assert frames.standard_crc(ANSWERED[6:-6]) == 0x3180
    second = {frames.standard_crc(bytes((n, m))) & 255 for n in range(0, 256, 5) for m in range(256)}
    assert second == {0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1}


@pytest.mark.parametrize("check", frames.CHECKS)
def test_a_station_with_another_check_is_read_and_answered_by_it(check):
    raw = frames.encode(replace(frames.decode(REAL_TIME), check=check))
    assert good(raw) == [raw] and frames.decode(raw).check == check
    assert frames.decode(frames.encode(talk.reply(frames.decode(raw)))).check == check


def test_a_key_that_makes_no_sense_is_none():
    assert frames.sm4_key({"sm4_key": KEY.hex(), "colour": 1}) == KEY
    assert frames.sm4_key({"sm4_key": "x"}) == frames.sm4_key({"sm4_key": 5}) == frames.sm4_key({}) == b""


def test_frames_run_together_and_cut_anywhere_are_all_read():
    stream = b"".join(EXAMPLES)
    for cut in range(len(stream)):
        one = frames.splitter()
        assert [p.data.strip() for p in one.feed(stream[:cut]) + one.feed(stream[cut:])] == [
            raw.strip() for raw in EXAMPLES
        ]
    one = frames.splitter()
    assert len([piece for byte in stream for piece in one.feed(bytes((byte,)))]) == len(EXAMPLES)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\r", b"", b"\r\n\r\n"])
def test_a_frame_may_end_as_it_likes(ending):
    pieces = split(REAL_TIME.strip() + ending + HOUR.strip() + ending)
    assert [piece.data.strip() for piece in pieces] == [REAL_TIME.strip(), HOUR.strip()]


def test_a_lower_case_check_is_accepted():
    raw = REAL_TIME.replace(b"E401", b"e401")
    assert good(raw) == [raw]


LETTERS = f"QN=20260105093000125;ST=31;CN=2011;{HEAD}Flag=5;CP=&&DataTime=20260105093000;i1-Info=//超标 报警//&&"


@pytest.mark.parametrize(
    "raw",
    [
        REAL_TIME.replace(b"##0231", b"##0237"),
        REAL_TIME.replace(b"##0231", b"##0243"),
        REAL_TIME.replace(b"##0231", b"##0000"),
        b"##%04d%b%04X\r\n" % (len(LETTERS), LETTERS.encode(), frames.standard_crc(LETTERS.encode())),
    ],
    ids=["with check and line end", "the whole frame", "none", "letters for bytes"],
)
def test_a_plain_frame_with_a_wrong_length_is_read_to_the_end_of_its_line_at_once(raw):
    for cut in range(len(raw)):
        one = frames.splitter()
        assert [p.data.strip() for p in one.feed(raw[:cut]) + one.feed(raw[cut:])] == [raw.strip()]
    assert good(raw + HOUR) == [raw, HOUR]
    plain = raw[6 : raw.rindex(b"&&") + 2]
    assert frames.decode(raw) == frames.parsed(plain)


def test_a_wrong_length_does_not_make_a_damaged_frame_good():
    raw = REAL_TIME.replace(b"##0231", b"##0237").replace(b"12.640", b"12.641")
    assert good(raw + HOUR) == [HOUR]


@pytest.mark.parametrize(
    "noise, fault",
    [
        (b"hello", BETWEEN),
        (b"##12x4", frames.NO_LENGTH),
        (b"##0010;;", frames.NO_SEGMENT),
        (REAL_TIME[:-10], frames.NO_CRC),
        (REAL_TIME.replace(b"12.640", b"12.641"), frames.WRONG_CRC),
        (b"###", frames.NO_LENGTH),
        (b"##9999ST=" + b"x" * 3000, CUT_OFF),
    ],
)
def test_noise_and_damage_are_kept_with_the_reason_and_the_next_frame_is_read(noise, fault):
    pieces = split(noise + HOUR)
    assert [piece.data for piece in pieces if not piece.fault] == [HOUR]
    assert [piece.fault for piece in pieces if piece.fault] == [fault]


def test_frames_longer_than_the_standard_allows_are_taken():
    cp = ";".join(f"a{n:05d}-Rtd={n}.5,a{n:05d}-Flag=N" for n in range(60))
    raw = frames.encode(Frame("2011", "31", "A1", "123456", "20260105093000125", 5, cp=cp))
    assert len(raw) > 1_623 and good(raw) == [raw] and len(data.read(frames.decode(raw)).samples) == 60
    with pytest.raises(ValueError):
        frames.encode(Frame("2011", cp="x" * 9_999))


# --- segments -----------------------------------------------------------------------------------------------------
def test_values_carry_their_factor_time_and_flag():
    said = data.read(frames.decode(REAL_TIME))
    at = local_instant(2026, 1, 5, 9, 30, 0)
    assert said.samples.rows() == [
        ("", "a24088-Rtd", at, 12.64, 0), ("", "a25005-Rtd", at, 1.05, 0), ("", "a01012-Rtd", at, 41.3, 0),
        ("", "a00000-Rtd", at, 3.2, OUT_OF_RANGE),
    ]  # fmt: skip
    assert not said.faults and said.facts == {"DataTime": "20260105093000"}


def test_an_hour_is_of_its_beginning_and_one_part_of_two():
    frame = frames.decode(HOUR)
    said = data.read(frame)
    assert (frame.total, frame.number, frame.wants_answer) == (2, 1, True)
    assert said.samples.key == ["w01018-Cou", "w01018-Min", "w01018-Avg", "w01018-Max"]
    assert set(said.samples.ts) == {local_instant(2026, 1, 5, 8, 0, 0)}


@pytest.mark.parametrize(
    "flag, quality",
    [
        ("N", 0),
        ("T", OUT_OF_RANGE),
        ("F", UNFIT),
        ("M", UNFIT),
        ("S", UNFIT | 8),
        ("D", UNFIT),
        ("C", UNFIT),
        ("B", UNFIT),
        ("?", UNFIT),
        ("3", 0),
    ],
)
def test_a_flag_says_whether_a_value_counts(flag, quality):
    assert data.read(made(f"a21026-Rtd=1,a21026-Flag={flag}")).samples.quality == [quality]


@pytest.mark.parametrize(
    "cp",
    [
        "a21026-Rtd=12.0,a21026-Flag=D",
        "a21026-Flag=D;a21026-Rtd=12.0",
        ";;a21026-Rtd=12.0,,;a21026-Flag=D;",
        " a21026-Rtd = 12.0 , a21026-Flag = D ",
        "02-Rtd=12.0,02-Flag=D",
    ],
)
def test_separators_order_and_old_codes_do_not_matter(cp):
    samples = data.read(made(cp)).samples
    assert (samples.key, samples.value, samples.quality) == (["a21026-Rtd"], [12.0], [UNFIT])


def test_field_names_are_case_sensitive_and_a_value_without_flag_is_good():
    assert data.read(made("a21026-Rtd=1,a21026-flag=D")).samples.quality == [0]


@pytest.mark.parametrize("value", ["", "-", "nan", "inf", "1e999", "<0.01", "1_0", "１", "0x10", "1,2"])
def test_what_is_no_number_is_told_and_its_neighbours_are_taken(value):
    said = data.read(made(f"a21026-Rtd={value},a21026-Flag=N;LA-Rtd=61.5"))
    assert said.samples.key[-1] == "LA-Rtd" and (said.faults or value == "1,2")


def test_a_station_at_fault_may_send_no_value():
    assert data.read(made("a21026-Rtd=,a21026-Flag=D")).faults == []


def test_a_sample_time_of_its_own_goes_before_the_time_of_all():
    said = data.read(made("DataTime=20260105093000;w01018-SampleTime=20260105080000,w01018-Rtd=20;LA-Rtd=1"))
    assert said.samples.ts == [local_instant(2026, 1, 5, 8, 0, 0), local_instant(2026, 1, 5, 9, 30, 0)]


@pytest.mark.parametrize(
    "text, known",
    [
        ("20260105093000", True),
        ("20260105093000125", True),
        ("20260230000000", False),
        ("2026", False),
        ("２０２６０１０５０９３０００", False),
    ],
)
def test_a_time_has_14_digits_or_17(text, known):
    assert (data.instant(text) is not None) == known


def test_texts_between_slashes_are_facts_whatever_they_hold():
    said = data.read(made("DataTime=20260105093000;i11001-Info=//更换试剂;校准,完成//;i12001-Info=4", cn="3020"))
    assert said.facts["i11001-Info"] == "更换试剂;校准,完成"
    assert said.samples.key == ["i12001-Info"]


def test_a_frame_of_2005_needs_neither_qn_nor_flag():
    frame = frames.parsed(b"ST=32;CN=2011;PW=123456;MN=A1;CP=&&DataTime=20260105093000;011-Rtd=20.5&&")
    assert (frame.flag, frame.wants_answer, frame.edition) == (None, False, frames.BEFORE_2017)
    assert data.read(frame).samples.key == ["w01018-Rtd"] and talk.reply(frame) is None
    asked = talk.reply(frames.parsed(b"QN=20260105093000125;ST=32;CN=2011;PW=1;MN=A1;Flag=1;CP=&&&&"))
    assert frames.encode(asked)[6:-6] == b"ST=91;CN=9014;CP=&&QN=20260105093000125;CN=2011&&"


@pytest.mark.parametrize(
    "segment", [b"", b"ST=31;CP=&&&&", b"CN=2011;Flag=x;CP=&&&&", b"CN=2011;PNUM=0;CP=&&&&", b"CN=1;Flag=999;CP="]
)
def test_a_segment_that_makes_no_sense_is_refused(segment):
    with pytest.raises(ValueError):
        frames.parsed(segment)


@pytest.mark.parametrize(
    "segment", [b"CN=2011;CP=&&a-Rtd=1", b"CN=2011;CP=a-Rtd=1&&", b"CN=2011;;X=1;CP=&&a-Rtd=1&&", b"CN=2011"]
)
def test_missing_marks_and_strange_fields_are_passed_over(segment):
    assert len(data.read(frames.parsed(segment)).samples) == (0 if segment == b"CN=2011" else 1)


# --- answers and requests -----------------------------------------------------------------------------------------
def test_data_are_answered_under_their_qn_in_their_edition():
    assert frames.encode(talk.reply(frames.decode(REAL_TIME))) == ANSWERED
    assert talk.reply(frames.decode(OF_2025)).flag == 8
    assert talk.reply(made("", flag=4)) is None
    assert talk.reply(made("PolId=w01018", cn="1013")).cn == "9013" and talk.reply(made("", cn="9015")).cn == "9013"
    assert talk.reply(frames.decode(READY)) is None and talk.reply(made("ExeRtn=1", cn="9012")) is None


def test_a_request_is_followed_by_its_answer_and_its_result():
    at = local_instant(2026, 1, 5, 10, 0, 0)
    order, cp = talk.order("set_time", {}, at)
    given_ = {"st": "31", "pw": "654321", "mn": "3604A1B200C300D400E50007", "flag": 5}
    assert frames.encode(Frame(order.cn, qn=talk.stamp(at + 1000), cp=cp, **given_)) == SET_TIME
    assert [talk.result(frames.decode(raw)) for raw in (READY, DONE)] == [1, 1]
    assert talk.answered_qn(frames.decode(DONE)) == "20260105100000001"
    assert talk.answered_qn(frames.parsed(b"ST=91;CN=9014;CP=&&QN=1;CN=2011&&")) == "1"
    assert talk.result(frames.parsed(b"CN=9012;CP=&&ExeRtn=x&&")) is None


@pytest.mark.parametrize(
    "name, given_",
    [
        ("fly", {}),
        ("set_interval", {"seconds": 5}),
        ("set_minutes", {"minutes": 7}),
        ("calibrate", {"factor": "a;b"}),
        ("bring_hours", {"begin": "x", "end": "y"}),
        ("set_interval", {}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(name, given_):
    with pytest.raises(ValueError):
        talk.order(name, given_, 0)


def test_orders_say_what_they_want():
    span = {"begin": "20260105080000", "end": "20260105090000"}
    assert talk.order("bring_hours", span, 0)[1] == "BeginTime=20260105080000;EndTime=20260105090000"
    assert talk.order("set_interval", {"seconds": "60"}, 0)[1] == "RtdInterval=60"
    assert talk.order("set_minutes", {"minutes": 10}, 0)[1] == "MinInterval=10"
    assert talk.order("calibrate", {"factor": "w01018"}, 0)[1] == "PolId=w01018"


# --- the cipher of 2025 -------------------------------------------------------------------------------------------
def ciphered(inside: bytes) -> bytes:
    begin = OF_2025.index(b"&&") + 2
    return OF_2025[:begin] + inside + OF_2025[OF_2025.rindex(b"&&") :]


def test_a_station_of_2025_is_read_with_its_key_in_cipher_and_in_plain():
    raw = ciphered(CIPHER + b"LA-Flag=N")
    assert good(raw, KEY) == [raw] and good(OF_2025, KEY) == [OF_2025] and good(raw) == []
    assert frames.decode(raw, KEY) == frames.decode(OF_2025)
    assert sm4.sealed(OF_2025[OF_2025.index(b"&&") + 2 : OF_2025.rindex(b"&&")], KEY) == CIPHER + b"LA-Flag=N"


@pytest.mark.parametrize("length", [b"0160", None])
def test_the_printed_form_of_the_cipher_is_read_whichever_length_it_gives(length):
    printed = "{" + ",".join(f"0x{one:02X}" for one in CIPHER) + "}LA-Flag=N"
    raw = ciphered(printed.encode())
    raw = raw[:2] + (length or b"%04d" % (len(raw) - 12)) + raw[6:]
    assert good(HOUR + raw + HOUR, KEY) == [HOUR, raw, HOUR]
    assert frames.decode(raw, KEY).cp == frames.decode(OF_2025).cp
    for cut in range(len(raw)):
        one = frames.splitter(lambda mn: KEY)
        pieces = one.feed(raw[:cut]) + one.feed(raw[cut:])
        assert [piece.data.strip() for piece in pieces] == [raw.strip()]


def test_a_cipher_that_holds_marks_and_line_ends_is_read_by_its_length():
    for number in range(3000):
        inside = b"DataTime=20260105101500;a34004-Rtd=%d,a34004-Flag=N" % number
        cipher = sm4.sealed(inside, KEY)
        if b"&&" in cipher or b"\r" in cipher or b"##" in cipher:
            plain = frames.encode(Frame("2011", "39", "A1", "1", "20260105101500333", 9, cp=inside.decode()))
            raw = plain.replace(inside, cipher)
            assert good(raw + HOUR, KEY) == [raw, HOUR]
            assert frames.decode(raw, KEY).cp == inside.decode()


def test_the_password_is_masked_where_people_see_the_frame():
    assert b"654321" not in frames.masked(REAL_TIME) and b"PW=******;MN=36" in frames.masked(REAL_TIME)


# --- anything -----------------------------------------------------------------------------------------------------
names = st.text(st.characters(categories=("Lu", "Nd"), max_codepoint=127), min_size=1, max_size=24)
plain = st.text(st.characters(exclude_characters="&", exclude_categories=("Cs",)), max_size=300)


@given(names, names, names, st.sampled_from((None, 4, 5, 7, 9, 1)), plain, st.integers(1, 99))
def test_what_is_encoded_is_decoded(cn, mn, pw, flag, cp, number):
    parts = {"total": 99, "number": number} if flag == 7 else {}
    frame = Frame(cn, "31", mn, pw, "20260105093000125", flag, cp=cp, **parts)
    raw = frames.encode(frame)
    assert good(raw) == [raw] and frames.decode(raw) == frame


@given(
    st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from((*EXAMPLES, b"##", b"##0231QN", b"\r\n", REAL_TIME[:90])))
    ),
    st.integers(1, 300),
)
def test_no_stream_breaks_the_splitter_or_fills_it(parts, step):
    stream, one, pieces = b"".join(parts), frames.splitter(lambda mn: KEY), []
    for at in range(0, len(stream), step):
        pieces += one.feed(stream[at : at + step])
        assert len(one) <= frames.LONGEST
    pieces += one.end()
    padding = b"\r\n \0"
    kept = b"".join(piece.data for piece in pieces).translate(None, padding)
    assert kept == stream.translate(None, padding) and len(one) == 0
    for piece in pieces:
        if not piece.fault:
            data.read(frames.decode(piece.data, KEY))


@given(st.binary(max_size=300))
def test_no_segment_breaks_the_reader(segment):
    for raw in (segment, b"QN=1;CN=2011;CP=&&" + segment + b"&&"):
        try:
            frame = frames.parsed(raw)
        except ValueError:
            continue
        said = data.read(frame)
        assert all(abs(value) < float("inf") for value in said.samples.value)
        talk.reply(frame)
        talk.result(frame)
