"""Who reports an accident to whom by when, and the clocks of its investigation.

The national limits. Local rules are often tighter (minutes instead of hours): whoever uses these takes the strictest
that is configured for the region. Hours run from the minute; days are calendar days counted from the day after the
event, of which the last is named. Order 493 does not say whether its days are calendar or working days; calendar is
the stricter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from anlan.standards import schemas, tables
from anlan.standards.accidents.classes import DOCUMENT, EDITIONS, AccidentClass
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import When
from anlan.standards.questions import Example, Question
from anlan.standards.tracing import Finding


@dataclass(frozen=True)
class Clock:
    """A duty with a limit. `begins` is the event it runs from.

    `special`: for road traffic and fire only ("yes"), for all others ("no"), for every accident ("").
    """

    name: str
    title: str
    title_en: str
    begins: str
    who: str
    who_en: str
    recipient: str
    recipient_en: str
    severities: tuple[str, ...]
    special: str
    value: int
    unit: str
    instrument: str
    article: str
    source: str
    status: Status

    @property
    def clause(self) -> Clause:
        return Clause(self.instrument, self.article, self.status)

    def due(self, begun: datetime) -> datetime | date:
        """When it ends: a moment for hours, for days and years the last day in the zone of `begun`."""
        if begun.tzinfo is None:
            raise Refusal(Text("时间须带时区", "a time needs its offset from UTC"))
        if self.unit == "hour":
            return begun + timedelta(hours=self.value)
        if self.unit == "day":
            return begun.date() + timedelta(days=self.value)
        return _years_after(begun.date(), self.value)


EVENTS = {
    "happened": Text("事故发生", "the accident happened"),
    "known": Text("单位负责人接报", "the head of the unit learnt of it"),
    "received": Text("部门接报", "the department received the report"),
    "reported": Text("收到调查报告", "the investigation report was received"),
    "approved": Text("批复调查报告", "the investigation report was approved"),
}


@cache
def clocks() -> tuple[Clock, ...]:
    """Every clock."""
    found = tables.read(__file__, "clocks.csv", Clock, key=lambda row: (row.name, row.severities, row.special))
    if strange := {one.begins for one in found} - set(EVENTS) or {one.unit for one in found} - {"hour", "day", "year"}:
        raise tables.BrokenTable(f"clocks.csv: nobody knows {strange}")
    return found


def running(severity: AccidentClass, road_traffic_or_fire: bool, when: When) -> tuple[Clock, ...]:
    """The clocks that run for an accident of that class."""
    EDITIONS.at(when)
    other = "no" if road_traffic_or_fire else "yes"
    return tuple(one for one in clocks() if str(int(severity)) in one.severities and one.special != other)


def due(severity: AccidentClass, road_traffic_or_fire: bool, begun: Mapping[str, datetime], when: When) -> Finding:
    """When each clock ends whose event has happened. `begun`: event → time, events as in EVENTS."""
    rule = Text("报告与调查时限", "limits of reporting and investigation")
    each = tuple(_ends(one, begun) for one in running(severity, road_traffic_or_fire, when) if one.begins in begun)
    return Finding(len(each), rule, Clause(DOCUMENT), {"class": severity.title}, each)


def _ends(clock: Clock, begun: Mapping[str, datetime]) -> Finding:
    given = {
        "who": Text(clock.who, clock.who_en),
        "to": Text(clock.recipient, clock.recipient_en),
        "from": EVENTS[clock.begins],
        "within": Text(f"{clock.value}{UNITS[clock.unit].zh}", f"{clock.value} {UNITS[clock.unit].en}"),
    }
    end = clock.due(begun[clock.begins])
    return Finding(end.isoformat(), Text(clock.title, clock.title_en), clock.clause, given)


UNITS = {"hour": Text("小时", "h"), "day": Text("日", "days"), "year": Text("年", "year")}


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 2, 28)


def answer(given: Mapping[str, Any], when: When) -> Finding:
    """The limits of an accident of which some events are known."""
    begun = {event: datetime.fromisoformat(given[event]) for event in EVENTS if given.get(event)}
    return due(AccidentClass(int(given["class"])), given.get("road_traffic_or_fire", False), begun, when)


def _events(events: Iterable[str]) -> dict[str, schemas.Schema]:
    return {event: schemas.maybe(schemas.moment(EVENTS[event])) for event in events}


QUESTION = Question(
    name="accident-reporting",
    title=Text("事故报告与调查时限", "Limits of accident reports and investigations"),
    about=Text(
        "谁在何时之前向谁报告；调查、批复、评估的时限。",
        "Who reports to whom by when; limits of investigation, approval and evaluation.",
    ),
    clause=Clause(DOCUMENT),
    schema=schemas.record(
        **{"class": schemas.choice(Text("事故等级", "class"), {str(int(one)): one.title for one in AccidentClass})},
        road_traffic_or_fire=schemas.maybe(
            schemas.yes_no(Text("道路交通或火灾事故", "road traffic or fire"), default=False)
        ),
        **_events(EVENTS),
    ),
    answer=answer,
    examples=(
        Example(
            Text("较大事故，上午8时10分接报", "a considerable accident, known at ten past eight"),
            {"class": "3", "happened": "2026-11-24T08:00:00+08:00", "known": "2026-11-24T08:10:00+08:00"},
        ),
    ),
)

COVERAGE = (
    Part(Text("单位报告、逐级上报", "report of the unit, level by level"), "第9–11条", Status.VERIFIED, "", DOCUMENT),
    Part(Text("补报", "changed numbers"), "第13条", Status.VERIFIED, "", DOCUMENT),
    Part(
        Text("调查与批复时限", "investigation and approval"),
        "第29、32条",
        Status.PARTIAL,
        "calendar days: our reading",
        DOCUMENT,
    ),
    Part(
        Text("技术鉴定期间不计入", "time of technical appraisal does not count"),
        "第27条",
        Status.ABSENT,
        "whoever runs the clock pauses it",
        DOCUMENT,
    ),
    Part(
        Text("电话快报、续报", "flash and further reports"),
        "第8–11条",
        Status.RECALLED,
        "",
        "生产安全事故信息报告和处置办法",
    ),
    Part(Text("整改评估", "evaluation after a year"), "第86条", Status.VERIFIED, "", "安全生产法"),
)
