"""煤矿安全规程 (2016): where methane sensors alarm and cut power. The edition ended on 2026-02-01.

The edition that followed is not here: a question for a later day is refused, and the limits of a mine are then set
from its own copy of the text. The numbers of 2016 stay for judging what happened while they held.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from anlan.standards import exact, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "煤矿安全规程"
CLAUSE = Clause(DOCUMENT, "")
EDITIONS = Editions(Edition(date(2016, 10, 1), DOCUMENT, CLAUSE, end=date(2026, 2, 1)))


@dataclass(frozen=True)
class Sensor:
    """A row of coal_mine.csv: a place of a methane sensor; %vol. `power_off` None: alarm only."""

    id: str
    name: str
    name_en: str
    unit: str
    alarm: Fraction
    power_off: Fraction | None
    restore_below: Fraction | None
    scope: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


@cache
def sensors() -> dict[str, Sensor]:
    """Every place by its id."""
    return {row.id: row for row in tables.read(__file__, "coal_mine.csv", Sensor, key=lambda row: row.id)}


def judged(id: str, methane: exact.Number, when: When) -> Finding:
    """What a reading (%vol) calls for: "power_off", "alarm" or "normal"."""
    clause = EDITIONS.at(when).clause
    if id not in sensors():
        raise OutsideTable(Text("甲烷传感器地点", "place of the sensor"), id, ", ".join(sensors()), clause)
    row = sensors()[id]
    given = exact.exact(methane, Text("甲烷浓度", "methane"))
    if not 0 <= given <= 100:
        raise OutsideTable(Text("甲烷浓度", "methane"), methane, "0–100 %vol", clause)
    value = "normal"
    if given >= row.alarm:
        value = "alarm"
    if row.power_off is not None and given >= row.power_off:
        value = "power_off"
    inputs = {"methane": given, "alarm": row.alarm, "power_off": row.power_off}
    return Finding(value, row.title, clause, inputs)


COVERAGE = (
    Part(
        Text("甲烷传感器报警与断电", "methane alarms and power cuts"), "", Status.VERIFIED, "2016 text, to 2026-01-31"
    ),
    Part(Text("2025年修订版", "the revision of 2025"), "", Status.ABSENT, "questions from 2026-02-01 on are refused"),
)
