"""The closed loop of a hidden danger: find, register, assess, report, monitor, treat, verify, cancel.

A general danger is verified by another person than the one who rectified it and cancelled. A major one is verified by
the enterprise, then accepted by the department; what is listed is delisted first. The clocks of single steps are
configuration (decision 0105); the deadline of treatment is the one the enterprise has settled.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from anlan.desk.cases.process import Field, Process, State, Step
from anlan.desk.clocks.statutory import Clock
from anlan.prevent.hazards.models import KIND
from anlan.prevent.hazards.rules import (
    CONCLUSIONS,
    FIVE,
    GRADES,
    RANKS,
    is_general,
    is_major,
    may_not_ask_delisting,
    may_not_cancel,
    may_not_delist,
)

TREATED_BY = ["rectify"]
GRADED = ["settling", "rectifying", "verifying", "verified", "accepted"]
ALL_OPEN = ["new", *GRADED]
BEFORE_CANCEL = ["rectifying", "verifying", "verified", "accepted"]


def _criteria(case):
    """The criteria that speak of such a danger, then "none of them": the verdict is the person's."""
    offered = [(c["id"], f"{c['id']} {c['title']}") for c in case.data.get("candidates", ())]
    return [*offered, ("none", _("不属于以上任何一条"))]


def _listed(case) -> bool:
    return bool(case.data.get("listed")) and not case.data.get("delisted")


def _may_be_listed(case) -> bool:
    return is_major(case) and not case.data.get("listed")


def _to_be_published(case) -> bool:
    return bool(case.data.get("listed")) and not case.data.get("published")


def _has_asked_for_time(case) -> bool:
    return bool(case.data.get("asked_until"))


def _assessed(case) -> bool:
    return _listed(case) and bool(case.data.get("assessed")) and not case.data.get("assessment_approved")


def _report_missing(receiver: str):
    return lambda case: is_major(case) and receiver not in case.data.get("reported", ())


def _receipt_missing(receiver: str):
    return lambda case: receiver in case.data.get("reported", ()) and receiver not in case.data.get("received", ())


def _deadline(case):
    """The clock of treatment ends when the settled day ends; `following.py` keeps it in the case."""
    ends = case.data.get("ends")
    return datetime.fromisoformat(ends) if ends else None


def _days(title, amount: int, source: str = "configuration: docs/decisions/0105") -> Clock:
    return Clock(title=title, amount=amount, unit="days", source=source, remind=timedelta(hours=24))


KINDS_OF_FIELDS = {"measure": "text", "responsible": "text", "funds": "number", "deadline": "date", "plan": "text"}

