"""A shard's rules and their state, kept together: rulebook pages in, readings in, transitions out.

Everything here is a function of what went in, in the order of the stream: two workers that read the same messages
hold the same state and find the same transitions.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from anlan.columns.readings import EMPTY, PAGE_BITS, Quality, Readings, shard_of
from anlan.telemetry import book
from anlan.telemetry.book import NOTHING, Beside
from anlan.telemetry.computed import Computed
from anlan.telemetry.rules import groups, kernel, windows
from anlan.telemetry.rules.hours import hours
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
TOLD = ("rule", "point", "kind", "level", "limit", "of", "version")
"""Of a rule, what a transition says."""
WINDOWED = [book.QUANTITIES.index(name) for name in book.WINDOWED]


def window_keys(rules: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The windows these rules need, sorted, each as point + i * length; and for each rule its window's place or -1."""
    windowed = np.flatnonzero(np.isin(rules["of"], WINDOWED))
    needed = rules["point"][windowed] + 1j * rules["window"][windowed]
    keys, place = np.unique(needed, return_inverse=True)
    cells = np.full(len(rules["of"]), -1, np.int64)
    cells[windowed] = place
    return keys, cells


def leads(cells: np.ndarray) -> np.ndarray:
    """Of the rules that share a window, the first: one flag a rule."""
    first = np.zeros(len(cells), np.uint8)
    first[np.unique(cells, return_index=True)[1]] = 1
    return first & (cells >= 0)


def _keys(rules: dict[str, np.ndarray], rows: np.ndarray | slice = slice(None)) -> list[tuple]:
    """For each rule its number and what it watches."""
    return list(zip(*(rules[name][rows].tolist() for name in WATCHED), strict=True))


