"""GB 18218-2018 危险化学品重大危险源辨识: whether a unit is a major hazard installation, and of which level.

    S = q1/Q1 + q2/Q2 + … ≥ 1                      it is one                                    (4.2.1)
    R = α · (β1·q1/Q1 + β2·q2/Q2 + …)              how grave it is                              (4.3)

q is the design maximum in tonnes, not what lies there today (4.2.2). Q comes from table 1 by name, else from table 2 by
hazard category, of several the lowest (4.1.2). β comes from table 3 by name, else from table 4 by category; α from
table 5 by the residents within 500 m of the plant's boundary; the level from table 6. The standard gives no rule of
rounding, so nothing is rounded: the numbers are fractions of the digits that were given.

What counts is the unit: a production unit ends at its shut-off valves, a storage unit is a tank farm's dike or a
warehouse of its own (3.5, 3.6). A plant has several, each with its own S, R and level, under one α.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from fractions import Fraction

from anlan.standards import exact, tables
from anlan.standards.citing import Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.dating import Edition, Editions, When
from anlan.standards.major_hazards import substances
from anlan.standards.major_hazards.substances import DOCUMENT, Category, Substance, clause
from anlan.standards.tracing import Finding

EDITIONS = Editions(Edition(date(2019, 3, 1), DOCUMENT, clause("")))


class Level(IntEnum):
    """1 is the gravest. 0 is a unit that is no major hazard installation."""

    NONE = 0
    ONE = 1
    TWO = 2
    THREE = 3
    FOUR = 4

    @property
    def title(self) -> Text:
        return LEVEL_TITLES[self]


LEVEL_TITLES = {
    Level.NONE: Text("不构成重大危险源", "no major hazard installation"),
    Level.ONE: Text("一级重大危险源", "major hazard installation, level 1"),
    Level.TWO: Text("二级重大危险源", "major hazard installation, level 2"),
    Level.THREE: Text("三级重大危险源", "major hazard installation, level 3"),
    Level.FOUR: Text("四级重大危险源", "major hazard installation, level 4"),
}


class Mixture(Enum):
    """How a mixture is classed beside its pure substance (4.2.3)."""

    NONE = "none"
    SAME = "same"  # in the same hazard category: the whole mass counts as the substance
    OTHER = "other"  # in another: its own category decides, not the substance's name

    @property
    def title(self) -> Text:
        return MIXTURE_TITLES[self]


MIXTURE_TITLES = {
    Mixture.NONE: Text("纯物质", "pure substance"),
    Mixture.SAME: Text("混合物，与纯物质危险类别相同", "mixture in the same category as the substance"),
    Mixture.OTHER: Text("混合物，与纯物质危险类别不同", "mixture in another category than the substance"),
}


@dataclass(frozen=True)
class Item:
    """One chemical of a unit. `substance` is a name, CAS number or "table1:NO"; `categories` are symbols of table 2.

    `tonnes` is the design maximum. Either a substance of table 1 or a category is needed; a category given for a
    substance of table 1 settles its β and leaves its Q alone.
    """

    substance: str
    tonnes: exact.Number
    categories: Sequence[str] = ()
    mixture: Mixture = Mixture.NONE


def quantity(item: Item) -> Finding:
    """q in tonnes, as designed."""
    q = exact.exact(item.tonnes, Text("设计最大量", "design maximum quantity"))
    if q < 0:
        raise tables.OutsideTable(Text("设计最大量", "design maximum quantity"), item.tonnes, "≥ 0 t", clause("4.2.2"))
    return Finding(q, Text("设计最大量 q", "design maximum quantity q"), clause("4.2.2"), unit="t")


def critical_quantity(item: Item) -> Finding:
    """Q in tonnes: table 1 by name, else the lowest of table 2 by category."""
    rule = Text("临界量 Q", "critical quantity Q")
    if row := _named(item):
        given = {"table1": row.no, "substance": row.title}
        because = (_mixed(item),) if item.mixture is Mixture.SAME else ()
        return Finding(row.critical, rule, clause("表1"), given, because, "t")
    rows = _categories(item)
    if not rows:
        raise _unknown(item)
    lowest = min(rows, key=lambda one: one.critical)
    because = (_mixed(item),) if item.mixture is Mixture.OTHER else ()
    if len(rows) > 1:
        each = tuple(Finding(one.critical, one.title, clause("表2"), unit="t") for one in rows)
        because += (Finding(lowest.symbol, LOWEST, clause("4.1.2"), because=each),)
    return Finding(lowest.critical, rule, clause("表2"), {"category": lowest.title}, because, "t")


LOWEST = Text("属于多种类别，取临界量最低者", "of several categories, that of the lowest critical quantity")


def beta(item: Item) -> Finding:
    """β: table 3 by name, else table 4 by category; else the substance's usual category, said to be assumed."""
    rule = Text("校正系数 β", "correction factor β")
    row = _named(item)
    if row and row.no in substances.named_factors():
        factor = substances.named_factors()[row.no]
        given = {"substance": Text(factor.name, factor.name_en)}
        return Finding(factor.beta, rule, clause("表3", factor.status), given)
    if rows := _categories(item):
        factors = [substances.category_factors()[one.symbol] for one in rows]
        highest = max(factors, key=lambda one: one.beta)
        # Which β holds where categories differ is not said in the standard: the careful one, and marked as ours.
        sure = Status.VERIFIED if len({one.beta for one in factors}) == 1 else Status.PARTIAL
        return Finding(highest.beta, rule, clause("表4", sure), {"category": highest.symbol})
    if row is None:
        raise _unknown(item)
    usual = substances.assumed()[row.no]
    given = {
        "assumed": Text("未给出危险类别，按该物质通常类别", "no category given; that which the substance usually has")
    }
    if usual.categories:
        given["category"] = usual.categories
    return Finding(usual.beta, rule, clause("表4", usual.status), given)


