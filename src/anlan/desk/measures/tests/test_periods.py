from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.measures.periods import MONTHS, NoPeriod, Period, before, containing, read, tiling

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
KINDS = st.sampled_from(list(MONTHS))


@given(KINDS, DAYS)
def test_a_day_lies_in_its_period_and_the_period_reads_back_from_its_name(kind, day):
    period = containing(kind, day)
    assert period.start <= day < period.end and period.kind == kind
    assert read(str(period)) == period


@given(KINDS, DAYS, st.integers(-20, 20))
def test_neighbours_touch_and_lead_back(kind, day, steps):
    period = containing(kind, day)
    assert before(period).end == period.start
    assert before(before(period, steps), -steps) == period


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-Q5", "2021-2024", "2025-1", "year", "99999", "2025-07-01"])
def test_what_names_no_period_is_refused(text):
    with pytest.raises(NoPeriod):
        read(text)


def test_the_plan_years_are_those_of_the_state():
    assert str(containing("five_years", date(2026, 1, 1))) == "2026-2030"
    assert str(containing("five_years", date(2025, 12, 31))) == "2021-2025"


def test_quarters_and_months_fill_a_year_and_a_missing_month_does_not():
    quarters = [read(f"2025-Q{n}") for n in (1, 2, 3)]
    months = [read(f"2025-{n:02}") for n in range(1, 13)]
    year = read("2025")
    assert tiling(year, quarters + months) == [*quarters, *months[9:]]
    assert tiling(year, quarters + months[:-1]) is None
    assert tiling(year, [read("2021-2025")]) is None


def test_a_long_gap_is_found_at_once():
    years = [str(year) for year in range(2021, 2026)]
    parts = [read(f"{year}-{n:02}") for year in years for n in range(1, 13)][:-1]
    parts += [read(f"{year}-Q{n}") for year in years for n in range(1, 5)][:-1]
    assert tiling(read("2021-2025"), parts) is None


@given(DAYS, st.sets(st.integers(0, 23), max_size=24))
def test_what_fills_has_no_gap_and_no_overlap(day, chosen):
    whole = Period(containing("year", day).start, before(containing("year", day), -2).start)
    parts = [before(containing("month", whole.start), -number) for number in chosen]
    found = tiling(whole, parts)
    assert (found is None) == (len(chosen) < 24)
