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

Chatter cannot flood: ``eased`` and ``worsened`` are told at the 1st, 2nd, 4th, 8th … activation of an episode only.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.columns.readings import Quality
from anlan.telemetry.rules import windows as over_time
from anlan.telemetry.rules.windows import BITS, DIFFERENCE, RANGE, SPREAD, SUM, VALUE

LL, L, H, HH, SILENCE = range(5)
QUIET, PENDING, ACTIVE, LEAVING = range(4)
RAISED, WORSENED, EASED, CLEARED = range(4)
TRANSITIONS = ("raised", "worsened", "eased", "cleared")

OUT_OF_RANGE = int(Quality.OUT_OF_RANGE)
UNFIT = int(Quality.UNFIT)
NEVER = np.iinfo(np.int64).min
"""Reading time of a point that was never heard."""


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
    """i64: the rule's place in the windows; -1 where it has none."""


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


@njit(cache=True, inline="always")
def _advance_silence(out, n, row, now, heard, value, rules, state):
    lost = max(heard, state.entered[row]) + rules.silence[row]
    sure = state.entered[row] + rules.off_delay[row]
    if state.phase[row] == QUIET and now >= lost:
        n = _raise(out, n, row, lost, value, state)
    elif state.phase[row] == LEAVING and now >= lost and lost < sure:
        n = _again(out, n, row, lost, value, state)
    elif state.phase[row] == LEAVING and now >= sure:
        n = _clear(out, n, row, sure, value, state)
    return n


@njit(cache=True)
def advance(now, first_row, points, rules, state, out):
    """Stream time has come to ``now``: delays that are over and silences. Returns ``(next row, transitions)``.

    Stops early when ``out`` may not hold the next rule's transitions; call again from the row returned.
    """
    n = 0
    for row in range(first_row, len(rules.slot)):
        if n == len(out.rule):
            return row, n
        phase, slot = state.phase[row], rules.slot[row]
        if rules.kind[row] == SILENCE:
            n = _advance_silence(out, n, row, now, points.heard[slot], points.value[slot], rules, state)
        elif phase == PENDING and now - state.entered[row] >= rules.on_delay[row]:
            n = _raise(out, n, row, state.since[row] + rules.on_delay[row], state.measured[row], state)
        elif phase == LEAVING and now - state.entered[row] >= rules.off_delay[row]:
            n = _clear(out, n, row, state.since[row] + rules.off_delay[row], state.measured[row], state)
    return len(rules.slot), n


@njit(cache=True, inline="always")
def _judge_silence(out, n, row, now, value, rules, state):
    if state.phase[row] == ACTIVE:
        n = _leave(out, n, row, now, now, value, rules.off_delay[row], state)
    return n


@njit(cache=True, inline="always")
def _quantity(row, ts, value, quality, points, rules, windows):
    """What is held against the rule's limit, and whether it can be yet."""
    of = rules.of[row]
    if of == BITS:
        return np.float32((np.int64(value) & np.int64(rules.limit[row])) != 0), True
    if of == RANGE:
        return np.float32((quality & OUT_OF_RANGE) != 0), True
    if of == DIFFERENCE:
        other = rules.other[row]
        return np.float32(value - points.value[other]), points.ts[other] != NEVER
    measured, full = over_time.quantity(of, rules.cell[row], ts, value, rules.window[row], windows)
    # A sum or a spread that is too much already need not wait for its window; what may yet come cannot make it less.
    return measured, full or (rules.kind[row] >= H and of in (SUM, SPREAD))


@njit(cache=True, inline="always")
def _judge_limit(out, n, row, ts, now, value, rules, state):
    # What a delay finished before this reading, with the value that held till then.
    held = state.measured[row]
    state.measured[row] = value
    if state.phase[row] == PENDING and ts - state.since[row] >= rules.on_delay[row]:
        n = _raise(out, n, row, state.since[row] + rules.on_delay[row], held, state)
    elif state.phase[row] == LEAVING and ts - state.since[row] >= rules.off_delay[row]:
        n = _clear(out, n, row, state.since[row] + rules.off_delay[row], held, state)

    limit, deadband = rules.limit[row], rules.deadband[row]
    if rules.of[row] == BITS or rules.of[row] == RANGE:
        over, under = value > 0, value == 0
    elif rules.kind[row] >= H:
        over, under = value >= limit, value < limit - deadband
    else:
        over, under = value <= limit, value > limit + deadband

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


@njit(cache=True)
def judge(now, first_row, slot, ts, value, quality, points, rules, state, windows, out):
    """One batch of readings at stream time ``now``. Returns ``(next row, transitions, readings out of order)``.

    Stops early when ``out`` may not hold the next reading's transitions; call again from the row returned. A rule
    makes at most two transitions of one reading.
    """
    n, late = 0, 0
    for row in range(first_row, len(slot)):
        s = slot[row]
        begin, end = points.first[s], points.first[s + 1]
        if n + 2 * (end - begin) > len(out.rule):
            return row, n, late
        points.heard[s] = now
        news = ts[row] >= points.ts[s]
        before = points.ts[s]
        if news:
            points.ts[s], points.value[s], points.quality[s] = ts[row], value[row], quality[row]
        else:
            late += 1
        for rule in range(begin, end):
            if rules.kind[rule] == SILENCE:
                n = _judge_silence(out, n, rule, now, value[row], rules, state)
                continue
            # What its device calls no measurement is a sign of life; no limit is held against it, no mean has it in.
            if quality[row] & UNFIT:
                continue
            measured, ready = value[row], news
            if rules.cell[rule] >= 0:
                if news:
                    over_time.begin(rules.cell[rule], ts[row], before, rules.window[rule], windows)
                over_time.add(rules.cell[rule], ts[row], value[row], rules.window[rule], windows)
            if news and rules.of[rule] != VALUE:
                measured, ready = _quantity(rule, ts[row], value[row], quality[row], points, rules, windows)
            if ready:
                n = _judge_limit(out, n, rule, ts[row], now, measured, rules, state)
    return len(slot), n, late
