"""What rules would have done: run over recorded readings, by the same kernel that judges live ones.

The outcome is what an alarm desk is judged by (ISA-18.2, EEMUA 191): how many alarms, how many at once, chatter, and,
where somebody has marked what really happened, what was found, how soon, and what was raised for nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from anlan.columns import page
from anlan.columns.readings import PAGE_BITS, Readings, readings
from anlan.telemetry import book
from anlan.telemetry.book import NOTHING, Beside, Rule
from anlan.telemetry.rules.shard import Shard, Transition

SECOND = 1_000_000
DAY = 86_400 * SECOND
TEN_MINUTES = 600 * SECOND
MINUTE = 60 * SECOND
FLOOD = 10
"""More new alarms than this in ten minutes are a flood (ISA-18.2 as quoted in secondary material)."""
CHATTER = 3
"""So many activations of one rule within a minute are chatter (the same)."""
STEP = 3_600 * SECOND
CALENDAR_STEP = 900 * SECOND
SILENT_STEPS = 4
"""How finely a silence is found: a fourth of its length."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that really happened, as people marked it: from when to when, microseconds UTC."""

    start: int
    end: int


@dataclass(slots=True)
class Episode:
    """One alarm as it would have been. ``cleared`` is None when it still stood at the end."""

    rule: int
    point: int
    kind: str
    level: int
    raised: int
    cleared: int | None = None
    count: int = 1
    activations: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """``episodes`` by time; the rest is counted from them. Delays are in seconds, one for each event that was found."""

    episodes: list[Episode]
    days: float
    per_day: float
    most_in_ten_minutes: int
    ten_minutes_in_flood: int
    chattering: int
    standing_a_day: int
    found: int
    missed: int
    for_nothing: int
    delays: list[float]


def backtest(
    rules: Sequence[Rule], batches: Iterable[Readings], events: Sequence[Event] = (), beside: Beside = NOTHING
) -> Outcome:
    """Runs the rules over readings of any order in each batch, batches in the order of time; ``beside``: the calendars
    they name and the computed points they are about."""
    run = _Run(rules, beside)
    for batch in batches:
        run.take(batch)
    return outcome(run.episodes(), run.first, run.last, events)


class _Run:
    """The rules on a shard of their own, their points numbered from 0 so that its arrays stay small."""

    def __init__(self, rules: Sequence[Rule], beside: Beside):
        named = {point for rule in rules for point in (rule.point, rule.other) if point is not None}
        computed = [one for one in beside.computed if one.point in named]
        self.points = sorted(named.union(*(one.members for one in computed)))
        if len(self.points) > 1 << PAGE_BITS:
            raise ValueError(f"{len(self.points)} points at once: try {1 << PAGE_BITS} at most")
        self.shard = Shard(0, 1, pause=None)
        silences = [rule.silence for rule in rules if rule.kind == "SILENCE"]
        finer = [CALENDAR_STEP] if any(rule.calendar for rule in rules) else []
        finer += [max(int(one.every), 1) * SECOND for one in computed]
        self.step = min([STEP, *finer, *(int(one * SECOND) // SILENT_STEPS for one in silences)])
        number = {point: place for place, point in enumerate(self.points)}
        own = [replace(rule, point=number[rule.point], other=number.get(rule.other)) for rule in rules]
        combined = [
            replace(one, point=number[one.point], members=tuple(number[member] for member in one.members))
            for one in computed
        ]
        columns, meta = page.unpack(book.pack_rules(0, 1, own, combined, beside.calendars))
        self._page = columns, book.beside(meta)
        self.first = self.last = 0
        self._open: dict[int, Episode] = {}
        self._all: list[Episode] = []

    def take(self, batch: Readings) -> None:
        known = np.isin(batch.point, self.points)
        batch = batch.take(known)
        if not len(batch):
            return
        batch = batch.take(np.argsort(batch.ts, kind="stable"))
        place = np.searchsorted(self.points, batch.point)
        if not self.first:
            self.first = self.last = int(batch.ts[0])
            list(self.shard.replace_page(self.first, 0, 1, *self._page))
        for now in range(self.last - self.last % self.step + self.step, int(batch.ts[-1]) + self.step + 1, self.step):
            begin, end = np.searchsorted(batch.ts, (now - self.step, now))
            begin = 0 if now - self.step <= self.last else begin
            part = readings(place[begin:end], batch.ts[begin:end], batch.value[begin:end], batch.quality[begin:end])
            for told in self.shard.entry(now, part, now):
                self._told(told)
        self.last = max(self.last, int(batch.ts[-1]))

    def _told(self, told: Transition) -> None:
        if told.transition == "raised":
            episode = Episode(told.rule, self.points[told.point], told.kind, told.level, told.raised)
            episode.activations.append(told.ts)
            self._open[told.rule] = episode
            self._all.append(episode)
            return
        episode = self._open[told.rule]
        episode.count = told.count
        if told.transition == "worsened":
            episode.activations.append(told.ts)
        elif told.transition == "cleared":
            self._open.pop(told.rule).cleared = told.ts

    def episodes(self) -> list[Episode]:
        return sorted(self._all, key=lambda one: one.raised)


def outcome(episodes: list[Episode], first: int, last: int, events: Sequence[Event]) -> Outcome:
    """The counts of an alarm desk over episodes sorted by time."""
    days = max((last - first) / DAY, 1 / 24)
    tens = Counter(one.raised // TEN_MINUTES for one in episodes)
    delays = [delay for event in events if (delay := _delay(event, episodes)) is not None]
    return Outcome(
        episodes=episodes,
        days=days,
        per_day=len(episodes) / days,
        most_in_ten_minutes=max(tens.values(), default=0),
        ten_minutes_in_flood=sum(count > FLOOD for count in tens.values()),
        chattering=sum(_chatters(times) for times in _activations(episodes).values()),
        standing_a_day=sum((one.cleared or last) - one.raised > DAY for one in episodes),
        found=len(delays),
        missed=len(events) - len(delays),
        for_nothing=sum(not any(_meets(one, event) for event in events) for one in episodes) if events else 0,
        delays=delays,
    )


def _delay(event: Event, episodes: list[Episode]) -> float | None:
    """Seconds from the event's start to the first alarm within it; 0 when one stood already."""
    met = [one.raised for one in episodes if _meets(one, event)]
    return max(0, min(met) - event.start) / SECOND if met else None


def _meets(one: Episode, event: Event) -> bool:
    return one.raised <= event.end and (one.cleared is None or one.cleared >= event.start)


def _activations(episodes: list[Episode]) -> dict[int, list[int]]:
    times: dict[int, list[int]] = {}
    for one in episodes:
        times.setdefault(one.rule, []).extend(one.activations)
    return times


def _chatters(times: list[int]) -> bool:
    times = sorted(times)
    return any(times[n + CHATTER - 1] - times[n] <= MINUTE for n in range(len(times) - CHATTER + 1))
