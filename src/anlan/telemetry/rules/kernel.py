"""The rule kernel: what a batch of readings does to the state of the rules, and which transitions come of it.

State in, state out, nothing else: no clock, no stream. Time comes in two kinds, both from outside:

* **reading time** (``ts``): when the device measured. Delays are judged by it, so a replayed series gives what it
  gave live.
* **stream time** (``now``): when the stream stored the batch. It moves on without readings (the gateway's beat), so a
  delay ends and a silence is seen although nothing more arrives. It is the same for every worker that reads the stream.

A limit rule's phases::

    QUIET --over--> PENDING --on_delay--> ACTIVE --under--> LEAVING --off_delay--> QUIET
              <--not over--                      <--over--  (count + 1: the same episode)

with a delay of 0 the phase between is not stopped at. Between two readings the last one holds: what a delay has
finished is settled before the next reading is judged. A reading older than the point's newest is no news for limit
rules. Of a reading with an impossible clock the caller passes the time of reception.

What is held against the limit is the reading, or a quantity made of it (windows.py): that is the only difference.
A rule with a calendar is in force while its hours run (calendars.py). When they end, so does its episode; a silence is
counted from their beginning at the earliest.

Chatter cannot flood: ``eased`` and ``worsened`` are told at the 1st, 2nd, 4th, 8th … activation of an episode only.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.columns.readings import Quality
from anlan.telemetry.calendars import MINUTE
from anlan.telemetry.rules import windows as over_time
from anlan.telemetry.rules.hours import closes, is_open, opened
from anlan.telemetry.rules.windows import BITS, DIFFERENCE, RANGE, SPREAD, SUM, VALUE

LL, L, H, HH, SILENCE = range(5)
QUIET, PENDING, ACTIVE, LEAVING = range(4)
RAISED, WORSENED, EASED, CLEARED, ENDED = range(5)
TRANSITIONS = ("raised", "worsened", "eased", "cleared", "cleared")
REASONS = ("", "", "", "", "out-of-hours")

OUT_OF_RANGE = int(Quality.OUT_OF_RANGE)
UNFIT = int(Quality.UNFIT)
NEVER = np.iinfo(np.int64).min
"""Reading time of a point that was never heard."""
LONG = np.iinfo(np.int64).max
"""A stream time that does not come."""
AHEAD = 10_000_000
"""Microseconds by which a point's newest reading may be ahead of what comes in now: more, and whoever stamped it has
put the clock back since. No less, for devices whose clocks are a little fast send out of order too."""


class Points(NamedTuple):
    """Per slot (a point's place in the shard)."""

    heard: np.ndarray
    """i64: stream time of the last reading; 0 when there was none."""
    ts: np.ndarray
    """i64: reading time of the newest reading; NEVER when there was none."""
    value: np.ndarray
    """f32: of that reading."""
    quality: np.ndarray
    """u8: of that reading."""
    first: np.ndarray
    """i64, one longer: rules of slot s are rows ``first[s]`` to ``first[s + 1]``."""


class Rules(NamedTuple):
    """Per rule, sorted by slot."""

    slot: np.ndarray
    kind: np.ndarray
    limit: np.ndarray
    deadband: np.ndarray
    on_delay: np.ndarray
    off_delay: np.ndarray
    silence: np.ndarray
    of: np.ndarray
    window: np.ndarray
    other: np.ndarray
    """i64: slot of the point a DIFFERENCE is taken to."""
    cell: np.ndarray
    """i64: the place of its window; -1 where it has none."""
    leads: np.ndarray
    """u8: of the rules that share a window, the one that puts readings into it."""
    calendar: np.ndarray
    """i64: place of its calendar in the hours; -1 where it is always in force."""
    plain: np.ndarray
    """u8: UPPER or LOWER for a limit of the reading itself that is always in force, else 0."""


UPPER, LOWER = 1, 2


def plain(kind: np.ndarray, of: np.ndarray, calendar: np.ndarray) -> np.ndarray:
    """The column of :class:`Rules`, of these others (u8, u8, i64)."""
    sort = np.where(kind >= H, UPPER, LOWER).astype(np.uint8)
    return np.where((kind != SILENCE) & (of == VALUE) & (calendar < 0), sort, np.uint8(0))


class State(NamedTuple):
    """Per rule, beside :class:`Rules`."""

    phase: np.ndarray
    """u8."""
    since: np.ndarray
    """i64: reading time at which PENDING or LEAVING began."""
    entered: np.ndarray
    """i64: stream time of the same; of a silence rule at first, when it came into force."""
    raised: np.ndarray
    """i64: instant at which the present episode was raised."""
    count: np.ndarray
    """u32: activations in the present episode."""
    measured: np.ndarray
    """f32: what was last held against the limit."""


class Found(NamedTuple):
    """Transitions, in order; the kernel fills the first n rows."""

    rule: np.ndarray
    transition: np.ndarray
    ts: np.ndarray
    value: np.ndarray
    raised: np.ndarray
    count: np.ndarray


def found(size: int) -> Found:
    """Room for so many transitions."""
    return Found(
        np.empty(size, np.int64),
        np.empty(size, np.uint8),
        np.empty(size, np.int64),
        np.empty(size, np.float32),
        np.empty(size, np.int64),
        np.empty(size, np.uint32),
    )


@njit(cache=True, inline="always")
def _tell(out, n, row, transition, ts, value, state):
    out.rule[n] = row
    out.transition[n] = transition
    out.ts[n] = ts
    out.value[n] = value
    out.raised[n] = state.raised[row]
    out.count[n] = state.count[row]
    return n + 1


@njit(cache=True, inline="always")
def _raise(out, n, row, ts, value, state):
    state.phase[row] = ACTIVE
    state.raised[row] = ts
    state.count[row] = 1
    return _tell(out, n, row, RAISED, ts, value, state)


@njit(cache=True, inline="always")
def _clear(out, n, row, ts, value, state):
    state.phase[row] = QUIET
    return _tell(out, n, row, CLEARED, ts, value, state)


@njit(cache=True, inline="always")
def _round(count):
    """Whether this activation is told: the 1st, 2nd, 4th, 8th …"""
    return count & (count - 1) == 0


@njit(cache=True, inline="always")
def _leave(out, n, row, ts, now, value, off_delay, state):
    if off_delay == 0:
        return _clear(out, n, row, ts, value, state)
    state.phase[row] = LEAVING
    state.since[row] = ts
    state.entered[row] = now
    if _round(state.count[row]):
        return _tell(out, n, row, EASED, ts, value, state)
    return n


@njit(cache=True, inline="always")
def _again(out, n, row, ts, value, state):
    state.phase[row] = ACTIVE
    state.count[row] += 1
    if _round(state.count[row]):
        return _tell(out, n, row, WORSENED, ts, value, state)
    return n


@njit(cache=True)
def _end(out, n, row, ts, value, state):
    """The rule is out of its hours."""
    active = state.phase[row] >= ACTIVE
    state.phase[row] = QUIET
    return _tell(out, n, row, ENDED, ts, value, state) if active else n


@njit(cache=True, inline="always")
def _lost(row, heard, rules, state, hours, now):
    """When a silence is due: counted from the last reading, or since it could be expected."""
    since = max(heard, state.entered[row])
    if rules.calendar[row] >= 0:
        since = max(since, opened(rules.calendar[row], now, hours))
    return since + rules.silence[row]


@njit(cache=True, inline="always")
def _advance_silence(out, n, row, now, lost, value, rules, state):
    sure = state.entered[row] + rules.off_delay[row]
    if state.phase[row] == QUIET and now >= lost:
        n = _raise(out, n, row, lost, value, state)
    elif state.phase[row] == LEAVING and now >= lost and lost < sure:
        n = _again(out, n, row, lost, value, state)
    elif state.phase[row] == LEAVING and now >= sure:
        n = _clear(out, n, row, sure, value, state)
    return n


@njit(cache=True)
def _due(row, now, lost, rules, state, hours):
    """The earliest stream time at which this rule may do something without a reading."""
    phase, due = state.phase[row], LONG
    if phase == PENDING:
        due = state.entered[row] + rules.on_delay[row]
    elif phase == LEAVING:
        due = state.entered[row] + rules.off_delay[row]
    if rules.kind[row] == SILENCE and phase != ACTIVE:
        due = min(due, lost)
    if rules.calendar[row] >= 0:
        if not is_open(rules.calendar[row], now, hours):
            due = min(due, (now // MINUTE + 1) * MINUTE if phase == QUIET else now)
        elif phase != QUIET:
            due = min(due, closes(rules.calendar[row], now, hours))
    return due


@njit(cache=True)
def advance(now, first_row, due, points, rules, state, hours, out):
    """Stream time has come to ``now``: delays that are over and silences. Returns ``(next row, transitions, due)``.

    ``due`` is the earliest stream time at which another call can find anything, as far as no reading comes before.
    Stops early when ``out`` may not hold the next rule's transitions; call again from the row and due returned.
    """
    n, room, rows = 0, len(out.rule), len(rules.slot)
    phases, kinds, calendars = state.phase, rules.kind, rules.calendar
    for row in range(first_row, rows):
        if n == room:
            return row, n, due
        phase, calendar = phases[row], calendars[row]
        # Nothing can befall these without a reading.
        if calendar < 0 and phase in (QUIET, ACTIVE) and (kinds[row] != SILENCE or phase == ACTIVE):
            continue
        slot, lost = rules.slot[row], LONG
        if calendar >= 0 and not is_open(calendar, now, hours):
            if phase != QUIET:
                n = _end(out, n, row, _closed(calendar, state, row, now, hours), state.measured[row], state)
        elif rules.kind[row] == SILENCE:
            lost = _lost(row, points.heard[slot], rules, state, hours, now)
            n = _advance_silence(out, n, row, now, lost, points.value[slot], rules, state)
        elif phase == PENDING and now - state.entered[row] >= rules.on_delay[row]:
            n = _raise(out, n, row, state.since[row] + rules.on_delay[row], state.measured[row], state)
        elif phase == LEAVING and now - state.entered[row] >= rules.off_delay[row]:
            n = _clear(out, n, row, state.since[row] + rules.off_delay[row], state.measured[row], state)
        due = min(due, _due(row, now, lost, rules, state, hours))
    return len(rules.slot), n, due


@njit(cache=True)
def _closed(calendar, state, row, now, hours):
    """The end of the hours in which the present phase was entered."""
    began = state.raised[row] if state.phase[row] >= ACTIVE else state.since[row]
    return min(now, closes(calendar, began, hours)) if is_open(calendar, began, hours) else now


@njit(cache=True)
def _judge_silence(out, n, row, now, value, rules, state):
    return _leave(out, n, row, now, now, value, rules.off_delay[row], state)


@njit(cache=True, inline="always")
def _beyond(of, kind, limit, deadband, value):
    """Whether the condition holds, and whether it has surely ended."""
    if of in (BITS, RANGE):
        return value > 0, value == 0
    if kind >= H:
        return value >= limit, value < limit - deadband
    return value <= limit, value > limit + deadband


@njit(cache=True)
def _judge_limit(out, n, row, ts, now, value, rules, state):
    # What a delay finished before this reading, with the value that held till then.
    held = state.measured[row]
    state.measured[row] = value
    if state.phase[row] == PENDING and ts - state.since[row] >= rules.on_delay[row]:
        n = _raise(out, n, row, state.since[row] + rules.on_delay[row], held, state)
    elif state.phase[row] == LEAVING and ts - state.since[row] >= rules.off_delay[row]:
        n = _clear(out, n, row, state.since[row] + rules.off_delay[row], held, state)

    over, under = _beyond(rules.of[row], rules.kind[row], rules.limit[row], rules.deadband[row], value)
    phase = state.phase[row]
    if phase == QUIET and over:
        if rules.on_delay[row] == 0:
            n = _raise(out, n, row, ts, value, state)
        else:
            state.phase[row], state.since[row], state.entered[row] = PENDING, ts, now
    elif phase == PENDING and not over:
        state.phase[row] = QUIET
    elif phase == ACTIVE and under:
        n = _leave(out, n, row, ts, now, value, rules.off_delay[row], state)
    elif phase == LEAVING and over:
        n = _again(out, n, row, ts, value, state)
    return n


@njit(cache=True, inline="always")
def _calm(phase, over, under):
    """Nothing changes by such a reading."""
    return (phase == QUIET and not over) or (phase == ACTIVE and not under)


@njit(cache=True)
def _begin_anew(begin, end, at, rules, state, windows):
    """What these rules count in readings' time counts from ``at`` on."""
    for rule in range(begin, end):
        if state.phase[rule] in (PENDING, LEAVING):
            state.since[rule] = at
        if rules.leads[rule]:
            over_time.forget(rules.cell[rule], windows.cells, windows.buckets)


@njit(cache=True)
def judge(now, sent, first_row, due, slot, ts, value, quality, points, rules, state, windows, hours, out):
    """One batch of readings at stream time ``now``, ``sent`` by the gateway's clock (both microseconds UTC).
    Returns ``(next row, transitions, readings out of order, due)``; ``due`` as of :func:`advance`.

    Stops early when ``out`` may not hold the next reading's transitions; call again from the row returned. A rule
    makes at most two transitions of one reading.
    """
    n, late, room = 0, 0, len(out.rule)
    # Each array by itself: taken out of its tuple anew for each rule it would cost more than the rule.
    first, newest, last, sure, heard = points.first, points.ts, points.value, points.quality, points.heard
    kinds, ofs, limits, deadbands, lengths = rules.kind, rules.of, rules.limit, rules.deadband, rules.window
    others, places, leads, calendars, plains = rules.other, rules.cell, rules.leads, rules.calendar, rules.plain
    phases, held, cells, buckets = state.phase, state.measured, windows.cells, windows.buckets
    for row in range(first_row, len(slot)):
        s, at, one = slot[row], ts[row], value[row]
        begin, end = first[s], first[s + 1]
        if n + 2 * (end - begin) > room:
            return row, n, late, due
        heard[s] = now
        before = newest[s]
        news, fit = at >= before, not quality[row] & UNFIT
        if news:
            newest[s], last[s], sure[s] = at, one, quality[row]
        elif before > sent + AHEAD:
            # The newest was stamped by a clock that has been put back since.
            news, newest[s], last[s], sure[s] = True, at, one, quality[row]
            _begin_anew(begin, end, at, rules, state, windows)
            before = at
        else:
            late += 1
        for rule in range(begin, end):
            phase = phases[rule]
            # Most rules are plain limits that nothing happens to: they are told by few bytes, for memory is the cost.
            if plains[rule]:
                if news and fit:
                    limit, band = limits[rule], deadbands[rule]
                    if plains[rule] == UPPER:
                        over, under = one >= limit, one < limit - band
                    else:
                        over, under = one <= limit, one > limit + band
                    if _calm(phase, over, under):
                        held[rule] = one
                    else:
                        n = _judge_limit(out, n, rule, at, now, one, rules, state)
                        if phases[rule] in (PENDING, LEAVING):
                            due = min(due, _due(rule, now, LONG, rules, state, hours))
                continue
            kind, of = kinds[rule], ofs[rule]
            if kind == SILENCE:
                if phase == ACTIVE:
                    n = _judge_silence(out, n, rule, now, one, rules, state)
                    due = min(due, _due(rule, now, now + rules.silence[rule], rules, state, hours))
                continue
            # What its device calls no measurement is a sign of life; no limit is held against it, no mean has it in.
            if not fit:
                continue
            if leads[rule]:
                if news:
                    over_time.begin(places[rule], at, before, lengths[rule], cells)
                over_time.add(places[rule], at, one, lengths[rule], cells, buckets)
            if not news:
                continue
            measured, ready = one, True
            if of == BITS:
                measured = np.float32((np.int64(one) & np.int64(limits[rule])) != 0)
            elif of == RANGE:
                measured = np.float32((quality[row] & OUT_OF_RANGE) != 0)
            elif of == DIFFERENCE:
                measured, ready = np.float32(one - last[others[rule]]), newest[others[rule]] != NEVER
            elif of != VALUE:
                measured, full = over_time.quantity(of, places[rule], at, one, lengths[rule], cells, buckets)
                # A sum or a spread that is too much already need not wait for its window: what may yet come cannot
                # make it less.
                ready = full or (kind >= H and of in (SUM, SPREAD))
            if not ready:
                continue
            calendar = calendars[rule]
            if calendar >= 0 and not is_open(calendar, at, hours):
                if phase != QUIET:
                    n = _end(out, n, rule, _closed(calendar, state, rule, at, hours), held[rule], state)
                continue
            over, under = _beyond(of, kind, limits[rule], deadbands[rule], measured)
            if _calm(phase, over, under):
                held[rule] = measured
                continue
            n = _judge_limit(out, n, rule, at, now, measured, rules, state)
            phase = phases[rule]
            if phase in (PENDING, LEAVING) or (calendar >= 0 and phase == ACTIVE):
                due = min(due, _due(rule, now, LONG, rules, state, hours))
    return len(slot), n, late, due
