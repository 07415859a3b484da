"""The grade of an enterprise, from what is known of it and the policy in force. Pure; every grade explains itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from anlan import packs
from anlan.desk.wording import title
from anlan.standards.citing import Text
from anlan.standards.tracing import Finding

PARTS = ("risk", "dangers", "standardisation", "accidents", "credit")
TITLES = {
    "risk": Text("风险等级", "risk level"),
    "dangers": Text("隐患", "hidden dangers"),
    "standardisation": Text("标准化", "standardisation"),
    "accidents": Text("事故", "accidents"),
    "credit": Text("信用", "credit"),
}
LEVELS = {
    1: Text("重大（红）", "major (red)"),
    2: Text("较大（橙）", "larger (orange)"),
    3: Text("一般（黄）", "general (yellow)"),
    4: Text("低（蓝）", "low (blue)"),
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    code: str
    title: object
    source: str
    status: str
    since: date
    parts: Mapping[str, Mapping[str, float]]
    grades: tuple[Mapping, ...]
    floors: Mapping[str, int]

    def visits(self, level: int) -> float:
        """How often a year an enterprise of this grade is visited."""
        return next(grade["visits"] for grade in self.grades if grade["level"] == level)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an enterprise on a day. `level` None: no risk has been evaluated."""

    level: int | None = None
    open: int = 0
    overdue: int = 0
    major: int = 0
    certificate: str = ""
    accidents: int = 0
    deaths: int = 0
    credit: int = 0


def policy(day: date) -> Policy:
    """The policy in force: the latest that began by that day. Errors: PackError when none has."""
    known = [one for one in policies() if one.since <= day]
    if not known:
        raise packs.PackError(f"supervision.yaml: no policy is in force on {day}")
    return max(known, key=lambda one: one.since)


@cache
def policies() -> tuple[Policy, ...]:
    found = []
    for code, entry in packs.section("supervision").items():
        grades = tuple(entry["grades"])
        edges = [grade["least"] for grade in grades]
        if [grade["level"] for grade in grades] != [1, 2, 3, 4] or edges != sorted(edges, reverse=True) or edges[-1]:
            raise packs.PackError(
                f"supervision.yaml: '{code}': grades stand from level 1 to 4, their marks fall, and the last takes 0"
            )
        found.append(
            Policy(
                code=code,
                title=title(entry),
                source=entry["source"],
                status=entry["status"],
                since=date.fromisoformat(entry["from"]),
                parts=entry["parts"],
                grades=grades,
                floors=entry["floors"],
            )
        )
    return tuple(found)


def grade(facts: Facts, by: Policy) -> Finding:
    """The grade as a level 1 to 4; `inputs` holds the mark."""
    marks = [_part(name, facts, by) for name in PARTS]
    weight = sum(by.parts[name]["weight"] for name in PARTS)
    mark = round(sum(float(f.value) * by.parts[n]["weight"] for n, f in zip(PARTS, marks, strict=True)) / weight, 1)
    level = next(one["level"] for one in by.grades if mark >= one["least"])
    floors = _floors(facts, by)
    found = min([level, *(int(floor.inputs["level"]) for floor in floors)])
    return Finding(
        found,
        Text(
            "监管等级：五项加权得分所在的等级，不低于底线", "grade: that of the weighted mark, no better than a floor"
        ),
        inputs={"mark": mark, "policy": by.code, "status": by.status},
        because=(*marks, *floors),
    )


def _part(name: str, facts: Facts, by: Policy) -> Finding:
    marks = by.parts[name]
    value, inputs = _MARKS[name](facts, marks)
    rule = Text(f"{TITLES[name].zh}（权重 {marks['weight']:g}）", f"{TITLES[name].en} (weight {marks['weight']:g})")
    return Finding(min(100.0, float(value)), rule, inputs=inputs)


def _risk(facts: Facts, marks: Mapping) -> tuple[float, dict]:
    told = LEVELS[facts.level] if facts.level else Text("尚未评估", "not evaluated")
    return marks[f"level_{facts.level}"] if facts.level else marks["unknown"], {"level": told}


def _dangers(facts: Facts, marks: Mapping) -> tuple[float, dict]:
    mark = facts.major * marks["each_major"] + facts.overdue * marks["each_overdue"] + facts.open * marks["each_open"]
    return mark, {"open": facts.open, "overdue": facts.overdue, "major": facts.major}


def _standardisation(facts: Facts, marks: Mapping) -> tuple[float, dict]:
    return marks.get(facts.certificate or "none", marks["none"]), {"certificate": facts.certificate or None}


def _accidents(facts: Facts, marks: Mapping) -> tuple[float, dict]:
    mark = facts.deaths * marks["each_death"] + facts.accidents * marks["each_other"]
    return mark, {"accidents": facts.accidents, "deaths": facts.deaths, "years": marks["years"]}


def _credit(facts: Facts, marks: Mapping) -> tuple[float, dict]:
    return facts.credit * marks["each_entry"], {"entries": facts.credit}


_MARKS = {
    "risk": _risk,
    "dangers": _dangers,
    "standardisation": _standardisation,
    "accidents": _accidents,
    "credit": _credit,
}


def _floors(facts: Facts, by: Policy) -> list[Finding]:
    """Each floor that holds."""
    found = []
    if facts.major:
        level = by.floors["open_major"]
        words = Text("有未销号的重大隐患，等级不低于", "an open major hidden danger: no better than")
        found.append(Finding(LEVELS[level], words, inputs={"level": level, "major": facts.major}))
    if facts.deaths:
        level = by.floors["fatal"]
        words = Text("考核期内发生死亡事故，等级不低于", "a fatal accident in the period: no better than")
        found.append(Finding(LEVELS[level], words, inputs={"level": level, "deaths": facts.deaths}))
    return found


def visit_days(visits: float, year: int, after: date) -> list[date]:
    """On which days of the year visits fall due, spread evenly, those after `after` only. Half a visit a year falls
    due every other year, in the even ones."""
    if visits < 1:
        every = round(1 / visits)
        days = [date(year, 12, 31)] if year % every == 0 else []
    else:
        count = round(visits)
        length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        days = [date(year, 1, 1) + timedelta(days=length * (number + 1) // count - 1) for number in range(count)]
    return [day for day in days if day > after]
