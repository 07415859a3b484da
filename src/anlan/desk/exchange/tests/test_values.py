from datetime import date, datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from anlan.desk.exchange.declare import ImportColumn
from anlan.desk.exchange.values import CONVERTERS, BadCell, Manner, Period, convert

CHOICES = {"large": "大型", "small": "小型"}


def column(kind, **more):
    return ImportColumn("x", ("列",), kind=kind, choices=CHOICES if kind == "choice" else None, **more)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", "  甲厂 ", "甲厂"),
        ("text", 12.0, "12"),
        ("code", "９１３６ ０１０８", "91360108"),
        ("code", 91360108.0, "91360108"),
        ("integer", "１，２３４", 1234),
        ("integer", 7.0, 7),
        ("number", "1,234.5", 1234.5),
        ("number", "12.5%", 0.125),
        ("number", " 3 ", 3.0),
        ("date", datetime(2026, 1, 31, 8), date(2026, 1, 31)),
        ("date", "2026-1-31", date(2026, 1, 31)),
        ("date", "2026/01/31", date(2026, 1, 31)),
        ("date", "2026.1.31", date(2026, 1, 31)),
        ("date", "2026年1月31日", date(2026, 1, 31)),
        ("date", "20260131", date(2026, 1, 31)),
        ("date", "２０２６－０１－３１", date(2026, 1, 31)),
        ("date", "2026-01-31 08:30:00", date(2026, 1, 31)),
        ("date", 46053, date(2026, 1, 31)),
        ("date", "46053", date(2026, 1, 31)),
        ("choice", "大型", "large"),
        ("choice", "LARGE", "large"),
        ("flag", "是", True),
        ("flag", "√", True),
        ("flag", True, True),
        ("flag", "否", False),
        ("flag", 0, False),
        ("flag", "无", False),
        ("number", "—", None),
        ("text", None, None),
    ],
)
def test_a_cell_becomes_what_was_meant(kind, cell, value):
    assert convert(column(kind), cell) == value


@pytest.mark.parametrize(("of_period", "day"), [("begin", date(2026, 3, 5)), ("end", date(2026, 3, 20))])
@pytest.mark.parametrize("text", ["3.5-3.20", "2026.3.5—3.20", "３月５日至２０日"])
def test_of_a_period_the_column_says_which_day_it_means(text, of_period, day):
    with pytest.raises(Period) as found:
        convert(column("date", of_period=of_period), text, Manner(year=2026))
    assert found.value.day == day


def test_a_column_that_does_not_say_leaves_a_period_to_the_person():
    with pytest.raises(BadCell, match="一段时间，这一列要一天") as refused:
        convert(column("date"), "2026.3.5-3.20")
    assert not isinstance(refused.value, Period)
    with pytest.raises(BadCell, match="止日在起日之前"):
        convert(column("date", of_period="end"), "12.28-1.5", Manner(year=2026))
    with pytest.raises(BadCell, match="没有年份"):
        convert(column("date", of_period="end"), "3.5-3.20")


def test_an_instant_is_of_the_regions_zone():
    assert timezone.localtime(convert(column("datetime"), "2026-01-31 08:30")).hour == 8
    assert timezone.localtime(convert(column("datetime"), datetime(2026, 1, 31, 8, 30))).hour == 8
    assert timezone.localtime(convert(column("datetime"), "2026年1月31日")).hour == 0


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        ("integer", "1.5", "整数"),
        ("number", "十二", "数字"),
        ("number", "1e999", "数字"),
        ("number", "nan", "数字"),
        ("number", float("inf"), "数字"),
        ("date", "3/1/2026", "分不清"),
        ("date", "1月31日", "年份"),
        ("date", "2026-02-30", "没有"),
        ("date", "2026-01-31 乱", "日期"),
        ("date", 5, "日期"),
        ("datetime", "2026-01-31 25:00", "时间"),
        ("choice", "特大", "大型、小型"),
        ("flag", "也许", "是"),
        ("code", 9.136010812345678e17, "文本"),
        ("code", "9.13601E+17", "文本"),
        ("text", "长" * 501, "500"),
    ],
)
def test_a_cell_that_cannot_be_says_what_to_write(kind, cell, words):
    with pytest.raises(BadCell, match=words):
        convert(column(kind), cell)


def test_bounds_and_required_cells_are_kept():
    with pytest.raises(BadCell, match="0 到 100"):
        convert(column("number", low=0, high=100), 101)
    with pytest.raises(BadCell, match="必填"):
        convert(column("text", required=True), " ")


cells = st.one_of(
    st.none(), st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.dates(), st.times()
)


@given(st.sampled_from(sorted(CONVERTERS)), cells)
def test_any_cell_gives_a_value_or_a_sentence_and_never_a_fault(kind, cell):
    try:
        convert(column(kind), cell)
    except BadCell as error:
        assert str(error)
