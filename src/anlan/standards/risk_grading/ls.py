"""LS, 风险矩阵分析法: R = L · S, both 1 to 5.

At least five sets of bounds are in use, by province and sector; which one holds is a setting, and `a_20_15_9` is taken
where nobody set one. Where the table of S gives several criteria the highest score reached counts (recalled).
"""

from anlan.standards.citing import Status, Text
from anlan.standards.coverage import Part
from anlan.standards.risk_grading.asking import question
from anlan.standards.risk_grading.scoring import Method

DOCUMENT = "LS"
METHOD = Method(
    name="ls",
    document=DOCUMENT,
    article="",
    title=Text("LS法风险等级", "level of risk by the LS matrix"),
    formula="R = L × S",
    factors={"L": Text("事件发生的可能性", "likelihood"), "S": Text("后果的严重性", "severity")},
    variants={
        "a_20_15_9": Text("20、15、9", "20, 15, 9"),
        "b_20_9_4": Text("20、9、4", "20, 9, 4"),
        "c_20_10_4": Text("20、10、4", "20, 10, 4"),
        "d_20_15_10": Text("20、15、10", "20, 15, 10"),
        "e_five_step": Text("五级，四、五级为蓝", "five steps, 4 and 5 blue"),
    },
    default="a_20_15_9",
)
COVERAGE = (
    Part(Text("L、S判定准则（缩写）", "criteria of L and S, shortened"), "", Status.PARTIAL, "from public guide pages"),
    Part(Text("界限 a–d", "bounds a to d"), "a_20_15_9, b_20_9_4, c_20_10_4, d_20_15_10", Status.PARTIAL, ""),
    Part(Text("界限 e", "bounds e"), "e_five_step", Status.RECALLED, ""),
)
QUESTION = question(
    METHOD,
    "risk-ls",
    Text("风险矩阵评价（LS法）", "Risk by the LS matrix"),
    (Text("两套界限结论不同", "where two sets of bounds differ"), {"scores": {"L": 3, "S": 3}}),
    (Text("按b界限为较大", "considerable by bounds b"), {"scores": {"L": 3, "S": 3}, "variant": "b_20_9_4"}),
)
