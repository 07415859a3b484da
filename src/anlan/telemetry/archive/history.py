"""The archive read: a point's past for a chart, the last known values, how much there is."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb
import numpy as np

from anlan.telemetry.archive import lake
from anlan.telemetry.settings import Settings

COLUMNS = {"point": "<u4", "ts": "<i8", "mean": "<f4", "low": "<f4", "high": "<f4", "count": "<u4", "quality": "u1"}
"""Of :meth:`History.read`: ``ts`` microseconds UTC, ``quality`` the flags of all readings in the row together."""

MOST_POINTS = 200

# The later arrival of two readings of one point and instant counts: row ids grow with arrival. What is older stands in
# minutes or hours, each once.
ALL = """
    SELECT point, epoch_us(ts) AS ts, arg_max(value, rowid)::DOUBLE AS total, 1::UBIGINT AS count,
           arg_max(value, rowid) AS low, arg_max(value, rowid) AS high, arg_max(quality, rowid) AS quality
    FROM readings WHERE {within} GROUP BY point, readings.ts
    UNION ALL SELECT point, epoch_us(ts), total, count, low, high, quality FROM minutes WHERE {within}
    UNION ALL SELECT point, epoch_us(ts), total, count, low, high, quality FROM hours WHERE {within}
"""
WITHIN = "point IN (SELECT unnest($points)) AND ts >= make_timestamp($first) AND ts < make_timestamp($last)"
EACH = f"""
    SELECT point, ts, (total / count)::FLOAT AS mean, low, high, count::UINTEGER AS count, quality
    FROM ({ALL.format(within=WITHIN)}) ORDER BY point, ts
"""
BUCKETS = f"""
    SELECT point, $first + bucket * $width AS ts, (sum(total) / sum(count))::FLOAT AS mean, min(low) AS low,
           max(high) AS high, sum(count)::UINTEGER AS count, bit_or(quality) AS quality
    FROM (SELECT *, (ts - $first) // $width AS bucket FROM ({ALL.format(within=WITHIN)}))
    GROUP BY point, bucket ORDER BY point, ts
"""
COUNT = f"""
    SELECT coalesce(max(n), 0) FROM (
        SELECT count(*) AS n FROM (
            SELECT point FROM readings WHERE {WITHIN} UNION ALL SELECT point FROM minutes WHERE {WITHIN}
            UNION ALL SELECT point FROM hours WHERE {WITHIN}) GROUP BY point)
"""
TOTAL = """
    SELECT (SELECT count(*) FROM readings) + (SELECT coalesce(sum(count), 0) FROM minutes)
         + (SELECT coalesce(sum(count), 0) FROM hours)
"""
LATEST = """
    SELECT point, epoch_us(max(ts)) AS ts, arg_max(value, (ts, rowid)) AS value, arg_max(quality, (ts, rowid)) AS
    quality FROM readings WHERE point IN (SELECT unnest(?)) AND ts >= make_timestamp(?) GROUP BY point ORDER BY point
"""


class History:
    """A reader of the archive; one connection, safe to call from several threads. Readers do not stop the writer."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._lock = threading.Lock()

    def read(
        self, points: Sequence[int], start: datetime, end: datetime, max_points: int = 2000
    ) -> dict[str, np.ndarray]:
        """The points' readings from ``start`` to before ``end`` as columns, sorted by point and time.

        When a point has more than ``max_points`` rows, all are drawn together into that many spans of equal length:
        their mean, lowest, highest and number, so that no peak is lost. Else every reading is its own row, or the
        minute or hour it has become part of.
        """
        if len(points) > MOST_POINTS:
            raise ValueError(f"{len(points)} points at once: the most is {MOST_POINTS}")
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("start and end need a time zone")
        first, last = _microseconds(start), _microseconds(end)
        wanted = {"points": list(map(int, points)), "first": first, "last": last}
        if not points or last <= first or max_points < 1:
            return {name: np.empty(0, dtype) for name, dtype in COLUMNS.items()}
        (most,) = self._asked(COUNT, wanted).fetchone() or (0,)
        if most <= max_points:
            found = self._asked(EACH, wanted).fetchnumpy()
        else:
            width = -(-(last - first) // max_points)
            found = self._asked(BUCKETS, wanted | {"width": width}).fetchnumpy()
        return {name: np.ascontiguousarray(found[name], dtype) for name, dtype in COLUMNS.items()}

    def latest(self, points: Sequence[int], since: datetime) -> dict[str, np.ndarray]:
        """The newest archived reading of each point since an instant: ``point, ts, value, quality``.

        A few seconds behind; the rule workers' ``latest.get.<shard>`` has the present moment.
        """
        found = self._asked(LATEST, [list(map(int, points)), _microseconds(since)]).fetchnumpy()
        kinds = {"point": "<u4", "ts": "<i8", "value": "<f4", "quality": "u1"}
        return {name: np.ascontiguousarray(found[name], kind) for name, kind in kinds.items()}

    def count(self) -> int:
        """How many readings the archive holds, those in minutes and hours included."""
        return int(self._asked(TOTAL, []).fetchone()[0])

    def _asked(self, question: str, values: list | dict) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                if not lake.exists(self._settings):
                    lake.opened(self._settings).close()
                self._connection = lake.opened(self._settings, read_only=True)
            # A cursor of its own: results of two threads do not meet.
            cursor = self._connection.cursor()
        cursor.execute(f"USE {lake.NAME}")
        return cursor.execute(question, values)


def _microseconds(instant: datetime) -> int:
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
