"""The Fire Weather Index (Van Wagner and Pickett 1985; Van Wagner 1987), a day at a time.

    F, P, D of yesterday; T, H, W, r at noon  ->  F (FFMC), P (DMC), D (DC), R (ISI), U (BUI), B -> FWI

Three moisture codes remember the days before: litter (F), duff (P), deep soil (D). T is air temperature in °C, H
relative humidity in %, W wind at 10 m in km/h, r rain of 24 hours in mm, all at noon. Symbols are those of the paper.
Floats: a kernel of exponentials, not a count of limits. The factors of the month are those of about 46° N; classes are
those of EFFIS, there is no Chinese mapping to 森林火险气象等级.
"""

from dataclasses import dataclass
from functools import cache
from math import exp, log, sqrt
from typing import NamedTuple

from anlan.standards import exact, schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable, read
from anlan.standards.tracing import Finding

DOCUMENT = "FWI"
START = (85.0, 6.0, 15.0)
"""F, P, D on the first day after snow, where nothing is known of the days before."""


@dataclass(frozen=True)
class Month:
    """Factors of a month: effective day length in hours (duff), drying factor (deep soil)."""

    month: int
    day_length: float
    drying: float
    source: str
    status: Status


@dataclass(frozen=True)
class Class:
    """A class of danger from `least` up."""

    code: str
    least: float
    zh: str
    en: str
    source: str
    status: Status


class Day(NamedTuple):
    """The codes and indices of one day; `dsr` is the daily severity rating."""

    ffmc: float
    dmc: float
    dc: float
    isi: float
    bui: float
    fwi: float
    dsr: float


@cache
def months() -> dict[int, Month]:
    """The factors by month, 1 to 12."""
    return {row.month: row for row in read(__file__, "months.csv", Month, key=lambda row: row.month)}


@cache
def classes() -> tuple[Class, ...]:
    """From the least danger up."""
    return read(__file__, "classes.csv", Class, key=lambda row: row.code)


def day(month: int, t: float, h: float, w: float, r: float, before: tuple[float, float, float] = START) -> Day:
    """One day's indices from noon weather and the codes F, P, D of the day before. Refuses what no weather is."""
    _weather(month, t, h, w, r, before)
    f, p, d = ffmc(t, h, w, r, before[0]), dmc(month, t, h, r, before[1]), dc(month, t, r, before[2])
    isi_, bui_ = isi(f, w), bui(p, d)
    value = fwi(isi_, bui_)
    return Day(f, p, d, isi_, bui_, value, 0.0272 * value**1.77)


def ffmc(t: float, h: float, w: float, r: float, before: float) -> float:
    """Fine Fuel Moisture Code F, 0 to 101: how dry the litter is."""
    mo = 147.2 * (101 - before) / (59.5 + before)
    if r > 0.5:
        rf = r - 0.5
        mr = mo + 42.5 * rf * exp(-100 / (251 - mo)) * (1 - exp(-6.93 / rf))
        if mo > 150:
            mr += 0.0015 * (mo - 150) ** 2 * sqrt(rf)
        mo = min(mr, 250.0)
    warm = 0.18 * (21.1 - t) * (1 - exp(-0.115 * h))
    ed = 0.942 * h**0.679 + 11 * exp((h - 100) / 10) + warm
    ew = 0.618 * h**0.753 + 10 * exp((h - 100) / 10) + warm
    if mo > ed:
        m = ed + (mo - ed) * 10 ** -_rate(h / 100, w, t)
    elif mo < ew:
        m = ew - (ew - mo) * 10 ** -_rate((100 - h) / 100, w, t)
    else:
        m = mo
    return min(max(59.5 * (250 - m) / (147.2 + m), 0.0), 101.0)


def _rate(share: float, w: float, t: float) -> float:
    """How fast litter dries or wets in a day, as a power of ten."""
    return (0.424 * (1 - share**1.7) + 0.0694 * sqrt(w) * (1 - share**8)) * 0.581 * exp(0.0365 * t)


def dmc(month: int, t: float, h: float, r: float, before: float) -> float:
    """Duff Moisture Code P, from 0: how dry loose organic soil is."""
    if r > 1.5:
        re = 0.92 * r - 1.27
        mo = 20 + exp(5.6348 - before / 43.43)
        if before <= 33:
            b = 100 / (0.5 + 0.3 * before)
        elif before <= 65:
            b = 14 - 1.3 * log(before)
        else:
            b = 6.2 * log(before) - 17.2
        mr = mo + 1000 * re / (48.77 + b * re)
        before = max(244.72 - 43.43 * log(mr - 20), 0.0)
    return before + 100 * 1.894 * (max(t, -1.1) + 1.1) * (100 - h) * months()[month].day_length * 1e-6


def dc(month: int, t: float, r: float, before: float) -> float:
    """Drought Code D, from 0: how dry deep soil is."""
    if r > 2.8:
        qr = 800 * exp(-before / 400) + 3.937 * (0.83 * r - 1.27)
        before = max(400 * log(800 / qr), 0.0)
    return before + 0.5 * max(0.36 * (max(t, -2.8) + 2.8) + months()[month].drying, 0.0)


def isi(f: float, w: float) -> float:
    """Initial Spread Index R of F and wind."""
    m = 147.2 * (101 - f) / (59.5 + f)
    return 0.208 * exp(0.05039 * w) * 91.9 * exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7)


