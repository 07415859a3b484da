"""Rules as packs declare them in `obligations.yaml`; docs/packs.md explains every word.

A rule has editions: the text in force from a day to a day, with its own schedule. A day before the first edition is
answered by none, not by the nearest one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anlan import packs
from anlan.desk.obligations.schedule import LEAD, Dated, Length, NthWorkday, Periodic, Schedule, Triggered
from anlan.desk.subjects.declare import Selector, selector
from anlan.desk.wording import title


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What the law said from `since` to `until`. status: found (read) or recalled (to be checked)."""

    since: date
    until: date | None
    instrument: str
    article: str
    status: str
    note: str
    schedule: Schedule

    def in_force(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Stage:
    """So many days after the deadline, the holders of this permission are told."""

    after: int
    whom: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    code: str
    title: Any
    title_zh: str
    about: Any
    pack: str
    who: Selector
    editions: tuple[Edition, ...]
    remind: tuple[int, ...] = ()
    escalate: tuple[Stage, ...] = ()
    documents: int = 0
    evidence: tuple[Any, ...] = ()
    verify: bool = False
    level: int = 3

    def edition(self, day: date) -> Edition | None:
        return next((edition for edition in self.editions if edition.in_force(day)), None)

    def tightest(self, days_left: int) -> int | None:
        """The reminder that is now in place: the smallest number of days that is not below what is left."""
        return min((days for days in self.remind if days_left <= days), default=None)


@cache
def rules() -> dict[str, Rule]:
    """All rules by code. Errors: PackError for editions out of order, overlapping, or dates that do not exist."""
    found = {code: _rule(code, entry) for code, entry in packs.section("obligations").items()}
    wrong = [fault for rule in found.values() for fault in faults(rule)]
    if wrong:
        raise packs.PackError("obligations.yaml: " + "; ".join(wrong))
    return found


def faults(rule: Rule) -> list[str]:
    found = []
    for edition in rule.editions:
        if edition.until and edition.until < edition.since:
            found.append(f"the edition from {edition.since} ends before it begins")
    for earlier, later in zip(rule.editions, rule.editions[1:], strict=False):
        if later.since <= earlier.since:
            found.append(f"the edition from {later.since} stands after that from {earlier.since}; sort them by day")
        elif earlier.until is None or earlier.until >= later.since:
            found.append(f"the edition from {earlier.since} has not ended when that from {later.since} begins")
    if [stage.after for stage in rule.escalate] != sorted(stage.after for stage in rule.escalate):
        found.append("the stages of escalate are not in the order of their days")
    return [f"'{rule.code}': {fault}" for fault in found]


def _rule(code: str, entry: Mapping) -> Rule:
    evidence = entry.get("evidence", {})
    return Rule(
        code=code,
        title=title(entry),
        title_zh=entry["title"],
        about=title(entry, "about"),
        pack=entry["pack"],
        who=selector(entry["who"]),
        editions=tuple(_edition(code, item) for item in entry["editions"]),
        remind=tuple(entry.get("remind", ())),
        escalate=tuple(Stage(item["after"], item["whom"]) for item in entry.get("escalate", ())),
        documents=evidence.get("documents", 0),
        evidence=tuple(title(kind) for kind in evidence.get("kinds", ())),
        verify=entry.get("verify", False),
        level=entry.get("level", 3),
    )


def _edition(code: str, item: Mapping) -> Edition:
    return Edition(
        since=date.fromisoformat(item["from"]),
        until=date.fromisoformat(item["to"]) if item.get("to") else None,
        instrument=item["instrument"],
        article=item.get("article", ""),
        status=item["status"],
        note=item.get("note", ""),
        schedule=_schedule(code, item["schedule"]),
    )


def _schedule(code: str, item: Mapping) -> Schedule:
    match item["kind"]:
        case "periodic":
            first = _length(item["first"]) if "first" in item else Length("days", 90)
            return Periodic(months=item["months"], anchor=item["anchor"], first=first, opens=item.get("opens"))
        case "dated":
            month, day = map(int, item["day"].split("-"))
            try:
                date(2024, month, day)
            except ValueError:
                raise packs.PackError(f"obligations.yaml: '{code}': there is no day {item['day']}") from None
            return Dated(month=month, day=day, opens=item.get("opens", LEAD))
        case "nth_workday":
            return NthWorkday(month=item["month"], nth=item["workday"], opens=item.get("opens", LEAD))
    return Triggered(event=item["event"], within=_length(item["within"]))


def _length(item: Mapping) -> Length:
    ((unit, amount),) = item.items()
    return Length(unit, amount)
