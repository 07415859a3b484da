"""LEC, 作业条件危险性评价法: D = L · E · C, for a job and the conditions it is done in.

L is how likely the accident is, E how often people are exposed, C how grave it would be. The usual table has five
bands (`classic5`: red above 320, the two lowest bands both blue); where four colours are printed, red begins at 320
(`four_colour`). No product of the scores is exactly 320, so both always give the same level; only the words differ.
"""

from anlan.standards.citing import Status, Text
from anlan.standards.coverage import Part
from anlan.standards.risk_grading.asking import question
from anlan.standards.risk_grading.scoring import Method

DOCUMENT = "LEC"
METHOD = Method(
    name="lec",
    document=DOCUMENT,
    article="",
    title=Text("LEC法风险等级", "level of risk by LEC"),
    formula="D = L × E × C",
    factors={
        "L": Text("事故发生的可能性", "likelihood"),
        "E": Text("暴露的频繁程度", "exposure"),
        "C": Text("后果的严重性", "consequence"),
    },
    variants={
        "four_colour": Text("四色，320起为红", "four colours, red from 320"),
        "classic5": Text("五级，大于320为红", "five bands, red above 320"),
    },
    default="four_colour",
)
COVERAGE = (
    Part(Text("L、E、C分值表", "score tables of L, E and C"), "", Status.PARTIAL, "from public safety pages"),
    Part(Text("五级界限", "five bands"), "classic5", Status.PARTIAL, "from public safety pages"),
    Part(Text("四色界限", "four colours"), "four_colour", Status.PARTIAL, "from a public description"),
)
QUESTION = question(
    METHOD,
    "risk-lec",
    Text("作业条件危险性评价（LEC法）", "Risk of a job by LEC"),
    (Text("焊接作业", "welding"), {"scores": {"L": 3, "E": 6, "C": 15}}),
    (
        Text("受限空间内焊接，按五级", "welding in a confined space, five bands"),
        {"scores": {"L": 1, "E": 6, "C": 40}, "variant": "classic5"},
    ),
)
