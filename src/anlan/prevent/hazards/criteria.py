"""Which criteria of the enterprise's sectors speak of such a danger: candidates with reason and clause, no verdict.

The lists and the comparison are `standards/hidden_dangers/major`; here stands which lists concern an enterprise.
Whether a danger is major is a person's verdict. A criterion whose instrument does not hold on the day is left out.
"""

from datetime import date

from django.utils import timezone

from anlan.standards.dating import When
from anlan.standards.hidden_dangers.major import Candidate, candidates, criteria

__all__ = ["SECTORS", "candidates_for", "criteria"]

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


def candidates_for(categories: list[str], words: str, today: date | None = None) -> list[dict]:
    """The criteria nearest to the description, the nearest first; `strong` when they say much the same."""
    sectors = {sector for category in categories for sector in SECTORS.get(category, ())} | set(FIRE)
    found = candidates(sorted(sectors), words, When(today or timezone.localdate()))
    return [_said(one) for one in found]


def _said(one: Candidate) -> dict:
    return {
        "id": one.criterion.id,
        "title": one.criterion.words,
        "clause": str(one.criterion.clause),
        "status": str(one.criterion.status),
        "why": "、".join(one.common),
        "share": round(float(one.share), 2),
        "strong": one.strong,
    }
