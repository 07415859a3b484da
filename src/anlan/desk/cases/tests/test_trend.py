"""Counts per day, on the days of the region's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from anlan.desk.cases import trend
from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.cases.models import Case
from tests.cast import TOWN

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 3, 14)


def a_case(key: str, opened: datetime, closed: datetime | None = None) -> None:
    case, _new = open_case(NewCase(kind="warnings.warning", title=key, region=TOWN, key=key))
    Case.objects.filter(pk=case.pk).update(opened_at=opened, closed_at=closed, is_open=closed is None)


@pytest.mark.django_db
def test_a_case_counts_on_the_day_of_the_region_not_of_greenwich():
    a_case("late", datetime(2026, 3, 13, 23, 59, tzinfo=SHANGHAI), datetime(2026, 3, 14, 0, 1, tzinfo=SHANGHAI))
    a_case("early", datetime(2026, 3, 14, 0, 0, tzinfo=SHANGHAI))
    a_case("before", datetime(2026, 2, 28, 23, 59, tzinfo=SHANGHAI))
    days = {day.day: (day.opened, day.closed) for day in trend.days(Case.objects.all(), TODAY)}
    assert len(days) == trend.DAYS and min(days) == date(2026, 3, 1)
    assert days[date(2026, 3, 13)] == (1, 0) and days[TODAY] == (1, 1)
    assert sum(opened for opened, _closed in days.values()) == 2


@pytest.mark.django_db
def test_the_fullest_day_reaches_the_top_and_no_bar_leaves_the_drawing():
    for n in range(3):
        a_case(f"a{n}", datetime(2026, 3, 14, 9, n, tzinfo=SHANGHAI))
    a_case("b", datetime(2026, 3, 12, 9, tzinfo=SHANGHAI))
    days = trend.days(Case.objects.all(), TODAY)
    assert max(day.opened_height for day in days) == trend.HEIGHT
    assert all(0 <= day.opened_top <= trend.HEIGHT and 0 <= day.closed_top <= trend.HEIGHT for day in days)


@pytest.mark.django_db
def test_no_cases_give_empty_days_and_zero_counts():
    none = Case.objects.none()
    assert all(day.opened == day.closed == 0 for day in trend.days(none, TODAY))
    now = datetime(2026, 3, 14, tzinfo=SHANGHAI)
    assert trend.counts(none, none, now) == {"open": 0, "overdue": 0, "soon": 0, "supervised": 0, "waiting": 0}
