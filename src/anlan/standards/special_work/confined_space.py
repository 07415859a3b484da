"""工贸企业有限空间作业安全规定 (Order 13, from 2024-01-01): limited spaces of industry and trade.

Ventilate, test, then work; somebody stays outside all the time; where people may be poisoned or suffocate, the head of
the enterprise approves, or whom the head appointed in writing. The order names no limits of its own: those used here
are recalled, a setting, and every answer that rests on one says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.deadlines import months_later
from anlan.standards.gas_alarms import conversion, exposure_limits
from anlan.standards.questions import Example, Question
from anlan.standards.special_work.blocking import Block
from anlan.standards.special_work.gas_tests import Reading, gas_kind
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "工贸企业有限空间作业安全规定"


def clause(article: str, status: Status = Status.VERIFIED) -> Clause:
    """A place in this order."""
    return Clause(DOCUMENT, article, status)


EDITIONS = Editions(Edition(date(2024, 1, 1), DOCUMENT, clause("")))


@dataclass(frozen=True)
class Limit:
    """A row of confined_limits.csv."""

    id: str
    value: Fraction
    unit: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@dataclass(frozen=True)
class Article:
    """A row of confined_articles.csv: what an article forbids, by a short name."""

    article: str
    code: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def block(self) -> Block:
        return Block(self.code, Text(self.words, self.words_en), clause(self.article, self.status))


@cache
def limits() -> dict[str, Limit]:
    """The numbers, by id."""
    return {row.id: row for row in tables.read(__file__, "confined_limits.csv", Limit, key=lambda row: row.id)}


@cache
def articles() -> dict[str, Article]:
    """What forbids the work, by its short name."""
    return {row.code: row for row in tables.read(__file__, "confined_articles.csv", Article, key=lambda row: row.code)}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The facts of an entry. None: not known, which forbids it like False."""

    at: datetime
    attendant: str = ""
    attendant_able: bool | None = None
    attendant_inside_or_away: bool = False
    in_ledger: bool | None = None
    toxic: bool = True
    approver: str = ""  # head, appointed (by the head in writing), other
    contracted: bool = False
    contract_settles_duties: bool | None = None
    trained_on: tuple[date | None, ...] = ()
    plan_drilled: bool | None = None
    sign: bool | None = None
    barred: bool | None = None
    gear: bool | None = None
    ventilated: datetime | None = None
    tested: datetime | None = None
    test_passed: bool | None = None
    began: datetime | None = None
    paused: datetime | None = None
    ventilation_goes_on: bool | None = None


def blocks(entry: Entry) -> tuple[Block, ...]:
    """Everything that forbids the entry at `entry.at`, in the order of the articles."""
    EDITIONS.at(When(entry.at.date()))
    return tuple(articles()[code].block for code in articles() if code in set(_codes(entry)))


def _codes(entry: Entry) -> Iterator[str]:
    wrong = {
        "no_attendant": not (entry.attendant and entry.attendant_able),
        "no_ledger": not entry.in_ledger,
        "not_approved": not approves(entry.approver, entry.toxic).value,
        "contractor": entry.contracted and not entry.contract_settles_duties,
        "untrained": not _trained(entry.trained_on, entry.at.date()),
        "no_plan": not entry.plan_drilled,
        "no_sign": not entry.sign,
        "barrier": entry.toxic and not entry.barred,
        "no_gear": not entry.gear,
        "sequence": not _in_sequence(entry),
        "not_watched": entry.attendant_inside_or_away or (entry.began is not None and not entry.ventilation_goes_on),
    }
    yield from (code for code, found in wrong.items() if found)


def approves(approver: str, toxic: bool) -> Finding:
    """Whether an approval counts: with risk of poisoning or suffocation only the head's, or of whom it appointed."""
    value = approver in (("head", "appointed") if toxic else ("head", "appointed", "other"))
    rule = Text("审批权限符合要求", "the approval is of the right level")
    return Finding(value, rule, clause("第7条"), {"approver": approver, "toxic": toxic})


def _trained(days: Iterable[date | None], today: date) -> bool:
    days = list(days)
    longest = int(limits()["training"].value)
    return bool(days) and all(day is not None and months_later(day, longest) >= today >= day for day in days)


