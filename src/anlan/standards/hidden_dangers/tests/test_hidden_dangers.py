"""Criteria by sector, candidates with reasons, and the clocks of treatment."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.standards.citing import Refusal, Status
from anlan.standards.dating import When
from anlan.standards.hidden_dangers import clocks, major
from anlan.standards.tables import OutsideTable

TODAY = When(date(2026, 11, 24))
WEEKDAYS = lambda day: day.weekday() < 5  # noqa: E731


def test_every_criterion_cites_an_instrument_and_every_sector_has_a_list():
    assert len(major.criteria()) == 353
    assert all(row.clause.of.title.zh for row in major.criteria())
    assert all(row in major.criteria() for sector in major.sectors() for row in major.listed(sector, TODAY))


@pytest.mark.parametrize("row", major.criteria(), ids=lambda row: row.id)
def test_a_criterion_described_in_its_own_words_is_found_first_or_beside_its_equal(row):
    when = TODAY if row.holds(TODAY) else When(row.clause.of.until.replace(year=row.clause.of.until.year - 1))
    if len(major._pairs(row.words)) < 2:
        return
    found = major.candidates([row.sector], row.words, when, most=50)
    assert found[0].share == 1 and row.id in {one.criterion.id for one in found if one.share == 1}


def test_a_description_in_other_words_has_its_reason_and_clause():
    best, *_ = major.candidates(["工贸 粉尘"], "木工车间干式除尘器没有泄爆、惰化、抑爆措施", TODAY)
    assert best.criterion.id == "GM-FC-03" and best.strong
    assert best.criterion.clause.article == "11-3" and "干式除尘" in best.common
    assert major.advice(["工贸 粉尘"], "墙面有污渍", TODAY).value == 0


def test_a_list_that_ended_or_has_not_begun_is_left_out():
    assert not any(
        row.instrument == "AQ 3067-2026" for row in major.listed("化工和危险化学品", When(date(2026, 9, 29)))
    )
    assert any(row.instrument == "AQ 3067-2026" for row in major.listed("化工和危险化学品", When(date(2026, 9, 30))))
    assert not any(row.instrument == "GB 35181-2017" for row in major.listed("火灾", TODAY))


def test_a_sector_without_a_list_is_refused():
    with pytest.raises(OutsideTable, match="煤矿"):
        major.candidates(["理发"], "电线裸露", TODAY)


@given(st.text(max_size=60))
def test_whatever_somebody_writes_the_shares_lie_between_the_limits_and_fall(words):
    shares = [one.share for one in major.candidates(major.sectors(), words, TODAY)]
    assert shares == sorted(shares, reverse=True) and all(major.LEAST <= share <= 1 for share in shares)


def test_the_two_15_day_timers_are_a_setting_with_a_default():
    assert clocks.due("register_15", date(2026, 2, 20)).value == date(2026, 3, 7)
    assert clocks.due("clear_15", date(2026, 2, 20), amount=10).value == date(2026, 3, 2)
    assert clocks.due("clear_15", date(2026, 2, 20)).status is Status.RECALLED
    with pytest.raises(OutsideTable):
        clocks.due("clear_15", date(2026, 2, 20), amount=0)


def test_working_days_need_a_calendar_and_are_counted_forwards_and_backwards():
    with pytest.raises(Refusal, match="calendar"):
        clocks.due("publish_qingdao", date(2026, 11, 20))
    assert clocks.due("publish_qingdao", date(2026, 11, 20), WEEKDAYS).value == date(2026, 11, 27)
    assert clocks.due("extension_qingdao", date(2026, 11, 27), WEEKDAYS).value == date(2026, 10, 30)


@pytest.mark.parametrize(
    ("quarter", "last"),
    [(1, date(2026, 4, 14)), (3, date(2026, 10, 14)), (4, date(2027, 1, 14)), (0, date(2027, 1, 31))],
)
def test_statistics_are_due_after_the_quarter_and_after_the_year(quarter, last):
    assert clocks.statistics_due(2026, quarter).value == last


def test_a_half_report_names_who_is_missing():
    finding = clocks.double_report(["department"])
    assert finding.value is False and [one.rule.zh for one in finding.because if not one.value] == [
        "职工大会或职工代表大会"
    ]
    assert clocks.double_report(["workers", "department"]).value is True
    with pytest.raises(OutsideTable):
        clocks.double_report(["newspaper"])


@pytest.mark.parametrize(
    ("days", "closing"),
    [
        ([date(2026, 11, 1), date(2026, 10, 1), date(2026, 6, 1)], True),
        ([date(2026, 11, 1), date(2026, 10, 1), date(2026, 5, 28)], False),
        ([date(2026, 11, 1), date(2026, 4, 1), date(2026, 3, 1), date(2025, 12, 1)], True),
        ([date(2026, 11, 1), date(2026, 4, 1), date(2026, 3, 1), date(2025, 11, 24)], False),
    ],
)
def test_three_penalties_in_180_days_or_four_in_a_year_call_for_closing(days, closing):
    assert clocks.closing_proposed(days, date(2026, 11, 24)).value is closing
