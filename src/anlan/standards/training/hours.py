"""How many hours of safety training people need, and until when their certificates hold.

High risk are mines, hazardous chemicals, fireworks and metal smelting. A worker there repeats 20 hours
a year; for workers elsewhere no yearly number was found, and none is invented.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from anlan.standards import deadlines, exact, schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.deadlines import Deadline
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "生产经营单位安全培训规定"
PERSONS = {
    "head": Text("主要负责人", "head of the enterprise"),
    "manager": Text("安全生产管理人员", "safety manager"),
    "worker": Text("从业人员", "worker"),
}


@dataclass(frozen=True)
class Hours:
    """A row of hours.csv; `yearly` is None where no number was found."""

    person: str
    high_risk: bool
    first: int
    yearly: int | None
    source: str
    status: Status


@cache
def _hours() -> dict[tuple[str, bool], Hours]:
    rows = tables.read(__file__, "hours.csv", Hours, key=lambda row: (row.person, row.high_risk))
    return {(row.person, row.high_risk): row for row in rows}


def certificates() -> dict[str, Deadline]:
    """Validity and re-checks of certificates by id."""
    return deadlines.read(__file__, "certificates.csv")


def required(person: str, high_risk: bool, again: bool = False) -> Finding:
    """Hours of the first training, or with `again` of each later year; None where no number is known."""
    row = _hours().get((person, high_risk))
    if row is None:
        raise OutsideTable(Text("人员类别", "kind of person"), person, ", ".join(PERSONS), Clause(DOCUMENT))
    rule = Text("每年再培训学时", "hours each year") if again else Text("初次培训学时", "hours of the first training")
    inputs = {"person": PERSONS[person], "high_risk": high_risk}
    return Finding(row.yearly if again else row.first, rule, Clause(DOCUMENT, "", row.status), inputs, unit="h")


def enough(person: str, high_risk: bool, done: exact.Number, again: bool = False) -> Finding:
    """Whether the hours done suffice; True where no number is known."""
    needed = required(person, high_risk, again)
    given = exact.exact(done, Text("学时", "hours"))
    if given < 0:
        raise OutsideTable(Text("学时", "hours"), done, "≥ 0")
    value = needed.value is None or given >= needed.value
    return Finding(value, Text("学时满足要求", "the hours suffice"), None, {"done": given}, (needed,))


def holds_until(id: str, issued: date) -> Finding:
    """The last day before which a certificate is renewed or re-checked."""
    return deadlines.find(certificates(), id).due(issued)


COVERAGE = (
    Part(Text("初训与再训学时", "hours of training"), "", Status.PARTIAL, "public pages"),
    Part(
        Text("特种作业证有效期与复审", "special-operation certificates"),
        "",
        Status.PARTIAL,
        "",
        "特种作业人员安全技术培训考核管理规定",
    ),
    Part(
        Text("特种作业目录（2026）", "catalogue of special operations"),
        "",
        Status.ABSENT,
        "",
        "特种作业人员安全技术培训考核管理规定",
    ),
    Part(Text("三级教育学时分配", "split over three levels"), "", Status.ABSENT, "local splits differ"),
)
QUESTION = Question(
    name="training-hours",
    title=Text("安全培训学时", "Hours of safety training"),
    about=Text("按人员类别和行业风险查学时是否足够。", "Whether the hours suffice, by person and risk of the trade."),
    clause=Clause(DOCUMENT, "", Status.PARTIAL),
    schema=schemas.record(
        person=schemas.choice(Text("人员类别", "person"), PERSONS),
        high_risk=schemas.yes_no(Text("高危行业", "high-risk trade")),
        done=schemas.number(Text("已完成学时", "hours done"), unit="h"),
        again=schemas.maybe(schemas.yes_no(Text("年度再培训", "yearly training"), default=False)),
    ),
    answer=lambda given, when: enough(given["person"], given["high_risk"], given["done"], given.get("again", False)),
    examples=(
        Example(Text("危化企业新工人", "new worker, chemicals"), {"person": "worker", "high_risk": True, "done": 48}),
    ),
)
