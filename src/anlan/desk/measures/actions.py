"""The verbs: enter a figure, set a target. Both audited, conditional on the version, and followed by computing."""

import math
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.desk.access.regions import prefix
from anlan.desk.access.standing import Refused, may
from anlan.desk.audit.chain import Act, append
from anlan.desk.measures.computing import after_entering, compute
from anlan.desk.measures.declare import HandFigure, hand_figures, measures
from anlan.desk.measures.gates import ENTER, TARGET
from anlan.desk.measures.judging import KINDS
from anlan.desk.measures.models import FigureValue, Target
from anlan.desk.measures.periods import NoPeriod, Period, before, containing, read


@dataclass(frozen=True, kw_only=True)
class Number:
    """A figure as somebody enters it; `period` as 2025, 2025-Q3, 2025-07 or 2021-2025."""

    figure: str
    region: str
    period: str
    value: float
    source: str
    synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A target as a plan writes it."""

    measure: str
    region: str
    kind: str
    value: float
    first_year: int
    last_year: int
    source: str
    base_year: int | None = None
    base_value: float | None = None
    strict: bool = False
    binding: bool = False
    synthetic: bool = False


@transaction.atomic
def enter(user, number: Number, row: FigureValue | None = None, version: int | None = None) -> FigureValue:
    """A new number, or the correction of one that was read at `version`. Errors: Refused, ValidationError by field."""
    figure, period = _checked(user, number, row)
    region = prefix(number.region)
    same = FigureValue.objects.filter(figure=figure.code, region=region, start=period.start, end=period.end)
    if same.exclude(pk=row.pk if row else None).exists():
        raise ValidationError({"period": _("%(period)s 已有数值，请修改原记录。") % {"period": period}})
    old = None
    if row is None:
        row = FigureValue(figure=figure.code, synthetic=number.synthetic)
    else:
        row = FigureValue.objects.select_for_update().get(pk=row.pk)
        _untouched(row.version, version)
        old = {"value": row.value, "source": row.source, "period": str(row.period)}
    row.figure, row.region, row.start, row.end = figure.code, region, period.start, period.end
    row.value, row.source, row.entered_by = number.value, number.source.strip(), user
    row.version += 1
    row.save()
    data = {"figure": figure.code, "period": str(period), "value": number.value, "source": row.source, "before": old}
    append(Act(action="measures.enter", subject=f"figure:{row.pk}", region=region, data=data, actor=user.username))
    transaction.on_commit(partial(after_entering, figure.code, region, period))
    return row


@transaction.atomic
def set_target(user, goal: Goal, row: Target | None = None, version: int | None = None) -> Target:
    """A new target, or the correction of one that was read at `version`. Errors: Refused, ValidationError by field."""
    region = _region(user, TARGET, goal.region)
    if row is not None and not may(user, TARGET, region=row.region, organisation=""):
        raise Refused(_("您的岗位不能设定此辖区的目标。"))
    if wrong := _wrong_goal(goal):
        raise ValidationError(wrong)
    same = Target.objects.filter(measure=goal.measure, region=region, kind=goal.kind, last_year=goal.last_year)
    if same.exclude(pk=row.pk if row else None).exists():
        raise ValidationError({"last_year": _("这一目标年已有同类目标，请修改原目标。")})
    if row is None:
        row = Target(synthetic=goal.synthetic)
    else:
        row = Target.objects.select_for_update().get(pk=row.pk)
        _untouched(row.version, version)
    names = ("measure", "kind", "value", "strict", "binding", "first_year", "last_year", "base_year", "base_value")
    for name in names:
        setattr(row, name, getattr(goal, name))
    row.region, row.source = region, goal.source.strip()
    row.version += 1
    row.save()
    data = {name: getattr(goal, name) for name in names} | {"source": row.source}
    append(Act(action="measures.target", subject=f"target:{row.pk}", region=region, data=data, actor=user.username))
    transaction.on_commit(partial(_compute_years, row))
    return row


def _checked(user, number: Number, row: FigureValue | None) -> tuple[HandFigure, Period]:
    _region(user, ENTER, number.region)
    if row is not None and not may(user, ENTER, region=row.region, organisation=""):
        raise Refused(_("您的岗位不能填报此辖区的数据。"))
    wrong, period = {}, None
    figure = hand_figures().get(number.figure)
    if figure is None:
        wrong["figure"] = _("没有这个数据项。")
    try:
        period = read(number.period)
    except NoPeriod:
        wrong["period"] = _("请写成 2025、2025-Q3、2025-07 或 2021-2025。")
    if number.value is None or not math.isfinite(number.value):
        wrong["value"] = _("请填写数字。")
    elif number.value < 0:
        wrong["value"] = _("不能小于零。")
    elif figure and figure.whole and number.value != int(number.value):
        wrong["value"] = _("应为整数。")
    if not number.source.strip():
        wrong["source"] = _("请写明数据来源。")
    if wrong:
        raise ValidationError(wrong)
    return figure, period


def _wrong_goal(goal: Goal) -> dict[str, str]:
    wrong = {}
    if goal.measure not in measures():
        wrong["measure"] = _("没有这个指标。")
    if goal.kind not in KINDS:
        wrong["kind"] = _("没有这种目标类型。")
    if goal.value is None or not math.isfinite(goal.value) or goal.value < 0:
        wrong["value"] = _("请填写不小于零的数字。")
    elif goal.kind in ("fall", "coverage") and goal.value > 100:
        wrong["value"] = _("百分比不能大于 100。")
    if not 1990 <= goal.first_year <= goal.last_year <= 2200:
        wrong["last_year"] = _("目标年不能早于起始年。")
    if goal.base_year is not None and goal.base_year >= goal.last_year:
        wrong["base_year"] = _("基期年应早于目标年。")
    if goal.base_value is not None and not math.isfinite(goal.base_value):
        wrong["base_value"] = _("请填写数字。")
    if not goal.source.strip():
        wrong["source"] = _("请写明目标出自哪份规划或文件。")
    return wrong


def _region(user, permission: str, region: str) -> str:
    region = region.strip()
    if not region.isdecimal():
        raise ValidationError({"region": _("请选择辖区。")})
    if not may(user, permission, region=prefix(region), organisation=""):
        raise Refused(_("您的岗位不能填报此辖区的数据。"))
    return prefix(region)


def _untouched(standing: int, read_at: int | None) -> None:
    if read_at != standing:
        raise ValidationError(_("另一人刚刚改过这条记录，请刷新后核对。"))


def _compute_years(target: Target) -> None:
    """The values a new target is judged by: its base and every period of its years that has begun."""
    measure, today = measures()[target.measure], timezone.localdate()
    first = min(target.base_year or target.first_year, target.first_year)
    last = min(today, date(target.last_year, 12, 31))
    period = containing(measure.period, date(first, 1, 1))
    while period.start <= last:
        compute(measure, target.region, period)
        period = before(period, -1)
