"""From events to a point, from points to a unit, an enterprise, a region; and what is major whatever the scores say.

No public national formula for an enterprise or a region was found. Three rules are in use, all of them settings:

    highest    the gravest of what lies within (what is taken where nobody chose)
    share      the gravest, one level graver where red and orange together reach a share
    weighted   an index of weighted parts, cut at three numbers

A point always has the level of its gravest event. What lies within and was never graded is counted and named, never
taken for low.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import exact, schemas, tables
from anlan.standards.citing import Clause, Refusal, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "安委办〔2016〕11号"
CLAUSE = Clause(DOCUMENT, "", Status.RECALLED)
RULES = {
    "highest": Text("取最高等级", "the gravest"),
    "share": Text("红橙占比升级", "graver by the share of red and orange"),
    "weighted": Text("加权指数", "weighted index"),
}
SHARE = Fraction(3, 10)  # setting: no number was found; three tenths is this platform's own


def highest(levels: Iterable[RiskLevel | int | None], ungraded: int = 0) -> Finding:
    """The gravest of several levels; None of none. None among them, and `ungraded`, are named as not graded."""
    given = list(levels)
    graded = sorted(RiskLevel(one) for one in given if one is not None)
    counts = {one.colour.en: graded.count(one) for one in RiskLevel}
    counts["ungraded"] = ungraded + len(given) - len(graded)
    value = graded[0] if graded else None
    return Finding(value, Text("取其中最高等级", "the gravest of them"), CLAUSE, counts)


def by_share(levels: Iterable[RiskLevel | int | None], share: exact.Number = SHARE) -> Finding:
    """The gravest, and one level graver where red and orange make at least `share` of what was graded."""
    limit = exact.exact(share, Text("占比", "share"))
    if not 0 < limit <= 1:
        raise OutsideTable(Text("占比", "share"), share, "> 0, ≤ 1")
    given = list(levels)
    base = highest(given)
    graded = [RiskLevel(one) for one in given if one is not None]
    if not graded:
        return Finding(None, RULES["share"], CLAUSE, {"limit": limit}, (base,))
    found = Fraction(sum(one <= RiskLevel.CONSIDERABLE for one in graded), len(graded))
    reached = Finding(found, Text("红橙占比", "share of red and orange"), CLAUSE, {"limit": limit})
    value = RiskLevel(max(base.value - (found >= limit), RiskLevel.MAJOR))
    return Finding(value, RULES["share"], CLAUSE, {}, (base, reached))


def weighted(
    parts: Mapping[str, exact.Number], weights: Mapping[str, exact.Number], cuts: Sequence[exact.Number]
) -> Finding:
    """An index of weighted parts, each 0 (safe) to 100, cut at three falling numbers into red, orange, yellow, blue.

    Weights and cuts are local policy and have no default. The index is divided by the sum of the weights.
    """
    if set(parts) != set(weights) or not parts:
        words = f"{sorted(set(parts) ^ set(weights))}"
        raise Refusal(Text(f"各项与权重不对应：{words}", f"parts and weights do not match: {words}"), CLAUSE)
    limits = [exact.exact(one) for one in cuts]
    if len(limits) != 3 or sorted(set(limits), reverse=True) != limits:
        raise OutsideTable(Text("分界", "cuts"), list(cuts), Text("三个递减的数", "three falling numbers"), CLAUSE)
    reasons = tuple(_part(name, parts[name], weights[name]) for name in parts)
    total = sum(exact.exact(one) for one in weights.values())
    if total <= 0:
        raise OutsideTable(Text("权重之和", "sum of weights"), exact.digits(total), "> 0", CLAUSE)
    index = sum((one.value for one in reasons), Fraction(0)) / total
    place = next((place for place, limit in enumerate(limits, start=1) if index >= limit), 4)
    number = Finding(index, Text("加权指数", "index"), CLAUSE, {"cuts": limits}, reasons)
    return Finding(RiskLevel(place), RULES["weighted"], CLAUSE, {}, (number,))


def _part(name: str, given: exact.Number, weight: exact.Number) -> Finding:
    value, factor = exact.exact(given, Text(name, name)), exact.exact(weight, Text(name, name))
    if not 0 <= value <= 100 or factor < 0:
        raise OutsideTable(Text(name, name), f"{given} × {weight}", Text("0–100，权重不小于0", "0–100, weight ≥ 0"))
    return Finding(value * factor, Text(name, name), None, {"value": value, "weight": factor})


@dataclass(frozen=True)
class Condition:
    """A row of directly_major.csv: makes a risk major whatever its scores. Provinces differ, so the list is chosen."""

    id: str
    words: str
    words_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.words, self.words_en)


@cache
def conditions() -> dict[str, Condition]:
    """Every condition known here, by its id."""
    return {row.id: row for row in tables.read(__file__, "directly_major.csv", Condition, key=lambda row: row.id)}


def directly_major(met: Iterable[str], holding: Iterable[str] | None = None) -> Finding:
    """Whether a risk is major at once. `met`: conditions that apply; `holding`: those the region counts, None all."""
    counted = list(conditions()) if holding is None else list(holding)
    given = list(met)
    for id in (*counted, *given):
        if id not in conditions():
            raise OutsideTable(Text("直接判定情形", "condition"), id, ", ".join(conditions()), CLAUSE)
    reasons = tuple(
        Finding(True, conditions()[id].title, Clause(DOCUMENT, "", conditions()[id].status))
        for id in given
        if id in counted
    )
    return Finding(bool(reasons), Text("直接判定为重大风险", "major at once"), CLAUSE, {}, reasons)


def point_level(events: Iterable[RiskLevel | int | None], met: Iterable[str] = ()) -> Finding:
    """A point has the level of its gravest event, and is red where a condition makes it major at once."""
    base, at_once = highest(events), directly_major(met)
    value = RiskLevel.MAJOR if at_once.value else base.value
    reasons = (at_once, base) if at_once.value else (base,)
    return Finding(value, Text("风险点等级", "level of the risk point"), CLAUSE, {}, reasons)


def area_level(levels: Iterable[RiskLevel | int | None], rule: str = "highest", share: exact.Number = SHARE) -> Finding:
    """The level of a unit, an enterprise or a region by the rule chosen; `weighted` is a function of its own."""
    match rule:
        case "highest":
            return highest(levels)
        case "share":
            return by_share(levels, share)
    raise OutsideTable(Text("汇总规则", "rule"), rule, "highest, share", CLAUSE)


LEVELS = {str(one.value): one.title for one in RiskLevel}
COVERAGE = (
    Part(Text("风险点取其事件最高等级", "a point has its gravest event's level"), "", Status.RECALLED, ""),
    Part(
        Text("区域、企业汇总规则", "rules for enterprise and region"), "", Status.RECALLED, "no national formula found"
    ),
    Part(Text("直接判定为重大的情形", "what is major at once"), "", Status.RECALLED, "differs between provinces"),
)
QUESTION = Question(
    name="risk-combining",
    title=Text("风险点、企业与区域等级", "Level of a point, an enterprise, a region"),
    about=Text("由其中各项的等级按所选规则得出。", "From the levels of what lies within, by the rule chosen."),
    clause=CLAUSE,
    schema=schemas.record(
        levels={
            "type": "array",
            "minItems": 1,
            "items": schemas.choice(Text("等级", "level"), LEVELS),
            "x-title": {"zh": "其中各项等级", "en": "levels of what lies within"},
        },
        rule=schemas.maybe(
            schemas.choice(Text("规则", "rule"), {key: RULES[key] for key in ("highest", "share")}, default="highest")
        ),
        share=schemas.maybe(schemas.number(Text("红橙占比界限", "limit of the share"), most=1)),
    ),
    answer=lambda given, when: area_level(
        [int(one) for one in given["levels"]], given.get("rule", "highest"), given.get("share", SHARE)
    ),
    examples=(
        Example(Text("取最高", "the gravest"), {"levels": ["2", "3", "4"]}),
        Example(
            Text("红橙过半，升一级", "half of them orange: one level graver"),
            {"levels": ["2", "2", "3", "4"], "rule": "share", "share": 0.5},
        ),
    ),
)
