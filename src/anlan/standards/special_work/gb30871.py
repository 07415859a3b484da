"""GB 30871-2022 危险化学品企业特殊作业安全规范: eight kinds of special work, their levels, how long a permit holds.

A level is graded by facts (`hot_work_level`, `height_level`, `lifting_level`) and rises by one on holidays, rest days,
at night and under other special conditions where it is hot work (`upgraded`). The standard gives hours for hot work,
confined spaces, work at height (7 days) and temporary power; for the other four `validity` answers with the site's own
policy, and says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache

from anlan.standards import exact, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "GB 30871-2022"


def clause(article: str, status: Status = Status.VERIFIED) -> Clause:
    """A place in this standard."""
    return Clause(DOCUMENT, article, status)


EDITIONS = Editions(Edition(date(2022, 10, 1), DOCUMENT, clause("")))


class Kind(StrEnum):
    """The eight special works."""

    HOT_WORK = "hot_work"
    CONFINED_SPACE = "confined_space_entry"
    BLINDING = "blinding"
    HEIGHT = "work_at_height"
    LIFTING = "lifting"
    POWER = "temporary_power"
    EXCAVATION = "excavation"
    ROAD_CLOSURE = "road_closure"

    @property
    def title(self) -> Text:
        row = _kinds()[self]
        return Text(row.name, row.name_en)


@dataclass(frozen=True)
class KindRow:
    """A row of kinds.csv; `code` are the letters printed on permits."""

    kind: Kind
    code: str
    name: str
    name_en: str
    clause: str
    source: str
    status: Status


@dataclass(frozen=True)
class Level:
    """A row of levels.csv; rank 1 is the gravest of its kind. Where the standard names no hours they are None."""

    kind: Kind
    level: str
    rank: int
    name: str
    name_en: str
    validity_hours: int | None
    approver: str
    approver_en: str
    countersign: tuple[str, ...]
    countersign_en: tuple[str, ...]
    wind_stop: int | None
    clause: str
    validity_clause: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


@dataclass(frozen=True)
class Measure:
    """A row of measures.csv: a safety measure of a permit form, in words of our own."""

    kind: Kind
    no: int
    words: str
    words_en: str
    counted: bool
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@dataclass(frozen=True)
class SiteValidity:
    """A row of site_validity.csv: hours this platform takes where neither the standard nor the site says any."""

    kind: Kind
    hours: int
    source: str
    status: Status


@dataclass(frozen=True)
class HeightCondition:
    """A row of height_conditions.csv: an objective factor (one band up) or a situation (at least `level`)."""

    id: str
    kind: str
    level: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@cache
def _kinds() -> dict[Kind, KindRow]:
    return {row.kind: row for row in tables.read(__file__, "kinds.csv", KindRow, key=lambda row: row.kind)}


@cache
def _levels() -> dict[tuple[Kind, str], Level]:
    rows = tables.read(__file__, "levels.csv", Level, key=lambda row: (row.kind, row.level))
    return {(row.kind, row.level): row for row in rows}


@cache
def _measures() -> tuple[Measure, ...]:
    return tables.read(__file__, "measures.csv", Measure, key=lambda row: (row.kind, row.no))


@cache
def _site_validity() -> dict[Kind, SiteValidity]:
    rows = tables.read(__file__, "site_validity.csv", SiteValidity, key=lambda row: row.kind)
    return {row.kind: row for row in rows}


@cache
def height_conditions() -> dict[str, HeightCondition]:
    """Objective factors and situations of work at height, by id."""
    rows = tables.read(__file__, "height_conditions.csv", HeightCondition, key=lambda row: row.id)
    return {row.id: row for row in rows}


def kind_of(name: str) -> Kind:
    """The kind of that name, or OutsideTable."""
    try:
        return Kind(name)
    except ValueError:
        raise OutsideTable(Text("特殊作业", "special work"), name, ", ".join(Kind), clause("4")) from None


def levels(kind: str) -> tuple[Level, ...]:
    """The levels of a kind, gravest first; one of them where the standard has no levels."""
    return tuple(sorted((row for (of, _), row in _levels().items() if of == kind_of(kind)), key=lambda row: row.rank))


def level_of(kind: str, level: str) -> Level:
    """A level of a kind, or OutsideTable."""
    row = _levels().get((kind_of(kind), level))
    if row is None:
        allowed = ", ".join(one.level or "“”" for one in levels(kind))
        raise OutsideTable(Text("作业级别", "level"), level, allowed, clause(_kinds()[kind_of(kind)].clause))
    return row


def measures(kind: str) -> tuple[Measure, ...]:
    """The measures of the permit form of a kind, in its order; those counted ask for a number or words."""
    return tuple(row for row in _measures() if row.kind == kind_of(kind))


def validity(kind: str, level: str = "", policy: Mapping[str, int] | None = None, special: bool = False) -> Finding:
    """How many hours a permit may hold at most.

    `policy`: hours of the site by kind, used where the standard gives none, and elsewhere where they are shorter.
    `special`: temporary power under special conditions, 30 days instead of 15.
    """
    row = level_of(kind, level)
    own = (policy or {}).get(row.kind)
    if row.validity_hours is None:
        setting = _site_validity()[row.kind]
        rule = Text("标准未定时限，按企业规定", "the standard gives no hours; the site's own rule")
        return Finding(own or setting.hours, rule, clause(row.clause, Status.RECALLED), {"kind": row.title}, unit="h")
    longest = row.validity_hours * (2 if special and row.kind is Kind.POWER else 1)
    article = clause(row.validity_clause, row.status)
    rule = Text("作业票有效期上限", "a permit holds at most")
    legal = Finding(longest, rule, article, {"kind": row.title}, unit="h")
    if own is None or own >= longest:
        return legal
    return Finding(own, Text("企业规定更短", "the site's own rule is shorter"), None, {}, (legal,), "h")


def approvers(kind: str, level: str = "") -> tuple[Text, ...]:
    """Who signs, in order: those who countersign, then the approver of the level. Annex B.1."""
    row = level_of(kind, level)
    signers = tuple(Text(zh, en) for zh, en in zip(row.countersign, row.countersign_en, strict=True))
    return (*signers, Text(row.approver, row.approver_en))


def hot_work_level(
    when: When,
    *,
    in_hazard_area: bool,
    on_running_equipment: bool = False,
    in_tank_farm_dike: bool = False,
    on_pipe_rack: bool = False,
    shut_down_and_agreed: bool = False,
    in_fixed_area: bool = False,
) -> Finding:
    """The level of hot work; None inside a fixed hot-work area, which needs no permit.

    `on_running_equipment`: process equipment, pipes, tanks or vessels in use in a fire or explosion hazard area.
    `in_tank_farm_dike`: inside the dike of a major-hazard tank farm with flammable or explosive medium.
    `shut_down_and_agreed`: the whole plant shut down, purged and isolated, and the head of production or safety agrees.
    """
    EDITIONS.at(when)
    given = {name: value for name, value in locals().items() if isinstance(value, bool)}
    rule = Text("动火作业级别", "level of hot work")
    if in_fixed_area:
        return Finding(None, Text("固定动火区内，不办动火票", "fixed hot-work area: no permit"), clause("5.5"), given)
    if in_tank_farm_dike or (on_running_equipment and in_hazard_area):
        return Finding("special", rule, clause("5.1.2"), given)
    if shut_down_and_agreed:
        return Finding("second", rule, clause("5.1.4"), given)
    if in_hazard_area or on_pipe_rack:
        return Finding("first", rule, clause("5.1.3"), given)
    return Finding("second", rule, clause("5.1.4"), given)


BANDS = ((Fraction(2), Fraction(5)), (Fraction(5), Fraction(15)), (Fraction(15), Fraction(30)), (Fraction(30), None))
ROMAN = ("I", "II", "III", "IV")


def height_level(metres: exact.Number, conditions: Iterable[str] = (), when: When | None = None) -> Finding:
    """The level of work at height: by band, one higher with an objective factor, at least that of the situation.

    `conditions`: ids of `height_conditions()`. None as value below 2 m without a situation that counts by itself.
    """
    if when is not None:
        EDITIONS.at(when)
    height = exact.exact(metres, Text("作业高度", "height"))
    if height < 0:
        raise OutsideTable(Text("作业高度", "height"), metres, "≥ 0 m", clause("8"))
    met = [_condition(id) for id in conditions]
    reasons = tuple(Finding(True, one.title, clause("8", one.status)) for one in met)
    found = [ROMAN.index(one.level) for one in met if one.level]
    if height >= 2:
        band = next(place for place, (_, most) in enumerate(BANDS) if most is None or height <= most)
        found.append(min(band + any(one.kind == "factor" for one in met), 3))
    value = ROMAN[max(found)] if found else None
    return Finding(value, Text("高处作业级别", "level of work at height"), clause("8"), {"metres": height}, reasons)


def _condition(id: str) -> HeightCondition:
    if id not in height_conditions():
        raise OutsideTable(Text("高处作业条件", "condition"), id, ", ".join(height_conditions()), clause("8"))
    return height_conditions()[id]


def lifting_level(tonnes: exact.Number, when: When | None = None) -> Finding:
    """The level of lifting by mass; None below 10 t, where no permit is needed."""
    if when is not None:
        EDITIONS.at(when)
    mass = exact.exact(tonnes, Text("吊装质量", "mass"))
    if mass <= 0:
        raise OutsideTable(Text("吊装质量", "mass"), tonnes, "> 0 t", clause("9"))
    value = "first" if mass > 100 else "second" if mass >= 40 else "third" if mass >= 10 else None
    return Finding(value, Text("吊装作业级别", "level of lifting"), clause("9"), {"tonnes": mass})


def lifting_plan_needed(level: str, special_load: bool = False) -> Finding:
    """Whether a lifting plan is needed; `special_load`: odd, slender, soft, costly, or a special site."""
    row = level_of(Kind.LIFTING, level)
    rule = Text("须编制吊装方案", "a lifting plan is needed")
    inputs = {"level": row.title, "special_load": special_load}
    return Finding(row.level != "third" or special_load, rule, clause("9"), inputs)


RISES = {
    "holiday": Text("法定节假日", "public holiday"),
    "rest_day": Text("休息日", "rest day"),
    "night": Text("夜间", "night"),
    "special": Text("其他特殊情况", "other special conditions"),
}


def upgraded(kind: str, level: str, conditions: Iterable[str]) -> Finding:
    """The level under which hot work is managed on a holiday, a rest day, at night or under special conditions.

    One level graver; the special level stays. Other kinds stay as they are: a site that upgrades them, too, says so
    in its own rule.
    """
    given = list(conditions)
    for one in given:
        if one not in RISES:
            raise OutsideTable(Text("升级情形", "condition"), one, ", ".join(RISES), clause("5.1"))
    row = level_of(kind, level)
    reasons = tuple(Finding(True, RISES[one], clause("5.1")) for one in given)
    if row.kind is not Kind.HOT_WORK or not given:
        return Finding(row.level, Text("不升级", "not upgraded"), clause("5.1"), {}, reasons)
    graver = next((one for one in reversed(levels(kind)) if one.rank < row.rank), row)
    rule = Text("动火作业升级管理", "hot work is managed one level up")
    return Finding(graver.level, rule, clause("5.1"), {"level": row.title}, reasons)


LIVE_PARTS = (("10", "1.7"), ("35", "2.0"), ("110", "2.5"), ("220", "4.0"), ("330", "5.0"), ("500", "6.0"))


def distance_to_live_parts(kilovolts: exact.Number) -> Finding:
    """The least distance in metres of work at height to live parts of a voltage."""
    volts = exact.exact(kilovolts, Text("电压等级", "voltage"))
    row = next((Fraction(metres) for most, metres in LIVE_PARTS if 0 < volts <= Fraction(most)), None)
    if row is None:
        raise OutsideTable(Text("电压等级", "voltage"), kilovolts, "> 0, ≤ 500 kV", clause("8"))
    rule = Text("与带电体的最小距离", "least distance to live parts")
    return Finding(row, rule, clause("8"), {"kilovolts": volts}, unit="m")


def wind_allows(kind: str, level: str, beaufort: int) -> Finding:
    """Whether work in the open may go on at a force of wind."""
    if not 0 <= beaufort <= 18:
        raise OutsideTable(Text("风力", "force of wind"), beaufort, "0–18")
    row = level_of(kind, level)
    inputs = {"beaufort": beaufort, "stops_from": row.wind_stop}
    article = {Kind.HOT_WORK: "5.2.15"}.get(row.kind, row.clause)
    allowed = row.wind_stop is None or beaufort < row.wind_stop
    return Finding(allowed, Text("风力允许露天作业", "the wind allows work in the open"), clause(article), inputs)


def expires(kind: str, level: str, hours: exact.Number) -> Finding:
    """Whether a planned length in hours fits the permit; Refusal where it is no length."""
    planned = exact.exact(hours, Text("作业时长", "length"))
    if planned <= 0:
        raise Refusal(Text("作业时长须大于零", "the work must last longer than nothing"), clause("B.1"))
    longest = validity(kind, level)
    rule = Text("计划时长不超过有效期", "the planned length is within the validity")
    return Finding(planned <= longest.value, rule, longest.clause, {"hours": planned}, (longest,))


COVERAGE = (
    Part(
        Text("八种作业、级别与判定", "eight kinds, their levels and how they are graded"), "5–12", Status.VERIFIED, ""
    ),
    Part(
        Text("有效期", "validity"),
        "5.1.5, 6.10, 8, 10, B.1",
        Status.VERIFIED,
        "hot work, confined space, height, power",
    ),
    Part(
        Text("盲板、吊装、动土、断路的时限", "hours of the other four"),
        "",
        Status.RECALLED,
        "none in the standard: a setting",
    ),
    Part(Text("审批与会签", "who approves and countersigns"), "B.1", Status.VERIFIED, ""),
    Part(Text("作业票安全措施（缩写）", "measures of the permit forms, shortened"), "附录A", Status.VERIFIED, ""),
    Part(Text("节假日、夜间动火升级", "hot work rises on holidays and at night"), "5.1", Status.VERIFIED, ""),
    Part(Text("作业票表样版式", "layout of the permit forms"), "附录A", Status.ABSENT, ""),
)
