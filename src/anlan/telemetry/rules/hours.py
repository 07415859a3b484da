"""Calendars as the rule kernel reads them: one flag a day for sixty years, looked up instead of reckoned."""

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.telemetry.calendars import DAY, EPOCH, MINUTE, Calendar

FIRST_DAY = (date(2000, 1, 1) - EPOCH).days
DAYS = 22_000


class Hours(NamedTuple):
    """Per calendar, as the kernel reads it."""

    begin: np.ndarray
    end: np.ndarray
    offset: np.ndarray
    """i64, microseconds, as the two before."""
    days: np.ndarray
    """u8, calendars x DAYS: whether its hours begin on the day."""


@cache
def _days(calendar: Calendar) -> np.ndarray:
    first = EPOCH + timedelta(days=FIRST_DAY)
    return np.array([calendar.covers(first + timedelta(days=n)) for n in range(DAYS)], np.uint8)


def hours(calendars: list[Calendar]) -> Hours:
    """The calendars in their order, compiled."""
    minutes = [[getattr(one, name) for one in calendars] for name in ("begin", "end", "offset")]
    begin, end, offset = (np.array(column, np.int64) * MINUTE for column in minutes)
    days = np.array([_days(one) for one in calendars], np.uint8).reshape(-1, DAYS)
    return Hours(begin, end, offset, days)


@njit(cache=True, inline="always")
def _on(calendar, day, hours):
    return hours.days[calendar, min(max(day - FIRST_DAY, 0), DAYS - 1)] != 0


@njit(cache=True)
def is_open(calendar, ts, hours):
    """Whether the calendar's hours run at ``ts``."""
    local = ts + hours.offset[calendar]
    day, at = local // DAY, local % DAY
    begin, end = hours.begin[calendar], hours.end[calendar]
    if begin < end:
        return begin <= at < end and _on(calendar, day, hours)
    if begin == end:
        return _on(calendar, day, hours)
    return (at >= begin and _on(calendar, day, hours)) or (at < end and _on(calendar, day - 1, hours))


@njit(cache=True)
def opened(calendar, ts, hours):
    """When the hours that run at ``ts`` began."""
    local = ts + hours.offset[calendar]
    day, at = local // DAY, local % DAY
    begin, end = hours.begin[calendar], hours.end[calendar]
    if begin == end:
        while day > FIRST_DAY and _on(calendar, day - 1, hours):
            day -= 1
        return day * DAY - hours.offset[calendar]
    if begin > end and at < end:
        day -= 1
    return day * DAY + begin - hours.offset[calendar]


@njit(cache=True)
def closes(calendar, ts, hours):
    """When the hours that run at ``ts`` end."""
    local = ts + hours.offset[calendar]
    day, at = local // DAY, local % DAY
    begin, end = hours.begin[calendar], hours.end[calendar]
    if begin == end:
        while day < FIRST_DAY + DAYS and _on(calendar, day, hours):
            day += 1
        return day * DAY - hours.offset[calendar]
    if begin > end and at >= end:
        day += 1
    return day * DAY + end - hours.offset[calendar]
