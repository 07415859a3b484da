"""A shard's rules and their state, kept together: rulebook pages in, readings in, transitions out.

Everything here is a function of what went in, in the order of the stream: two workers that read the same messages
hold the same state and find the same transitions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anlan.columns.readings import EMPTY, PAGE_BITS, Quality, Readings
from anlan.telemetry import book
from anlan.telemetry.rules import kernel, windows
from anlan.telemetry.rules.kernel import Points, Rules, State
from anlan.telemetry.rules.windows import Windows

PAUSE = 5_000_000
"""Stream time without any entry, in microseconds, after which the gateway itself was away: no device is silent for
that. None where the stream time is that of an archive, which has no gateway."""
CLOCK_SET = 978_307_200_000_000
"""2001-01-01: a reading before it comes from a clock that was never set (1970, 1980 and 2000 are where clocks
begin)."""
ROOM = 16_384
"""Transitions taken from the kernel at one time."""
RULE_STATE = {"phase": "u1", "since": "<i8", "entered": "<i8", "raised": "<i8", "count": "<u4", "measured": "<f4"}


WATCHED = ("rule", "point", "kind", "of", "window", "other")
"""What makes a rule the same rule when its page comes anew."""
WINDOWED = [book.QUANTITIES.index(name) for name in book.WINDOWED]


def _keys(rules: dict[str, np.ndarray], rows: np.ndarray | slice = slice(None)) -> list[tuple]:
    """For each rule its number and what it watches."""
    return list(zip(*(rules[name][rows].tolist() for name in WATCHED), strict=True))


@dataclass(frozen=True, slots=True)
class Transition:
    """What an episode did. Times in microseconds UTC; ``reason`` says why when no reading did it."""

    transition: str
    rule: int
    point: int
    kind: str
    level: int
    value: float
    limit: float
    ts: int
    raised: int
    count: int
    reason: str = ""
    of: str = "VALUE"


class Shard:
    def __init__(self, number: int, shards: int, pause: int | None = PAUSE):
        self.number, self.shards, self.pause = number, shards, pause
        self.now = 0
        """Stream time of the last entry, microseconds."""
        self.late = 0
        self.versions: dict[int, int] = {}
        """Rulebook page -> version in force."""
        self.rules = book.empty_rules()
        """Columns of all pages together, sorted by point and rule."""
        self.state = State(*(np.empty(0, dtype) for dtype in RULE_STATE.values()))
        self.windows, self._windowed = windows.empty(0), []
        self.slots = 0
        self.points = self._grown(None, 0)
        self._arrange()

    # --- what goes in ---------------------------------------------------------------------------------------------
    def entry(self, now: int, batch: Readings = EMPTY, received: int = 0) -> Iterator[Transition]:
        """One entry of the stream, stored at ``now``; ``received`` stands in for clocks that cannot be right.

        Run the iterator to its end before the next entry.
        """
        yield from self._advance(now)
        if len(batch):
            yield from self._judge(batch, received or now)

    def replace_page(self, now: int, number: int, version: int, rules: dict[str, np.ndarray]) -> Iterator[Transition]:
        """The rules of one rulebook page change. What did not change keeps its state; what went ends its episode."""
        if version <= self.versions.get(number, 0) or number % self.shards != self.number:
            return
        yield from self._advance(now)
        rules = book.whole_rules(rules)
        own = (self.rules["point"] >> PAGE_BITS) == number
        yield from self._ended(own, rules)
        kept = {name: column[~own] for name, column in self.rules.items()}
        carried = self._carried(own, rules)
        stay = [column[~own] for column in self.state]
        order_of = np.concatenate([kept["point"], rules["point"]]), np.concatenate([kept["rule"], rules["rule"]])
        order = np.lexsort((order_of[1], order_of[0]))
        self.rules = {name: np.concatenate([kept[name], rules[name]])[order] for name in kept}
        self.state = State(*(np.concatenate(pair)[order] for pair in zip(stay, carried, strict=True)))
        self.versions[number] = version
        self._arrange()

    def restore(
        self,
        now: int,
        versions: dict[int, int],
        rules: dict[str, np.ndarray],
        state: State,
        points: dict[str, np.ndarray],
        kept: Windows | None = None,
    ) -> None:
        """Become what a snapshot says."""
        self.now, self.versions, self.rules, self.state = now, versions, rules, state
        self._windowed = self._windowed_now()
        self.windows = kept if kept and len(kept.begun) == len(self._windowed) else windows.empty(len(self._windowed))
        slot = points["slot"].astype(np.int64)
        self._grow(int(slot.max(initial=-1)) + 1)
        for name in ("heard", "ts", "value", "quality"):
            getattr(self.points, name)[slot] = points[name]

    # --- inside ---------------------------------------------------------------------------------------------------
    def _advance(self, now: int) -> Iterator[Transition]:
        now = max(now, self.now)
        if self.pause and self.now and now - self.now > self.pause:
            self._pause(now - self.now)
        self.now = now
        row, last = 0, len(self.rules["rule"])
        while row < last:
            row, count = kernel.advance(now, row, self.points, self._rules, self.state, self._found)
            yield from self._told(count)

    def _pause(self, missed: int) -> None:
        """The gateway was away for this long: silence and delays counted in stream time stand still meanwhile."""
        heard = self.points.heard
        heard[heard > 0] += missed
        self.state.entered[self.state.entered > 0] += missed

    def _judge(self, batch: Readings, received: int) -> Iterator[Transition]:
        slot = self.slot_of(batch.point)
        if slot.max() >= self.slots:
            self._grow(int(slot.max()) + 1)
        astray = ((batch.quality & Quality.CLOCK_FUTURE) != 0) | (batch.ts < CLOCK_SET)
        # Fresh arrays: those of a page are read-only, a type of its own for which the kernel would be compiled again.
        ts, value, quality = np.where(astray, received, batch.ts), batch.value.copy(), batch.quality.copy()
        row = 0
        while row < len(batch):
            row, count, late = kernel.judge(
                self.now, row, slot, ts, value, quality, self.points, self._rules, self.state, self.windows, self._found
            )
            self.late += late
            yield from self._told(count)

    def _told(self, count: int) -> Iterator[Transition]:
        out = self._found
        for i in range(count):
            row = int(out.rule[i])
            yield self._transition(
                row, int(out.transition[i]), int(out.ts[i]), float(out.value[i]), int(out.raised[i]), int(out.count[i])
            )

    def _transition(
        self, row: int, transition: int, ts: int, value: float, raised: int, count: int, reason: str = ""
    ) -> Transition:
        rules = self.rules
        return Transition(
            kernel.TRANSITIONS[transition],
            int(rules["rule"][row]),
            int(rules["point"][row]),
            book.KINDS[rules["kind"][row]],
            int(rules["level"][row]),
            value,
            float(rules["limit"][row]),
            ts,
            raised,
            count,
            reason,
            book.QUANTITIES[rules["of"][row]],
        )

    def _ended(self, own: np.ndarray, rules: dict[str, np.ndarray]) -> Iterator[Transition]:
        """Active episodes of rules that are gone, or watch something else now."""
        coming = {key[0]: key for key in _keys(rules)}
        active = np.flatnonzero(own & (self.state.phase >= kernel.ACTIVE))
        for row, key in zip(active.tolist(), _keys(self.rules, active), strict=True):
            if coming.get(key[0]) == key:
                continue
            reason = "rule-changed" if key[0] in coming else "rule-removed"
            value = float(self.points.value[self._rules.slot[row]])
            raised, count = int(self.state.raised[row]), int(self.state.count[row])
            yield self._transition(row, kernel.CLEARED, self.now, value, raised, count, reason)

    def _carried(self, own: np.ndarray, rules: dict[str, np.ndarray]) -> list[np.ndarray]:
        """State for the page's new rules: that of the rule that watches the same, else a fresh one."""
        fresh = [np.zeros(len(rules["rule"]), dtype) for dtype in RULE_STATE.values()]
        fresh[list(RULE_STATE).index("entered")][:] = self.now
        rows = np.flatnonzero(own)
        before = dict(zip(_keys(self.rules, rows), rows.tolist(), strict=True))
        old = np.array([before.get(key, -1) for key in _keys(rules)], np.int64).reshape(-1)
        found = old >= 0
        for column, present in zip(fresh, self.state, strict=True):
            column[found] = present[old[found]]
        return fresh

    def slot_of(self, point: np.ndarray) -> np.ndarray:
        """A point's place in the arrays of its shard: pages of the shard one behind the other."""
        point = point.astype(np.int64)
        return ((point >> PAGE_BITS) // self.shards << PAGE_BITS) | (point & ((1 << PAGE_BITS) - 1))

    def point_of(self, slot: np.ndarray) -> np.ndarray:
        page = (slot >> PAGE_BITS) * self.shards + self.number
        return (page << PAGE_BITS | (slot & ((1 << PAGE_BITS) - 1))).astype(np.uint32)

    def _grow(self, slots: int) -> None:
        size = 1 << PAGE_BITS
        wanted = -(-slots // size) * size
        self.points, self.slots = self._grown(self.points, wanted), wanted
        self._arrange()

    @staticmethod
    def _grown(points: Points | None, slots: int) -> Points:
        grown = Points(
            np.zeros(slots, np.int64),
            np.full(slots, kernel.NEVER, np.int64),
            np.full(slots, np.nan, np.float32),
            np.zeros(slots, np.uint8),
            np.zeros(slots + 1, np.int64),
        )
        if points is not None:
            for column, before in zip(grown[:4], points[:4], strict=True):
                column[: len(before)] = before
        return grown

    def _arrange(self) -> None:
        """Lay the rules out for the kernel after rules or points came."""
        slot = self.slot_of(self.rules["point"])
        if len(slot) and slot.max() >= self.slots:
            size = 1 << PAGE_BITS
            self.slots = (int(slot.max()) // size + 1) * size
            self.points = self._grown(self.points, self.slots)
        order = np.argsort(slot, kind="stable")
        if not np.array_equal(order, np.arange(len(order))):
            self.rules = {name: column[order] for name, column in self.rules.items()}
            self.state = State(*(column[order] for column in self.state))
            slot = slot[order]
        self.points.first[:] = np.searchsorted(slot, np.arange(self.slots + 1))
        self._arrange_windows()
        names = ("kind", "limit", "deadband", "on_delay", "off_delay", "silence", "of", "window")
        plain = (np.ascontiguousarray(self.rules[name]) for name in names)
        self._rules = Rules(slot, *plain, self.slot_of(self.rules["other"]), self._cells())
        most = int(np.diff(self.points.first).max(initial=0))
        self._found = kernel.found(max(ROOM, 4 * most))

    def _windowed_now(self) -> list[tuple]:
        """Which rules have a window, in the order of the rules."""
        return _keys(self.rules, np.flatnonzero(np.isin(self.rules["of"], WINDOWED)))

    def _arrange_windows(self) -> None:
        """Each windowed rule its window: the one it had, or an empty one."""
        wanted = self._windowed_now()
        if wanted == self._windowed:
            return
        before = {key: place for place, key in enumerate(self._windowed)}
        old = np.array([before.get(key, -1) for key in wanted], np.int64).reshape(-1)
        fresh, kept = windows.empty(len(wanted)), old >= 0
        for column, present in zip(fresh, self.windows, strict=True):
            column[kept] = present[old[kept]]
        self.windows, self._windowed = fresh, wanted

    def _cells(self) -> np.ndarray:
        cells = np.full(len(self.rules["of"]), -1, np.int64)
        windowed = np.isin(self.rules["of"], WINDOWED)
        cells[windowed] = np.arange(np.count_nonzero(windowed))
        return cells

    def latest(self, heard_after: int = 0) -> Readings:
        """The newest reading of every point heard since this stream time."""
        slots = np.flatnonzero(self.points.heard > heard_after)
        return Readings(
            self.point_of(slots), self.points.ts[slots], self.points.value[slots], self.points.quality[slots]
        )
