"""What is decided about risks, purely: levels, who must hold them, what must be approved, what is missing.

Every level explains itself as a Finding; the combination rules themselves stand in `standards.risk_grading`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.standards.citing import Text
from anlan.standards.risk_grading.combining import point_level
from anlan.standards.risk_grading.control_levels import control_level
from anlan.standards.risk_grading.levels import RiskLevel
from anlan.standards.tracing import Finding

NO_LEVEL = Text("尚未评价", "not evaluated yet")
CONTROL_ORDER = ("company", "workshop", "team", "post")

REVIEW_DAYS = 365  # at least one full identification a year (recalled: national guide); configuration
TRIGGERS = {
    "process": _("工艺、设备或组织发生变化"),
    "law": _("法律、标准发生变化"),
    "accident": _("发生事故或未遂事件"),
    "restart": _("停产后恢复生产"),
    "yearly": _("年度复评"),
}
APPROVED_LEVELS = {1, 2}  # a level that enters, leaves or stays among these is reported (decision 0100)


def level_of(levels: Iterable[int | None]) -> Finding:
    """The level of a point from those of its events, as `combining` finds it; None while nothing was evaluated."""
    return point_level(levels)


@dataclass(frozen=True)
class Active:
    """One influence in force, as far as the rule needs to know it."""

    source: str
    level: int
    words: str


def dynamic_level(static: int | None, influences: Sequence[Active]) -> Finding:
    """The level just now: an influence can only make it worse, never better."""
    because = [
        Finding(
            _known(static),
            Text("静态等级：评价所得", "static level: as evaluated"),
        )
    ]
    because += [
        Finding(
            RiskLevel(each.level),
            Text(f"动态影响：{each.words}", f"influence: {each.words}"),
            inputs={"source": each.source},
        )
        for each in influences
    ]
    levels = [finding.value for finding in because if finding.value]
    return Finding(
        min(levels, default=None),
        Text("动态等级取静态等级与各动态影响中最高者", "dynamic level: the gravest of static level and influences"),
        because=tuple(because),
    )


def _known(level: int | None) -> RiskLevel | None:
    return None if level is None else RiskLevel(level)


def said(level: int | None) -> Text:
    return NO_LEVEL if level is None else Text(f"{_of(level).title.zh}（{_of(level).colour.zh}）", _in_english(level))


def _of(level: int) -> RiskLevel:
    return RiskLevel(level)


def _in_english(level: int) -> str:
    return f"{_of(level).title.en} ({_of(level).colour.en})"


def held_high_enough(level: int | None, responsible_level: str) -> bool:
    """Whether the risk is answered for at least as high as its level asks."""
    if level is None:
        return True
    return CONTROL_ORDER.index(responsible_level) <= CONTROL_ORDER.index(least_control(level))


def at_least(level: int | None, responsible_level: str) -> str:
    """The level that answers: as given, or higher when the risk asks for more."""
    return responsible_level if held_high_enough(level, responsible_level) else least_control(level)


def least_control(level: int) -> str:
    """The level of the enterprise that must lead: red the company … blue the post. It may hold a risk higher."""
    return control_level(RiskLevel(level)).value.code


def must_be_approved(registered: int | None, level: int | None) -> bool:
    """Red and orange enter and leave the region's database only when the department has approved it."""
    return registered != level and bool({registered, level} & APPROVED_LEVELS)


def review_due(reviewed: date) -> date:
    return reviewed + timedelta(days=REVIEW_DAYS)


# One board, two maps, three lists: the six documents of a place threatened by nature, and what must be there for each.
SIX_DOCUMENTS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "board": (_("风险告知牌"), ("kind", "level", "signs", "households", "persons")),
    "distribution_map": (_("风险分布图"), ("zone",)),
    "evacuation_map": (_("避险转移路线图"), ("route", "shelter_id")),
    "control_list": (_("风险管控责任清单"), ("control_list",)),
    "evacuation_list": (_("避险转移责任清单"), ("evacuation_list",)),
    "relief_list": (_("灾后救助责任清单"), ("relief_list",)),
}


@dataclass(frozen=True)
class Paper:
    """One of the six documents: complete, or what is missing in it."""

    name: str
    title: Any
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing


def six_documents(values: Mapping[str, Any]) -> tuple[Paper, ...]:
    """Which of the six could be printed from what is known of the place."""
    return tuple(
        Paper(name, title, tuple(field for field in needed if values.get(field) in (None, "", [], {})))
        for name, (title, needed) in SIX_DOCUMENTS.items()
    )


def has_room(capacity: Any, persons: int) -> bool | None:
    """Whether the shelter can take all persons of the place; None when its capacity is not known."""
    if not isinstance(capacity, int | float) or isinstance(capacity, bool):
        return None
    return capacity >= persons
