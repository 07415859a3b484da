"""Which criteria of the enterprise's sectors speak of such a danger: candidates with reason and clause, no verdict.

A criterion is a candidate when words of it stand in the description. Which ones is shown; whether it is major is
a person's verdict. A criterion whose instrument no longer holds on the day is left out.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from anlan.standards.citing import Status, instrument
from anlan.standards.tables import read

MOST = 5
LEAST_SHARE = 0.2  # of the criterion's pairs of characters that stand in the description
STRONG_SHARE = 0.45
CHINESE = re.compile(r"[㐀-鿿]+")
EMPTY = frozenset("的和或未不有无在进行及等对与为中由被")  # pairs of these alone tell nothing

# Which lists a category of enterprises stands under; the fire rules concern all.
FIRE = ("火灾",)
TRADE = ("工贸 通用", "工贸 有限空间")
SECTORS = {
    "hazchem_producer": ("化工和危险化学品",),
    "hazchem_user": ("化工和危险化学品",),
    "hazchem_dealer_storage": ("化工和危险化学品",),
    "hazchem_dealer": ("化工和危险化学品",),
    "petrol_station": ("化工和危险化学品",),
    "major_hazard": ("化工和危险化学品",),
    "key_process": ("化工和危险化学品",),
    "key_chemical": ("化工和危险化学品",),
    "fireworks_producer": ("烟花爆竹",),
    "fireworks_wholesaler": ("烟花爆竹",),
    "fireworks_retailer": ("烟花爆竹",),
    "coal_mine": ("煤矿",),
    "non_coal_mine": ("金属非金属矿山 露天", "金属非金属矿山 地下", "金属非金属矿山"),
    "tailings_pond": ("尾矿库",),
    "metal_smelting": ("工贸 冶金", "工贸 有色", *TRADE),
    "dust": ("工贸 粉尘", *TRADE),
    "ammonia": ("工贸 液氨制冷", *TRADE),
    "limited_space": TRADE,
    "above_scale": ("工贸 建材", "工贸 机械", "工贸 轻工", "工贸 纺织", "工贸 烟草", *TRADE),
    "gas_supplier": ("城镇燃气经营",),
    "dangerous_goods_carrier": ("道路交通",),
    "construction": ("房屋市政2022", "房屋市政2024"),
}


@dataclass(frozen=True)
class Criterion:
    """One line of a sector's list. `words` are a paraphrase, not the instrument's text."""

    id: str
    sector: str
    instrument: str
    article: str
    words: str
    status: Status
    source: str

    @property
    def clause(self) -> str:
        return f"{self.instrument} {self.article}".strip()


@cache
def criteria() -> tuple[Criterion, ...]:
    return read(__file__, "major_criteria.csv", Criterion, key=lambda row: row.id)


def candidates_for(categories: list[str], words: str, today: date | None = None) -> list[dict]:
    """The criteria nearest to the description, the nearest first; `strong` when they say much the same."""
    sectors = {sector for category in categories for sector in SECTORS.get(category, ())} | set(FIRE)
    described = _pairs(words)
    found = []
    for criterion in criteria():
        if criterion.sector not in sectors or not _holds(criterion, today):
            continue
        own = _pairs(criterion.words)
        common = own & described
        share = len(common) / len(own) if own else 0.0
        if share >= LEAST_SHARE and len(common) >= 2:
            found.append((share, criterion, common))
    found.sort(key=lambda each: (-each[0], each[1].id))
    return [_said(share, criterion, common) for share, criterion, common in found[:MOST]]


def _holds(criterion: Criterion, today: date | None) -> bool:
    known = instrument(criterion.instrument)
    return today is None or known.until is None or today < known.until


def _said(share: float, criterion: Criterion, common: set[str]) -> dict:
    return {
        "id": criterion.id,
        "title": criterion.words,
        "clause": criterion.clause,
        "status": str(criterion.status),
        "why": "、".join(_joined(criterion.words, common)),
        "share": round(share, 2),
        "strong": share >= STRONG_SHARE and criterion.status is not Status.ABSENT,
    }


def _pairs(words: str) -> set[str]:
    """All neighbouring pairs of Chinese characters that tell something."""
    pairs = {run[at : at + 2] for run in CHINESE.findall(words) for at in range(len(run) - 1)}
    return {pair for pair in pairs if not set(pair) <= EMPTY}


def _joined(words: str, common: set[str]) -> list[str]:
    """The common pairs as the words they make in the criterion, in its order."""
    found: list[str] = []
    end = -1
    for at in range(len(words) - 1):
        if words[at : at + 2] not in common:
            continue
        if at < end:
            found[-1] += words[at + 1]
        else:
            found.append(words[at : at + 2])
        end = at + 2
    return found
