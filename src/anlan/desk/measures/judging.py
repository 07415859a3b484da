"""Where a value stands against its target: green, amber, red or grey, always with a word. Pure.

Four kinds of target (plans use all of them)
    fall       lower than the base by so many per cent at the end of the plan; on the way a straight line leads there
    ceiling    never above a limit
    floor      at least a limit at the end of the plan
    coverage   a share that must be reached, in per cent; a floor whose limit is at most 100
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS = {"fall": _("下降"), "ceiling": _("上限"), "floor": _("下限"), "coverage": _("覆盖率")}
NEAR = 0.9  # the share of a limit from which a ceiling is called near, and a floor not far
TOLERANCE = 1e-9

COLOURS = {"green": _("达标"), "amber": _("需关注"), "red": _("未达标"), "grey": _("无法评价")}


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A target as numbers. `value`: per cent of the fall as a positive number, or the limit. `strict`: the limit
    itself is not enough (<, >). `base` is the value of `base_year`, None when it is not known."""

    kind: str
    value: float
    last_year: int
    base: float | None = None
    base_year: int | None = None
    strict: bool = False

    @property
    def limit(self) -> float | None:
        """The value to be reached at the end; None for a fall without a base."""
        if self.kind != "fall":
            return self.value
        return None if self.base is None else self.base * (1 - self.value / 100)

    def path(self, year: int) -> float | None:
        """Where a straight line from the base to the limit stands at the end of a year."""
        limit = self.limit
        if limit is None or self.base is None or self.base_year is None:
            return None
        if year >= self.last_year or self.last_year <= self.base_year:
            return limit
        share = max(0, year - self.base_year) / (self.last_year - self.base_year)
        return self.base + (limit - self.base) * share


@dataclass(frozen=True)
class Verdict:
    colour: str
    reason: Any
    limit: float | None = None
    path: float | None = None

    @property
    def word(self) -> Any:
        return COLOURS[self.colour]


def judge(goal: Goal, value: float | None, year: int, comparable: bool = True) -> Verdict:
    """The verdict on the value of a year. `comparable`: base and value were counted alike."""
    limit = goal.limit
    if value is None:
        return Verdict("grey", _("没有数值"), limit)
    if limit is None:
        return Verdict("grey", _("基期数值未知，无法计算目标值"))
    if goal.kind == "fall":
        return _judge_fall(goal, value, year, limit, comparable)
    return _judge_ceiling(goal, value, limit) if goal.kind == "ceiling" else _judge_floor(goal, value, year, limit)


def change(before: float | None, now: float | None) -> float | None:
    """Per cent from before to now; None when there is nothing to compare with."""
    if before is None or now is None or before == 0:
        return None
    return (now - before) / abs(before) * 100


def _judge_fall(goal: Goal, value: float, year: int, limit: float, comparable: bool) -> Verdict:
    if not comparable:
        return Verdict("grey", _("统计口径已变，不能与基期比较"), limit)
    path = goal.path(year)
    if _at_most(value, limit):
        return Verdict("green", _("已达到目标值"), limit, path)
    if year >= goal.last_year:
        return Verdict("red", _("高于目标值"), limit, path)
    if path is not None and _at_most(value, path):
        return Verdict("green", _("达到序时进度"), limit, path)
    if goal.base is not None and _at_most(value, goal.base):
        return Verdict("amber", _("低于基期但落后于序时进度"), limit, path)
    return Verdict("red", _("高于基期"), limit, path)


def _judge_ceiling(goal: Goal, value: float, limit: float) -> Verdict:
    if not (value < limit - TOLERANCE if goal.strict else _at_most(value, limit)):
        return Verdict("red", _("达到或超过上限") if goal.strict else _("超过上限"), limit)
    if limit > 0 and value > limit * NEAR:
        return Verdict("amber", _("接近上限"), limit)
    return Verdict("green", _("在上限以内"), limit)


def _judge_floor(goal: Goal, value: float, year: int, limit: float) -> Verdict:
    path = goal.path(year)
    if value > limit + TOLERANCE if goal.strict else _at_most(limit, value):
        return Verdict("green", _("已达到目标值"), limit, path)
    if year >= goal.last_year:
        return Verdict("red", _("低于目标值"), limit, path)
    if path is not None:
        on_time = _at_most(path, value)
        return Verdict("amber", _("达到序时进度，尚未达到目标值") if on_time else _("落后于序时进度"), limit, path)
    return Verdict("amber" if value >= limit * NEAR else "red", _("尚未达到目标值"), limit)


def _at_most(value: float, limit: float) -> bool:
    return value <= limit + TOLERANCE * max(1.0, abs(limit))
