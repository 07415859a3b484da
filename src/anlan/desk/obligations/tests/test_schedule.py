from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.clocks.calendar import is_workday
from anlan.desk.obligations.schedule import (
    Dated,
    Length,
    NthWorkday,
    Periodic,
    Triggered,
    add_months,
    current,
    following,
    nth_workday,
    occurrences,
    triggered,
)

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))
SCHEDULES = st.one_of(
    st.builds(
        Periodic,
        months=st.sampled_from([1, 3, 6, 12, 24, 36, 60]),
        anchor=st.sampled_from(["year", "fact:issued_on"]),
        opens=st.none() | st.integers(1, 400),
    ),
    st.builds(Dated, month=st.integers(1, 12), day=st.integers(1, 29), opens=st.integers(1, 364)),
    st.builds(NthWorkday, month=st.integers(1, 12), nth=st.sampled_from([-3, -1, 1, 2, 10]), opens=st.integers(1, 364)),
)


def listed(schedule, anchor, after, upto):
    return list(occurrences(schedule, anchor, after, upto, is_workday))


@given(SCHEDULES, DAYS, DAYS, st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_however_the_time_is_cut_nothing_is_skipped_or_doubled(schedule, anchor, begin, steps):
    end = begin + timedelta(days=sum(steps))
    whole, pieces, day = listed(schedule, anchor, begin, end), [], begin
    for step in steps:
        pieces += listed(schedule, anchor, day, day + timedelta(days=step))
        day += timedelta(days=step)
    assert pieces == whole
    assert len({occurrence.key for occurrence in whole}) == len(whole)


@given(SCHEDULES, DAYS, DAYS)
def test_occurrences_are_in_order_and_each_opens_before_it_is_due(schedule, anchor, begin):
    found = listed(schedule, anchor, begin, begin + timedelta(days=2000))
    assert all(earlier.due < later.due and earlier.opens <= later.opens for earlier, later in pairwise(found))
    assert all(occurrence.opens <= occurrence.due for occurrence in found)


@given(st.sampled_from([1, 3, 6, 12, 24]), DAYS, DAYS)
def test_calendar_periods_touch_and_leave_no_day_out(months, anchor, begin):
    schedule = Periodic(months=months, anchor="year")
    found = listed(schedule, date(anchor.year, 1, 1), begin, begin + timedelta(days=1500))
    assert all(earlier.due + timedelta(days=1) == later.start for earlier, later in pairwise(found))


@given(SCHEDULES, DAYS, DAYS)
def test_the_current_one_is_the_last_that_has_opened(schedule, anchor, day):
    found = current(schedule, anchor, day, is_workday)
    opened = listed(schedule, anchor, date(1990, 1, 1), day)
    assert found == (opened[-1] if opened else None)


def test_half_years_of_2026():
    found = listed(Periodic(months=6, anchor="year"), date(2019, 1, 1), date(2025, 12, 31), date(2026, 12, 31))
    assert [(o.key, o.due) for o in found] == [
        ("2026-01-01", date(2026, 6, 30)),
        ("2026-07-01", date(2026, 12, 31)),
    ]


def test_two_years_are_counted_from_the_year_the_rule_came_into_force():
    found = current(Periodic(months=24, anchor="year"), date(2019, 1, 1), date(2026, 11, 24), is_workday)
    assert (found.start, found.due) == (date(2025, 1, 1), date(2026, 12, 31))


def test_a_certificate_of_the_31st_is_rechecked_on_the_last_of_a_shorter_month_without_drifting():
    schedule = Periodic(months=1, anchor="fact:issued_on")
    found = listed(schedule, date(2026, 1, 31), date(2026, 1, 30), date(2026, 3, 31))
    assert [o.due for o in found] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_the_report_of_25_december_appears_sixty_days_before():
    found = current(Dated(month=12, day=25), date(2021, 1, 1), date(2026, 11, 24), is_workday)
    assert (found.key, found.opens, found.due) == ("2026", date(2026, 10, 26), date(2026, 12, 25))


def test_29_february_is_the_28th_in_a_common_year():
    found = listed(Dated(month=2, day=29), date(2023, 1, 1), date(2022, 1, 1), date(2024, 12, 31))
    assert [o.due for o in found] == [date(2023, 2, 28), date(2024, 2, 29), date(2025, 2, 28)]


def test_the_last_working_day_of_january_2025_lies_before_the_spring_festival():
    # 28 January to 4 February 2025 were free; Monday 27 and the exchanged Sunday 26 were worked.
    assert nth_workday(2025, 1, -1, is_workday) == date(2025, 1, 27)
    assert nth_workday(2025, 1, -2, is_workday) == date(2025, 1, 26)
    assert nth_workday(2025, 1, 1, is_workday) == date(2025, 1, 2)


def test_a_month_with_fewer_working_days_gives_its_outermost():
    assert nth_workday(2025, 2, 30, is_workday) == nth_workday(2025, 2, -1, is_workday)


def test_twenty_working_days_after_a_plan_is_published_jump_the_national_holiday():
    # 28 to 30 September are 3, 9 to 11 October (the Saturday was worked) 6, 13 to 17 11, 20 to 24 16, 27 to 30 20.
    schedule = Triggered(event="plans.published", within=Length("workdays", 20))
    found = triggered(schedule, "plan:7", date(2025, 9, 26), is_workday)
    counted = [date(2025, 9, 27) + timedelta(days=n) for n in range((found.due - date(2025, 9, 26)).days)]
    assert sum(map(is_workday, counted)) == 20 and is_workday(found.due)
    assert found.due == date(2025, 10, 30)


def test_from_the_last_fulfilment_three_years_and_a_term_for_the_first_time():
    schedule = Periodic(months=36, anchor="last", first=Length("days", 180), opens=90)
    assert following(schedule, None, date(2026, 1, 1), is_workday).due == date(2026, 6, 30)
    again = following(schedule, date(2024, 2, 29), date(2026, 1, 1), is_workday)
    assert (again.key, again.due, again.opens) == ("2024-02-29", date(2027, 2, 28), date(2026, 11, 30))


@given(DAYS, st.integers(0, 240))
def test_months_added_land_in_the_right_month(day, months):
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months and found.day <= day.day


@pytest.mark.parametrize("unit", ["days", "workdays", "months"])
def test_every_length_leads_forward(unit):
    assert Length(unit, 1).after(date(2026, 11, 24), is_workday) > date(2026, 11, 24)
