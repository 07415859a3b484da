"""Old readings become minutes, old minutes become hours: mean, lowest, highest, number and flags of each.

An hour of the archive is thinned in one transaction: its rows are summed up with what had been thinned of that hour
before, and go. So whenever it stops, and however late a reading comes, every reading is counted once: raw, in its
minute or in its hour.
"""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb

from anlan.telemetry.archive import lake
from anlan.telemetry.settings import Settings

SLICE = timedelta(hours=1)
SLICES_A_ROUND = 48
"""More are left to the next round, so that readings do not wait for long."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """Rows of one table into another, and where a row of the first goes."""

    table: str
    into: str
    width: str
    rows: str


STEPS = (
    Step(
        "readings",
        "minutes",
        "minute",
        # The later arrival of two readings of one point and instant counts, as everywhere.
        "SELECT point, ts, arg_max(value, arrived)::DOUBLE AS total, 1::UBIGINT AS count,"
        " arg_max(value, arrived) AS low, arg_max(value, arrived) AS high, arg_max(quality, arrived) AS quality"
        " FROM readings WHERE ts >= $begin AND ts < $end GROUP BY point, ts",
    ),
    Step(
        "minutes",
        "hours",
        "hour",
        "SELECT point, ts, total, count, low, high, quality FROM minutes WHERE ts >= $begin AND ts < $end",
    ),
)
SUM_UP = """
    SELECT point, date_trunc('{width}', ts) AS ts, sum(total) AS total, sum(count)::UBIGINT AS count, min(low) AS low,
           max(high) AS high, bit_or(quality) AS quality
    FROM (SELECT * FROM {into} WHERE ts >= $begin AND ts < $end UNION ALL {rows}) GROUP BY ALL
"""


def thin(connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime) -> dict[str, int]:
    """One round: what is older than the settings allow becomes coarser, hour by hour, the oldest first.

    Answers how many rows left each table."""
    kept = (settings.archive_raw_days, settings.archive_minute_days)
    gone = {step.table: _thinned(connection, step, days, now) for step, days in zip(STEPS, kept, strict=True) if days}
    if settings.archive_hour_days:
        gone["hours"] = _dropped(connection, _hour(now - settings.archive_hour_days * DAY))
    if any(gone.values()):
        for table in gone:
            connection.execute(f"CALL ducklake_rewrite_data_files('{lake.NAME}', '{table}')")
    return gone


def _thinned(connection: duckdb.DuckDBPyConnection, step: Step, days: int, now: datetime) -> int:
    before, gone = _hour(now - days * DAY), 0
    for _ in range(SLICES_A_ROUND):
        (oldest,) = connection.execute(f"SELECT min(ts) FROM {step.table} WHERE ts < ?", [before]).fetchone()
        if oldest is None:
            break
        gone += _slice(connection, step, _hour(oldest))
    return gone


def _slice(connection: duckdb.DuckDBPyConnection, step: Step, begin: datetime) -> int:
    """One hour, wholly or not at all. Rows that arrive meanwhile are of the next round."""
    span = {"begin": begin, "end": begin + SLICE}
    within = "{table} WHERE ts >= $begin AND ts < $end"
    connection.execute("BEGIN")
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE summed AS {SUM_UP.format(width=step.width, into=step.into, rows=step.rows)}",
            span,
        )
        connection.execute(f"DELETE FROM {within.format(table=step.into)}", span)
        connection.execute(f"INSERT INTO {step.into} SELECT * FROM temp.summed ORDER BY point, ts")
        (gone,) = connection.execute(f"DELETE FROM {within.format(table=step.table)}", span).fetchone()
        connection.execute("DROP TABLE temp.summed")
        connection.execute("COMMIT")
    except duckdb.Error:
        with contextlib.suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    return gone


def _dropped(connection: duckdb.DuckDBPyConnection, before: datetime) -> int:
    return connection.execute("DELETE FROM hours WHERE ts < ?", [before]).fetchone()[0]


def _hour(moment: datetime) -> datetime:
    """The full hour before a moment, as the lake writes instants: UTC without a zone."""
    moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return moment.replace(minute=0, second=0, microsecond=0)
