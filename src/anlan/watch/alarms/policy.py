"""The numbers of the desk as packs state them (`alarm_desk.yaml`): each with its source and how far it was checked."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.utils.translation import get_language

from anlan import packs


@dataclass(frozen=True)
class Number:
    """One number, or one for each level from red to blue."""

    value: float
    source: str
    status: str  # found, recalled, configured


@dataclass(frozen=True)
class Bound:
    """What a figure of the month is held against. None where nothing is said."""

    acceptable: float | None
    most: float | None
    source: str
    status: str


@dataclass(frozen=True)
class Policy:
    code: str
    title_zh: str
    title_en: str
    since: date
    numbers: dict[str, Number]
    by_level: dict[str, dict]
    bounds: dict[str, Bound]

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh

    def __getitem__(self, name: str) -> float:
        return self.numbers[name].value

    def seconds(self, name: str) -> timedelta:
        return timedelta(seconds=self.numbers[name].value)

    def of_level(self, name: str, level: int) -> float:
        return self.by_level[name]["values"][level - 1]


def policy(day: date) -> Policy:
    """The policy in force: the latest that began by that day. Errors: PackError when none has."""
    known = [one for one in _policies() if one.since <= day]
    if not known:
        raise packs.PackError(f"alarm_desk.yaml: no policy is in force on {day}")
    return max(known, key=lambda one: one.since)


@cache
def _policies() -> tuple[Policy, ...]:
    return tuple(_read(code, entry) for code, entry in packs.section("alarm_desk").items())


def _read(code: str, entry: dict) -> Policy:
    return Policy(
        code=code,
        title_zh=entry["title"],
        title_en=entry["title_en"],
        since=date.fromisoformat(entry["from"]),
        numbers={name: Number(one["value"], one["source"], one["status"]) for name, one in entry["numbers"].items()},
        by_level=entry["by_level"],
        bounds={
            name: Bound(one.get("acceptable"), one.get("most"), one["source"], one["status"])
            for name, one in entry["bounds"].items()
        },
    )