class Transition(NamedTuple):
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
    version: int = 1


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
        self.beside: dict[int, Beside] = {}
        """Rulebook page -> its computed points and calendars."""
        self.windows, self._windowed = windows.empty(0), np.empty(0, complex)
        self._groups = groups.groups([], self.slot_of, 0, {})
        self._stale = True
        self.slots = 0
        self.points = self._grown(None, 0)
        self._arrange()

    # --- what goes in ---------------------------------------------------------------------------------------------
    def entry(self, now: int, batch: Readings = EMPTY, received: int = 0, sent: int = 0) -> Iterator[Transition]:
        """One entry of the stream, stored at ``now``. ``received``, when its first reading came in, stands in for a
        clock that cannot be right; ``sent``, when all had, tells whether the gateway's own was put back.

        Run the iterator to its end before the next entry.
        """
        yield from self._advance(now)
        if len(batch):
            yield from self._take(batch, received or now, sent or received or now)
        if len(self._groups.slot):
            yield from self._combine()

    def replace_page(
        self, now: int, number: int, version: int, rules: dict[str, np.ndarray], beside: Beside = NOTHING
    ) -> Iterator[Transition]:
        """The rules of one rulebook page change. What did not change keeps its state; what went ends its episode."""
        if version <= self.versions.get(number, 0) or number % self.shards != self.number:
            return
        if now > self.now:
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
        self.versions[number], self.beside[number] = version, beside
        # Laid out when the next entry comes: at a start the pages come one behind the other.
        self._stale = True

    def restore(
        self,
        now: int,
        versions: dict[int, int],
        rules: dict[str, np.ndarray],
        state: State,
        points: dict[str, np.ndarray],
        kept: Windows,
        beside: dict[int, Beside],
        made: dict[int, tuple[int, int]],
    ) -> None:
        """Become what a snapshot says; ``made``: by computed point, when its last value was made and whether a member
        was heard since."""
        self.now, self.versions, self.rules, self.state, self.beside = now, versions, rules, state, beside
        self._windowed, self.windows = window_keys(rules)[0], kept
        slot = points["slot"].astype(np.int64)
        self._hold(int(slot.max(initial=-1)))
        self._arrange(made)
        for name in ("heard", "ts", "value", "quality"):
            getattr(self.points, name)[slot] = points[name]

    def settle(self) -> None:
        """Lays out what came since the last entry."""
        if self._stale:
            self._arrange()

    # --- inside ---------------------------------------------------------------------------------------------------
    def _advance(self, now: int) -> Iterator[Transition]:
        self.settle()
        if self.pause and self.now and abs(now - self.now) > self.pause:
            self._pause(now - self.now)
        else:
            now = max(now, self.now)
        self.now = now
        if now < self._due:
            return
        row, last, self._due = 0, len(self.rules["rule"]), kernel.LONG
        while row < last:
            row, count, self._due = kernel.advance(
                now, row, self._due, self.points, self._rules, self.state, self._hours, self._found
            )
            yield from self._told(count)

    def _pause(self, missed: int) -> None:
        """The gateway was away for this long, or the stream's clock was put on, or back: what is counted in stream time
        stands still meanwhile."""
        for counted in (self.points.heard, self.state.entered):
            counted[counted > 0] += missed
        np.minimum(self._groups.made, self.now + missed, out=self._groups.made)
        self._due = 0

    def _take(self, batch: Readings, received: int, sent: int) -> Iterator[Transition]:
        slot = self.slot_of(batch.point)
        if self._hold(int(slot.max())):
            self._arrange()
        astray = ((batch.quality & Quality.CLOCK_FUTURE) != 0) | (batch.ts < CLOCK_SET)
        # Fresh arrays: those of a page are read-only, a type of its own for which the kernel would be compiled again.
        ts = np.where(astray, received, batch.ts)
        yield from self._judge(sent, slot, ts, batch.value.copy(), batch.quality.copy())
        if len(self._groups.slot):
            groups.touch(slot, self._groups)

    def _judge(
        self, sent: int, slot: np.ndarray, ts: np.ndarray, value: np.ndarray, quality: np.ndarray
    ) -> Iterator[Transition]:
        row, state = 0, (self.points, self._rules, self.state, self.windows, self._hours, self._found)
        while row < len(slot):
            row, count, late, self._due = kernel.judge(self.now, sent, row, self._due, slot, ts, value, quality, *state)
            self.late += late
            yield from self._told(count)

    def _combine(self) -> Iterator[Transition]:
        """Values of computed points that are due, judged as readings are."""
        size = len(self._groups.slot)
        slot, ts, value = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.float32)
        count = groups.combine(self.now, self.points, self._groups, slot, ts, value)
        if count:
            yield from self._judge(self.now, slot[:count], ts[:count], value[:count], np.zeros(count, np.uint8))

    def _told(self, count: int) -> Iterator[Transition]:
        if count:
            row, what, *rest = (column[:count] for column in self._found)
            yield from self._transitions(row, what, *rest, [kernel.REASONS[one] for one in what.tolist()])

    def _transitions(self, row, what, ts, value, raised, count, reason: list[str]) -> Iterator[Transition]:
        """Of rows of the rules: column by column, for in a storm there are thousands."""
        rules = {name: column[row].tolist() for name, column in self.rules.items() if name in TOLD}
        return map(
            Transition,
            (kernel.TRANSITIONS[one] for one in what.tolist()),
            rules["rule"],
            rules["point"],
            (book.KINDS[one] for one in rules["kind"]),
            rules["level"],
            value.tolist(),
            rules["limit"],
            ts.tolist(),
            raised.tolist(),
            count.tolist(),
            reason,
            (book.QUANTITIES[one] for one in rules["of"]),
            rules["version"],
        )

    def _ended(self, own: np.ndarray, rules: dict[str, np.ndarray]) -> Iterator[Transition]:
        """Active episodes of rules that are gone, or watch something else now."""
        coming = {key[0]: key for key in _keys(rules)}
        active = np.flatnonzero(own & (self.state.phase >= kernel.ACTIVE))
        keys = _keys(self.rules, active)
        over = np.array([coming.get(key[0]) != key for key in keys], bool)
        row = active[over]
        slot = self.slot_of(self.rules["point"][row])
        value = np.full(len(row), np.nan, np.float32)
        value[slot < self.slots] = self.points.value[slot[slot < self.slots]]
        reasons = ["rule-changed" if rule in coming else "rule-removed" for rule in self.rules["rule"][row].tolist()]
        what, now = np.full(len(row), kernel.CLEARED), np.full(len(row), self.now)
        yield from self._transitions(row, what, now, value, self.state.raised[row], self.state.count[row], reasons)

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

    def _hold(self, slot: int) -> bool:
        """Makes room for this slot, by whole pages; whether there was none."""
        if slot < self.slots:
            return False
        size = 1 << PAGE_BITS
        self.slots = (slot // size + 1) * size
        self.points = self._grown(self.points, self.slots)
        return True

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

    def _arrange(self, made: dict[int, tuple[int, int]] | None = None) -> None:
        """Lay the rules out for the kernel after rules or points came."""
        self._stale = False
        slot = self.slot_of(self.rules["point"])
        computed = self._computed()
        self._hold(int(slot.max(initial=-1)))
        for one in computed:
            self._hold(int(self.slot_of(np.array((one.point, *one.members))).max()))
        order = np.argsort(slot, kind="stable")
        if not np.array_equal(order, np.arange(len(order))):
            self.rules = {name: column[order] for name, column in self.rules.items()}
            self.state = State(*(column[order] for column in self.state))
            slot = slot[order]
        self.points.first[:] = np.searchsorted(slot, np.arange(self.slots + 1))
        calendars = {one.id: one for beside in self.beside.values() for one in beside.calendars}
        ids = np.array(sorted(calendars), np.int64)
        named = self.rules["calendar"].astype(np.int64)
        place = np.searchsorted(ids, named)
        self._hours = hours([calendars[id_] for id_ in ids.tolist()])
        cells = self._arrange_windows()
        names = ("kind", "limit", "deadband", "on_delay", "off_delay", "silence", "of", "window")
        columns = (np.ascontiguousarray(self.rules[name]) for name in names)
        other = self.slot_of(self.rules["other"])
        calendar = np.where(named > 0, place, -1)
        sort = kernel.plain(self.rules["kind"], self.rules["of"], calendar)
        self._rules = Rules(slot, *columns, other, cells, leads(cells), calendar, sort)
        held = self.made() if made is None else made
        self._groups = groups.groups(computed, self.slot_of, self.slots, held)
        most = int(np.diff(self.points.first).max(initial=0))
        self._found = kernel.found(max(ROOM, 4 * most))
        self._due = kernel.NEVER

    def _computed(self) -> list[Computed]:
        """The computed points of all pages, each with its members in this shard: those elsewhere are not seen here."""
        found = [one for number in sorted(self.beside) for one in self.beside[number].computed]
        here = [shard_of(np.array(one.members, np.int64), self.shards) == self.number for one in found]
        return [
            replace(one, members=tuple(np.array(one.members, np.int64)[mask].tolist()))
            for one, mask in zip(found, here, strict=True)
        ]

    def made(self) -> dict[int, tuple[int, int]]:
        """Of each computed point, when its last value was made and whether a member was heard since."""
        points = self.point_of(self._groups.slot).tolist()
        held = zip(self._groups.made.tolist(), self._groups.touched.tolist(), strict=True)
        return dict(zip(points, held, strict=True))

    def _arrange_windows(self) -> np.ndarray:
        """Each window the rules need: the one there was, or an empty one. Returns the cell of each rule."""
        wanted, cells = window_keys(self.rules)
        if not np.array_equal(wanted, self._windowed):
            fresh = windows.empty(len(wanted))
            _, now, before = np.intersect1d(wanted, self._windowed, assume_unique=True, return_indices=True)
            for column, present in zip(fresh, self.windows, strict=True):
                column[now] = present[before]
            self.windows, self._windowed = fresh, wanted
        return cells

    def latest(self, heard_after: int = 0) -> Readings:
        """The newest reading of every point heard since this stream time."""
        slots = np.flatnonzero(self.points.heard > heard_after)
        return Readings(
            self.point_of(slots), self.points.ts[slots], self.points.value[slots], self.points.quality[slots]
        )
