"""GBZ 2.1-2019: what people may breathe at work, for the toxic gases detectors are made for.

MAC is never exceeded, PC-TWA is the mean of eight hours, PC-STEL of fifteen minutes; mg/m³. The table is of a public
page or recalled, row by row; benzene is recalled to have been lowered since. Check a row before it stops anybody.
"""

import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from anlan.standards import schemas, tables
from anlan.standards.citing import Clause, Status, Text
from anlan.standards.coverage import Part
from anlan.standards.questions import Example, Question
from anlan.standards.tables import OutsideTable
from anlan.standards.tracing import Finding

DOCUMENT = "GBZ 2.1-2019"


@dataclass(frozen=True)
class Gas:
    """A row of exposure_limits.csv; concentrations in mg/m³, `low_ppm` and `high_ppm` at 20 °C as a check."""

    name: str
    name_en: str
    formula: str
    cas: str
    molar_mass: Fraction
    kind: str
    limit: Fraction
    short_term: Fraction | None
    idlh: Fraction | None
    low_ppm: Fraction
    high_ppm: Fraction
    note: str
    source: str
    status: Status

    @property
    def title(self) -> Text:
        return Text(self.name, self.name_en)

    @property
    def clause(self) -> Clause:
        return Clause(DOCUMENT, "表1", self.status)


@cache
def gases() -> tuple[Gas, ...]:
    """Every gas of the table, in its order."""
    return tables.read(__file__, "exposure_limits.csv", Gas, key=lambda row: row.cas)


@cache
def _by_name() -> dict[str, Gas]:
    return {_plain(key): row for row in gases() for key in (row.name, row.name_en, row.formula, row.cas)}


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def gas(name: str) -> Gas:
    """A gas by Chinese or English name, formula or CAS number; OutsideTable where the table has none."""
    try:
        return _by_name()[_plain(name)]
    except KeyError:
        known = "、".join(row.name for row in gases())
        raise OutsideTable(Text("有毒气体", "toxic gas"), name, known, Clause(DOCUMENT, "表1")) from None


def limit(name: str) -> Finding:
    """The exposure limit in mg/m³: MAC where there is one, else PC-TWA."""
    row = gas(name)
    inputs = {"gas": row.title, "kind": row.kind if row.kind == "MAC" else "PC-TWA", "short_term": row.short_term}
    return Finding(row.limit, Text("职业接触限值", "exposure limit"), row.clause, inputs, unit="mg/m3")


COVERAGE = (
    Part(Text("43种有毒气体的限值", "limits of 43 toxic gases"), "表1", Status.PARTIAL, "recalled rows are marked"),
    Part(Text("其余化学因素", "all other substances"), "表1", Status.ABSENT, ""),
)
QUESTION = Question(
    name="exposure-limit",
    title=Text("职业接触限值", "Exposure limit of a toxic gas"),
    about=Text("按名称、分子式或CAS号查限值。", "By name, formula or CAS number."),
    clause=Clause(DOCUMENT, "表1", Status.RECALLED),
    schema=schemas.record(gas=schemas.text(Text("气体", "gas"), examples=("硫化氢", "CO", "7664-41-7"))),
    answer=lambda given, when: limit(given["gas"]),
    examples=(Example(Text("硫化氢", "hydrogen sulphide"), {"gas": "H2S"}),),
)
