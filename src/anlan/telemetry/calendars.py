"""When a rule is in force: hours of the day, weekdays, a season, working days. Pure.

The day is that on which the hours begin: 22:00 to 06:00 on working days includes the Saturday morning after a Friday.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

EPOCH = date(1970, 1, 1)
DAY, MINUTE = 86_400_000_000, 60_000_000
LOCAL = 480
"""Minutes by which the clocks of China are ahead of UTC."""
DAY_KINDS = ("any", "workdays", "restdays")


@dataclass(frozen=True, slots=True)
class Calendar:
    """``begin`` and ``end`` in minutes of the local day (equal: the whole day; end before begin: past midnight),
    ``weekdays`` from Monday as bit 1, ``season`` as month * 100 + day from and to, both included and round the turn of
    the year when from is later, ``days`` one of DAY_KINDS, ``offset`` minutes east of UTC."""

    id: int
    begin: int = 0
    end: int = 0
    weekdays: int = 0b1111111
    season: tuple[int, int] = (101, 1231)
    days: str = "any"
    offset: int = LOCAL

    def __post_init__(self) -> None:
        object.__setattr__(self, "season", tuple(self.season))
        if not (0 <= self.begin <= 1440 and 0 <= self.end <= 1440 and 0 < self.weekdays < 128):
            raise ValueError(f"calendar {self.id}: hours are 0 to 1440 minutes, weekdays 1 to 127")
        if self.days not in DAY_KINDS or abs(self.offset) > 840:
            raise ValueError(f"calendar {self.id}: days are one of {', '.join(DAY_KINDS)}, offset within 14 hours")
        for day in self.season:
            date(2000, day // 100, day % 100)

    def covers(self, day: date) -> bool:
        """Whether its hours begin on this day."""
        first, last = self.season
        here = day.month * 100 + day.day
        within = first <= here <= last if first <= last else here >= first or here <= last
        kind = self.days == "any" or _workday(day) == (self.days == "workdays")
        return within and bool(self.weekdays >> day.weekday() & 1) and kind

    def open_at(self, ts: int) -> bool:
        """The plain definition, at an instant in microseconds UTC."""
        local = ts + self.offset * MINUTE
        day, minute = EPOCH + timedelta(days=local // DAY), local % DAY // MINUTE
        if self.begin < self.end:
            return self.begin <= minute < self.end and self.covers(day)
        if self.begin == self.end:
            return self.covers(day)
        return (minute >= self.begin and self.covers(day)) or (
            minute < self.end and self.covers(day - timedelta(days=1))
        )


def _workday(day: date) -> bool:
    """After the State Council's notice; Monday to Friday in years it does not cover."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5
