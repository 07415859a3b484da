"""AQ/T 3046-2013 附录C 危险度评价法: five items of a unit, each graded A 10, B 5, C 2, D 0, and added.

Its three degrees (I high, II medium, III low) are no colours, so the level is left open to whoever grades. From 11 on
the annex advises a quantitative assessment. The criteria by which an item is graded A to D are not here: whoever
grades reads them in the standard.
"""

from collections.abc import Mapping

from anlan.standards import exact
from anlan.standards.citing import Status, Text
from anlan.standards.coverage import Part
from anlan.standards.risk_grading.asking import question
from anlan.standards.risk_grading.scoring import Method
from anlan.standards.tracing import Finding

DOCUMENT = "AQ/T 3046-2013"
METHOD = Method(
    name="danger_degree",
    document=DOCUMENT,
    article="附录C",
    title=Text("危险度", "degree of danger"),
    formula="Σ",
    factors={
        "material": Text("物质", "material"),
        "capacity": Text("容量", "capacity"),
        "temperature": Text("温度", "temperature"),
        "pressure": Text("压力", "pressure"),
        "operation": Text("操作", "operation"),
    },
    variants={"annex_c": Text("附录C", "annex C")},
    default="annex_c",
    adds=True,
)
QRA_FROM = 11


def qra_advised(scores: Mapping[str, exact.Number]) -> Finding:
    """Whether the annex advises a quantitative risk assessment of the unit."""
    total = METHOD.number(scores)
    rule = Text("建议开展定量风险评价（11分及以上）", "a quantitative assessment is advised (11 or more)")
    return Finding(total.value >= QRA_FROM, rule, METHOD.clause(), {"limit": QRA_FROM}, (total,))


COVERAGE = (
    Part(Text("五项分值与三级界限", "scores of the five items, three degrees"), "附录C", Status.VERIFIED, ""),
    Part(
        Text("各项A–D判据", "criteria of A to D for each item"), "附录C", Status.ABSENT, "the assessor reads the annex"
    ),
)
QUESTION = question(
    METHOD,
    "danger-degree",
    Text("危险度评价（AQ/T 3046附录C）", "Degree of danger (AQ/T 3046 annex C)"),
    (
        Text("16分，高度危险", "16 points, high"),
        {"scores": {"material": 10, "capacity": 2, "temperature": 2, "pressure": 2, "operation": 0}},
    ),
)
