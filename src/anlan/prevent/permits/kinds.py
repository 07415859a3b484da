"""The eight special works of GB 30871 as a table: who signs at which level, what each needs before it may begin.

The approver of a level is the standard's (annex B.1); that the workshop signs first where another approves is
configuration (docs/decisions/0120).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

HOT, SPACE, BLIND, HEIGHT = "hot_work", "confined_space_entry", "blinding", "work_at_height"
LIFT, POWER, DIG, ROAD = "lifting", "temporary_power", "excavation", "road_closure"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of special work. `chain`: level -> those who sign, in order; level "" where there are no levels, from
    the lowest to the gravest. `isolation`: needed before work begins. `stopped_by`: gases (oxygen, flammable, toxic)
    whose alarm ends the work at once."""

    code: str
    letters: str  # as printed on permits: DH, SX …
    title: Any
    clause: str  # the chapter of GB 30871
    chain: Mapping[str, tuple[str, ...]]
    colour: str
    shape: str
    isolation: bool = False
    stopped_by: frozenset[str] = frozenset()

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(self.chain)


LEVELS = {
    "special": _("特级"),
    "first": _("一级"),
    "second": _("二级"),
    "third": _("三级"),
    "I": _("Ⅰ级"),
    "II": _("Ⅱ级"),
    "III": _("Ⅲ级"),
    "IV": _("Ⅳ级"),
    "": _("不分级"),
}

# In this order of gravity a permit asks for four colours on the map and in lists: 1 the gravest.
GRAVITY = {"special": 1, "first": 2, "second": 3, "third": 3, "IV": 1, "III": 2, "II": 3, "I": 4, "": 3}

SIGNERS = {
    "unit": _("所在基层单位审批"),
    "profession": _("专业部门审批"),
    "power": _("配送电单位审批"),
    "safety": _("安全管理部门审批"),
    "chief": _("主管领导审批"),
}

KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            code=HOT,
            letters="DH",
            title=_("动火作业"),
            clause="5",
            chain={"second": ("unit",), "first": ("unit", "safety"), "special": ("unit", "safety", "chief")},
            colour="red",
            shape="triangle",
            isolation=True,
            stopped_by=frozenset({"flammable"}),
        ),
        Kind(
            code=SPACE,
            letters="SX",
            title=_("受限空间作业"),
            clause="6",
            chain={"": ("unit",)},
            colour="purple",
            shape="circle",
            isolation=True,
            stopped_by=frozenset({"oxygen", "flammable", "toxic"}),
        ),
        Kind(
            code=BLIND,
            letters="MB",
            title=_("盲板抽堵作业"),
            clause="7",
            chain={"": ("unit",)},
            colour="teal",
            shape="square",
        ),
        Kind(
            code=HEIGHT,
            letters="GC",
            title=_("高处作业"),
            clause="8",
            chain={
                "I": ("unit",),
                "II": ("unit", "profession"),
                "III": ("unit", "profession"),
                "IV": ("unit", "profession", "chief"),
            },
            colour="blue",
            shape="star",
        ),
        Kind(
            code=LIFT,
            letters="DZ",
            title=_("吊装作业"),
            clause="9",
            chain={"third": ("profession",), "second": ("profession",), "first": ("profession", "chief")},
            colour="orange",
            shape="diamond",
        ),
        Kind(
            code=POWER,
            letters="YD",
            title=_("临时用电作业"),
            clause="10",
            chain={"": ("power",)},
            colour="yellow",
            shape="pentagon",
        ),
        Kind(
            code=DIG,
            letters="DT",
            title=_("动土作业"),
            clause="11",
            chain={"": ("profession",)},
            colour="brown",
            shape="hexagon",
        ),
        Kind(
            code=ROAD,
            letters="DL",
            title=_("断路作业"),
            clause="12",
            chain={"": ("profession",)},
            colour="grey",
            shape="cross",
        ),
    )
}


def chain(kind: str, level: str, *, toxic: bool = False) -> tuple[str, ...]:
    """Who signs, in order. A space that may poison or suffocate is the head's to approve (Order 13, article 7)."""
    signers = KINDS[kind].chain.get(level) or KINDS[kind].chain[KINDS[kind].levels[-1]]
    return (*signers, "chief") if toxic and "chief" not in signers else signers


def following(kind: str, level: str, after: str, *, toxic: bool = False) -> str | None:
    """Who signs after `after` ("" at first); None when everybody has."""
    signers = chain(kind, level, toxic=toxic)
    place = signers.index(after) + 1 if after in signers else 0
    return signers[place] if place < len(signers) else None
