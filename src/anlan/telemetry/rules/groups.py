"""Computed points as the rule worker makes them: which readings touch which, and their values when they are due."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from anlan.columns.readings import Quality
from anlan.telemetry.computed import HOWS, Computed

MEAN, MAX, MIN, SUM, COUNT, HEARD = range(len(HOWS))
LEFT_OUT = int(Quality.OUT_OF_RANGE | Quality.UNFIT)


class Groups(NamedTuple):
    """Per computed point, as the kernel reads it; times in microseconds."""

    slot: np.ndarray
    how: np.ndarray
    limit: np.ndarray
    below: np.ndarray
    every: np.ndarray
    fresh: np.ndarray
    first: np.ndarray
    """i64, one longer: the members of group g are rows ``first[g]`` to ``first[g + 1]`` of ``member``."""
    member: np.ndarray
    """i64: slots."""
    made: np.ndarray
    """i64: stream time of the last value; 0 before the first."""
    touched: np.ndarray
    """u8: a member was heard since."""
    part: np.ndarray
    """i64, one a slot and one more: the groups of slot s are rows ``part[s]`` to ``part[s + 1]`` of ``group``."""
    group: np.ndarray


def groups(
    computed: list[Computed],
    slot_of: Callable[[np.ndarray], np.ndarray],
    slots: int,
    before: dict[int, tuple[int, int]],
) -> Groups:
    """The computed points laid out; ``before``: ``made`` and ``touched`` of those that were there already, by point."""
    members = [slot_of(np.array(one.members, np.int64)) for one in computed]
    member = np.concatenate([*members, np.empty(0, np.int64)]).astype(np.int64)
    sizes = np.array([len(one) for one in members], np.int64)
    owner = np.repeat(np.arange(len(computed)), sizes)
    order = np.argsort(member, kind="stable")
    held = np.array([before.get(one.point, (0, 1)) for one in computed], np.int64).reshape(-1, 2)
    return Groups(
        slot=slot_of(np.array([one.point for one in computed], np.int64)),
        how=np.array([HOWS.index(one.how) for one in computed], np.uint8),
        limit=np.array([one.limit for one in computed], np.float32),
        below=np.array([one.below for one in computed], np.uint8),
        every=np.array([round(one.every * 1e6) for one in computed], np.int64),
        fresh=np.array([round(one.fresh * 1e6) for one in computed], np.int64),
        first=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        member=member,
        made=held[:, 0].copy(),
        touched=held[:, 1].astype(np.uint8),
        part=np.searchsorted(member[order], np.arange(slots + 1)).astype(np.int64),
        group=owner[order].astype(np.int64),
    )


@njit(cache=True)
def touch(slot, groups):
    """These slots were heard."""
    for row in range(len(slot)):
        for place in range(groups.part[slot[row]], groups.part[slot[row] + 1]):
            groups.touched[groups.group[place]] = 1


@njit(cache=True)
def combine(now, points, groups, slot, ts, value):
    """The computed points that are due at stream time ``now``: fills the three columns, returns how many rows.

    The instant of a value is that of its newest member; of one whose members only grow old, it stays."""
    n = 0
    for g in range(len(groups.slot)):
        fresh = groups.fresh[g]
        if now - groups.made[g] < groups.every[g] or not (groups.touched[g] or fresh):
            continue
        groups.made[g], groups.touched[g] = now, 0
        heard, newest, over, total, low, high = 0, np.int64(0), 0, 0.0, np.float32(0), np.float32(0)
        for row in range(groups.first[g], groups.first[g + 1]):
            s = groups.member[row]
            when = points.heard[s]
            if when == 0:
                continue
            newest = max(newest, points.ts[s])
            if points.quality[s] & LEFT_OUT or (fresh and now - when > fresh):
                continue
            one = points.value[s]
            low = one if heard == 0 else min(low, one)
            high = one if heard == 0 else max(high, one)
            heard += 1
            total += one
            over += one <= groups.limit[g] if groups.below[g] else one >= groups.limit[g]
        how = groups.how[g]
        if newest == 0 or (heard == 0 and how < COUNT):
            continue
        slot[n], ts[n] = groups.slot[g], newest
        if how == MEAN:
            value[n] = total / heard
        elif how == MAX:
            value[n] = high
        elif how == MIN:
            value[n] = low
        elif how == SUM:
            value[n] = total
        elif how == COUNT:
            value[n] = over
        else:
            value[n] = heard
        n += 1
    return n