def bui(p: float, d: float) -> float:
    """Buildup Index U of P and D: how much there is to burn."""
    if p <= 0.4 * d:
        return 0.8 * p * d / (p + 0.4 * d) if d else 0.0
    return max(p - (1 - 0.8 * d / (p + 0.4 * d)) * (0.92 + (0.0114 * p) ** 1.7), 0.0)


def fwi(r: float, u: float) -> float:
    """The Fire Weather Index of spread R and buildup U."""
    fd = 0.626 * u**0.809 + 2 if u <= 80 else 1000 / (25 + 108.64 * exp(-0.023 * u))
    b = 0.1 * r * fd
    return exp(2.72 * (0.434 * log(b)) ** 0.647) if b > 1 else b


def danger(value: float) -> Class:
    """The class of an index."""
    return next(one for one in reversed(classes()) if value >= one.least)


def of_day(month: int, t: float, h: float, w: float, r: float, before: tuple[float, float, float] = START) -> Finding:
    """The index of one day with its class and its parts as reasons."""
    found = day(month, t, h, w, r, before)
    parts = tuple(
        Finding(round(getattr(found, name), 6), words, CLAUSE) for name, words in NAMES.items() if name != "fwi"
    )
    kind = danger(found.fwi)
    level = Finding(Text(kind.zh, kind.en), Text("火险等级（EFFIS）", "danger class (EFFIS)"), CLAUSE)
    inputs = {"month": month, "t": t, "h": h, "w": w, "r": r, "ffmc": before[0], "dmc": before[1], "dc": before[2]}
    return Finding(round(found.fwi, 6), NAMES["fwi"], CLAUSE, inputs, (level, *parts))


def _weather(month: int, t: float, h: float, w: float, r: float, before: tuple[float, float, float]) -> None:
    limits = (
        (Text("月份", "month"), month, 1, 12),
        (Text("气温", "temperature"), t, -60, 60),
        (Text("相对湿度", "relative humidity"), h, 0, 100),
        (Text("风速", "wind"), w, 0, 300),
        (Text("24小时雨量", "rain of 24 hours"), r, 0, 2000),
        (Text("前一日FFMC", "FFMC of yesterday"), before[0], 0, 101),
        (Text("前一日DMC", "DMC of yesterday"), before[1], 0, 2000),
        (Text("前一日DC", "DC of yesterday"), before[2], 0, 3000),
    )
    for what, given, least, most in limits:
        if not least <= exact.exact(given, what) <= most:
            raise OutsideTable(what, given, f"{least} – {most}", CLAUSE)


CLAUSE = Clause(DOCUMENT, "", Status.RECALLED)
NAMES = {
    "fwi": Text("火险天气指数 FWI", "Fire Weather Index FWI"),
    "ffmc": Text("细小可燃物湿度码 FFMC", "Fine Fuel Moisture Code FFMC"),
    "dmc": Text("腐殖质湿度码 DMC", "Duff Moisture Code DMC"),
    "dc": Text("干旱码 DC", "Drought Code DC"),
    "isi": Text("初始蔓延指数 ISI", "Initial Spread Index ISI"),
    "bui": Text("累积指数 BUI", "Buildup Index BUI"),
    "dsr": Text("日严重度 DSR", "Daily Severity Rating DSR"),
}
COVERAGE = (
    Part(
        Text("FFMC、DMC、DC、ISI、BUI、FWI、DSR的公式", "equations of all codes and indices"), "", Status.RECALLED, ""
    ),
    Part(Text("其他纬度的月份系数", "factors of other latitudes"), "", Status.ABSENT, "about 46° N only"),
)
QUESTION = Question(
    name="fwi",
    title=Text("火险天气指数", "Fire weather index"),
    about=Text(
        "由正午气温、湿度、风速、24小时雨量和前一日三个湿度码计算。", "From noon weather and yesterday's three codes."
    ),
    clause=CLAUSE,
    schema=schemas.record(
        month=schemas.integer(Text("月份", "month"), least=1, most=12),
        t=schemas.number(Text("正午气温", "noon temperature"), least=-60, most=60, unit="Cel"),
        h=schemas.number(Text("相对湿度", "relative humidity"), most=100, unit="%"),
        w=schemas.number(Text("风速", "wind"), most=300, unit="km/h"),
        r=schemas.number(Text("24小时雨量", "rain of 24 hours"), most=2000, unit="mm"),
        ffmc=schemas.maybe(schemas.number(Text("前一日FFMC", "FFMC of yesterday"), most=101)),
        dmc=schemas.maybe(schemas.number(Text("前一日DMC", "DMC of yesterday"), most=2000)),
        dc=schemas.maybe(schemas.number(Text("前一日DC", "DC of yesterday"), most=3000)),
    ),
    answer=lambda given, when: of_day(
        *(given[name] for name in ("month", "t", "h", "w", "r")),
        tuple(float(given.get(name, start)) for name, start in zip(("ffmc", "dmc", "dc"), START, strict=True)),
    ),
    examples=(
        Example(Text("四月干燥有风", "a dry windy day in April"), {"month": 4, "t": 17, "h": 42, "w": 25, "r": 0}),
    ),
)
