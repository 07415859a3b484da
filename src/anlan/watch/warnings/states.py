"""The closed loop of a warning. The clocks are configuration: no law read so far sets them in minutes."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from anlan.desk.cases.process import Field, Process, State, Step
from anlan.desk.clocks.statutory import Clock
from anlan.watch.warnings.closing import not_yet
from anlan.watch.warnings.rules import CAUSES, OUTCOMES

OPEN = ["new", "handling", "verifying"]

PROCESS = Process(
    kind="warnings.warning",
    title=_("预警"),
    initial="new",
    states=[
        State("new", _("待确认"), clock="confirm", colour="red"),
        State("handling", _("处置中"), clock="handle", colour="orange"),
        State("verifying", _("待核查"), clock="verify", colour="blue"),
        State("closed", _("已办结"), group="closed", colour="green"),
    ],
    steps=[
        Step("confirm", _("确认并交办"), ["new"], "handling", "warnings.confirm", style="primary", shortcut="c"),
        Step(
            "attend", _("到场处置"), ["new", "handling"], "handling", "warnings.handle", style="primary", shortcut="a"
        ),
        Step(
            "feedback",
            _("反馈处置结果"),
            ["handling"],
            "verifying",
            "warnings.feedback",
            words=True,
            fields=[Field("cause", _("原因"), kind="choice", choices=CAUSES)],
            style="primary",
            shortcut="f",
        ),
        Step(
            "verify",
            _("核查通过，办结"),
            ["verifying"],
            "closed",
            "warnings.verify",
            apart_from=["attend", "feedback"],
            guard=not_yet,
            style="primary",
            shortcut="v",
        ),
        Step(
            "reject",
            _("核查不通过，退回"),
            ["verifying"],
            "handling",
            "warnings.reject",
            apart_from=["attend", "feedback"],
            words=True,
            style="danger",
            shortcut="r",
        ),
        Step(
            "patrol",
            _("在线巡查"),
            OPEN,
            None,
            "warnings.look",
            words=True,
            fields=[Field("patrol", _("巡查结果"), kind="choice", choices=OUTCOMES)],
            shortcut="p",
        ),
        Step("urge", _("催办"), OPEN, None, "warnings.urge", words=True, shortcut="u"),
        Step("supervise", _("挂牌督办"), OPEN, None, "warnings.supervise", words=True, supervises=True),
        Step("worsen", _("等级上升"), OPEN, None, "warnings.confirm", by_hand=False, hastens=True),
        Step("ease", _("等级下降"), OPEN, None, "warnings.confirm", by_hand=False),
        Step("calm", _("预警指数恢复正常"), OPEN, None, "warnings.confirm", by_hand=False),
        Step("normal", _("读数恢复正常"), OPEN, None, "warnings.confirm", by_hand=False),
        Step("again", _("再次报警"), OPEN, None, "warnings.confirm", by_hand=False),
    ],
    clocks={
        "confirm": Clock(
            title=_("确认时限"),
            amount={1: 5, 2: 10, 3: 30, 4: 60},
            unit="minutes",
            source="configuration: docs/decisions/0080",
            remind=timedelta(minutes=2),
        ),
        "handle": Clock(
            title=_("处置时限"),
            amount={1: 2, 2: 4, 3: 24, 4: 72},
            unit="hours",
            source="configuration: docs/decisions/0080",
            remind=timedelta(minutes=30),
        ),
        "verify": Clock(
            title=_("核查时限"),
            amount={1: 4, 2: 8, 3: 24, 4: 72},
            unit="hours",
            source="configuration: docs/decisions/0080",
            remind=timedelta(minutes=30),
        ),
    },
    escalation=["warnings.supervise", "warnings.supervise"],
)
