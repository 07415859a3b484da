"""Who in the enterprise answers for a level of risk: the graver, the higher, and everybody below does his part, too.

No national document found says which level of risk goes to which level of the enterprise, so the assignment is a
setting with two recalled variants; `company_to_post` is what is taken where nobody set one.
"""

from dataclasses import dataclass
from functools import cache

from anlan.standards import schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "安委办〔2016〕11号"
DEFAULT = "company_to_post"
VARIANTS = {
    "company_to_post": Text("公司、车间、班组、岗位", "company, workshop, team, post"),
    "with_department": Text("公司、部门、车间、班组岗位", "company, department, workshop, team and post"),
}


@dataclass(frozen=True)
class ControlLevel:
    """A row of control_levels.csv: the level of the enterprise that answers for a level of risk."""

    variant: str
    level: int
    code: str
    name: str
    name_en: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)


def control_level(level: RiskLevel, variant: str = DEFAULT) -> Finding:
    """The ControlLevel that leads, and as its reasons those below that carry out their own measures."""
    first, *below = _from(RiskLevel(level), variant)
    clause = Clause(DOCUMENT, "", first.status)
    rule = Text("管控层级", "level that answers")
    also = Text("下级同时落实本级措施", "carries out its own measures, too")
    return Finding(first, rule, clause, {"level": level}, tuple(Finding(row, also, clause) for row in below))


def _from(level: RiskLevel, variant: str) -> tuple[ControlLevel, ...]:
    if variant not in VARIANTS:
        raise OutsideTable(Text("管控层级方案", "assignment of control levels"), variant, ", ".join(VARIANTS))
    return tuple(row for row in _table() if row.variant == variant and row.level >= level)


@cache
def _table() -> tuple[ControlLevel, ...]:
    rows = tables.read(__file__, "control_levels.csv", ControlLevel, key=lambda row: (row.variant, row.level))
    return tuple(sorted(rows, key=lambda row: (row.variant, row.level)))


COVERAGE = (
    Part(Text("风险等级与管控层级对应", "which level of the enterprise answers"), "", Status.RECALLED, "a setting"),
    Part(
        Text("四色等级", "four levels and colours"),
        "",
        Status.PARTIAL,
        "from public guide pages; the base document is recalled",
    ),
)
QUESTION = Question(
    name="risk-control-level",
    title=Text("风险管控层级", "Who answers for a level of risk"),
    about=Text("按风险等级给出牵头管控层级和同时负责的下级。", "The level that leads, and those below that join in."),
    clause=Clause(DOCUMENT, "", Status.RECALLED),
    schema=schemas.record(
        level=schemas.choice(Text("风险等级", "level of risk"), {str(one.value): one.title for one in RiskLevel}),
        variant=schemas.maybe(schemas.choice(Text("方案", "assignment"), VARIANTS, default=DEFAULT)),
    ),
    answer=lambda given, when: control_level(RiskLevel(int(given["level"])), given.get("variant", DEFAULT)),
    examples=(Example(Text("较大风险", "a considerable risk"), {"level": "2"}),),
)