def ratio(item: Item) -> Finding:
    """q/Q of one chemical."""
    q, critical = quantity(item), critical_quantity(item)
    return Finding(q.value / critical.value, _of(item, "q/Q"), clause("4.2.1"), because=(q, critical))


def sum_of_ratios(items: Sequence[Item], when: When) -> Finding:
    """S of a unit."""
    EDITIONS.at(when)
    each = tuple(ratio(item) for item in items)
    return Finding(
        sum((one.value for one in each), Fraction(0)), Text("辨识指标 S", "sum S"), clause("4.2.1"), because=each
    )


def identified(items: Sequence[Item], when: When) -> Finding:
    """Whether the unit is a major hazard installation: S ≥ 1, unrounded."""
    total = sum_of_ratios(items, when)
    rule = Text("构成重大危险源（S ≥ 1）", "is a major hazard installation (S ≥ 1)")
    return Finding(total.value >= 1, rule, clause("4.2.1"), because=(total,))


def alpha(residents: int) -> Finding:
    """α by permanent residents within 500 m outside the plant's boundary."""
    if isinstance(residents, bool) or not isinstance(residents, int) or residents < 0:
        raise tables.OutsideTable(Text("常住人口", "residents"), residents, "0, 1, 2, …", clause("表5"))
    row = max((one for one in substances.residents() if one.residents_from <= residents), key=lambda one: one.alpha)
    given = {"residents": residents}
    return Finding(row.alpha, Text("暴露人员校正系数 α", "exposure factor α"), clause("表5"), given)


def index(items: Sequence[Item], residents: int, when: When) -> Finding:
    """R of a unit: α times the sum of β·q/Q."""
    EDITIONS.at(when)
    each = tuple(_weighted(item) for item in items)
    exposure = alpha(residents)
    value = exposure.value * sum((one.value for one in each), Fraction(0))
    return Finding(value, Text("分级指标 R", "index R"), clause("4.3"), because=(exposure, *each))


def _weighted(item: Item) -> Finding:
    factor, share = beta(item), ratio(item)
    return Finding(factor.value * share.value, _of(item, "β·q/Q"), clause("4.3"), because=(factor, share))


def grade(items: Sequence[Item], residents: int, when: When) -> Finding:
    """The level of a unit: Level.NONE where it is no major hazard installation, else by R and table 6."""
    rule = Text("重大危险源级别", "level")
    is_one = identified(items, when)
    if not is_one.value:
        return Finding(Level.NONE, rule, clause("4.2.1"), because=(is_one,))
    r = index(items, residents, when)
    level = next(Level(row.level) for row in substances.levels() if r.value >= row.index_from)
    return Finding(level, rule, clause("表6"), because=(is_one, r))


@dataclass(frozen=True)
class Unit:
    """A unit of a plant as 3.5 and 3.6 cut it: `kind` is production, tanks or warehouse."""

    name: str
    items: tuple[Item, ...]
    kind: str = "production"


