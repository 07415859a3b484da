"""What is decided about hidden dangers, purely. Dates and times are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

MAJOR, GENERAL = "major", "general"
LEVEL = {MAJOR: 1, GENERAL: 3}
GRADES = [(GENERAL, _("一般隐患")), (MAJOR, _("重大隐患"))]
RANKS = [("county", _("县级挂牌")), ("city", _("市级挂牌")), ("province", _("省级挂牌"))]
CONCLUSIONS = [("passed", _("验收通过")), ("failed", _("验收不通过"))]

# 措施、责任、资金、时限、预案: the field of the step, and what it settles.
FIVE = (
    ("measure", _("整改措施")),
    ("responsible", _("整改责任人")),
    ("funds", _("整改资金（万元）")),
    ("deadline", _("整改期限")),
    ("plan", _("应急预案")),
)
REPEAT_DAYS = 365  # the same kind at the same place within a year counts as repeated (indicator IND-21, recalled)
MOST_DAYS = 366  # no treatment is settled for longer than a year (local rule HZ-43 by its sense; configuration)

RECEIVERS = {"department": _("负有安全监管职责的部门"), "congress": _("职工大会或职工代表大会")}

# What may follow when a listed danger is not removed in time: a proposal, decided by people with the power to.
PROPOSALS = {
    "county": _("建议责令局部或全部停产停业整顿"),
    "city": _("建议责令停产停业整顿，依法实施停止供电等措施"),
    "province": _("建议责令停产停业整顿，查封相关设施设备，依法顶格处罚"),
}


def is_major(case) -> bool:
    return case.data.get("grade") == MAJOR


def is_general(case) -> bool:
    return case.data.get("grade") == GENERAL


def looks_graded_down(grade: str, candidates: Iterable[Mapping[str, Any]]) -> bool:
    """Whether somebody called general what a criterion of the sector speaks of as major."""
    return grade == GENERAL and any(candidate.get("strong") for candidate in candidates)


def fault_of_deadline(deadline: date, today: date, last: date | None) -> Any:
    """Why the enterprise may not settle this deadline, or None. `last`: the day by which it must be cancelled."""
    if deadline < today:
        return _("整改期限不能早于今天。")
    if deadline > today + timedelta(days=MOST_DAYS):
        return _("整改期限最长一年，请分期治理。")
    if last is not None and deadline > last:
        return _("一般隐患应在 %(day)s 前销号，整改期限不能更晚；确需更长时间的，先定在期限内，再申请延期。") % {
            "day": last.isoformat()
        }
    return None


def fault_of_extension(until: date, deadline: date | None, granted: int, most: int) -> Any:
    """Why no such extension can be asked for, or None."""
    if granted >= most:
        return _("已延期 %(count)d 次，达到上限，不能再延期。") % {"count": granted}
    if deadline is not None and until <= deadline:
        return _("延期后的期限必须晚于现在的整改期限 %(day)s。") % {"day": deadline.isoformat()}
    return None


@dataclass(frozen=True)
class Reported:
    """How far the double report has come. state: none, half or both; `missing` names who has not received it."""

    state: str
    missing: tuple[str, ...]

    @property
    def words(self) -> Any:
        if self.state == "both":
            return _("已双报告")
        names = _("、").join(str(RECEIVERS[name]) for name in self.missing)
        return (_("半报告，缺：%(names)s") if self.state == "half" else _("未报告，缺：%(names)s")) % {"names": names}


def reported(received: Iterable[str]) -> Reported:
    there = set(received)
    missing = tuple(name for name in RECEIVERS if name not in there)
    return Reported("both" if not missing else "half" if there else "none", missing)


def may_not_cancel(case) -> Any:
    """Why the danger cannot be cancelled yet: no treatment evidence, half reported, still listed."""
    data = case.data
    if not data.get("treated"):
        return _("没有整改佐证材料，不能销号。请先完成整改并上传整改后的照片或文件。")
    if data.get("grade") == MAJOR:
        report = reported(data.get("received", ()))
        if report.missing:
            return _("重大隐患双报告未完成（%(state)s），不能销号。") % {"state": report.words}
        if data.get("listed") and not data.get("delisted"):
            return _("仍在挂牌督办，不能销号。请先由第三方验收、督办部门认可后摘牌。")
    return None


def may_not_ask_delisting(case) -> Any:
    """L02: refused until the third party's acceptance report is attached and approved."""
    data = case.data
    if not data.get("assessed"):
        return _("没有第三方验收报告，不能申请摘牌。请先由第三方机构现场验收并上传报告。")
    if data.get("conclusion") != "passed":
        return _("第三方验收结论为不通过，不能申请摘牌。请继续治理后重新验收。")
    if not data.get("assessment_approved"):
        return _("第三方验收报告尚未得到督办部门认可，不能申请摘牌。")
    return None


def may_not_delist(case) -> Any:
    return may_not_ask_delisting(case) or (None if case.data.get("asked_delisting") else _("企业尚未申请摘牌。"))


def repeat_since(found: date) -> date:
    return found - timedelta(days=REPEAT_DAYS)


def last_check_missed(last: date | None, today: date, days: int) -> bool:
    """L03: the enterprise has not searched for dangers within its interval. The day of the check does not count."""
    return last is None or today > last + timedelta(days=days)


def promise_missed(published: bool, today: date, month: int, day: int) -> bool:
    """S71: the yearly day for publishing the fire promise is over, and it has not been published."""
    return not published and today > date(today.year, month, day)
