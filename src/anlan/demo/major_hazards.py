"""The major hazard installations of the demo, identified and graded by GB 18218-2018 from their stock.

Flammable liquids are of category W5.3 except diesel, which is no substance of table 1 and of W5.4. 100 or more people
live within 500 m of each border.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from anlan.standards.dating import When
from anlan.standards.major_hazards import gb18218, substances
from anlan.standards.major_hazards.gb18218 import Item

SOURCE = "GB 18218-2018 表1、表3、表4、表5、表6"
RESIDENTS = 100
WHEN = When(date(2026, 1, 1))  # the demo's installations are graded as the rules stood then
HAZARDLESS = {"润滑油", "液碱"}  # neither in table 1 nor of a category of table 2


@dataclass(frozen=True)
class Installation:
    """Rows are (substance, tonnes in one tank or vessel); `number` vessels stand in each row."""

    name: str
    rows: tuple[tuple[str, float], ...]
    number: int
    source: str = SOURCE

    @cached_property
    def items(self) -> tuple[Item, ...]:
        kept = [(name, round(tonnes * self.number, 1)) for name, tonnes in self.rows if name not in HAZARDLESS]
        return tuple(_item(name, tonnes) for name, tonnes in kept)

    def substances(self) -> list[dict]:
        return [
            {
                "name": item.substance,
                "quantity_t": item.tonnes,
                "categories": list(item.categories),
                "threshold_t": float(gb18218.critical_quantity(item).value),
                "beta": float(gb18218.beta(item).value),
            }
            for item in self.items
        ]

    @property
    def alpha(self) -> float:
        return float(gb18218.alpha(RESIDENTS).value)

    @property
    def share(self) -> float:
        """S: an installation is a major hazard from 1 on."""
        return float(gb18218.sum_of_ratios(self.items, WHEN).value)

    @property
    def identified(self) -> bool:
        return gb18218.identified(self.items, WHEN).value

    @property
    def r_value(self) -> float:
        return round(float(gb18218.index(self.items, RESIDENTS, WHEN).value), 1)

    @property
    def level(self) -> int:
        """1 is the gravest."""
        return int(gb18218.grade(self.items, RESIDENTS, WHEN).value)


def _item(name: str, tonnes: float) -> Item:
    row = substances.named(name)
    if row is None:
        return Item(name, tonnes, ("W5.4",))
    return Item(name, tonnes, () if row.no in substances.named_factors() else ("W5.3",))


# In the order of the chemical and depot blocks: three producers, then three depots. A farm's tanks are shared
# among its rows.
SITES = (
    (
        Installation("罐区", (("液氨", 90), ("甲醇", 1600), ("甲苯", 1700), ("甲苯", 1700), ("甲醇", 1600)), 3),
        Installation("氯化装置", (("液氯", 12),), 1),
    ),
    (Installation("罐区", (("乙酸乙酯", 1500), ("丙酮", 1300), ("甲醇", 1500), ("甲苯", 1600), ("丙酮", 1300)), 3),),
    (Installation("罐区", (("丙烯腈", 300), ("苯乙烯", 1500), ("苯乙烯", 1500), ("甲苯", 1600), ("甲醇", 1500)), 3),),
    (Installation("罐区", (("汽油", 1500), ("柴油", 1800), ("柴油", 1800)), 4),),
    (Installation("罐区", (("柴油", 380), ("润滑油", 300), ("润滑油", 300)), 4),),
    (Installation("罐区", (("液碱", 400), ("液碱", 400), ("柴油", 260)), 4),),
)


def installations(site: int) -> tuple[Installation, ...]:
    return SITES[site]
