"""The archive read: a point's past for a chart, the last known values, how much there is."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb
import numpy as np

from anlan.telemetry.archive import lake
from anlan.telemetry.settings import Settings

COLUMNS = {"point": "<u4", "ts": "<i8", "mean": "<f4", "low": "<f4", "high": "<f4", "count": "<u4", "quality": "u1"}
"""Of :meth:`History.read`: ``ts`` microseconds UTC, ``quality`` the flags of all readings in the row together."""

MOST_POINTS = 200
LOOK_AGAIN_SECONDS = 60.0
NEVER, HOUR = np.datetime64(0, "us"), np.timedelta64(1, "h")

# Of two readings of one point and instant the later arrival counts. To choose it takes as long as all the rest, so
# that is done only where any one has shown that there are two.
ANY, LATER = "max({})", "arg_max({}, arrived)"
RAW = """
    SELECT point, epoch_us(ts) AS ts, {value}::DOUBLE AS total, 1::UBIGINT AS count, {value} AS low, {value} AS high,
           {quality} AS quality, count(*) AS copies
    FROM readings WHERE {within} GROUP BY point, readings.ts
"""
SUMMED = "SELECT point, epoch_us(ts), total, count, low, high, quality, 1 AS copies FROM {table} WHERE {within}"
EACH = """
    SELECT point, ts, (total / count)::FLOAT AS mean, low, high, count::UINTEGER AS count, quality, copies
    FROM ({rows}) ORDER BY point, ts
"""
SPANS = """
    SELECT point, $first + span * $width AS ts, (sum(total) / sum(count))::FLOAT AS mean, min(low) AS low,
           max(high) AS high, sum(count)::UINTEGER AS count, bit_or(quality) AS quality, count(*) AS rows,
           max(copies) AS copies
    FROM (SELECT *, (ts - $first) // $width AS span FROM ({rows})) GROUP BY point, span ORDER BY point, ts
"""
TOTAL = """
    SELECT (SELECT count(*) FROM readings) + (SELECT coalesce(sum(count), 0) FROM minutes)
         + (SELECT coalesce(sum(count), 0) FROM hours) AS readings
"""
REACH = f"""
    SELECT table_name, max_value::TIMESTAMP AS reach FROM __ducklake_metadata_{lake.NAME}.ducklake_table_column_stats
    JOIN __ducklake_metadata_{lake.NAME}.ducklake_column AS field USING (table_id, column_id)
    JOIN __ducklake_metadata_{lake.NAME}.ducklake_table AS held USING (table_id)
    WHERE column_name = 'ts' AND max_value IS NOT NULL AND field.end_snapshot IS NULL AND held.end_snapshot IS NULL
"""
LATEST = """
    SELECT point, epoch_us(max(ts)) AS ts, arg_max(value, (ts, arrived)) AS value,
           arg_max(quality, (ts, arrived)) AS quality
    FROM readings WHERE point IN (SELECT unnest(?)) AND ts >= make_timestamp(?) GROUP BY point ORDER BY point
"""


class History:
    """A reader of the archive; one connection, safe to call from several threads. Readers do not stop the writer."""

    def __init__(self, settings: Settings):
        self._settings = settings
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        self._reach: dict[str, np.datetime64] = {}
        self._look_again = 0.0

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
        if not points or last <= first or max_points < 1:
            return {name: np.empty(0, dtype) for name, dtype in COLUMNS.items()}
        found = self._drawn(self._rows(points, first, ANY), first, last, max_points)
        if found["copies"].max(initial=1) > 1:
            found = self._drawn(self._rows(points, first, LATER), first, last, max_points)
        return {name: np.ascontiguousarray(found[name], dtype) for name, dtype in COLUMNS.items()}

    def _drawn(self, rows: str, first: int, last: int, max_points: int) -> dict[str, np.ndarray]:
        span, width = {"first": first, "last": last}, -(-(last - first) // max_points)
        found = self._asked(SPANS.format(rows=rows), span | {"width": width})
        if _most(found["point"], found["rows"]) <= max_points:
            found = self._asked(EACH.format(rows=rows), span)
        return found

    def _rows(self, points: Sequence[int], first: int, one: str) -> str:
        """The points' rows in all tables that hold any. What is older stands in minutes or hours, each reading once."""
        # Numbers written out: DuckDB leaves out files by them, not by a parameter's.
        within = f"point IN ({', '.join(str(int(one)) for one in points)})"
        within += " AND ts >= make_timestamp($first) AND ts < make_timestamp($last)"
        summed = [SUMMED.format(table=table, within=within) for table in self._thinned_tables(first)]
        raw = RAW.format(within=within, value=one.format("value"), quality=one.format("quality"))
        return " UNION ALL ".join([raw, *summed])

    def _thinned_tables(self, first: int) -> list[str]:
        """Which of minutes and hours may hold something: looking into one for nothing costs as much as all the rest. Of
        what the settings leave alone, only what other settings thinned before is there: up to an instant the catalogue
        knows."""
        now = time.monotonic()
        if now >= self._look_again:
            found = self._asked(REACH, [])
            self._reach = dict(zip(found["table_name"].tolist(), found["reach"], strict=True))
            self._look_again = now + LOOK_AGAIN_SECONDS
        age = (time.time() - first / 1e6) / 86_400
        kept = (self._settings.archive_raw_days, self._settings.archive_minute_days)
        due = {table: days > 0 and age > days - 1 for table, days in zip(("minutes", "hours"), kept, strict=True)}
        start = np.datetime64(first, "us")
        return [table for table, may_be in due.items() if may_be or self._reach.get(table, NEVER) >= start - HOUR]

    def latest(self, points: Sequence[int], since: datetime) -> dict[str, np.ndarray]:
        """The newest archived reading of each point since an instant: ``point, ts, value, quality``.

        A few seconds behind; the rule workers' ``latest.get.<shard>`` has the present moment.
        """
        found = self._asked(LATEST, [list(map(int, points)), _microseconds(since)])
        kinds = {"point": "<u4", "ts": "<i8", "value": "<f4", "quality": "u1"}
        return {name: np.ascontiguousarray(found[name], kind) for name, kind in kinds.items()}

    def count(self) -> int:
        """How many readings the archive holds, those in minutes and hours included."""
        return int(self._asked(TOTAL, [])["readings"][0])

    def _asked(self, question: str, values: list | dict) -> dict[str, np.ndarray]:
        try:
            return self._answered(question, values)
        except duckdb.CatalogException:
            # What a connection remembers of the lake's tables an upgrade may have dropped since.
            with self._lock:
                self._connection, self._idle = None, []
            return self._answered(question, values)

    def _answered(self, question: str, values: list | dict) -> dict[str, np.ndarray]:
        cursor = self._taken()
        found = cursor.execute(question, values).fetchnumpy()
        with self._lock:
            self._idle.append(cursor)  # one whose question failed is not asked again
        return found

    def _taken(self) -> duckdb.DuckDBPyConnection:
        """A cursor nobody uses: results of two threads do not meet. It is kept: a new one reads the catalogue anew."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if self._connection is None:
                if not lake.exists(self._settings):
                    lake.opened(self._settings).close()
                self._connection = lake.opened(self._settings, read_only=True)
            cursor = self._connection.cursor()
        cursor.execute(f"USE {lake.NAME}")
        return cursor


def _most(point: np.ndarray, rows: np.ndarray) -> int:
    """Rows of the point that has most."""
    return int(np.bincount(np.unique(point, return_inverse=True)[1], rows).max(initial=0))


def _microseconds(instant: datetime) -> int:
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