def grade_enterprise(units: Sequence[Unit], residents: int, when: When) -> Finding:
    """The gravest level of a plant's units, each graded by itself under the plant's α; the units are its `because`."""
    each = tuple(_named_unit(unit, residents, when) for unit in units)
    graded = [one.value for one in each if one.value]
    rule = Text("单位最高级别", "gravest level of the plant")
    return Finding(min(graded, default=Level.NONE), rule, clause("4.3"), {"units": len(each)}, each)


def _named_unit(unit: Unit, residents: int, when: When) -> Finding:
    if unit.kind not in KINDS:
        raise tables.OutsideTable(Text("单元类别", "kind of unit"), unit.kind, ", ".join(KINDS), clause("3.5、3.6"))
    found = grade(unit.items, residents, when)
    return Finding(
        found.value,
        Text(f"单元“{unit.name}”", f"unit {unit.name}"),
        found.clause,
        {"kind": KINDS[unit.kind]},
        found.because,
    )


KINDS = {
    "production": Text("生产单元", "production unit"),
    "tanks": Text("储存单元：罐区（以防火堤为界）", "storage unit: tanks within one dike"),
    "warehouse": Text("储存单元：独立库房", "storage unit: warehouse of its own"),
}


def _named(item: Item) -> Substance | None:
    """The row of table 1 that counts: none for a mixture that its mixing has moved into another category."""
    return substances.named(item.substance) if item.substance and item.mixture is not Mixture.OTHER else None


def _categories(item: Item) -> list[Category]:
    known = substances.categories()
    if wrong := [symbol for symbol in item.categories if symbol not in known]:
        raise tables.OutsideTable(Text("危险类别", "category"), wrong[0], ", ".join(known), clause("表2"))
    return [known[symbol] for symbol in item.categories]


def _mixed(item: Item) -> Finding:
    return Finding(item.mixture, Text("混合物按整体质量计", "a mixture counts with its whole mass"), clause("4.2.3"))


def _of(item: Item, what: str) -> Text:
    row = _named(item)
    name = row.title if row else Text(item.substance or item.categories[0], item.substance or item.categories[0])
    return Text(f"{name.zh} {what}", f"{what} of {name.en}")


def _unknown(item: Item) -> Refusal:
    given = item.substance or "—"
    if item.mixture is Mixture.OTHER:
        return Refusal(
            Text(
                f"混合物“{given}”须给出自己的危险类别（表2）",
                f"the mixture {given!r} needs its own category of table 2",
            ),
            clause("4.2.3"),
        )
    return Refusal(
        Text(
            f"“{given}”不在表1内，请按安全技术说明书给出危险类别（表2，如 W5.3）",
            f"{given!r} is not in table 1: give its hazard categories (table 2, as W5.3) from the safety data sheet",
        ),
        clause("4.1.2"),
    )


COVERAGE = (
    Part(Text("适用范围与除外情形", "scope and what it leaves out"), "1", Status.PARTIAL, "left to whoever asks"),
    Part(Text("单元划分", "how units are cut"), "3.5、3.6", Status.PARTIAL, "kinds are named; the cut is a person's"),
    Part(
        Text("85种名称及临界量", "85 named substances"), "表1", Status.VERIFIED, "names with conditions are shortened"
    ),
    Part(Text("按类别的临界量，取最低", "categories, the lowest counts"), "4.1.2、表2", Status.VERIFIED),
    Part(Text("辨识指标", "identification"), "4.2.1", Status.VERIFIED),
    Part(Text("设计最大量；混合物", "design maximum; mixtures"), "4.2.2、4.2.3", Status.VERIFIED),
    Part(Text("毒性气体校正系数", "β of toxic gases"), "表3", Status.VERIFIED),
    Part(
        Text("按类别的校正系数", "β by category"),
        "表4",
        Status.VERIFIED,
        "where categories differ, the highest: our reading",
    ),
    Part(
        Text("未给类别时的通常类别", "usual category where none is given"), "表4", Status.RECALLED, "said in the answer"
    ),
    Part(Text("暴露人员校正系数", "α by residents"), "表5", Status.VERIFIED),
    Part(Text("分级", "levels by R"), "4.3、表6", Status.VERIFIED),
    Part(
        Text("2009年版", "edition of 2009"),
        "",
        Status.ABSENT,
        "asked for a day before 2019-03-01: refused",
        "GB 18218-2009",
    ),
)
