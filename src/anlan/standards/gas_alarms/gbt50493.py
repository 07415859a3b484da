"""GB/T 50493-2019 石油化工可燃气体和有毒气体检测报警设计标准: at what a detector alarms, in two stages.

flammable   ≤ 25 %LEL, ≤ 50 %LEL; open path 1 and 2 LEL·m
toxic       ≤ 100 % and ≤ 200 % of the exposure limit; ≤ 5 % and ≤ 10 % of IDLH where the range is too small
oxygen      19.5 %vol low, 23.5 %vol high
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.gas_alarms import conversion, exposure_limits
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "GB/T 50493-2019"
CLAUSE = Clause(DOCUMENT, "", Status.PARTIAL)
EDITIONS = Editions(Edition(date(2020, 1, 1), DOCUMENT, CLAUSE))


@dataclass(frozen=True)
class Setting:
    """A row of settings.csv: what a stage of a detector may be set to at most (or, for low oxygen, least)."""

    medium: str
    stage: str
    least: Fraction | None
    most: Fraction | None
    unit: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)

    @property
    def value(self) -> Fraction:
        return self.least if self.most is None else self.most


@dataclass(frozen=True)
class Placing:
    """A row of placing.csv: heights and reach of detectors, metres."""

    id: str
    least: Fraction | None
    most: Fraction | None
    unit: str
    words: str
    words_en: str
    source: str
    status: Status


STAGES = {"low": Text("一级（低）", "first stage"), "high": Text("二级（高）", "second stage")}
MEDIA = {
    "flammable": Text("可燃气体", "flammable gas"),
    "toxic": Text("有毒气体", "toxic gas"),
    "oxygen": Text("氧气", "oxygen"),
    "open_path": Text("线型可燃气体", "open path, flammable"),
}


@cache
def settings() -> dict[tuple[str, str], Setting]:
    """Every setting by medium and stage."""
    rows = tables.read(__file__, "settings.csv", Setting, key=lambda row: (row.medium, row.stage))
    return {(row.medium, row.stage): row for row in rows}


@cache
def placings() -> dict[str, Placing]:
    """Heights and reach of detectors, recalled."""
    return {row.id: row for row in tables.read(__file__, "placing.csv", Placing, key=lambda row: row.id)}


def setting(medium: str, stage: str, when: When) -> Finding:
    """The Setting of a medium and stage."""
    edition = EDITIONS.at(when)
    row = settings().get((medium, stage))
    if row is None:
        allowed = ", ".join("/".join(key) for key in settings())
        raise OutsideTable(Text("介质与级别", "medium and stage"), f"{medium}/{stage}", allowed, edition.clause)
    return Finding(row.value, row.title, Clause(DOCUMENT, "", row.status), {"medium": medium}, unit=row.unit)


def flammable(stage: str, lel: exact.Number, when: When) -> Finding:
    """The highest setting in %vol of a flammable gas whose lower explosion limit is `lel` %vol."""
    share = setting("flammable", stage, when)
    rule = Text("报警设定值上限（体积分数）", "highest setting by volume")
    return Finding(conversion.vol_from_lel(share.value, lel), rule, None, {"lel": lel}, (share,), "%{vol}")


def toxic(name: str, stage: str, when: When, reaches: exact.Number | None = None) -> Finding:
    """The highest setting in mg/m³ of a toxic gas, with its ppm as a reason.

    `reaches`: the lowest mg/m³ the detector measures; where that is too high for the exposure limit, IDLH counts.
    """
    row = exposure_limits.gas(name)
    base = exposure_limits.limit(name)
    share = setting("toxic", stage, when)
    if reaches is not None and exact.exact(reaches) > base.value * share.value / 100:
        share = setting("toxic_idlh", stage, when)
        base = _idlh(row)
    value = base.value * share.value / 100
    ppm = conversion.ppm_from_mg(value, row.molar_mass)
    rule = Text("报警设定值上限（质量浓度）", "highest setting by mass")
    return Finding(value, rule, None, {"gas": row.title}, (share, base, ppm), "mg/m3")


def _idlh(row: exposure_limits.Gas) -> Finding:
    if row.idlh is None:
        words = Text(f"没有{row.name}的直接致害浓度（IDLH）", f"no IDLH of {row.name_en} is known here")
        raise Refusal(words, row.clause)
    rule = Text("直接致害浓度（IDLH）", "IDLH")
    return Finding(row.idlh, rule, Clause(exposure_limits.DOCUMENT, "", Status.RECALLED), unit="mg/m3")


def complies(setpoint: exact.Number, highest: Finding) -> Finding:
    """Whether a detector's own set point, in the unit of `highest`, is not above it."""
    given = exact.exact(setpoint, Text("设定值", "set point"))
    rule = Text("设定值不超过上限", "the set point is not above the highest allowed")
    return Finding(0 < given <= highest.value, rule, CLAUSE, {"setpoint": given}, (highest,))


def _answer(given, when: When) -> Finding:
    match given["medium"]:
        case "toxic":
            return toxic(given.get("gas", ""), given["stage"], when, given.get("reaches"))
        case "flammable" if "lel" in given:
            return flammable(given["stage"], given["lel"], when)
        case medium:
            return setting(medium, given["stage"], when)


COVERAGE = (
    Part(Text("两级报警设定值", "settings of both stages"), "", Status.PARTIAL, "as two public pages give it"),
    Part(Text("探测器安装高度与覆盖半径", "height and reach of detectors"), "", Status.RECALLED, "placing.csv"),
    Part(Text("系统设计其余章节", "the rest of the design rules"), "", Status.ABSENT, ""),
)
QUESTION = Question(
    name="gas-alarm",
    title=Text("气体报警设定值", "Settings of gas detectors"),
    about=Text("可燃、有毒气体和氧气的两级报警上限。", "The two stages for flammable and toxic gas and oxygen."),
    clause=CLAUSE,
    schema=schemas.record(
        medium=schemas.choice(Text("介质", "medium"), MEDIA),
        stage=schemas.choice(Text("级别", "stage"), STAGES),
        gas=schemas.maybe(schemas.text(Text("有毒气体名称", "name of the toxic gas"), examples=("硫化氢", "氨"))),
        lel=schemas.maybe(schemas.number(Text("爆炸下限", "lower explosion limit"), unit="%{vol}")),
        reaches=schemas.maybe(schemas.number(Text("探测器下限", "lowest reading of the detector"), unit="mg/m3")),
    ),
    answer=_answer,
    examples=(
        Example(Text("硫化氢一级", "H₂S, first stage"), {"medium": "toxic", "stage": "low", "gas": "硫化氢"}),
        Example(Text("甲烷二级", "methane, second stage"), {"medium": "flammable", "stage": "high", "lel": 5}),
    ),
)
