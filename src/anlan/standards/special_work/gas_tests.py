"""GB 30871-2022, gas analysis: what is measured, within which limits, and how long a test holds.

    flammable   ≤ 0.5 %vol where the explosion limit is 4 %vol or more, else ≤ 0.2 %vol          5.3.2
    oxygen      19.5–21 %vol in a confined space (23.5 in an enriched one); ≤ 23.5 on oxygen equipment   6.4, 5.2.7
    toxic       the exposure limit of GBZ 2.1                                                     6.4

A test is taken at most 30 minutes before the work begins; after a break of more than 30 or 60 minutes it is taken
again; hot work needs one before each day's start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.gas_alarms import conversion, exposure_limits
from anlan.standards.questions import Example, Question
from anlan.standards.special_work.gb30871 import DOCUMENT, Kind, clause, kind_of, level_of, levels
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

METHANE_LEL = Fraction(5)


@dataclass(frozen=True)
class Reading:
    """One value. `gas`: oxygen, flammable, or a toxic gas by name, formula or CAS number.

    `unit`: %vol, %LEL, ppm or mg/m3. `lel`: the explosion limit in %vol of a flammable gas. `point`: where in the space
    ("top", "middle", "bottom").
    """

    gas: str
    value: exact.Number
    unit: str = "%vol"
    lel: exact.Number | None = None
    point: str = ""


@dataclass(frozen=True)
class Analysis:
    """A row of gas_tests.csv: when a kind and level is tested, and for what."""

    kind: Kind
    level: str
    before_start_minutes: int
    after_break_minutes: int
    each_day: bool
    continuous: bool
    log_hours: int | None
    expects: tuple[str, ...]
    clause: str
    source: str
    status: Status


@dataclass(frozen=True)
class GasLimit:
    """A row of gas_limits.csv, in %vol."""

    id: str
    gas: str
    place: str
    least: Fraction | None
    most: Fraction | None
    unit: str
    words: str
    words_en: str
    clause: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@cache
def _rules() -> dict[tuple[Kind, str], Analysis]:
    rows = tables.read(__file__, "gas_tests.csv", Analysis, key=lambda row: (row.kind, row.level))
    return {(row.kind, row.level): row for row in rows}


@cache
def _limits() -> dict[str, GasLimit]:
    return {row.id: row for row in tables.read(__file__, "gas_limits.csv", GasLimit, key=lambda row: row.id)}


def rule_of(kind: str, level: str = "") -> Analysis | None:
    """How a kind and level is tested; None where the standard asks for no test of its own."""
    return _rules().get((kind_of(kind), level_of(kind, level).level))


OXYGEN = frozenset({"oxygen", "o2", "氧", "氧气"})
FLAMMABLE = frozenset({"flammable", "lel", "可燃气体"})


OXYGEN_LIMITS = {
    "confined": "oxygen_confined",
    "enriched": "oxygen_enriched",
    "oxygen_equipment": "oxygen_equipment",
    "open": "oxygen_equipment",
}


def gas_kind(gas: str) -> str:
    """oxygen, flammable or toxic."""
    plain = gas.strip().casefold()
    return "oxygen" if plain in OXYGEN else "flammable" if plain in FLAMMABLE else "toxic"


def judged(reading: Reading, place: str = "confined") -> Finding:
    """Whether one reading is within its limit. `place`: confined, enriched, oxygen_equipment or open."""
    match gas_kind(reading.gas):
        case "oxygen":
            return _oxygen(reading, place)
        case "flammable":
            return _flammable(reading)
    return _toxic(reading)


def _oxygen(reading: Reading, place: str) -> Finding:
    if place not in OXYGEN_LIMITS:
        raise OutsideTable(Text("场所", "place"), place, ", ".join(OXYGEN_LIMITS), clause("6.4"))
    row = _limits()[OXYGEN_LIMITS[place]]
    if reading.unit != "%vol":
        raise OutsideTable(Text("氧含量单位", "unit of oxygen"), reading.unit, "%vol", clause("6.4"))
    value = exact.exact(reading.value, Text("氧含量", "oxygen"))
    within = (row.least is None or value >= row.least) and value <= row.most
    inputs = {"value": value, "least": row.least, "most": row.most, "point": reading.point}
    return Finding(within, row.title, clause(row.clause, row.status), inputs)


def _flammable(reading: Reading) -> Finding:
    lel = exact.exact(METHANE_LEL if reading.lel is None else reading.lel, Text("爆炸下限", "lower explosion limit"))
    row = _limits()["lel_4_up" if lel >= 4 else "lel_below_4"]
    match reading.unit:
        case "%vol":
            value = exact.exact(reading.value, Text("可燃气体浓度", "flammable gas"))
        case "%LEL":
            value = conversion.vol_from_lel(reading.value, lel)
        case "ppm":
            value = exact.exact(reading.value, Text("可燃气体浓度", "flammable gas")) / 10000
        case unit:
            raise OutsideTable(Text("可燃气体单位", "unit of flammable gas"), unit, "%vol, %LEL, ppm", clause("5.3.2"))
    if value < 0:
        raise OutsideTable(Text("可燃气体浓度", "flammable gas"), reading.value, "≥ 0", clause("5.3.2"))
    inputs = {"value_vol": value, "most": row.most, "lel": lel, "point": reading.point}
    return Finding(value <= row.most, row.title, clause(row.clause, row.status), inputs)


def _toxic(reading: Reading) -> Finding:
    limit = exposure_limits.limit(reading.gas)
    match reading.unit:
        case "mg/m3":
            value = exact.exact(reading.value, Text("有毒气体浓度", "toxic gas"))
        case "ppm":
            value = conversion.mg_from_ppm(reading.value, exposure_limits.gas(reading.gas).molar_mass).value
        case unit:
            raise OutsideTable(Text("有毒气体单位", "unit of toxic gas"), unit, "mg/m3, ppm", clause("6.4 b"))
    if value < 0:
        raise OutsideTable(Text("有毒气体浓度", "toxic gas"), reading.value, "≥ 0", clause("6.4 b"))
    rule = Text("有毒气体不超过职业接触限值", "toxic gas within the exposure limit")
    inputs = {"gas": reading.gas, "value_mg_m3": value, "point": reading.point}
    return Finding(value <= limit.value, rule, clause("6.4 b"), inputs, (limit,))


def gas_result(
    kind: str,
    readings: Sequence[Reading],
    at: datetime,
    start: datetime,
    *,
    level: str = "",
    place: str = "",
    expects: Iterable[str] | None = None,
    points: Iterable[str] = (),
) -> Finding:
    """Whether a gas analysis allows the work: complete, every reading within its limit, taken in time.

    `at`: when the sample was taken; `start`: when the work begins. Both bear a zone. `place`: see `judged`; a confined
    space unless said where the kind is confined space entry, open elsewhere. `expects`: what must have been measured
    (oxygen, flammable, toxic), the kind's own unless said. `points`: parts of a large space that must each have been
    sampled.
    """
    rule = rule_of(kind, _gravest(kind) if not level and kind_of(kind) is Kind.HOT_WORK else level)
    wanted = tuple(expects) if expects is not None else (rule.expects if rule else ("flammable",))
    where = place or ("confined" if kind_of(kind) is Kind.CONFINED_SPACE else "open")
    reasons = (
        *_complete(readings, wanted, points, clause(rule.clause if rule else "5.3.2")),
        *(judged(reading, where) for reading in readings),
        _in_time(at, start, rule.before_start_minutes if rule else 30, rule.clause if rule else "5.3.1"),
    )
    value = all(one.value for one in reasons)
    return Finding(value, Text("气体分析合格", "the gas analysis allows the work"), None, {}, reasons)


def _gravest(kind: str) -> str:
    return levels(kind)[0].level


def _complete(readings: Sequence[Reading], wanted: Iterable[str], points: Iterable[str], cited: Clause):
    done = {gas_kind(one.gas) for one in readings}
    for gas in wanted:
        yield Finding(gas in done, Text(f"已检测：{GASES[gas].zh}", f"measured: {GASES[gas].en}"), cited)
    sampled = {one.point for one in readings}
    for point in points:
        words = Text(f"已在该部位取样：{point}", f"sampled at {point}")
        yield Finding(point in sampled, words, clause("5.3.1 a, 6.3 b"))


GASES = {
    "oxygen": Text("氧含量", "oxygen"),
    "flammable": Text("可燃气体", "flammable gas"),
    "toxic": Text("有毒气体", "toxic gas"),
}


def _in_time(at: datetime, start: datetime, minutes: int, article: str) -> Finding:
    _zoned(at, start)
    in_time = timedelta(0) <= start - at <= timedelta(minutes=minutes)
    rule = Text(f"分析时间距开始不超过{minutes} min", f"taken at most {minutes} min before the start")
    inputs = {"at": at.isoformat(), "start": start.isoformat()}
    return Finding(in_time, rule, clause(article), inputs)


def _zoned(*moments: datetime) -> None:
    if any(one.tzinfo is None for one in moments):
        raise Refusal(Text("时间须带时区", "a time needs its offset from UTC"))


def analysis_holds(
    kind: str,
    level: str,
    tested: datetime,
    at: datetime,
    *,
    began: datetime | None = None,
    paused: datetime | None = None,
) -> Finding:
    """Whether the last analysis still allows work at a moment.

    `began`: when the work began, None before it did. `paused`: since when it rests, None while it goes on.
    Before the start, and after a break in which a new sample was taken, a sample holds 30 minutes. A break without a
    new one may last the minutes of the level. While it goes on, hot work needs a sample of the same day, in the zone of
    `at`; a confined space is watched all the time (see `log_due`). True where the standard asks for no analysis.
    """
    rule = rule_of(kind, level)
    if rule is None:
        return Finding(True, UNASKED, clause("4"))
    _zoned(tested, at, *(one for one in (began, paused) if one))
    cited = clause(rule.clause, rule.status)
    inputs = {"tested": tested.isoformat(), "at": at.isoformat()}
    if began is None or (paused is not None and tested > paused):
        return _within(at - tested, rule.before_start_minutes, BEFORE, cited, inputs)
    if paused is not None:
        short = _within(at - paused, rule.after_break_minutes, AFTER, cited, inputs)
        if not short.value:
            return short
    if rule.each_day:
        same = tested.astimezone(at.tzinfo).date() == at.date()
        return Finding(same, Text("当日作业前已分析", "tested on the day of the work"), cited, inputs)
    return Finding(tested <= at, Text("作业前已分析", "tested before the work"), cited, inputs)


UNASKED = Text("标准未要求气体分析", "the standard asks for no analysis")
BEFORE = Text("作业前分析仍有效", "the analysis before the start still holds")
AFTER = Text("中断未超时，不须重新分析", "the break is short enough to need no new analysis")


def _within(passed: timedelta, minutes: int, rule: Text, cited: Clause, inputs: dict) -> Finding:
    value = timedelta(0) <= passed <= timedelta(minutes=minutes)
    return Finding(value, rule, cited, {**inputs, "minutes": minutes})


def analysis_ends(kind: str, level: str, tested: datetime) -> Finding:
    """The moment at which an analysis before the start runs out; None where none is needed."""
    rule = rule_of(kind, level)
    if rule is None:
        return Finding(None, UNASKED, clause("4"))
    ends = tested + timedelta(minutes=rule.before_start_minutes)
    inputs = {"tested": tested.isoformat(), "minutes": rule.before_start_minutes}
    return Finding(ends, Text("作业前分析有效至", "the analysis holds until"), clause(rule.clause), inputs)


def log_due(kind: str, level: str, last: datetime) -> Finding:
    """When the readings of continuous monitoring are next to be written down; None where no interval is set."""
    rule = rule_of(kind, level)
    hours = rule.log_hours if rule else None
    value = last + timedelta(hours=hours) if hours else None
    inputs = {"last": last.isoformat(), "hours": hours}
    return Finding(value, Text("下次记录检测数据", "next record of the readings"), clause("6.5"), inputs)


UNITS = {unit: Text(unit, unit) for unit in ("%vol", "%LEL", "ppm", "mg/m3")}
READING = schemas.record(
    Text("检测值", "reading"),
    gas=schemas.text(Text("气体", "gas"), examples=("oxygen", "flammable", "硫化氢")),
    value=schemas.number(Text("数值", "value")),
    unit=schemas.choice(Text("单位", "unit"), UNITS),
    lel=schemas.maybe(schemas.number(Text("爆炸下限", "lower explosion limit"), unit="%{vol}")),
    point=schemas.maybe(schemas.text(Text("取样部位", "point"))),
)


def _answer(given, when):
    readings = [Reading(**one) for one in given["readings"]]
    at, start = datetime.fromisoformat(given["at"]), datetime.fromisoformat(given["start"])
    return gas_result(given["kind"], readings, at, start, level=given.get("level", ""))


EXAMPLE = {
    "kind": "confined_space_entry",
    "at": "2026-11-24T08:40:00+08:00",
    "start": "2026-11-24T09:00:00+08:00",
    "readings": [
        {"gas": "oxygen", "value": 20.8, "unit": "%vol", "point": "middle"},
        {"gas": "flammable", "value": 2, "unit": "%LEL", "lel": 5},
        {"gas": "硫化氢", "value": 3, "unit": "ppm"},
    ],
}
QUESTION = Question(
    name="gas-test",
    title=Text("特殊作业气体分析判定", "Gas analysis before special work"),
    about=Text("检测值是否合格、是否在规定时间内取样。", "Whether readings are within limits and taken in time."),
    clause=Clause(DOCUMENT, "5.3, 6.3–6.5"),
    schema=schemas.record(
        kind=schemas.choice(
            Text("作业类别", "kind"), {one.value: one.title for one in (Kind.HOT_WORK, Kind.CONFINED_SPACE)}
        ),
        at=schemas.moment(Text("取样时间", "sampled at")),
        start=schemas.moment(Text("开始时间", "work begins")),
        readings=schemas.many(Text("检测值", "readings"), READING),
    ),
    answer=_answer,
    examples=(Example(Text("受限空间，合格", "a confined space that may be entered"), EXAMPLE),),
)
