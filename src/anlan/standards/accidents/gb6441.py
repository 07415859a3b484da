"""GB 6441: kinds of accidents and their codes. Two editions: 1986 until the end of June 2026, 2025 since then.

The day of the accident chooses the edition. The standard maps no old code to a new one; `kin` gives the codes that
resemble each other by name, as a hint for statistics over the change, never as an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.questions import Example, Question
from anlan.standards.tracing import Finding

DOCUMENT = "GB 6441-2025"
OLD = Clause("GB 6441-1986", "", Status.PARTIAL)
NEW = Clause("GB 6441-2025")


@dataclass(frozen=True)
class Kind:
    """A kind of accident and its code."""

    code: str
    name: str
    name_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


@dataclass(frozen=True)
class Kin:
    """A code of 2025 and the code of 1986 that resembles it."""

    code: str
    earlier: str
    source: str
    status: Status


@cache
def _read(name: str) -> dict[str, Kind]:
    return {row.code: row for row in tables.read(__file__, name, Kind, key=lambda row: row.code)}


EDITIONS = Editions(
    Edition(date(1987, 2, 1), "gb6441_1986.csv", OLD),
    Edition(date(2026, 7, 1), "gb6441_2025.csv", NEW),
)


def kinds(when: When) -> Mapping[str, Kind]:
    """Every kind of the edition of that day, by code."""
    return _read(EDITIONS.at(when).value)


def kind(code: str, when: When) -> Finding:
    """The kind of a code. A code of 1986 may be written 8, 08 or 008."""
    edition = EDITIONS.at(when)
    known = _read(edition.value)
    wanted = code.strip().upper()
    if wanted.isdigit():
        wanted = wanted.lstrip("0").zfill(2)
    if wanted not in known:
        raise tables.OutsideTable(Text("事故类别代码", "code"), code, f"{min(known)} – {max(known)}", edition.clause)
    return Finding(known[wanted].title, Text("事故类别", "kind of accident"), edition.clause, {"code": wanted})


@cache
def _kin() -> tuple[Kin, ...]:
    return tables.read(__file__, "gb6441_kin.csv", Kin, key=lambda row: row.code)


def kin(code: str) -> tuple[str, ...]:
    """Codes of the other edition that resemble this one by name; a hint, judged by us."""
    return tuple(row.earlier for row in _kin() if row.code == code) or tuple(
        row.code for row in _kin() if row.earlier == code
    )


def severity(deaths: int, serious: int, minor: int, when: When) -> Finding:
    """The code of severity of 2025 (WSA2…); before it took effect there was none: NotInForce."""
    edition = Editions(Edition(date(2026, 7, 1), "gb6441_severity.csv", NEW)).at(when)
    if min(deaths, serious, minor) < 0:
        raise Refusal(Text("人数不能为负", "a number of people is not negative"), NEW)
    code = "WSA20004" if deaths else "WSA20003" if serious else "WSA20002" if minor else "WSA20001"
    given = {"deaths": deaths, "serious": serious, "minor": minor}
    return Finding(_read(edition.value)[code].title, Text("伤害程度", "severity"), NEW, {"code": code, **given})


# Words, and the unit of the base in which it is counted.
RATES = {
    "gdp": (Text("单位GDP死亡率", "deaths per 100 million yuan GDP"), 100_000_000),
    "tonnes": (Text("百万吨死亡率", "deaths per million tonnes"), 1_000_000),
    "cubic_metres": (Text("万立方米死亡率", "deaths per 10,000 m³"), 10_000),
    "deaths_per_thousand": (Text("千人死亡率", "deaths per thousand employees"), 1000),
    "injured_per_thousand": (Text("千人受伤率", "injured per thousand employees"), 1000),
}


def rate(name: str, people: int, base: exact.Number, when: When) -> Finding:
    """A rate of GB 6441-2025: people over GDP in yuan, output in t or m³, or mean number of employees."""
    Editions(Edition(date(2026, 7, 1), None, NEW)).at(when)
    if name not in RATES:
        raise tables.OutsideTable(Text("指标", "rate"), name, ", ".join(RATES), NEW)
    words, unit = RATES[name]
    below = exact.exact(base, words)
    if below <= 0 or people < 0:
        raise Refusal(Text("分母须大于0，人数不能为负", "the base is above 0 and people are not negative"), NEW)
    return Finding(Fraction(people * unit) / below, words, NEW, {"people": people, "base": below})


def answer(given: Mapping[str, Any], when: When) -> Finding:
    """One code."""
    return kind(given["code"], when)


QUESTION = Question(
    name="gb6441",
    title=Text("事故类别代码", "Codes of kinds of accidents"),
    about=Text("按事故发生日适用的版本查代码。", "Looks a code up in the edition of the day of the accident."),
    clause=NEW,
    schema=schemas.record(code=schemas.text(Text("代码", "code"), examples=("WSA10001", "08"))),
    answer=answer,
    examples=(Example(Text("粉尘爆炸", "dust explosion"), {"code": "WSA10018"}),),
)

COVERAGE = (
    Part(Text("27类事故代码", "27 kinds with codes"), "", Status.VERIFIED),
    Part(Text("伤害程度代码", "codes of severity"), "", Status.VERIFIED),
    Part(Text("按行业的代码", "codes by industry"), "", Status.ABSENT, "WSA3 and four digits of GB/T 4754"),
    Part(Text("相对指标", "rates"), "", Status.VERIFIED),
    Part(Text("20类事故", "20 kinds"), "", Status.PARTIAL, "day of effect 1987-02-01 recalled", "GB 6441-1986"),
)
