"""Scorecards as packs declare them in `scorecards.yaml`, and their arithmetic. docs/packs.md explains every word.

An item that does not apply is taken out of the full score, so the score is always a share of what could be had. A
veto item that is not met settles the whole. Pure: no clock, no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from anlan import packs
from anlan.desk.subjects.declare import Selector, selector
from anlan.desk.wording import both, title

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ANSWER = "assessments.answer"


@dataclass(frozen=True, kw_only=True)
class Item:
    code: str
    group: Any
    title: Any
    title_zh: str
    points: float
    veto: bool
    clause: str


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    code: str
    title: Any
    about: Any
    source: str
    status: str
    order: int
    every: str
    answer: str
    by: str
    evidence: bool
    gaps: bool
    who: Selector
    grades: tuple[tuple[float, Any], ...]
    items: tuple[Item, ...]

    @property
    def by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @property
    def full(self) -> float:
        return sum(item.points for item in self.items)


@dataclass(frozen=True)
class Line:
    """One item judged: what it had of what it could have."""

    item: Item
    answer: str
    points: float
    full: float
    words: str = ""

    @property
    def gap(self) -> bool:
        return self.answer != NOT_APPLICABLE and self.points < self.full


@dataclass(frozen=True)
class Result:
    """`score` is per cent of what applies; None when nothing does."""

    lines: tuple[Line, ...]
    points: float
    full: float
    score: float | None
    grade: Any
    vetoed: tuple[Line, ...]

    @property
    def gaps(self) -> list[Line]:
        return [line for line in self.lines if line.gap]

    def as_dict(self) -> dict:
        lines = [
            {"item": one.item.code, "answer": one.answer, "points": one.points, "full": one.full, "words": one.words}
            for one in self.lines
        ]
        return {"lines": lines, "points": self.points, "full": self.full, "score": self.score}


Answers = Mapping[str, Mapping[str, Any]]
"""item -> {"answer": yes, no or na, "points": number, "words": evidence or explanation}"""


def judge(card: Scorecard, answers: Answers) -> Result:
    """The whole from its items. Raises KeyError for an item without answer: look at `faults` first."""
    lines = tuple(_line(card, item, answers[item.code]) for item in card.items)
    counting = [line for line in lines if line.answer != NOT_APPLICABLE]
    points, full = sum(line.points for line in counting), sum(line.full for line in counting)
    score = round(100 * points / full, 2) if full else None
    vetoed = tuple(line for line in counting if line.item.veto and line.gap)
    return Result(lines, points, full, score, None if vetoed else _grade(card, score), vetoed)


def faults(card: Scorecard, answers: Answers) -> dict[str, str]:
    """What is missing or impossible, by item."""
    found = {}
    for item in card.items:
        given = answers.get(item.code) or {}
        if fault := _fault(card, item, given):
            found[item.code] = fault
    return found


def _fault(card: Scorecard, item: Item, given: Mapping[str, Any]) -> str:
    answer, words = given.get("answer"), str(given.get("words") or "").strip()
    if answer == NOT_APPLICABLE:
        return "" if words else _("不适用的要写明理由。")
    if card.answer == "points":
        points = given.get("points")
        if not isinstance(points, (int, float)) or isinstance(points, bool) or not 0 <= points <= item.points:
            return _("应打 0 至 %(full)g 分。") % {"full": item.points}
        met = points == item.points
    else:
        if answer not in (YES, NO):
            return _("还没有回答。")
        met = answer == YES
    return _("要写明佐证材料。") if met and card.evidence and not words else ""


def _line(card: Scorecard, item: Item, given: Mapping[str, Any]) -> Line:
    words = str(given.get("words") or "")
    if given.get("answer") == NOT_APPLICABLE:
        return Line(item, NOT_APPLICABLE, 0, 0, words)
    if card.answer == "points":
        points = float(given["points"])
        return Line(item, YES if points == item.points else NO, points, item.points, words)
    return Line(item, given["answer"], item.points if given["answer"] == YES else 0, item.points, words)


def _grade(card: Scorecard, score: float | None) -> Any:
    if score is None:
        return None
    return next((grade for least, grade in card.grades if score >= least), None)


@cache
def scorecards() -> dict[str, Scorecard]:
    """All cards in order. Errors: PackError for items that stand twice or grades out of order."""
    found = {code: _card(code, entry) for code, entry in packs.section("scorecards").items()}
    for code, card in found.items():
        if len(card.by_code) < len(card.items):
            raise packs.PackError(f"scorecards.yaml: '{code}': an item stands twice")
        least = [edge for edge, _title in card.grades]
        if least != sorted(set(least), reverse=True):
            raise packs.PackError(f"scorecards.yaml: '{code}': grades stand from the best down")
    return dict(sorted(found.items(), key=lambda entry: (entry[1].order, entry[0])))


def _card(code: str, entry: Mapping) -> Scorecard:
    items = tuple(
        Item(
            code=item["code"],
            group=title(item, "group"),
            title=title(item),
            title_zh=item["title"],
            points=item.get("points", 1),
            veto=item.get("veto", False),
            clause=item.get("clause", ""),
        )
        for item in entry["items"]
    )
    return Scorecard(
        code=code,
        title=title(entry),
        about=title(entry, "about"),
        source=entry["source"],
        status=entry["status"],
        order=entry.get("order", 100),
        every=entry.get("every", ""),
        answer=entry["answer"],
        by=entry.get("by", ANSWER),
        evidence=entry.get("evidence", False),
        gaps=entry.get("gaps", False),
        who=selector(entry["who"]),
        grades=tuple((g["least"], both(g["title"], g["title_en"])) for g in entry.get("grades", ())),
        items=items,
    )
