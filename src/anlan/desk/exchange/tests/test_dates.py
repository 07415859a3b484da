import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.exchange.dates import Unclear, day, hours, only_day, order_of, period, year_of

MAY_3 = date(2024, 5, 3)
WRITTEN = (
    "2024-05-03 2024.5.3 2024/5/3 24/5/3 24.5.3 2024年5月3日 2024年5月3日前 20240503 2024、5、3 二〇二四年五月三日 "
    "二零二四年五月三号 2024-5-3T10:00:00.0 2024年5月3日之前"
)
UNCLEAR = {
    "no_year": ("5月3日",),
    "order": ("3/5/2024",),
    "no_date": ("2024年13月3日",),
    "no_day": ("立即整改", "2024年5月", "2024.5.3-5.10", "", "2024.5.31.7"),
}


@pytest.mark.parametrize("text", [*WRITTEN.split(), "2024 年 5 月 3 日", "2024-05-03 上午8:30"])
def test_a_day_is_read_however_people_write_it(text):
    assert only_day(text) == MAY_3


@pytest.mark.parametrize("text", ["5月3日", "5.3", "3/5/2024"])
def test_what_a_sheet_leaves_out_is_said_once_for_all(text):
    assert only_day(text, 2024, "dmy") == MAY_3


@pytest.mark.parametrize(("why", "text"), [(why, text) for why, texts in UNCLEAR.items() for text in texts])
def test_what_could_be_two_days_or_none_is_not_guessed(why, text):
    with pytest.raises(Unclear) as unclear:
        only_day(text)
    assert unclear.value.why == why


def test_a_day_above_twelve_says_which_is_the_month():
    assert only_day("13/5/2024") == date(2024, 5, 13)
    assert order_of(["3/5/2024", "13/5/2024"]) == "dmy"
    assert order_of(["3/5/2024", "5/13/2024"]) == "mdy"
    assert order_of(["13/5/2024", "5/13/2024"]) == order_of(["3/5/2024"]) == ""


def test_the_clock_behind_a_day():
    assert hours(day("2024-5-3 下午3点20分")[1]) == (15, 20, 0)
    with pytest.raises(Unclear):
        hours(" 25:00")


PERIODS = """
3.5-3.20 | 03-05 03-20
3.5-20 | 03-05 03-20
10.5-10.20 | 10-05 10-20
10.5-20 | 10-05 10-20
3月5日至20日 | 03-05 03-20
3月5日至3月20日 | 03-05 03-20
3月5日-4月2日前 | 03-05 04-02
自3月5日起至3月20日止 | 03-05 03-20
三月五日至二十日 | 03-05 03-20
2026.3.5—3.20 | 03-05 03-20
2026.3.5——3.20 | 03-05 03-20
2026.3.5～3.20 | 03-05 03-20
2026.3.5-2026.3.20 | 03-05 03-20
2026-03-05至2026-03-20 | 03-05 03-20
2026-03-05 ~ 2026-03-20 | 03-05 03-20
2026/3/5-2026/3/20 | 03-05 03-20
20260305-20260320 | 03-05 03-20
2026年3月5日到20号 | 03-05 03-20
5/3/2026-20/3/2026 | 03-05 03-20
"""


@pytest.mark.parametrize("line", PERIODS.strip().splitlines())
def test_a_period_is_read_however_people_write_it_and_is_no_day(line):
    text, _, days = line.partition(" | ")
    text = unicodedata.normalize("NFKC", text)
    begin, end = (date.fromisoformat(f"2026-{one}") for one in days.split())
    assert period(text, 2026, "dmy") == (begin, end)
    with pytest.raises(Unclear):
        only_day(text, 2026, "dmy")


def test_a_period_over_new_year_is_read_where_a_year_is_written():
    over = (date(2025, 12, 28), date(2026, 1, 5))
    assert period("2025.12.28-1.5") == period("2025.12.28-2026.1.5") == period("2025年12月28日至1月5日") == over
    for text in ("12.28-1.5", "2026.3.20-2026.3.5"):
        with pytest.raises(Unclear) as unclear:
            period(text, 2026)
        assert unclear.value.why == "backwards"


@pytest.mark.parametrize(
    ("text", "why"), [("3.5-3.20", "no_year"), ("2026.2.20-2.30", "no_date"), ("2026.3.5-32", "no_date")]
)
def test_of_a_period_nothing_is_guessed_either(text, why):
    with pytest.raises(Unclear) as unclear:
        period(text)
    assert unclear.value.why == why


@pytest.mark.parametrize(
    "text", ["2026.3.5", "3.5", "立即整改", "2026.3.5-", "2024.5-7", "2026.3.5-立即", "3月-5月", "", "至"]
)
def test_what_is_no_period_is_none(text):
    assert period(text, 2026) is None


@given(st.text("0123456789.-/年月日至到~— 自起前", max_size=24))
def test_no_period_breaks_the_reader(text):
    with suppress(Unclear):
        found = period(text, 2024, "dmy")
        assert found is None or found[0] <= found[1]


def test_the_year_of_a_sheet_is_the_one_in_which_all_its_whole_days_lie():
    assert year_of([date(2025, 8, 20), "2025.8.29", "二〇二五年九月一日", "8月29日前", "立即", "20251301"]) == 2025
    assert year_of(["2025-12-20", "2026年1月5日"]) is None and year_of(["8月29日", ""]) is None


DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_comes_back(any_day, form):
    assert only_day(any_day.strftime(form)) == any_day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    with suppress(Unclear):
        only_day(text, 2024, "dmy")
    with suppress(Unclear):
        period(text, 2024, "dmy")
