"""What is decided about changes of rules, purely."""

from collections.abc import Iterable
from datetime import datetime

from anlan.telemetry.rules.backtest import FLOOD, Event, Outcome

FIELDS = (
    "of", "window", "other", "calendar", "limit", "deadband", "on_delay", "off_delay", "silence", "level", "enabled",
    "source", "checked",
)  # fmt: skip
SHOWN_EPISODES = 200


def settings_of(rule) -> dict:
    """What of a rule a change may move, as JSON holds it."""
    return {name: getattr(rule, f"{name}_id" if name == "other" else name) for name in FIELDS}


def moved(before: dict, after: dict) -> list[tuple[str, object, object]]:
    """(field, before, after) of what differs."""
    return [(name, before.get(name), after.get(name)) for name in FIELDS if before.get(name) != after.get(name)]


def in_force_at(versions: Iterable[tuple[int, datetime | None]], at: datetime) -> int | None:
    """The number of the version in force at an instant, of (number, since); None where nothing was written down yet."""
    known = [number for number, since in versions if since is None or since <= at]
    return max(known, default=None)


def counts(outcome: Outcome) -> dict:
    """An outcome as the page shows it. Flood share: of the ten-minute spans, how many per cent held a flood."""
    spans = max(outcome.days * 144, 1)
    delays = sorted(outcome.delays)
    return {
        "alarms": len(outcome.episodes),
        "per_day": round(outcome.per_day, 2),
        "most": outcome.most_in_ten_minutes,
        "flood": round(100 * outcome.ten_minutes_in_flood / spans, 2),
        "flood_from": FLOOD,
        "chatter": outcome.chattering,
        "standing": outcome.standing_a_day,
        "found": outcome.found,
        "missed": outcome.missed,
        "for_nothing": outcome.for_nothing,
        "delay": round(delays[len(delays) // 2]) if delays else None,
        "episodes": [
            [one.point, one.raised // 1000, None if one.cleared is None else one.cleared // 1000, one.level]
            for one in outcome.episodes[:SHOWN_EPISODES]
        ],
    }


def windows_of(text: str) -> list[tuple[datetime, datetime]]:
    """Lines of two instants, separated by a comma or a tab, as people upload what really happened. Errors: ValueError
    naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = [part.strip().strip('"') for part in line.replace("\t", ",").split(",") if part.strip()]
        if not parts:
            continue
        try:
            start, end = (datetime.fromisoformat(part) for part in parts[:2])
        except ValueError:
            if number == 1:
                continue  # a line of column names
            raise ValueError(number) from None
        if end < start or (start.tzinfo is None) != (end.tzinfo is None):
            raise ValueError(number)
        found.append((start, end))
    return found


def events_of(windows: Iterable[tuple[datetime, datetime]]) -> list[Event]:
    return [Event(round(start.timestamp() * 1e6), round(end.timestamp() * 1e6)) for start, end in windows]
