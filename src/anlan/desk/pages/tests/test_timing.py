from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.pages.timing import phrase, span

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 秒"),
        (59, "59 秒"),
        (60, "1 分"),
        (320, "5 分 20 秒"),
        (3600, "1 小时"),
        (3661, "1 小时 1 分"),
        (86400 * 2 + 3 * 3600 + 59, "2 天 3 小时"),
        (86400 + 59, "1 天"),
        (-90, "1 分 30 秒"),
    ],
)
def test_a_span_has_at_most_two_neighbouring_units(seconds, said):
    assert span(seconds) == said


def test_a_deadline_says_how_long_still_and_how_long_over():
    assert phrase(NOON + timedelta(minutes=5), NOON) == "剩 5 分"
    assert phrase(NOON - timedelta(hours=1), NOON) == "超期 1 小时"


@given(st.floats(-1e7, 1e7))
def test_it_always_says_something(seconds):
    assert 1 <= len(span(seconds).split(" ")) <= 4
