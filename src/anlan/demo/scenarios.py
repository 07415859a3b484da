"""Scenarios to start by command or button: each lays its own values over the usual day of a few devices for a while.

What they are stands in the packs (`scenarios.yaml`); here is how a course becomes readings. Pure: the simulator asks
`reading` at every report; when the scenario is over, or is stopped, the usual day returns.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan import packs

SUBJECT = "simulator.scenario"
"""Requests on the broker: {"do": "start" | "stop" | "list", "name": …}; the answer is JSON, see `simulator`."""


@dataclass(frozen=True)
class Play:
    """What the devices of one profile do: `first` chooses among the reporter's own, `shares` says how many play and how
    much of the course each takes, each `lag` seconds after the one before. Without a course: nothing is said."""

    profile: str
    point: str = ""
    first: int = 0
    shares: tuple[float, ...] = (1.0,)
    lag: float = 0.0
    course: tuple[tuple[float, float | None], ...] = ()
    hold: bool = False
    adds: bool = False

    @property
    def silent(self) -> bool:
        return not self.course

    def reading(self, elapsed: float, place: int, usual: float) -> float:
        """What the `place`-th device reads `elapsed` seconds after the start, where it would read `usual`."""
        at = elapsed - self.lag * place
        behind = bisect_right(self.course, at, key=lambda knot: knot[0]) - 1
        if self.silent or behind < 0:
            return usual
        last = self._aimed(self.course[behind][1], place, usual)
        if self.hold or behind + 1 == len(self.course):
            return last
        (start, _), (end, value) = self.course[behind : behind + 2]
        return last + (self._aimed(value, place, usual) - last) * (at - start) / (end - start)

    def _aimed(self, value: float | None, place: int, usual: float) -> float:
        if value is None:
            return usual
        return usual + self.shares[place] * (value if self.adds else value - usual)


@dataclass(frozen=True)
class Scenario:
    """`stage` is the gateway it plays at (see `tokens`), or "" for the first reporters that have the devices.
    `raises` and `spares` are the alarms it promises and those it must not raise, as the pack writes them."""

    name: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    stage: str
    seconds: int
    plays: tuple[Play, ...]
    raises: tuple[Mapping[str, Any], ...]
    spares: tuple[Mapping[str, Any], ...]
    accepts: tuple[str, ...]
    pack: str = ""

    def reading(self, play: Play, elapsed: float, place: int, usual: float) -> float:
        """The usual value before its start and after its end."""
        if not 0 <= elapsed < self.seconds:
            return usual
        return round(play.reading(elapsed, place, usual), 3)


def _scenario(name: str, entry: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=name,
        title_zh=entry["title"],
        title_en=entry["title_en"],
        about_zh=entry["about"],
        about_en=entry["about_en"],
        stage=entry.get("stage", ""),
        seconds=entry["seconds"],
        plays=tuple(_play(name, play) for play in entry["plays"]),
        raises=tuple(entry["raises"]),
        spares=tuple(entry.get("spares", ())),
        accepts=tuple(entry.get("accepts", ())),
        pack=entry["pack"],
    )


def _play(name: str, entry: Mapping[str, Any]) -> Play:
    points = packs.section("profiles").get(entry["profile"], {}).get("points", {})
    if not points or entry.get("point", "") not in {"", *points}:
        raise packs.PackError(f"scenario '{name}' plays {entry['profile']}/{entry.get('point', '')}: no pack has it")
    if "computed" in points.get(entry.get("point", ""), ()):
        raise packs.PackError(f"scenario '{name}' plays {entry['point']}, which is computed; play what it is made of")
    course = tuple((float(at), value) for at, value in entry.get("course", ()))
    if list(course) != sorted(course, key=lambda knot: knot[0]) or len({at for at, _ in course}) != len(course):
        raise packs.PackError(f"scenario '{name}': a course goes forward in time; sort its seconds")
    kept = {word: entry[word] for word in ("point", "first", "lag", "hold", "adds") if word in entry}
    return Play(entry["profile"], shares=tuple(entry.get("shares", (1.0,))), course=course, **kept)


SCENARIOS = {name: _scenario(name, entry) for name, entry in packs.section("scenarios").items()}
