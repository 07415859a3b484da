"""The archive as a DuckLake: a catalogue in SQLite or PostgreSQL, the readings in Parquet files.

``readings(point, ts, value, quality, arrived)`` holds one row a reading, sorted by point and time inside a file;
``arrived`` grows from commit to commit and says which of two readings of one point and instant came later: row ids do
not, for joining files numbers them anew. ``minutes`` and ``hours`` hold what became of older ones (thinning.py).
``positions(reader, sequence)`` says how far each reader of the stream has come; its rows are written in the transaction
of the readings they stand for, so the archive and its position cannot disagree, whenever the process is killed.

DuckDB loads its extensions from their wheels: no download, on any machine.
"""

import importlib
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from anlan.telemetry.settings import SettingProblem, Settings

NAME = "lake"
OPTIONS = {"target_file_size": "16MB", "parquet_version": "2", "parquet_compression": "zstd"}
"""The target is that of a file others were joined into: its rows, six to thirteen million, are sorted in the memory the
archive has. The second version writes instants as differences, in less than half a byte each where the first takes
seven; zstd sees that one point's instants are the next one's."""
INLINED_ROWS = 100
"""Commits of fewer rows stay in the catalogue till they are flushed: a file each would be litter. Above that a small
file costs less than the rows one by one."""

COLUMNS = "point UINTEGER, ts TIMESTAMP, value FLOAT, quality UTINYINT, arrived UINTEGER"
SUMMED = "point UINTEGER, ts TIMESTAMP, total DOUBLE, count UBIGINT, low FLOAT, high FLOAT, quality UTINYINT"
TABLES = (
    f"CREATE TABLE IF NOT EXISTS readings ({COLUMNS})",
    # For lakes of before it was there.
    "ALTER TABLE readings ADD COLUMN IF NOT EXISTS arrived UINTEGER DEFAULT 0",
    f"CREATE TABLE IF NOT EXISTS minutes ({SUMMED})",
    f"CREATE TABLE IF NOT EXISTS hours ({SUMMED})",
    "CREATE TABLE IF NOT EXISTS positions (reader VARCHAR, sequence BIGINT)",
)
SORTED = f"""
    SELECT table_name FROM __ducklake_metadata_{NAME}.ducklake_sort_info AS sorting
    JOIN __ducklake_metadata_{NAME}.ducklake_table USING (table_id) WHERE sorting.end_snapshot IS NULL
"""


def opened(settings: Settings, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with the lake as its database. Writing makes the lake when there is none."""
    connection = duckdb.connect(
        config={
            "memory_limit": f"{settings.archive_memory_megabytes}MB",
            "threads": 1,
            "temp_directory": str(settings.home / "archive" / "spilled"),
            # Nothing is fetched from the network: what is needed is loaded below.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    catalogue, extension = _catalogue(settings.archive_url)
    for name in ("ducklake", extension):
        connection.execute(f"LOAD {_quoted(str(_extension(name)))}")
    if not read_only and extension == "sqlite_scanner":
        _prepare(Path(settings.archive_url.removeprefix("sqlite:")))
    options = (
        ["READ_ONLY"]
        if read_only
        else [
            f"DATA_PATH {_quoted(settings.archive_data)}",
            f"DATA_INLINING_ROW_LIMIT {INLINED_ROWS}",
        ]
    )
    connection.execute(f"ATTACH {_quoted(f'ducklake:{catalogue}')} AS {NAME} ({', '.join(options)})")
    connection.execute(f"USE {NAME}")
    if not read_only:
        _declare(connection)
    else:
        # Files never change: what stands at their end is read once. It is half of what a chart's question takes.
        connection.execute("SET parquet_metadata_cache = true")
    return connection


def _declare(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables, order and options as written above; what stands so already is left alone, for files of before a change
    of the schema are not joined with those after it."""
    for statement in TABLES:
        connection.execute(statement)
    sorted_already = {name for (name,) in connection.execute(SORTED).fetchall()}
    for table in ("readings", "minutes", "hours"):
        if table not in sorted_already:
            connection.execute(f"ALTER TABLE {table} SET SORTED BY (point, ts)")
    for name, said in OPTIONS.items():
        connection.execute(f"CALL {NAME}.set_option('{name}', '{said}')")


def exists(settings: Settings) -> bool:
    """Whether there is a lake to read. A PostgreSQL catalogue is taken to be there."""
    kind, _, path = settings.archive_url.partition(":")
    return kind != "sqlite" or Path(path).exists()


def _catalogue(url: str) -> tuple[str, str]:
    """What DuckLake calls the catalogue, and the extension that reads it."""
    if url.startswith("sqlite:"):
        return url, "sqlite_scanner"
    if urlsplit(url).scheme in ("postgres", "postgresql"):
        return f"postgres:{url}", "postgres_scanner"
    shown = url.partition("@")[2] or url
    raise SettingProblem("ANLAN_ARCHIVE_URL", shown, "write sqlite:PATH or postgresql://USER@HOST/DATABASE")


def _extension(name: str) -> Path:
    """The extension's file inside its wheel, for this version of DuckDB."""
    package = importlib.import_module(f"duckdb_extension_{name}")
    file = Path(package.__file__).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not file.exists():
        raise SystemExit(
            f"DuckDB {duckdb.__version__} has no extension {name}: install duckdb-extension-{name.replace('_', '-')} "
            f"of the same version"
        )
    return file


def _prepare(catalogue: Path) -> None:
    """WAL: readers and the writer do not wait for each other."""
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(catalogue) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
