import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.jt808 import frames, position
from anlan.wire.jt808.frames import Edition, Frame, Parts
from anlan.wire.jt808.tests.captures import (
    ANSWER_2019,
    BATCH_2013,
    EXAMPLES,
    HEARTBEAT_2019,
    PHONE,
    POSITION_2013,
    REGISTER_2013,
)
from anlan.wire.splitting import CUT_OFF, Piece


def split(data: bytes) -> list[Piece]:
    one = frames.splitter()
    return one.feed(data) + one.end()


def good(data: bytes) -> list[bytes]:
    return [piece.data for piece in split(data) if not piece.fault]


@pytest.mark.parametrize("raw", EXAMPLES)
def test_a_capture_is_decoded_and_encoded_to_the_same_bytes(raw):
    (piece,) = split(raw)
    frame = frames.decode(piece.data)
    assert frame.phone == PHONE and frames.encode(frame) == [raw]


def test_the_two_editions_are_told_apart_by_bit_14():
    old, new = frames.decode(POSITION_2013), frames.decode(HEARTBEAT_2019)
    assert (old.edition, new.edition) == (Edition(), Edition(True, 1))
    assert (old.id, old.serial, len(old.body)) == (0x0200, 0x7D7E, 40)


@pytest.mark.parametrize("between", [b"", b"\x7e", b"\x7e\x7e\x7e"])
def test_frames_may_share_their_flag_or_double_it(between):
    shared = POSITION_2013[:-1] + HEARTBEAT_2019
    assert good(shared + between + REGISTER_2013) == [POSITION_2013, HEARTBEAT_2019, REGISTER_2013]
    assert not [piece for piece in split(shared + between + REGISTER_2013) if piece.fault]


def test_frames_run_together_and_cut_anywhere_are_all_read():
    stream = b"".join(EXAMPLES)
    for cut in range(len(stream)):
        one = frames.splitter()
        assert [piece.data for piece in one.feed(stream[:cut]) + one.feed(stream[cut:])] == list(EXAMPLES)
    one = frames.splitter()
    assert [piece.data for byte in stream for piece in one.feed(bytes((byte,)))] == list(EXAMPLES)


@pytest.mark.parametrize(
    "spoil, fault",
    [
        (lambda raw: raw[:20] + b"\x55" + raw[21:], frames.CHECK),
        (lambda raw: raw.replace(b"\x7d\x01", b"\x7d\x03"), frames.ESCAPE),
        (lambda raw: raw.replace(b"\x7d\x02", b"\x7d"), frames.ESCAPE),
        (lambda raw: b"\x7e\x00\x02\x00\x7e", frames.SHORT),
        (lambda raw: raw[:3] + raw[3:4] + bytes((raw[4] ^ 1,)) + raw[5:-2] + bytes((raw[-2] ^ 1, 0x7E)), frames.LENGTH),
        (lambda raw: raw[:-1] + b"\0" * 3000, frames.TOO_LONG),
    ],
)
def test_a_damaged_frame_is_kept_with_the_reason_and_the_next_is_read(spoil, fault):
    pieces = split(spoil(POSITION_2013) + HEARTBEAT_2019)
    assert [piece.fault for piece in pieces if piece.fault] == [fault]
    assert [piece.data for piece in pieces if not piece.fault] == [HEARTBEAT_2019]


def test_noise_between_and_around_frames_is_handed_out():
    pieces = split(b"noise" + ANSWER_2019 + b"more" + BATCH_2013 + b"\x7ecut")
    assert [piece.data for piece in pieces if not piece.fault] == [ANSWER_2019, BATCH_2013]
    # The flag before "more" is the one that ended the frame: it may have begun the next.
    assert [piece.data for piece in pieces if piece.fault] == [b"noise", b"more", b"\x7ecut"]
    assert pieces[-1].fault == CUT_OFF


def test_a_long_message_goes_in_parts_of_consecutive_serials_and_comes_together_in_any_order():
    body = bytes(range(256)) * 10
    raw = frames.encode(Frame(0x0801, PHONE, 0xFFFF, body))
    assert [frames.decode(one).serial for one in raw] == [0xFFFF, 0, 1] and [len(split(one)) for one in raw] == [
        1,
        1,
        1,
    ]
    parts = Parts()
    whole = [parts.add(frames.decode(raw[n]), 0.0) for n in (2, 0, 1)]
    assert whole[:2] == [None, None] and (whole[2].body, whole[2].serial) == (body, 0xFFFF)
    assert parts.drop(1e9) == []


