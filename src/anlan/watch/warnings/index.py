"""The four-colour index of a facility, an enterprise and a region: pure arithmetic that explains itself.

A facility: of each part (alarms, dangers, permits, weather) the gravest mark counts whole and each further one a share,
at most 100; the parts are added by weight and multiplied by the factor of the installation's grade. An enterprise: its
gravest facility, or what weighs on it itself, and a share of the others. A region: the mean of its gravest enterprises
and the share of coloured ones, with its weather. Every number comes from the policy, a section of a pack.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from math import log2
from typing import Any

from anlan import packs
from anlan.desk.wording import title
from anlan.standards.citing import Text
from anlan.standards.tracing import Finding

PARTS = ("alarm", "danger", "permit", "weather")
TITLES = {
    "alarm": Text("报警", "alarms"),
    "danger": Text("未销号隐患", "open hidden dangers"),
    "permit": Text("在行作业票", "permits in force"),
    "weather": Text("气象预警", "weather alerts"),
}
COLOURS = {
    1: Text("红色 重大", "red, major"),
    2: Text("橙色 较大", "orange, larger"),
    3: Text("黄色 一般", "yellow, general"),
    4: Text("蓝色 低", "blue, low"),
    None: Text("无预警", "no warning"),
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One published edition of the index. `steps` hold (least index, level), the gravest first."""

    code: str
    title: Any
    source: str
    status: str
    since: date
    parts: Mapping[str, Mapping[str, float]]
    grades: Mapping[str, float]
    steps: tuple[tuple[float, int], ...]
    floors: frozenset[str]
    fades_below: float
    enterprise: Mapping[str, float]
    region: Mapping[str, float]
    opens: Mapping[str, int]
    closes_from: int

    def colour(self, value: float) -> int | None:
        return next((level for least, level in self.steps if value >= least), None)

    def mark(self, part: str, level: int) -> float:
        return self.parts[part][f"level_{level}"]

    def gone_at(self, part: str, level: int, ended: datetime) -> datetime:
        """When what ended then has faded away."""
        half, mark = self.parts[part]["half_life_minutes"], self.mark(part, level)
        return ended + timedelta(minutes=half * max(0.0, log2(mark / self.fades_below)) if half and mark else 0.0)


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What weighs on a subject, as far as the index needs to know it. `ended_at` None: it lasts."""

    kind: str
    source: str
    level: int
    words: str
    url: str = ""
    since: datetime | None = None
    ended_at: datetime | None = None

    def left(self, by: Policy, now: datetime) -> float:
        """How much of its mark is left: 1 while it lasts, halved with every half-life after its end."""
        if self.ended_at is None:
            return 1.0
        half = by.parts[self.kind]["half_life_minutes"]
        return 0.5 ** (max(0.0, (now - self.ended_at).total_seconds()) / 60 / half) if half else 0.0


@dataclass(frozen=True, kw_only=True)
class Member:
    """A facility of an enterprise, or an enterprise of a region, with its index."""

    subject: str
    title: str
    value: float
    level: int | None
    url: str = ""


def policy(day: date) -> Policy:
    """The policy in force: the latest that began by that day. Errors: PackError when none has."""
    known = [one for one in policies() if one.since <= day]
    if not known:
        raise packs.PackError(f"warning_index.yaml: no policy is in force on {day}")
    return max(known, key=lambda one: one.since)


@cache
def policies() -> tuple[Policy, ...]:
    return tuple(_read(code, entry) for code, entry in packs.section("warning_index").items())


def _read(code: str, entry: Mapping) -> Policy:
    steps = tuple((entry["steps"][f"level_{level}"], level) for level in (1, 2, 3, 4))
    if [least for least, _ in steps] != sorted({least for least, _ in steps}, reverse=True) or steps[-1][0] <= 0:
        raise packs.PackError(f"warning_index.yaml: '{code}': the steps fall from level 1 to 4, the last is above 0")
    if sum(part["weight"] for part in entry["parts"].values()) != 100:
        raise packs.PackError(f"warning_index.yaml: '{code}': the weights of the parts make 100 together")
    return Policy(
        code=code,
        title=title(entry),
        source=entry["source"],
        status=entry["status"],
        since=date.fromisoformat(entry["from"]),
        parts=entry["parts"],
        grades=entry["grades"],
        steps=steps,
        floors=frozenset(entry["floors"]),
        fades_below=entry["fades_below"],
        enterprise=entry["enterprise"],
        region=entry["region"],
        opens=entry["opens"],
        closes_from=entry["closes_from"],
    )


def of_facility(by: Policy, grade: int | None, weights: Sequence[Weight], now: datetime) -> Finding:
    """The index of a facility, 0 to 100; `inputs` hold its colour as a level, None for none."""
    parts = _parts(by, weights, now)
    factor = by.grades[f"level_{grade}" if grade else "none"]
    value = _round(min(100.0, factor * sum(part.value for part in parts)))
    graded = Finding(
        factor,
        Text("重大危险源等级系数", "factor of the grade of the major hazard installation"),
        inputs={"hazard_level": grade},
    )
    rule = Text(
        "设施预警指数：各项加权分之和×等级系数，至多 100", "facility: weighted parts × factor of grade, at most 100"
    )
    return _coloured(by, value, rule, weights, (*parts, graded))


def of_enterprise(by: Policy, weights: Sequence[Weight], members: Sequence[Member], now: datetime) -> Finding:
    """The index of an enterprise, from its facilities and what weighs on it itself."""
    parts = _parts(by, weights, now)
    own = sum(part.value for part in parts)
    ranked = sorted((one for one in members if one.value), key=lambda one: (-one.value, one.subject))
    found = sorted([own, *(one.value for one in ranked)], reverse=True)
    value = _round(min(100.0, found[0] + by.enterprise["further"] * sum(found[1:])))
    rule = Text(
        f"企业预警指数：最高一项，其余各计 {by.enterprise['further']:g}",
        f"enterprise: its highest, each other by {by.enterprise['further']:g}",
    )
    finding = _coloured(by, value, rule, weights, (*parts, *(_member(one) for one in ranked[:20])))
    # However the numbers fall, an enterprise is no better than its gravest facility.
    return _no_better(finding, min((one.level for one in ranked if one.level), default=None))


def of_region(by: Policy, weights: Sequence[Weight], members: Sequence[Member], total: int, now: datetime) -> Finding:
    """The index of a region, of `total` enterprises; `members` are those with an index above 0."""
    parts = _parts(by, [one for one in weights if one.kind == "weather"], now)
    ranked = sorted(members, key=lambda one: (-one.value, one.subject))
    gravest = ranked[: int(by.region["gravest"])]
    count = int(by.region["gravest"])  # fewer enterprises than that: the missing ones count as calm
    mean = sum(one.value for one in gravest) / count
    coloured = sum(1 for one in members if one.level)
    share = 100 * coloured / total if total else 0.0
    terms = (
        Finding(
            _round(by.region["weight"] * mean),
            Text(
                f"指数最高的 {count} 家企业的平均值×{by.region['weight']:g}",
                f"mean of the {count} gravest enterprises × {by.region['weight']:g}",
            ),
            inputs={"mean": _round(mean)},
            because=tuple(_member(one) for one in gravest),
        ),
        Finding(
            _round(by.region["share_weight"] * share),
            Text(
                f"有预警企业占比（%）×{by.region['share_weight']:g}",
                f"percentage of enterprises with a colour × {by.region['share_weight']:g}",
            ),
            inputs={"enterprises": total, "coloured": coloured},
        ),
    )
    value = _round(min(100.0, sum(term.value for term in (*terms, *parts))))
    rule = Text("区域预警指数：各项之和，至多 100", "region: the sum of its parts, at most 100")
    finding = _coloured(by, value, rule, (), (*terms, *parts))
    return _no_better(finding, int(by.region["red_at_least"]) if any(one.level == 1 for one in members) else None)


def level_of(finding: Finding) -> int | None:
    return finding.inputs["level"]


def _parts(by: Policy, weights: Sequence[Weight], now: datetime) -> tuple[Finding, ...]:
    """Each part that anything weighs in, as its weighted mark."""
    found = ((name, [one for one in weights if one.kind == name]) for name in PARTS)
    return tuple(_part(by, name, of, now) for name, of in found if of)


def _part(by: Policy, name: str, weights: Sequence[Weight], now: datetime) -> Finding:
    marks = sorted(((one, by.mark(name, one.level) * one.left(by, now)) for one in weights), key=_gravest)
    marks = [(one, mark) for one, mark in marks if one.ended_at is None or mark >= by.fades_below]
    values = [mark for _one, mark in marks]
    part = by.parts[name]
    mark = min(100.0, values[0] + part["further"] * sum(values[1:])) if values else 0.0
    return Finding(
        _round(mark * part["weight"] / 100),
        Text(f"{TITLES[name].zh}（权重 {part['weight']:g}%）", f"{TITLES[name].en} (weight {part['weight']:g}%)"),
        inputs={"mark": _round(mark), "further": part["further"], "part": name},
        because=tuple(_weight(one, mark) for one, mark in marks[:20]),
    )


def _gravest(pair: tuple[Weight, float]) -> tuple:
    return -pair[1], pair[0].source


def _weight(one: Weight, mark: float) -> Finding:
    inputs = {"source": one.source, "level": one.level, "url": one.url}
    if one.since:
        inputs["since"] = one.since.isoformat(timespec="seconds")
    if one.ended_at:
        inputs["ended_at"] = one.ended_at.isoformat(timespec="seconds")
    return Finding(_round(mark), Text(one.words, one.words), inputs=inputs)


def _member(one: Member) -> Finding:
    inputs = {"source": one.subject, "level": one.level, "url": one.url}
    return Finding(_round(one.value), Text(one.title, one.title), inputs=inputs)


def _coloured(by: Policy, value: float, rule: Text, weights: Iterable[Weight], because: tuple) -> Finding:
    """The index with the colour of its step, no better than that of what lasts and sets a floor."""
    floor = min((one.level for one in weights if one.kind in by.floors and one.ended_at is None), default=None)
    inputs = {"level": by.colour(value), "policy": by.code, "status": by.status}
    return _no_better(Finding(value, rule, inputs=inputs, because=because), floor)


def _no_better(finding: Finding, floor: int | None) -> Finding:
    level = finding.inputs["level"]
    if floor is None or (level is not None and level <= floor):
        return finding
    held = Finding(
        COLOURS[floor],
        Text("仍在持续，颜色不得低于", "it still lasts, so the colour is no better than"),
        inputs={"level": floor},
    )
    return Finding(
        finding.value, finding.rule, inputs={**finding.inputs, "level": floor}, because=(*finding.because, held)
    )


def _round(value: float) -> float:
    return round(float(value), 1)
