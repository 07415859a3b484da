from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.fieldwork import reading
from anlan.desk.fieldwork.reading import Malformed, Sent

NOW = datetime(2026, 11, 24, tzinfo=UTC)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["key", "name", "title", "answers", "details", "fixed", "base", "files", "made_at", "place"]


@given(values | st.fixed_dictionaries({}, optional={name: values for name in NAMES}))
def test_whatever_comes_is_read_or_refused_with_a_sentence(raw):
    try:
        assert isinstance(reading.sent(raw, NOW), Sent)
    except Malformed as refused:
        assert str(refused)


@given(values)
def test_a_place_is_on_earth_or_none(raw):
    place = reading.place_of(raw)
    assert place is None or (abs(place["lon"]) <= 180 and abs(place["lat"]) <= 90)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_is_kept_unless_it_lies_ahead(at):
    key = "8f14e45f-ceea-467f-9f0b-2f6f6a3c1d11"
    read = reading.sent({"key": key, "name": "a.b", "made_at": at.isoformat()}, NOW).made_at
    assert read == min(at, NOW)


@pytest.mark.parametrize("size", [0, -1, True, 1.5, "9", None, 10**12])
def test_a_file_has_a_size_and_not_too_large_a_one(size):
    with pytest.raises(Malformed):
        reading.announced(
            {"key": "8f14e45f-ceea-467f-9f0b-2f6f6a3c1d11", "size": size, "digest": "0" * 64}, NOW, 50_000_000
        )
