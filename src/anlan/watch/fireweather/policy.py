"""How the daily index is reckoned, as packs state it (`fire_weather.yaml`): each number with source and status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from anlan import packs
from anlan.desk.wording import both

WEATHER = ("temperature", "humidity", "wind", "rain")


@dataclass(frozen=True)
class Policy:
    """The numbers in force from `since` on. `stations`: by profile, the keys of the points that measure WEATHER and,
    where a station has one, of the index itself (`fwi`)."""

    code: str
    title: object
    since: date
    numbers: Mapping[str, dict]
    stations: Mapping[str, Mapping[str, str]]

    def __getitem__(self, name: str) -> float:
        return self.numbers[name]["value"]

    def minutes(self, name: str) -> timedelta:
        return timedelta(minutes=self[name])


def policy(day: date) -> Policy:
    """The policy in force: the latest that began by that day. Errors: PackError when none has."""
    known = [one for one in policies() if one.since <= day]
    if not known:
        raise packs.PackError(f"fire_weather.yaml: no policy is in force on {day}")
    return max(known, key=lambda one: one.since)


@cache
def policies() -> tuple[Policy, ...]:
    return tuple(
        Policy(
            code=code,
            title=both(entry["title"], entry["title_en"]),
            since=date.fromisoformat(entry["from"]),
            numbers=entry["numbers"],
            stations=entry["stations"],
        )
        for code, entry in packs.section("fire_weather").items()
    )
