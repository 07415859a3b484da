"""MES: R = M · E · S, where M is the state of the control measures, E the exposure, S the severity.

The scores of S and the bounds are recalled. The bounds leave gaps (48 to 50, 150 to 180) in which no product lies.
"""

from anlan.standards.citing import Status, Text
from anlan.standards.coverage import Part
from anlan.standards.risk_grading.asking import question
from anlan.standards.risk_grading.scoring import Method

DOCUMENT = "MES"
METHOD = Method(
    name="mes",
    document=DOCUMENT,
    article="",
    title=Text("MES法风险等级", "level of risk by MES"),
    formula="R = M × E × S",
    factors={
        "M": Text("控制措施的状态", "state of control measures"),
        "E": Text("人体暴露的时间", "exposure"),
        "S": Text("后果的严重性", "severity"),
    },
    variants={"standard": Text("通行界限", "usual bounds")},
    default="standard",
)
COVERAGE = (
    Part(Text("M、E分值", "scores of M and E"), "M, E", Status.PARTIAL, "from a public safety page"),
    Part(Text("S分值与界限", "scores of S, and the bounds"), "S, standard", Status.RECALLED, ""),
)
QUESTION = question(
    METHOD,
    "risk-mes",
    Text("MES法风险评价", "Risk by MES"),
    (Text("无措施、每天暴露、一人死亡", "no measures, daily, one death"), {"scores": {"M": 5, "E": 6, "S": 8}}),
)
