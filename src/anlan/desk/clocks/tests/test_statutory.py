from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.clocks.calendar import is_workday, known
from anlan.desk.clocks.statutory import Clock, add_workdays, due

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def _due(amount, unit, start, **more):
    clock = Clock(title="t", amount=amount, unit=unit, source="test")
    return due(clock, start, SHANGHAI, is_workday=is_workday, **more)


def test_hours_run_from_the_instant_and_days_to_midnight_of_the_region():
    start = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)  # 23:30 of the same day in Shanghai
    assert _due(2, "hours", start) == start + timedelta(hours=2)
    assert _due(1, "days", start) == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)


def test_the_national_holiday_of_2025_is_jumped_and_the_exchanged_sunday_counts():
    # 28 September 2025, a Sunday, was worked; 1 to 8 October were free.
    assert is_workday(date(2025, 9, 28))
    assert add_workdays(date(2025, 9, 27), 1, is_workday) == date(2025, 9, 28)
    assert add_workdays(date(2025, 9, 30), 1, is_workday) == date(2025, 10, 9)


def test_a_year_without_a_notice_counts_monday_to_friday_and_says_so():
    assert not known(date(2040, 1, 2))
    assert is_workday(date(2040, 1, 2)) and not is_workday(date(2040, 1, 1))


@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_working_days_add_up(day, first, second):
    assert add_workdays(add_workdays(day, first, is_workday), second, is_workday) == add_workdays(
        day, first + second, is_workday
    )


@given(DAYS, st.integers(1, 60))
def test_the_nth_working_day_is_one_and_exactly_n_lie_between(day, amount):
    last = add_workdays(day, amount, is_workday)
    between = [day + timedelta(days=n + 1) for n in range((last - day).days)]
    assert is_workday(last) and sum(map(is_workday, between)) == amount


def test_a_level_without_an_amount_of_its_own_gets_the_longest():
    clock = Clock(title="t", amount={1: 1, 2: 3}, unit="hours", source="test")
    assert clock.of_level(4) == 3 and clock.of_level(1) == 1


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="fortnights"):
        _due(1, "fortnights", datetime(2026, 1, 1, tzinfo=UTC))
