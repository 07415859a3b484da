"""What can be asked of GB 18218-2018: the units of a plant, graded."""

from collections.abc import Mapping
from typing import Any

from anlan.standards import schemas
from anlan.standards.citing import Text
from anlan.standards.dating import When
from anlan.standards.major_hazards import substances
from anlan.standards.major_hazards.gb18218 import KINDS, Item, Mixture, Unit, grade_enterprise
from anlan.standards.questions import Example, Question
from anlan.standards.tracing import Finding


def answer(given: Mapping[str, Any], when: When) -> Finding:
    """The question's input as units, graded."""
    units = tuple(
        Unit(unit.get("name") or f"{place}", tuple(map(_item, unit["items"])), unit.get("kind", "production"))
        for place, unit in enumerate(given["units"], start=1)
    )
    return grade_enterprise(units, int(given["residents"]), when)


def _item(given: Mapping[str, Any]) -> Item:
    mixture = Mixture(given.get("mixture", "none"))
    return Item(given.get("substance", ""), given["tonnes"], tuple(given.get("categories", ())), mixture)


NAMING = Text("名称、CAS号或表1行号", "name, CAS number or row of table 1")
ITEM = schemas.record(
    Text("危险化学品", "chemical"),
    substance=schemas.maybe(schemas.text(NAMING, examples=("氯", "7664-41-7", "table1:41"))),
    tonnes=schemas.number(Text("设计最大量", "design maximum"), unit="t"),
    categories=schemas.maybe(
        schemas.some_of(
            Text("危险类别（表2）", "hazard categories (table 2)"),
            {symbol: row.title for symbol, row in substances.categories().items()},
        )
    ),
    mixture=schemas.maybe(
        schemas.choice(Text("混合物", "mixture"), {one.value: one.title for one in Mixture}, default="none")
    ),
)
UNIT = schemas.record(
    Text("单元", "unit"),
    name=schemas.maybe(schemas.text(Text("单元名称", "name of the unit"))),
    kind=schemas.maybe(schemas.choice(Text("单元类别", "kind of unit"), KINDS, default="production")),
    items=schemas.many(Text("危险化学品", "chemicals"), ITEM),
)
RESIDENTS = Text("厂界外500 m内常住人口", "permanent residents within 500 m outside the plant")

PHOSGENATION = {
    "residents": 60,
    "units": [
        {
            "name": "光气化装置",
            "kind": "production",
            "items": [
                {"substance": "光气", "tonnes": 1.5},
                {"substance": "氯", "tonnes": 10},
                {"substance": "甲苯", "tonnes": 25, "categories": ["W5.3"]},
            ],
        },
        {"name": "液氯罐区", "kind": "tanks", "items": [{"substance": "液氯", "tonnes": 60}]},
    ],
}
PETROL = {"substance": "汽油", "tonnes": 45, "categories": ["W5.3"]}

QUESTION = Question(
    name="gb18218",
    title=Text("危险化学品重大危险源辨识与分级", "Major hazard installations: identification and grading"),
    about=Text(
        "逐个单元按设计最大量计算 S 与 R，判定是否构成重大危险源及其级别。",
        "Counts S and R of each unit from design maxima: is it a major hazard installation, and of which level?",
    ),
    clause=substances.clause(""),
    schema=schemas.record(
        residents=schemas.integer(RESIDENTS),
        units=schemas.many(Text("单元", "units"), UNIT),
    ),
    answer=answer,
    examples=(
        Example(Text("光气化装置与液氯罐区", "a phosgenation plant and its chlorine tanks"), PHOSGENATION),
        Example(
            Text("加油站，不构成", "a petrol station, which is none"),
            {"residents": 150, "units": [{"name": "汽油罐", "kind": "tanks", "items": [PETROL]}]},
        ),
    ),
)
