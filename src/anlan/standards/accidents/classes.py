"""生产安全事故报告和调查处理条例（国务院令第493号）第3条: how grave an accident is, and who investigates it.

Deaths, serious injuries (acute industrial poisoning among them) and direct loss are judged each by itself; the gravest
of the three is the class. "以上" includes the number, "以下" does not. An accident without death, serious injury or
direct loss has no class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction
from functools import cache
from typing import Any

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.questions import Example, Question
from anlan.standards.tracing import Finding

DOCUMENT = "生产安全事故报告和调查处理条例"
ARTICLE_3 = Clause(DOCUMENT, "第3条")


class AccidentClass(IntEnum):
    """1 is the gravest."""

    ESPECIALLY_SERIOUS = 1
    SERIOUS = 2
    CONSIDERABLE = 3
    GENERAL = 4

    @property
    def title(self) -> Text:
        return TITLES[self]


TITLES = {
    AccidentClass.ESPECIALLY_SERIOUS: Text("特别重大事故", "especially serious accident"),
    AccidentClass.SERIOUS: Text("重大事故", "serious accident"),
    AccidentClass.CONSIDERABLE: Text("较大事故", "considerable accident"),
    AccidentClass.GENERAL: Text("一般事故", "general accident"),
}


@dataclass(frozen=True)
class ClassFrom:
    """A row of article 3: the least of each count that makes the class; and of article 19: who investigates."""

    severity: int
    deaths_from: int
    injured_from: int
    loss_from: int
    investigated_by: str
    investigated_by_en: str
    source: str
    status: Status


@dataclass(frozen=True)
class DangerFrom:
    """A count from which an accident without such a class is reported all the same (较大涉险事故)."""

    name: str
    title: str
    title_en: str
    least: int
    source: str
    status: Status


@cache
def bounds() -> tuple[ClassFrom, ...]:
    """Gravest class first."""
    return tables.read(__file__, "classes.csv", ClassFrom, key=lambda row: row.severity)


EDITIONS = Editions(Edition(date(2007, 6, 1), bounds, ARTICLE_3))

DEATHS = Text("死亡人数", "deaths")
INJURED = Text("重伤人数（含急性工业中毒）", "serious injuries, acute industrial poisoning included")
LOSS = Text("直接经济损失", "direct economic loss")


def accident_class(deaths: int, serious_injuries: int, loss_yuan: exact.Number, when: When) -> Finding:
    """The class, or None where nobody died or was seriously injured and there is no direct loss.

    `when.asked` is the day of the accident. Counts are recounted while they change (30 days; road traffic, fire 7).
    """
    rows = EDITIONS.at(when).value()
    each = (
        _by_one(DEATHS, _count(deaths, DEATHS), {row.severity: row.deaths_from for row in rows}, ""),
        _by_one(INJURED, _count(serious_injuries, INJURED), {row.severity: row.injured_from for row in rows}, ""),
        _by_one(LOSS, _loss(loss_yuan), {row.severity: row.loss_from for row in rows}, "CNY"),
    )
    found = [one.value for one in each if one.value is not None]
    return Finding(
        min(found, default=None), Text("事故等级，取最高者", "class: the gravest counts"), ARTICLE_3, because=each
    )


def _by_one(what: Text, count: Fraction, least: Mapping[int, int], unit: str) -> Finding:
    given = Finding(count, what, unit=unit)
    severity = next((AccidentClass(number) for number, bound in least.items() if count and count >= bound), None)
    return Finding(severity, Text(f"按{what.zh}", f"by {what.en}"), ARTICLE_3, because=(given,))


def investigated_by(severity: AccidentClass, when: When) -> Finding:
    """Which government investigates (article 19); it may act itself or authorise a department."""
    row = next(row for row in EDITIONS.at(when).value() if row.severity == severity)
    rule = Text("组织事故调查", "investigated by")
    who = Text(row.investigated_by, row.investigated_by_en)
    return Finding(who, rule, Clause(DOCUMENT, "第19条"), {"class": severity.title})


@cache
def danger_bounds() -> tuple[DangerFrom, ...]:
    """From which counts on an accident is a considerable danger."""
    return tables.read(__file__, "danger.csv", DangerFrom, key=lambda row: row.name)


def considerable_danger(at_risk: int, trapped: int, evacuated: int) -> Finding:
    """Whether an accident with few or no casualties is reported as 较大涉险事故. Known from secondary sources only."""
    clause = Clause("生产安全事故信息报告和处置办法", "第26条", Status.RECALLED)
    counts = {"at_risk": at_risk, "trapped": trapped, "evacuated": evacuated}
    each = tuple(
        Finding(
            _count(counts[row.name], Text(row.title, row.title_en)) >= row.least,
            Text(f"{row.title}达到{row.least}人", f"{row.title_en}: {row.least} or more"),
            clause,
            {"count": counts[row.name]},
        )
        for row in danger_bounds()
    )
    return Finding(any(one.value for one in each), Text("较大涉险事故", "considerable danger"), clause, because=each)


def _count(given: int, what: Text) -> Fraction:
    number = exact.exact(given, what)
    if number < 0 or number.denominator != 1:
        raise tables.OutsideTable(what, given, "0, 1, 2, …", ARTICLE_3)
    return number


def _loss(given: exact.Number) -> Fraction:
    number = exact.exact(given, LOSS)
    if number < 0:
        raise tables.OutsideTable(LOSS, given, "≥ 0", ARTICLE_3)
    return number


def answer(given: Mapping[str, Any], when: When) -> Finding:
    """The class of the accident, with who investigates it."""
    found = accident_class(given["deaths"], given["serious_injuries"], given["loss_yuan"], when)
    who = (investigated_by(found.value, when),) if found.value else ()
    return Finding(found.value, Text("事故等级", "class of the accident"), ARTICLE_3, because=(found, *who))


QUESTION = Question(
    name="accident-class",
    title=Text("生产安全事故等级", "Class of a work accident"),
    about=Text(
        "按死亡、重伤、直接经济损失三项中最重者定级。",
        "By deaths, serious injuries and direct loss; the gravest counts.",
    ),
    clause=ARTICLE_3,
    schema=schemas.record(
        deaths=schemas.integer(DEATHS),
        serious_injuries=schemas.integer(INJURED),
        loss_yuan=schemas.number(LOSS, unit="CNY"),
    ),
    answer=answer,
    examples=(
        Example(
            Text("9人死亡、50人重伤", "nine deaths, fifty serious injuries"),
            {"deaths": 9, "serious_injuries": 50, "loss_yuan": 0},
        ),
    ),
)

COVERAGE = (
    Part(Text("事故等级", "classes of accidents"), "第3条", Status.VERIFIED),
    Part(Text("调查主体", "who investigates"), "第19条", Status.VERIFIED),
    Part(
        Text("行业另有规定的等级", "classes of sectors with rules of their own"),
        "第45条",
        Status.ABSENT,
        "fire, road, rail, water, air …",
    ),
    Part(Text("较大涉险事故", "considerable danger"), "第26条", Status.RECALLED, "", "生产安全事故信息报告和处置办法"),
    Part(Text("罚款幅度", "fines"), "", Status.ABSENT, "steps not found in a copy", "生产安全事故罚款处罚规定"),
)
