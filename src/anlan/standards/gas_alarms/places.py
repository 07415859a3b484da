"""Alarm and work limits of particular places: ammonia rooms, gas areas of metallurgy, dust collectors, kitchens.

Each number keeps the instrument it was read of; most were read on secondary pages. Where GB 6222 lets people stay
shorter the more carbon monoxide there is, `stay` gives the time.
"""

import operator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "GB 6222-2005"


@dataclass(frozen=True)
class PlaceLimit:
    """A row of places.csv. `direction`: something is to be done from, above or below the limit."""

    id: str
    place: str
    place_en: str
    quantity: str
    quantity_en: str
    direction: str
    limit: Fraction
    unit: str
    action: str
    action_en: str
    instrument: str
    article: str
    source: str
    status: Status

    @property
    def clause(self) -> Clause:
        return Clause(self.instrument, self.article, self.status)

    @property
    def title(self) -> Text:
        return Text(f"{self.place}：{self.quantity}", f"{self.place_en}: {self.quantity_en}")


@dataclass(frozen=True)
class Stay:
    """A row of stay_times.csv: up to so many mg/m³ of carbon monoxide, so many minutes; None without a limit."""

    co: Fraction
    minutes: int | None
    words: str
    words_en: str
    source: str
    status: Status


REACHED = {"from": operator.ge, "above": operator.gt, "below": operator.lt}


@cache
def places() -> dict[str, PlaceLimit]:
    """Every limit by its id."""
    return {row.id: row for row in tables.read(__file__, "places.csv", PlaceLimit, key=lambda row: row.id)}


def judged(id: str, value: exact.Number) -> Finding:
    """What is to be done at a value; None as value where nothing is."""
    if id not in places():
        raise OutsideTable(Text("场所与参数", "place and quantity"), id, ", ".join(places()))
    row = places()[id]
    given = exact.exact(value, row.title)
    action = Text(row.action, row.action_en) if REACHED[row.direction](given, row.limit) else None
    return Finding(action, row.title, row.clause, {"value": given, "limit": row.limit, "unit": row.unit})


@cache
def stays() -> tuple[Stay, ...]:
    """From little to much carbon monoxide."""
    return tuple(sorted(tables.read(__file__, "stay_times.csv", Stay, key=lambda row: row.co), key=lambda row: row.co))


def stay(co: exact.Number) -> Finding:
    """How many minutes people may stay at `co` mg/m³ of carbon monoxide; refuses beyond the table: nobody enters."""
    given = exact.exact(co, Text("一氧化碳浓度", "carbon monoxide"))
    row = next((row for row in stays() if 0 <= given <= row.co), None)
    if row is None:
        most = stays()[-1].co
        words = f"{exact.digits(given)} mg/m³ > {exact.digits(most)} mg/m³"
        raise Refusal(Text(f"一氧化碳超出表列：{words}，不得作业", f"beyond the table: {words}; nobody works there"))
    rule = Text(row.words, row.words_en)
    return Finding(row.minutes, rule, Clause(DOCUMENT, "", row.status), {"co_mg_m3": given}, unit="min")


COVERAGE = (
    Part(Text("煤气区域一氧化碳报警", "CO alarms of gas areas"), "", Status.PARTIAL, "public page on gas settings"),
    Part(Text("一氧化碳环境作业时间", "time allowed in carbon monoxide"), "", Status.RECALLED, ""),
    Part(Text("氨制冷机房报警", "ammonia machine rooms"), "7.4", Status.PARTIAL, "public page", "GB 50072-2021"),
    Part(Text("除尘器压差与温度", "dust collectors"), "", Status.PARTIAL, "public page", "AQ 4273-2016"),
    Part(Text("家用、餐饮燃气报警", "gas alarms at home"), "", Status.RECALLED, "", "GB 15322.2"),
)
QUESTION = Question(
    name="place-limit",
    title=Text("重点场所报警限值", "Alarm limits of particular places"),
    about=Text("氨制冷、煤气、粉尘、燃气场所的限值与应采取的动作。", "Limits and what is then to be done."),
    clause=Clause(DOCUMENT, "", Status.RECALLED),
    schema=schemas.record(
        place=schemas.choice(Text("场所与参数", "place and quantity"), {id: row.title for id, row in places().items()}),
        value=schemas.number(Text("测得值", "value")),
    ),
    answer=lambda given, when: judged(given["place"], given["value"]),
    examples=(Example(Text("氨机房200 ppm", "200 ppm of ammonia"), {"place": "ammonia_room", "value": 200}),),
)
