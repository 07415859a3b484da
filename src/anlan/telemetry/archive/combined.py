"""The past of computed points (telemetry/computed.py), made from what the archive holds of their members: no value of
theirs is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from anlan.columns.readings import Quality
from anlan.telemetry.archive.history import COLUMNS, MOST_POINTS, History
from anlan.telemetry.computed import Computed

LEFT_OUT = int(Quality.OUT_OF_RANGE | Quality.UNFIT)
VALUES = ("low", "mean", "high")
FOLDS = {"MAX": np.fmax, "MIN": np.fmin}


def read(
    history: History,
    points: Sequence[int],
    computed: Sequence[Computed],
    start: datetime,
    end: datetime,
    max_points: int = 2000,
) -> dict[str, np.ndarray]:
    """As :meth:`History.read`, of points that are archived and of ``computed`` ones together."""
    pages = [_read(history, points, start, end, max_points)]
    for one in computed:
        made = combined(one, _read(history, one.members, start, end, max_points))
        pages.append(_drawn(made, max_points))
    order = np.lexsort((_joined(pages, "ts"), _joined(pages, "point")))
    return {name: _joined(pages, name)[order] for name in COLUMNS}


def combined(one: Computed, members: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The computed point's value at every instant at which a member was heard: each member stands for its newest row,
    if that is a measurement, in range and, with ``fresh``, no older. ``low`` and ``high`` are what the members' lowest
    and highest give, so the value lies between them; ``count`` is how many members counted. Before the first row of a
    member nothing is known of it."""
    ts = np.unique(members["ts"])
    heard, fold = np.zeros(len(ts), np.uint32), FOLDS.get(one.how, np.add)
    neutral = np.nan if one.how in FOLDS else 0.0
    found = {name: np.full(len(ts), neutral) for name in VALUES}
    for member in one.members:
        rows = slice(*np.searchsorted(members["point"], (member, member + 1)))
        if rows.start == rows.stop:
            continue
        newest = np.searchsorted(members["ts"][rows], ts, side="right") - 1
        counts, newest = newest >= 0, np.maximum(newest, 0)
        counts &= (members["quality"][rows][newest] & LEFT_OUT) == 0
        if one.fresh:
            counts &= ts - members["ts"][rows][newest] <= one.fresh * 1e6
        heard += counts
        for name in VALUES:
            value = _said(one, members[name][rows][newest].astype(float))
            found[name] = fold(found[name], np.where(counts, value, neutral))
    if one.how == "MEAN":
        found = {name: total / np.maximum(heard, 1) for name, total in found.items()}
    found["low"], found["high"] = np.fmin(found["low"], found["high"]), np.fmax(found["low"], found["high"])
    made = {"point": np.full(len(ts), one.point), "ts": ts, **found, "count": heard, "quality": np.zeros(len(ts))}
    there = (heard > 0) | (one.how in ("COUNT", "HEARD"))
    return {name: np.ascontiguousarray(made[name][there], dtype) for name, dtype in COLUMNS.items()}


def _said(one: Computed, value: np.ndarray) -> np.ndarray:
    """What a member's value adds."""
    if one.how == "HEARD":
        return np.ones(len(value))
    if one.how == "COUNT":
        return (value <= one.limit if one.below else value >= one.limit).astype(float)
    return value


def _read(history: History, points: Sequence[int], start, end, max_points: int) -> dict[str, np.ndarray]:
    parts = [points[at : at + MOST_POINTS] for at in range(0, len(points), MOST_POINTS)] or [[]]
    pages = [history.read(part, start, end, max_points) for part in parts]
    return {name: _joined(pages, name) for name in COLUMNS}


def _drawn(rows: dict[str, np.ndarray], most: int) -> dict[str, np.ndarray]:
    """No more rows than this: those of equal spans together, their lowest and highest kept."""
    if len(rows["ts"]) <= most:
        return rows
    ts = rows["ts"]
    width = -(-(int(ts[-1]) - int(ts[0]) + 1) // most)
    _, first, sizes = np.unique((ts - ts[0]) // width, return_index=True, return_counts=True)
    drawn = {name: rows[name][first] for name in COLUMNS}
    drawn["mean"] = (np.add.reduceat(rows["mean"].astype(float), first) / sizes).astype("<f4")
    drawn["low"], drawn["high"] = np.minimum.reduceat(rows["low"], first), np.maximum.reduceat(rows["high"], first)
    return drawn


def _joined(pages: Sequence[Mapping[str, np.ndarray]], name: str) -> np.ndarray:
    return np.concatenate([page[name] for page in pages])
