"""The rules once more, as slowly and plainly as they can be said: what the kernel must agree with.

Nothing is shared with the kernel but the rules themselves: readings are kept as they came, and every quantity is
counted anew from all of them.
"""

from dataclasses import dataclass, field

import numpy as np

from anlan.columns.readings import Quality
from anlan.telemetry.book import NOTHING, Beside, Rule
from anlan.telemetry.calendars import MINUTE, Calendar
from anlan.telemetry.computed import Computed

SECOND = 1_000_000
PARTS = 32
BITWISE = ("BITS", "RANGE")
Told = tuple[str, int, int, float, int, int, str]
"""transition, rule, ts, value, raised, count, reason"""


@dataclass
class Heard:
    at: int = 0
    ts: int | None = None
    value: float = float("nan")
    quality: int = 0
    all: list[tuple[int, float]] = field(default_factory=list)
    news: list[tuple[int, bool]] = field(default_factory=list)


@dataclass
class Held:
    rule: Rule
    entered: int
    phase: str = "quiet"
    since: int = 0
    raised: int = 0
    count: int = 0
    measured: float = 0.0


class Oracle:
    def __init__(self, now: int, rules: list[Rule], beside: Beside = NOTHING):
        self.now = now
        self.points: dict[int, Heard] = {}
        self.rules = [Held(rule, now) for rule in sorted(rules, key=lambda rule: (rule.point, rule.id))]
        self.calendars = {one.id: one for one in beside.calendars}
        self.computed = {one.point: one for one in sorted(beside.computed, key=lambda one: one.point)}
        self.made = dict.fromkeys(self.computed, 0)
        self.touched = set(self.computed)
        self.told: list[Told] = []

    def entry(self, now: int, rows: list[tuple[int, int, float, int]]) -> list[Told]:
        """Rows are (point, ts, value, quality)."""
        self.told, self.now = [], now
        for held in self.rules:
            self._advance(held)
        for point, ts, value, quality in rows:
            self._reading(point, ts, value, quality)
        self.touched |= {one.point for one in self.computed.values() if {row[0] for row in rows} & set(one.members)}
        for point, ts, value in [made for one in self.computed.values() if (made := self._value(one))]:
            self._reading(point, ts, value, 0)
        return self.told

    # --- time --------------------------------------------------------------------------------------------------------
    def _advance(self, held: Held) -> None:
        rule, now = held.rule, self.now
        if not self._open(held, now):
            self._rest(held, now)
        elif rule.kind == "SILENCE":
            lost = self._lost(held)
            sure = held.entered + int(rule.off_delay * SECOND)
            if held.phase == "quiet" and now >= lost:
                self._raise(held, lost, self._heard(rule.point).value)
            elif held.phase == "leaving" and now >= lost and lost < sure:
                self._again(held, lost, self._heard(rule.point).value)
            elif held.phase == "leaving" and now >= sure:
                self._clear(held, sure, self._heard(rule.point).value)
        elif held.phase == "pending" and now - held.entered >= rule.on_delay * SECOND:
            self._raise(held, held.since + int(rule.on_delay * SECOND), held.measured)
        elif held.phase == "leaving" and now - held.entered >= rule.off_delay * SECOND:
            self._clear(held, held.since + int(rule.off_delay * SECOND), held.measured)

    def _lost(self, held: Held) -> int:
        since = max(self._heard(held.rule.point).at, held.entered)
        if held.rule.calendar:
            at = self.now - self.now % MINUTE
            while self._open(held, at - MINUTE):
                at -= MINUTE
            since = max(since, at)
        return since + int(held.rule.silence * SECOND)

    def _open(self, held: Held, ts: int) -> bool:
        calendar: Calendar | None = self.calendars.get(held.rule.calendar)
        return calendar is None or calendar.open_at(ts)

    def _rest(self, held: Held, at: int) -> None:
        if held.phase in ("active", "leaving"):
            ends = held.raised
            if self._open(held, ends):
                ends -= ends % MINUTE
                while self._open(held, ends):
                    ends += MINUTE
                at = min(at, ends)
            self._tell(held, "cleared", at, held.measured, "out-of-hours")
        held.phase = "quiet"

    # --- readings ----------------------------------------------------------------------------------------------------
    def _reading(self, point: int, ts: int, value: float, quality: int) -> None:
        heard = self._heard(point)
        heard.at = self.now
        news = heard.ts is None or ts >= heard.ts
        fit = not quality & Quality.UNFIT
        if fit:
            heard.all.append((ts, value))
        if news:
            heard.ts, heard.value, heard.quality = ts, value, quality
            heard.news.append((ts, fit))
        for held in [one for one in self.rules if one.rule.point == point]:
            if held.rule.kind == "SILENCE":
                if held.phase == "active":
                    self._leave(held, self.now, value)
            elif news and fit and (measured := self._measured(held.rule, heard)) is not None:
                if self._open(held, ts):
                    self._limit(held, ts, measured)
                else:
                    self._rest(held, ts)

    def _measured(self, rule: Rule, heard: Heard) -> float | None:
        if rule.of == "VALUE":
            return heard.value
        if rule.of == "BITS":
            return float(bool(int(heard.value) & int(rule.limit)))
        if rule.of == "RANGE":
            return float(bool(heard.quality & Quality.OUT_OF_RANGE))
        if rule.of == "DIFFERENCE":
            other = self._heard(rule.other)
            return None if other.ts is None else float(np.float32(heard.value - other.value))
        window = int(rule.window * SECOND)
        width = window // PARTS
        newest = heard.ts // width
        inside = [(ts, value) for ts, value in heard.all if newest - PARTS < ts // width <= newest]
        values = [value for _, value in inside]
        oldest = min(ts // width for ts, _ in inside)
        begun, before = None, heard.news[0][0]
        for at, fit in heard.news:
            if fit and (begun is None or at - before > window):
                begun = at
            before = at
        full = heard.ts - begun >= window
        if rule.of == "CHANGE":
            return heard.value - next(value for ts, value in inside if ts // width == oldest)
        if not full and not (rule.of in ("SUM", "SPREAD") and rule.kind in ("H", "HH")):
            return None
        made = {"SPREAD": max(values) - min(values), "SUM": sum(values), "MEAN": sum(values) / len(values)}
        return float(np.float32(made[rule.of]))

    def _limit(self, held: Held, ts: int, value: float) -> None:
        rule, before = held.rule, held.measured
        held.measured = value
        if held.phase == "pending" and ts - held.since >= rule.on_delay * SECOND:
            self._raise(held, held.since + int(rule.on_delay * SECOND), before)
        elif held.phase == "leaving" and ts - held.since >= rule.off_delay * SECOND:
            self._clear(held, held.since + int(rule.off_delay * SECOND), before)
        if rule.of in BITWISE:
            over, under = value > 0, value == 0
        elif rule.kind in ("H", "HH"):
            over, under = value >= rule.limit, value < rule.limit - rule.deadband
        else:
            over, under = value <= rule.limit, value > rule.limit + rule.deadband
        if held.phase == "quiet" and over:
            if rule.on_delay:
                held.phase, held.since, held.entered = "pending", ts, self.now
            else:
                self._raise(held, ts, value)
        elif held.phase == "pending" and not over:
            held.phase = "quiet"
        elif held.phase == "active" and under:
            self._leave(held, ts, value)
        elif held.phase == "leaving" and over:
            self._again(held, ts, value)

    # --- computed points ---------------------------------------------------------------------------------------------
    def _value(self, one: Computed) -> tuple[int, int, float] | None:
        due = self.now - self.made[one.point] >= one.every * SECOND
        if not due or not (one.fresh or one.point in self.touched):
            return None
        self.made[one.point] = self.now
        self.touched.discard(one.point)
        spoken = [heard for member in one.members if (heard := self._heard(member)).ts is not None]
        counted = [
            heard.value
            for heard in spoken
            if not heard.quality & (Quality.OUT_OF_RANGE | Quality.UNFIT)
            and (not one.fresh or self.now - heard.at <= one.fresh * SECOND)
        ]
        if not spoken or (not counted and one.how not in ("COUNT", "HEARD")):
            return None
        over = sum(value <= one.limit if one.below else value >= one.limit for value in counted)
        value = {
            "MEAN": lambda: sum(counted) / len(counted),
            "MAX": lambda: max(counted),
            "MIN": lambda: min(counted),
            "SUM": lambda: sum(counted),
            "COUNT": lambda: over,
            "HEARD": lambda: len(counted),
        }[one.how]()
        return one.point, max(heard.ts for heard in spoken), float(np.float32(value))

    # --- what is told ------------------------------------------------------------------------------------------------
    def _heard(self, point: int) -> Heard:
        return self.points.setdefault(point, Heard())

    def _raise(self, held: Held, ts: int, value: float) -> None:
        held.phase, held.raised, held.count = "active", ts, 1
        self._tell(held, "raised", ts, value)

    def _again(self, held: Held, ts: int, value: float) -> None:
        held.phase, held.count = "active", held.count + 1
        if held.count.bit_count() == 1:
            self._tell(held, "worsened", ts, value)

    def _leave(self, held: Held, ts: int, value: float) -> None:
        if not held.rule.off_delay:
            self._clear(held, ts, value)
            return
        held.phase, held.since, held.entered = "leaving", ts, self.now
        if held.count.bit_count() == 1:
            self._tell(held, "eased", ts, value)

    def _clear(self, held: Held, ts: int, value: float) -> None:
        held.phase = "quiet"
        self._tell(held, "cleared", ts, value)

    def _tell(self, held: Held, transition: str, ts: int, value: float, reason: str = "") -> None:
        self.told.append((transition, held.rule.id, ts, value, held.raised, held.count, reason))