def test_parts_that_do_not_come_are_asked_for_and_then_given_up():
    raw = frames.encode(Frame(0x0801, PHONE, 10, bytes(3000)))
    parts, last = Parts(), frames.decode(raw[2])
    parts.add(last, 0.0)
    assert parts.missing(last) == (10, [1, 2])
    assert parts.drop(60.0) == [] and parts.drop(121.0) == [(PHONE, 0x0801, 1, 3)]
    assert parts.missing(last) == (10, [])


def test_unfinished_messages_are_bounded():
    parts = Parts()
    for serial in range(100):
        parts.add(Frame(1, PHONE, serial * 10, b"x", total=3, index=1), 0.0)
    assert len(parts.drop(1e9)) == Parts.MOST_SETS
    with pytest.raises(ValueError, match="2000 parts"):
        parts.add(Frame(1, PHONE, 0, b"x", total=2000, index=1), 0.0)


@pytest.mark.parametrize("total, index", [(0, 0), (0, 1), (2, 3), (2, 0)])
def test_parts_that_cannot_be_are_refused(total, index):
    inside = bytes.fromhex("08012001013970010203000a") + total.to_bytes(2) + index.to_bytes(2) + b"x"
    raw = b"\x7e" + frames.escaped(inside + bytes((frames.xor(inside),))) + b"\x7e"
    assert good(raw) == [raw]
    with pytest.raises(ValueError):
        frames.decode(raw)


@given(st.binary(max_size=600))
def test_the_check_is_the_xor_of_all_bytes(data):
    value = 0
    for byte in data:
        value ^= byte
    assert frames.xor(data) == value


@given(st.binary(max_size=200))
def test_escaping_is_undone_and_leaves_no_flag(data):
    raw = frames.escaped(data)
    assert 0x7E not in raw and frames.unescaped(raw) == data


@given(st.binary(max_size=60))
def test_unescaping_in_one_replacement_is_the_same_as_byte_by_byte(raw):
    made, at, wrong = bytearray(), 0, False
    while at < len(raw):
        if raw[at] == 0x7D:
            wrong = wrong or at + 1 >= len(raw) or raw[at + 1] not in (1, 2)
            made.append(0x7C + raw[at + 1] if not wrong else 0)
            at += 1
        else:
            made.append(raw[at])
        at += 1
    assert frames.unescaped(raw) == (None if wrong else bytes(made))


@given(
    st.integers(0, 0xFFFF),
    st.integers(0, 10**11).map(str),
    st.integers(0, 0xFFFF),
    st.binary(max_size=2500),
    st.sampled_from((Edition(), Edition(True, 1), Edition(True, 2))),
)
def test_what_is_encoded_is_decoded(message, phone, serial, body, edition):
    parts, whole = Parts(), None
    for piece in split(b"".join(frames.encode(Frame(message, phone, serial, body, edition)))):
        assert not piece.fault
        whole = parts.add(frames.decode(piece.data), 0.0)
    assert whole == Frame(message, phone, serial, body, edition)


@given(
    st.lists(st.one_of(st.binary(max_size=40), st.sampled_from((*EXAMPLES, b"\x7e", b"\x7d", POSITION_2013[:30])))),
    st.integers(1, 200),
)
def test_no_stream_breaks_the_splitter_or_fills_it(parts, step):
    stream, one, pieces = b"".join(parts), frames.splitter(), []
    for at in range(0, len(stream), step):
        pieces += one.feed(stream[at : at + step])
        assert len(one) <= frames.LONGEST
    pieces += one.end()
    assert len(one) == 0
    kept = b"".join(piece.data for piece in pieces)
    assert kept.replace(b"\x7e", b"") == stream.replace(b"\x7e", b"")  # only flags may be of two frames, or of none
    for piece in pieces:
        if not piece.fault:
            try:
                frame = frames.decode(piece.data)
            except ValueError:
                continue
            position.read(frame.body, position.Samples())
