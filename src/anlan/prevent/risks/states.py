"""A new red or orange risk, or one that is no longer so, on its way into the region's database.

The clocks are configuration: no law read so far sets them.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from anlan.desk.cases.process import Process, State, Step
from anlan.desk.clocks.statutory import Clock

KIND = "risk-reports.report"  # its page shows the panels of the list `risk-reports`, not those of a point
OPEN = ["waiting", "returned"]

PROCESS = Process(
    kind=KIND,
    title=_("安全风险报告"),
    initial="waiting",
    states=[
        State("waiting", _("待审核"), clock="approve", colour="orange"),
        State("returned", _("退回补充"), clock="amend", colour="red"),
        State("entered", _("已入库"), group="closed", colour="green"),
        State("withdrawn", _("已撤回"), group="closed", colour="secondary"),
    ],
    steps=[
        Step(
            "approve",
            _("审核通过，更新区域风险库"),
            ["waiting"],
            "entered",
            "risks.approve",
            apart_from=["resubmit"],
            style="primary",
            shortcut="a",
        ),
        Step(
            "return", _("退回企业"), ["waiting"], "returned", "risks.approve", words=True, style="danger", shortcut="r"
        ),
        Step("resubmit", _("补充后再报"), ["returned"], "waiting", "risks.report", words=True, style="primary"),
        Step("urge", _("催办"), OPEN, None, "risks.supervise", words=True),
        Step("amend", _("等级再次变化"), OPEN, "waiting", "risks.report", by_hand=False),
        Step("withdraw", _("等级恢复，撤回"), OPEN, "withdrawn", "risks.report", by_hand=False),
    ],
    clocks={
        "approve": Clock(
            title=_("审核时限"),
            amount={1: 3, 2: 5, 3: 10, 4: 10},
            unit="workdays",
            source="configuration: docs/decisions/0100",
            remind=timedelta(hours=24),
        ),
        "amend": Clock(
            title=_("补充时限"),
            amount=5,
            unit="workdays",
            source="configuration: docs/decisions/0100",
            remind=timedelta(hours=24),
        ),
    },
    escalation=["risks.supervise", "risks.supervise"],
)
