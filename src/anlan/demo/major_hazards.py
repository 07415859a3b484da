"""The five major hazard installations of the demo, with R computed from their stock (GB 18218-2018, 4.3).

R = alpha * sum(beta * q / Q). Thresholds Q and factors beta are those of GB 18218-2018 Tables 1, 3 and 4 as found;
alpha 2.0 holds for 100 or more people who live or work within 500 m of the border (Table 5).

"""

from dataclasses import dataclass

SOURCE = "GB 18218-2018 表1、表3、表4、表5、表6"
# substance: threshold Q (t), beta. Toluene, methanol, ethyl acetate, acetone, petrol: flammable liquids, beta 1
# assumed W5.3.
CHEMICALS = {
    "液氨": (10, 2.0),
    "液氯": (5, 4.0),
    "甲醇": (500, 1.0),
    "甲苯": (500, 1.0),
    "丙酮": (500, 1.0),
    "乙酸乙酯": (500, 1.0),
    "丙烯腈": (50, 1.0),
    "苯乙烯": (500, 1.0),
    "汽油": (200, 1.0),
    "柴油": (5000, 1.0),
}


@dataclass(frozen=True)
class Installation:
    """Rows are (substance, tonnes in one tank or vessel); `number` vessels stand in each row."""

    name: str
    rows: tuple[tuple[str, float], ...]
    number: int
    alpha: float = 2.0
    source: str = SOURCE

    def substances(self) -> list[dict]:
        return [
            {
                "name": name,
                "quantity_t": round(tonnes * self.number, 1),
                "threshold_t": CHEMICALS[name][0],
                "beta": CHEMICALS[name][1],
            }
            for name, tonnes in self.rows
            if name in CHEMICALS
        ]

    @property
    def share(self) -> float:
        """Sum of q / Q: an installation is a major hazard from 1 on."""
        return sum(row["quantity_t"] / row["threshold_t"] for row in self.substances())

    @property
    def identified(self) -> bool:
        return self.share >= 1

    @property
    def r_value(self) -> float:
        return round(
            self.alpha * sum(row["beta"] * row["quantity_t"] / row["threshold_t"] for row in self.substances()), 1
        )

    @property
    def level(self) -> int:
        """1 from R 100, 2 from 50, 3 from 10, 4 below (Table 6)."""
        return 1 if self.r_value >= 100 else 2 if self.r_value >= 50 else 3 if self.r_value >= 10 else 4


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
