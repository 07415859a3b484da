"""A duty with a limit of time: from which event, who, how long, on which days, by which clause.

Days, months and years are counted from the day after the event; the last of them is the day named. Working days need
the calendar of whoever asks: the law moves holidays every year.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from anlan.standards import tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

UNITS = {"day": "d", "workday": "d", "month": "mo", "year": "a"}


@dataclass(frozen=True)
class Deadline:
    """A row of a table of clocks. `before`: the last day to act lies so long before the event, not after it."""

    id: str
    title: str
    title_en: str
    begins: str
    begins_en: str
    who: str
    who_en: str
    amount: int
    unit: str
    before: bool
    instrument: str
    article: str
    source: str
    status: Status

    @property
    def words(self) -> Text:
        return Text(self.title, self.title_en)

    @property
    def clause(self) -> Clause:
        return Clause(self.instrument, self.article, self.status)

    def due(self, event: date, is_workday: Callable[[date], bool] | None = None, amount: int | None = None) -> Finding:
        """The last day. `amount` is a region's own number where the row is a setting."""
        count = self.amount if amount is None else amount
        if count <= 0:
            raise OutsideTable(self.words, count, "> 0", self.clause)
        inputs = {"event": event, "amount": count, "unit": self.unit}
        day = self._counted(event, -count if self.before else count, is_workday)
        return Finding(day, self.words, self.clause, inputs)

    def _counted(self, event: date, count: int, is_workday: Callable[[date], bool] | None) -> date:
        match self.unit:
            case "day":
                return event + timedelta(days=count)
            case "month":
                return months_later(event, count)
            case "year":
                return months_later(event, 12 * count)
        if is_workday is None:
            words = Text(
                f"{self.title}按工作日计，须给出工作日历", f"{self.title_en} counts working days: give a calendar"
            )
            raise Refusal(words, self.clause)
        return _workdays(event, count, is_workday)


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _workdays(day: date, count: int, is_workday: Callable[[date], bool]) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= bool(is_workday(day))
    return day


@cache
def read(package_file: str, name: str = "clocks.csv") -> dict[str, Deadline]:
    """The deadlines of a table beside a module, by id."""
    rows = tables.read(package_file, name, Deadline, key=lambda row: row.id)
    if strange := {row.unit for row in rows} - set(UNITS):
        raise tables.BrokenTable(f"{name}: nobody knows the unit {sorted(strange)}")
    return {row.id: row for row in rows}


def find(rows: dict[str, Deadline], id: str) -> Deadline:
    """The deadline of that id, or OutsideTable."""
    if id not in rows:
        raise OutsideTable(Text("期限", "deadline"), id, ", ".join(rows))
    return rows[id]
