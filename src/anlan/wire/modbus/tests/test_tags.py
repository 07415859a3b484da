"""Registers become values in every order and type; few requests read many; wrong settings say where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.modbus.tags import (
    BITS,
    MOST_REGISTERS,
    ORDERS,
    TYPES,
    Tag,
    apart,
    blocks,
    decode,
    ordered,
    read_settings,
)


def value(tag: Tag, *words: int):
    return decode(blocks([tag])[0], words)[0][1:]


@pytest.mark.parametrize(
    "order, words",
    [("ABCD", (0x4078, 0)), ("CDAB", (0, 0x4078)), ("BADC", (0x7840, 0)), ("DCBA", (0, 0x7840))],
)
def test_one_float_in_four_orders(order, words):
    assert value(Tag("k", "holding", 16, "float32", order), *words) == (3.875, "")


@pytest.mark.parametrize(
    "type, words, found",
    [
        ("int16", (0xFFFE,), -2), ("uint16", (0xFFFE,), 65_534), ("int32", (0xFFFF, 0xFFFE), -2),
        ("uint32", (1, 0), 65_536), ("int64", (0xFFFF,) * 4, -1), ("uint64", (0, 0, 1, 0), 65_536),
        ("float64", (0x3FF8, 0, 0, 0), 1.5), ("bcd16", (0x1234,), 1234), ("bcd32", (0x12, 0x3456), 123_456),
    ],
)  # fmt: skip
def test_registers_become_the_number_of_every_type(type, words, found):
    assert value(Tag("k", "input", 0, type), *words) == (found, "")


def test_bits_scales_and_words_that_say_nothing():
    assert value(Tag("k", "holding", 0, bit=3), 0b1000) == (1.0, "")
    assert value(Tag("k", "coil", 0), 1) == (1.0, "")
    assert value(Tag("k", "holding", 0, "int16", scale=0.1, offset=-40), 500)[0] == pytest.approx(10)
    assert "no measurement" in value(Tag("k", "holding", 0, "int16", bad=(-9999.0,)), 2**16 - 9999)[1]
    assert "no number" in value(Tag("k", "holding", 0, "float32"), 0x7FC0, 0)[1]
    assert "decimal" in value(Tag("k", "holding", 0, "bcd16"), 0x12AB)[1]


def test_few_requests_read_many_tags_over_small_gaps():
    tags = [Tag("a", "holding", 0), Tag("b", "holding", 17), Tag("c", "holding", 40), Tag("d", "coil", 3)]
    assert [(one.table, one.start, one.count) for one in blocks(tags)] == [
        ("holding", 0, 18),
        ("holding", 40, 1),
        ("coil", 3, 1),
    ]
    assert [(one.start, one.count) for one in apart(blocks(tags)[0])] == [(0, 1), (17, 1)]


TAGS = st.builds(
    Tag, st.text(min_size=1, max_size=3), st.sampled_from(["holding", "input", "coil"]), st.integers(0, 65_000),
    st.sampled_from(sorted(TYPES)), st.sampled_from(ORDERS),
)  # fmt: skip


@given(st.lists(TAGS, max_size=60))
def test_every_tag_is_in_exactly_one_request_that_is_not_too_long(tags):
    found = blocks(tags)
    assert sorted(str(tag) for one in found for tag in one.tags) == sorted(map(str, tags))
    for one in found:
        assert one.count <= (2_000 if one.table in BITS else MOST_REGISTERS)
        assert all(one.start <= tag.address and tag.address + tag.words <= one.start + one.count for tag in one.tags)


@given(
    st.lists(st.integers(0, 65_535), min_size=4, max_size=4), st.sampled_from(ORDERS), st.sampled_from(sorted(TYPES))
)
def test_any_words_are_a_number_or_a_reason(words, order, type):
    (_, found, why) = decode(blocks([Tag("k", "holding", 0, type, order)])[0], words)[0]
    assert (found is None) == bool(why) and len(ordered(words, order)) == 8


GOOD = {"host": "10.1.2.3", "tags": [{"key": "level", "address": 16, "type": "float32"}]}


def test_settings_are_read_with_their_defaults_and_documents_that_count_from_40001():
    source = read_settings(GOOD)
    assert (source.port, source.unit, source.every, source.tags[0].address) == (502, 1, 1.0, 16)
    assert read_settings({**GOOD, "base": 40_001, "tags": [{"key": "k", "address": 40_017}]}).tags[0].address == 16


@pytest.mark.parametrize(
    "said, where",
    [
        (None, "an object"), ({}, "host"), ({**GOOD, "hots": 1}, "'hots' is not known"), ({**GOOD, "port": 0}, "port"),
        ({**GOOD, "unit": True}, "unit"), ({**GOOD, "every": 0}, "every"), ({**GOOD, "tags": []}, "tags are"),
        ({**GOOD, "tags": [7]}, r"tags\[0\]"), ({**GOOD, "tags": [{"key": "k"}]}, r"tags\[0\]: address"),
        ({**GOOD, "tags": [{"key": "k", "address": 1, "type": "int8"}]}, "type is one of"),
        ({**GOOD, "tags": [{"key": "k", "address": 1, "bit": 16}]}, "bit is"),
        ({**GOOD, "tags": [{"key": "k", "address": 1, "type": "int32", "bit": 1}]}, "a bit is one"),
        ({**GOOD, "tags": [{"key": "k", "address": 65_535, "type": "int32"}]}, "beyond"),
        ({**GOOD, "tags": [{"key": "k", "address": 1, "bad": ["x"]}]}, "bad is"),
        ({**GOOD, "tags": [{"key": "k", "address": 1, "scale": float("nan")}]}, "scale"),
        ({**GOOD, "tags": GOOD["tags"] * 2}, "two tags"), ({**GOOD, "host": "a b"}, "host"),
        ({**GOOD, "framer": "x"}, "framer"),
    ],
)  # fmt: skip
def test_wrong_settings_say_where(said, where):
    with pytest.raises(ValueError, match=where):
        read_settings(said)


def test_a_short_answer_is_refused():
    with pytest.raises(ValueError, match="1 came where 2"):
        decode(blocks([Tag("k", "holding", 0, "int32")])[0], [1])
