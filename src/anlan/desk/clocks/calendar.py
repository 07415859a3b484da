"""Which days are working days: the State Council's yearly notice as chinesecalendar keeps it.

A year the notice does not cover yet counts Monday to Friday; `known` tells, so that a page can say so.
"""

from datetime import date

import chinese_calendar


def is_workday(day: date) -> bool:
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def known(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True
