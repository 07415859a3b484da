"""The closed loop of a special-work permit. Who signs, and in which order, is the table of kinds (`kinds.CHAINS`
by kind and level): a signature leads to the next signer of that permit, the last one issues it."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from anlan.desk.cases.process import Field, Process, State, Step
from anlan.desk.clocks.statutory import Clock
from anlan.prevent.permits import judging
from anlan.prevent.permits.kinds import SIGNERS

KIND = "permits.permit"
SIGNING = [f"sign_{who}" for who in SIGNERS]
BEFORE_WORK = ["applied", *SIGNING, "issued"]
AT_WORK = ["issued", "working", "interrupted"]


def _blocked(stage: str):
    """A guard: all that stands against this stage now, in one sentence with its clauses."""
    return lambda case: judging.sentence(case.permit, stage)


def _signs_after(who: str):
    """A fork: the state of whoever signs next on this permit; None when it is issued."""

    def state(case):
        signers = case.data.get("chain", [])
        place = signers.index(who) + 1 if who in signers else 0
        return f"sign_{signers[place]}" if place < len(signers) else None

    return state


def _until(case):
    return case.permit.valid_until


def _sign(who: str) -> list[Step]:
    later = [state for state in SIGNING if state != f"sign_{who}"]
    return [
        Step(
            f"sign_{who}",
            SIGNERS[who],
            [f"sign_{who}"],
            "issued",
            f"permits.sign_{who}",
            apart_from=["submit"],
            fields=[Field("on_site", _("现场核查"), kind="choice", choices=[("yes", _("本人已到作业现场核查"))])],
            guard=_blocked("sign"),
            ways=later,
            way=_signs_after(who),
            style="primary",
        ),
        Step(f"return_{who}", _("退回"), [f"sign_{who}"], "applied", f"permits.sign_{who}", words=True, style="danger"),
    ]


PROCESS = Process(
    kind=KIND,
    title=_("作业票"),
    initial="applied",
    states=[
        State("applied", _("待落实"), colour="grey"),
        *(State(f"sign_{who}", title, colour="orange") for who, title in SIGNERS.items()),
        State("issued", _("待开工"), clock="validity", colour="cyan", until=_until),
        State("working", _("作业中"), clock="validity", colour="green", until=_until),
        State("interrupted", _("已中断"), clock="validity", colour="yellow", until=_until),
        State("suspended", _("已叫停"), clock="validity", colour="red", until=_until),
        State("finished", _("待验收"), clock="validity", colour="blue", until=_until),
        State("closed", _("已关闭"), group="closed", colour="green"),
        State("cancelled", _("已作废"), group="closed", colour="grey"),
    ],
    steps=[
        Step(
            "submit",
            _("提交审批"),
            ["applied"],
            SIGNING[0],
            "permits.apply",
            guard=_blocked("submit"),
            ways=SIGNING[1:],
            way=_signs_after(""),
            style="primary",
            shortcut="s",
        ),
        *(step for who in SIGNERS for step in _sign(who)),
        Step(
            "start",
            _("确认开工"),
            ["issued"],
            "working",
            "permits.guard",
            guard=_blocked("start"),
            style="primary",
            shortcut="g",
        ),
        Step(
            "interrupt",
            _("中断作业"),
            ["working"],
            "interrupted",
            "permits.guard",
            words=True,
            shortcut="i",
            awaited=False,
        ),
        Step(
            "resume",
            _("恢复作业"),
            ["interrupted"],
            "working",
            "permits.guard",
            guard=_blocked("resume"),
            style="primary",
            shortcut="r",
        ),
        Step(
            "stop",
            _("叫停"),
            AT_WORK,
            "suspended",
            "permits.stop",
            words=True,
            style="danger",
            shortcut="x",
            awaited=False,
        ),
        Step("stop_by_alarm", _("报警叫停"), AT_WORK, "suspended", "permits.stop", words=True, by_hand=False),
        Step("renew", _("重新办理"), ["suspended"], "applied", "permits.apply", words=True, style="primary"),
        Step(
            "finish",
            _("完工清场"),
            ["working", "interrupted"],
            "finished",
            "permits.guard",
            guard=lambda case: judging.still_inside(case.permit),
            style="primary",
            shortcut="f",
        ),
        Step(
            "accept",
            _("验收合格，关闭"),
            ["finished"],
            "closed",
            "permits.accept",
            apart_from=["start", "finish"],
            guard=lambda case: judging.not_restored(case.permit),
            style="primary",
            shortcut="v",
        ),
        Step(
            "reject",
            _("验收不合格"),
            ["finished"],
            "interrupted",
            "permits.accept",
            apart_from=["start", "finish"],
            words=True,
            style="danger",
        ),
        Step("cancel", _("作废"), [*BEFORE_WORK, "suspended"], "cancelled", "permits.apply", words=True, awaited=False),
        Step("expire", _("过期未开工，自动作废"), BEFORE_WORK, "cancelled", "permits.apply", by_hand=False),
    ],
    clocks={
        "validity": Clock(
            title=_("有效期至"),
            amount=8,
            unit="hours",
            source="GB 30871-2022 B.1: the end stands on the permit",
            remind=timedelta(minutes=30),
        ),
    },
    escalation=["permits.supervise", "permits.supervise"],
)
