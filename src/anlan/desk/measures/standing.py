"""Puts values, targets and the past side by side: what the board and the page of a measure show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from anlan.desk.measures.declare import Measure, hand_figures
from anlan.desk.measures.judging import Goal, Verdict, change, judge
from anlan.desk.measures.models import MeasureValue, Target
from anlan.desk.measures.periods import Period, a_year_before, containing


@dataclass(frozen=True)
class Standing:
    """One measure of one region in one period, judged."""

    measure: Measure
    period: Period
    value: MeasureValue | None
    before: MeasureValue | None
    target: Target | None
    verdict: Verdict | None

    @property
    def change(self) -> float | None:
        """Per cent since a year before; None when there is nothing to compare with or the calibre changed."""
        if self.value is None or self.before is None or not alike(self.value, self.before):
            return None
        return change(self.before.value, self.value.value)

    @property
    def change_reason(self) -> str:
        if self.before is None or self.before.value is None:
            return _("上年同期没有数值")
        if self.value is not None and not alike(self.value, self.before):
            return _("统计口径已变，不可比")
        return _("上年同期为零") if self.before.value == 0 else ""


def alike(one: MeasureValue, other: MeasureValue) -> bool:
    """Whether two values were counted the same way."""
    return one.calibres == other.calibres


def stand(measure: Measure, period: Period, values: Sequence[MeasureValue], targets: Sequence[Target]) -> Standing:
    """From the values and targets of one region."""
    by_period = {row.period: row for row in values if row.measure == measure.code}
    value = by_period.get(period)
    target = target_of(measure, period, targets)
    verdict = None
    if target is not None:
        base = _base(measure, target, by_period)
        comparable = _comparable(measure, target, value, base)
        given = value.value if value else None
        verdict = judge(goal(target, base.value if base else None), given, period.last_year, comparable)
    return Standing(measure, period, value, by_period.get(a_year_before(period)), target, verdict)


def target_of(measure: Measure, period: Period, targets: Sequence[Target]) -> Target | None:
    """The target whose years hold the period's end; the one that ends first when plans overlap."""
    year = period.last_year
    fitting = [t for t in targets if t.measure == measure.code and t.first_year <= year <= t.last_year]
    return min(fitting, key=lambda target: target.last_year, default=None)


def goal(target: Target, computed_base: float | None) -> Goal:
    """The target as numbers; a base value written in the plan goes before a computed one."""
    return Goal(
        kind=target.kind,
        value=target.value,
        last_year=target.last_year,
        base=target.base_value if target.base_value is not None else computed_base,
        base_year=target.base_year,
        strict=target.strict,
    )


def _base(measure: Measure, target: Target, by_period: dict[Period, MeasureValue]) -> MeasureValue | None:
    if target.base_year is None or measure.period not in ("year", "five_years"):
        return None
    return by_period.get(containing(measure.period, date(target.base_year, 1, 1)))


def _comparable(measure: Measure, target: Target, value: MeasureValue | None, base: MeasureValue | None) -> bool:
    """Base and value were counted alike. A base only the plan knows is of the calibre of its year."""
    if value is None:
        return True
    if base is not None and target.base_value is None:
        return alike(value, base)
    return target.base_year is None or value.calibres == calibres_in(measure, target.base_year)


def calibres_in(measure: Measure, year: int) -> dict[str, str]:
    period = containing("year", date(year, 1, 1))
    found = {name: hand_figures()[name].calibre(period) for name in measure.names if name in hand_figures()}
    return {name: calibre.since.isoformat() for name, calibre in found.items() if calibre}


def described(target: Target, unit: Any) -> str:
    """The target in words."""
    number = f"{target.value:g}"
    match target.kind:
        case "fall":
            words = _("较 %(year)s 年下降 %(number)s%%") if target.base_year else _("下降 %(number)s%%（基期未写明）")
            return words % {"year": target.base_year, "number": number}
        case "ceiling":
            return f"{'<' if target.strict else '≤'} {number} {unit}"
        case _:
            return f"{'>' if target.strict else '≥'} {number} {unit}"