PROCESS = Process(
    kind=KIND,
    title=_("事故隐患"),
    initial="new",
    states=[
        State("new", _("待评估"), clock="grade", colour="red"),
        State("settling", _("待落实五定"), clock="settle", colour="orange"),
        State("rectifying", _("整改中"), clock="rectify", colour="yellow", until=_deadline),
        State("verifying", _("待复查"), clock="verify", colour="blue"),
        State("verified", _("复查通过"), clock="close", colour="teal"),
        State("accepted", _("部门验收通过"), clock="close", colour="teal"),
        State("cancelled", _("已销号"), group="closed", colour="green"),
    ],
    steps=[
        Step(
            "grade",
            _("评估定级"),
            ["new"],
            "settling",
            "hazards.grade",
            words=True,
            fields=[
                Field("grade", _("隐患等级"), kind="choice", choices=GRADES),
                Field("criterion", _("判定条款"), kind="choice", choices=_criteria),
            ],
            style="primary",
            shortcut="g",
        ),
        Step(
            "regrade",
            _("改定等级"),
            ["settling", "rectifying"],
            None,
            "hazards.regrade",
            apart_from=["grade"],
            words=True,
            fields=[
                Field("grade", _("隐患等级"), kind="choice", choices=GRADES),
                Field("criterion", _("判定条款"), kind="choice", choices=_criteria),
            ],
        ),
        Step(
            "settle",
            _("落实五定"),
            ["settling"],
            "rectifying",
            "hazards.settle",
            fields=[Field(name, title, kind=KINDS_OF_FIELDS[name]) for name, title in FIVE],
            style="primary",
            shortcut="s",
        ),
        Step("monitor", _("监控与临时措施"), ALL_OPEN[:3], None, "hazards.rectify", words=True, shortcut="m"),
        Step(
            "rectify",
            _("整改完成"),
            ["rectifying"],
            "verifying",
            "hazards.rectify",
            words=True,
            evidence=1,
            style="primary",
            shortcut="d",
        ),
        Step(
            "verify",
            _("复查通过"),
            ["verifying"],
            "verified",
            "hazards.verify",
            apart_from=TREATED_BY,
            words=True,
            style="primary",
            shortcut="v",
        ),
        Step(
            "reject",
            _("复查不通过，退回整改"),
            ["verifying", "verified", "accepted"],
            "rectifying",
            "hazards.verify",
            apart_from=TREATED_BY,
            words=True,
            style="danger",
            shortcut="r",
        ),
        Step(
            "accept",
            _("部门验收通过"),
            ["verified"],
            "accepted",
            "hazards.accept",
            apart_from=TREATED_BY,
            words=True,
            applies=is_major,
            style="primary",
        ),
        Step(
            "cancel",
            _("销号"),
            ["verified"],
            "cancelled",
            "hazards.cancel",
            apart_from=TREATED_BY,
            applies=is_general,
            guard=may_not_cancel,
            style="primary",
            shortcut="x",
        ),
        Step(
            "strike",
            _("重大隐患销号"),
            ["accepted"],
            "cancelled",
            "hazards.accept",
            apart_from=TREATED_BY,
            guard=may_not_cancel,
            style="primary",
        ),
        Step(
            "ask_time",
            _("申请延期"),
            ["rectifying"],
            None,
            "hazards.settle",
            words=True,
            fields=[Field("asked_until", _("申请延至"), kind="date")],
            applies=lambda case: not _has_asked_for_time(case),
        ),
        Step(
            "grant_time",
            _("同意延期"),
            ["rectifying"],
            None,
            "hazards.extend",
            apart_from=["ask_time", "rectify"],
            words=True,
            applies=_has_asked_for_time,
        ),
        Step(
            "refuse_time",
            _("不同意延期"),
            ["rectifying"],
            None,
            "hazards.extend",
            apart_from=["ask_time", "rectify"],
            words=True,
            applies=_has_asked_for_time,
        ),
        Step(
            "report_department",
            _("向监管部门报告"),
            GRADED,
            None,
            "hazards.report",
            words=True,
            applies=_report_missing("department"),
        ),
        Step(
            "report_congress",
            _("向职代会报告"),
            GRADED,
            None,
            "hazards.report",
            words=True,
            applies=_report_missing("congress"),
        ),
        Step(
            "receive_department",
            _("监管部门签收报告"),
            GRADED,
            None,
            "hazards.receive",
            apart_from=["report_department"],
            applies=_receipt_missing("department"),
        ),
        Step(
            "receive_congress",
            _("职代会签收报告"),
            GRADED,
            None,
            "hazards.congress",
            apart_from=["report_congress"],
            applies=_receipt_missing("congress"),
        ),
        Step(
            "list",
            _("挂牌督办"),
            ["settling", "rectifying", "verifying", "verified"],
            None,
            "hazards.list",
            words=True,
            fields=[
                Field("rank", _("挂牌级别"), kind="choice", choices=RANKS),
                Field("supervisor", _("督办单位")),
                Field("listed_until", _("治理期限"), kind="date"),
            ],
            applies=_may_be_listed,
            supervises=True,
        ),
        Step(
            "progress",
            _("报告治理进度"),
            BEFORE_CANCEL[:3],
            None,
            "hazards.rectify",
            words=True,
            fields=[Field("percent", _("治理进度（%）"), kind="number")],
            applies=_listed,
        ),
        Step(
            "assess",
            _("第三方验收"),
            ["verifying", "verified", "accepted"],
            None,
            "hazards.assess",
            apart_from=TREATED_BY,
            words=True,
            evidence=1,
            fields=[Field("conclusion", _("验收结论"), kind="choice", choices=CONCLUSIONS)],
            applies=_listed,
        ),
        Step(
            "approve_assessment",
            _("认可第三方验收报告"),
            ["verifying", "verified", "accepted"],
            None,
            "hazards.list",
            apart_from=["rectify", "assess"],
            words=True,
            applies=_assessed,
        ),
        Step(
            "ask_delisting",
            _("申请摘牌"),
            BEFORE_CANCEL,
            None,
            "hazards.settle",
            words=True,
            guard=may_not_ask_delisting,
            applies=_listed,
        ),
        Step(
            "delist",
            _("摘牌"),
            ["verified", "accepted"],
            None,
            "hazards.list",
            apart_from=["rectify", "assess", "ask_delisting"],
            words=True,
            guard=may_not_delist,
            applies=_listed,
            style="primary",
        ),
        Step("publish", _("向社会公布"), GRADED, None, "hazards.publish", applies=_to_be_published),
        Step("urge", _("催办"), ALL_OPEN, None, "hazards.urge", words=True, shortcut="u"),
        Step("overdue", _("超期未销号，上报"), ALL_OPEN, None, "hazards.supervise", by_hand=False),
        Step("veto", _("督办超期，一票否决"), GRADED, None, "hazards.supervise", by_hand=False),
    ],
    clocks={
        "grade": _days(_("评估时限"), 3),
        "settle": _days(_("落实五定时限"), 3),
        "rectify": _days(_("整改期限"), 15),
        "verify": _days(
            _("复查时限"), 10, "安全生产事故隐患排查治理暂行规定（安监总局令第16号）第二十三条（recalled）"
        ),
        "close": _days(_("销号时限"), 5),
    },
    escalation=["hazards.urge", "hazards.supervise"],
)
