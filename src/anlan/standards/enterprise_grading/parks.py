"""应急〔2023〕123号 化工园区安全风险排查治理导则: parks of chemical industry, graded A (high risk) to D (lower risk).

100 points: under 60 A, under 70 B, under 85 C, else D. The items that make a park A at once were not found; who knows
them gives them (`direct`, in words), and the answer says that they were not checked here.
"""

from collections.abc import Iterable
from enum import StrEnum

from anlan.standards import exact, schemas
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "应急〔2023〕123号"
CLAUSE = Clause(DOCUMENT, "", Status.PARTIAL)


class ParkGrade(StrEnum):
    """A is the gravest."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def title(self) -> Text:
        return TITLES[self]


TITLES = {
    ParkGrade.A: Text("A级 高安全风险", "A: high risk"),
    ParkGrade.B: Text("B级 较高安全风险", "B: considerable risk"),
    ParkGrade.C: Text("C级 一般安全风险", "C: general risk"),
    ParkGrade.D: Text("D级 较低安全风险", "D: lower risk"),
}
BANDS = ((85, ParkGrade.D), (70, ParkGrade.C), (60, ParkGrade.B))
LIMITED = {
    ParkGrade.A: Text("原则上停止新建、扩建危险化学品项目", "new and extended chemical projects stop in principle"),
    ParkGrade.B: Text("限制新建、扩建危险化学品项目", "new and extended chemical projects are limited"),
}


def grade(points: exact.Number, direct: Iterable[str] = ()) -> Finding:
    """The grade of a park. `direct`: items found that make it A at once, in words."""
    given = exact.exact(points, Text("得分", "score"))
    if not 0 <= given <= 100:
        raise OutsideTable(Text("得分", "score"), points, "0–100", CLAUSE)
    at_once = tuple(Finding(True, Text(words, words), Clause(DOCUMENT, "", Status.RECALLED)) for words in direct)
    value = ParkGrade.A if at_once else next((one for least, one in BANDS if given >= least), ParkGrade.A)
    return Finding(value, Text("园区安全风险等级", "grade of the park"), CLAUSE, {"points": given}, at_once)


def consequence(of: ParkGrade) -> Finding:
    """What a grade means for new projects; None where nothing."""
    rule = Text("对新建、扩建项目", "for new projects")
    return Finding(LIMITED.get(ParkGrade(of)), rule, Clause(DOCUMENT, "", Status.RECALLED), {"grade": of})


COVERAGE = (
    Part(Text("分级界限", "bands"), "", Status.PARTIAL, "public page; shortened"),
    Part(Text("直接判为A级的情形", "what makes a park A at once"), "", Status.ABSENT, "given in words by who knows it"),
    Part(Text("A、B级对项目的限制", "limits on projects"), "", Status.RECALLED, ""),
    Part(Text("评分细则", "scoring items"), "", Status.ABSENT, ""),
)
QUESTION = Question(
    name="park-grade",
    title=Text("化工园区安全风险分级", "Grade of a chemical park"),
    about=Text(
        "由评估得分得出A–D级；直接判A情形须另行核对。", "A to D by score; what makes it A at once is checked apart."
    ),
    clause=CLAUSE,
    schema=schemas.record(points=schemas.number(Text("得分", "score"), most=100)),
    answer=lambda given, when: grade(given["points"]),
    examples=(Example(Text("72分", "72 points"), {"points": 72}),),
)
