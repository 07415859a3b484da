"""Settings of an OPC UA source are read or refused with the place; a status code says how sure a value is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.wire.opcua.tags import quality_of, read_settings

GOOD = {"url": "opc.tcp://10.1.2.3:4840/x", "tags": [{"key": "level", "node": "nsu=urn:plant;s=T101.Level"}]}


def test_a_namespace_is_named_by_its_uri_or_by_its_index():
    assert (read_settings(GOOD).tags[0].uri, read_settings(GOOD).tags[0].node) == ("urn:plant", "s=T101.Level")
    tag = read_settings({**GOOD, "tags": [{"key": "k", "node": "ns=2;i=1001"}]}).tags[0]
    assert (tag.uri, tag.node) == ("", "ns=2;i=1001")


@pytest.mark.parametrize(
    "said, where",
    [
        (7, "an object"), ({}, "url"), ({**GOOD, "url": "http://x"}, "url"),
        ({**GOOD, "url": "opc.tcp://me:pw@x"}, "url"),
        ({**GOOD, "tags": [{"key": "k", "node": "Level"}]}, r"tags\[0\]: node"), ({**GOOD, "tags": "x"}, "tags are"),
        ({**GOOD, "password": "plain"}, "environment"), ({**GOOD, "security": "None"}, "policy"),
        ({**GOOD, "interval": 1}, "interval"), ({**GOOD, "tags": GOOD["tags"] * 2}, "two tags"),
        ({**GOOD, "x": 1}, "not known"),
    ],
)  # fmt: skip
def test_wrong_settings_say_where(said, where):
    with pytest.raises(ValueError, match=where) as problem:
        read_settings(said)
    assert "plain" not in str(problem.value)


@pytest.mark.parametrize(
    "status, quality",
    [
        (0, 0),
        (0x40000000, 8),
        (0x408F0000, 8),
        (0x80000000, None),
        (0x80310000, None),
        (0x808A0000, None),
        (0xC0000000, None),
    ],
)
def test_only_two_bits_of_a_status_count(status, quality):
    assert quality_of(status) == quality


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["url", "tags", "key", "node", "interval"]), inner, max_size=4)
        ),
        max_leaves=8,
    )
)
def test_anything_is_settings_or_refused(said):
    with pytest.raises(ValueError):
        read_settings(said)
