"""What packs declare, as the pipeline has it: calendars, rules and computed points. Pure."""

from collections.abc import Mapping
from functools import cache

from anlan import packs
from anlan.telemetry.book import Rule
from anlan.telemetry.calendars import Calendar
from anlan.telemetry.computed import Computed

RULE_WORDS = ("kind", "limit", "deadband", "on_delay", "off_delay", "level", "silence", "of", "window")
COMPUTED_WORDS = ("limit", "below", "every", "fresh")


@cache
def calendars() -> dict[str, Calendar]:
    """All calendars of the packs in use, by code."""
    return {code: calendar(entry) for code, entry in packs.section("calendars").items()}


def calendar(entry: Mapping) -> Calendar:
    """One of them, as `calendars.yaml` writes it with its `number`."""
    begin, end = map(_minutes, entry.get("hours", ("00:00", "00:00")))
    first, last = (int(day.replace("-", "")) for day in entry.get("season", ("01-01", "12-31")))
    weekdays = sum(1 << day - 1 for day in entry.get("weekdays", range(1, 8)))
    return Calendar(entry["number"], begin, end, weekdays, (first, last), entry.get("days", "any"))


def _minutes(hour: str) -> int:
    return int(hour[:2]) * 60 + int(hour[3:])


def rule(number: int, points: Mapping[str, int], key: str, declared: Mapping) -> Rule:
    """A rule of the point ``key``; ``points``: the ids of the device's points."""
    kept = {word: declared[word] for word in RULE_WORDS if word in declared}
    other = points[declared["other"]] if "other" in declared else None
    hours = calendars()[declared["calendar"]].id if declared.get("calendar") else None
    return Rule(id=number, point=points[key], other=other, calendar=hours, **kept)


def kind_of(rule: Mapping) -> tuple:
    """What tells it from the other rules of its point; also of an alarm, which names its rule in the same words."""
    return rule["kind"], rule.get("of", "VALUE"), rule.get("window", 0), rule.get("calendar", "")


def computed(points: Mapping[str, int], key: str, said: Mapping) -> Computed:
    """The point ``key``, of which its profile says ``said`` under `computed`. Errors: KeyError for a member that the
    device does not have."""
    kept = {word: said[word] for word in COMPUTED_WORDS if word in said}
    return Computed(points[key], said["how"], tuple(points[member] for member in said["of"]), **kept)


def all_computed(points: Mapping[str, int], profile: Mapping) -> list[Computed]:
    """The computed points of a device of this profile."""
    said = {key: point["computed"] for key, point in profile["points"].items() if "computed" in point}
    return [computed(points, *one) for one in said.items()]