def _in_sequence(entry: Entry) -> bool:
    """Ventilated, then tested with success, the test in time; again after a break."""
    if not (entry.ventilated and entry.tested and entry.test_passed) or entry.tested < entry.ventilated:
        return False
    if entry.began is not None and entry.paused is None:
        return entry.tested <= entry.began
    if entry.paused is not None and entry.tested <= entry.paused:
        return entry.at - entry.paused <= _minutes("after_break")
    return timedelta(0) <= entry.at - entry.tested <= _minutes("before_entry")


def _minutes(id: str) -> timedelta:
    return timedelta(minutes=int(limits()[id].value))


def judged(reading: Reading) -> Finding:
    """Whether one reading allows entry, by the recalled limits."""
    match gas_kind(reading.gas), reading.unit:
        case "oxygen", "%vol":
            least, most = limits()["oxygen_least"], limits()["oxygen_most"]
            within = least.value <= exact.exact(reading.value) <= most.value
            inputs = {"value": reading.value, "least": least.value, "most": most.value}
            return Finding(within, Text("氧含量", "oxygen"), clause("第14条", least.status), inputs)
        case "flammable", "%LEL":
            most = limits()["flammable_most"]
            inputs = {"value": reading.value, "most": most.value}
            within = 0 <= exact.exact(reading.value) <= most.value
            return Finding(within, most.title, clause("第14条", most.status), inputs)
        case "toxic", "mg/m3" | "ppm":
            limit = exposure_limits.limit(reading.gas)
            row = exposure_limits.gas(reading.gas)
            in_ppm = reading.unit == "ppm"
            mg = conversion.mg_from_ppm(reading.value, row.molar_mass).value if in_ppm else exact.exact(reading.value)
            rule = Text("有毒气体不超过职业接触限值", "toxic gas within the exposure limit")
            return Finding(0 <= mg <= limit.value, rule, clause("第14条", Status.RECALLED), {"mg_m3": mg}, (limit,))
    allowed = "oxygen %vol, flammable %LEL, toxic mg/m3, ppm"
    raise OutsideTable(
        Text("检测项目与单位", "gas and unit"), f"{reading.gas} {reading.unit}", allowed, clause("第14条")
    )


def may_enter(readings: Iterable[Reading]) -> Finding:
    """Whether readings allow entry: oxygen must be among them."""
    given = list(readings)
    if not any(gas_kind(one.gas) == "oxygen" for one in given):
        raise Refusal(Text("未检测氧含量", "oxygen was not measured"), clause("第14条"))
    reasons = tuple(judged(one) for one in given)
    value = all(one.value for one in reasons)
    return Finding(value, Text("检测结果允许进入", "the readings allow entry"), clause("第14条"), {}, reasons)


COVERAGE = (
    Part(Text("第3–15条、第18–21条", "articles 3 to 15 and 18 to 21"), "第3–15条", Status.VERIFIED, ""),
    Part(
        Text("检测限值、检测时限", "limits and minutes of testing"),
        "",
        Status.RECALLED,
        "the order names none: a setting",
    ),
    Part(Text("重点监管目录（2023）", "list of spaces under priority supervision"), "", Status.ABSENT, ""),
)
QUESTION = Question(
    name="confined-space",
    title=Text("有限空间检测判定（工贸）", "Readings before entering a limited space"),
    about=Text("氧、可燃、有毒检测值是否允许进入。", "Whether oxygen, flammable and toxic gas allow entry."),
    clause=clause("第14条", Status.RECALLED),
    schema=schemas.record(
        oxygen=schemas.number(Text("氧含量", "oxygen"), unit="%{vol}"),
        flammable=schemas.maybe(schemas.number(Text("可燃气体", "flammable gas"), unit="%{LEL}")),
        hydrogen_sulfide=schemas.maybe(schemas.number(Text("硫化氢", "hydrogen sulphide"), unit="mg/m3")),
        carbon_monoxide=schemas.maybe(schemas.number(Text("一氧化碳", "carbon monoxide"), unit="mg/m3")),
    ),
    answer=lambda given, when: may_enter(
        Reading(gas, given[name], unit)
        for name, gas, unit in (
            ("oxygen", "oxygen", "%vol"),
            ("flammable", "flammable", "%LEL"),
            ("hydrogen_sulfide", "H2S", "mg/m3"),
            ("carbon_monoxide", "CO", "mg/m3"),
        )
        if name in given
    ),
    examples=(
        Example(Text("缺氧，不得进入", "too little oxygen"), {"oxygen": 18.2, "flammable": 0, "hydrogen_sulfide": 2}),
    ),
)
