"""The archive: bytes a reading, rows a second, and a month of one point read while the archive is being written.

A thousand points report every 30 seconds for 30 days, values wandering as instruments' do, committed hour by hour as
the archive process commits them, tidied as it tidies. A second process then reads months of single points, first alone,
then while the writer goes on.
"""

import multiprocessing
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from anlan.columns.readings import readings
from anlan.telemetry import settings
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.writer import Store

POINTS, EVERY, DAYS, READS = 1_000, 30, 30, 40
# The month that ends today: older readings are thinned, and would be looked for among the minutes too.
START = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
BEGIN = round(START.timestamp() * 1e6)


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        given = settings.load({"ANLAN_HOME": home})
        store, dice = Store(given, "bench"), np.random.default_rng(1)
        began, busy = time.perf_counter(), time.process_time()
        for hour in range(DAYS * 24):
            _write(store, dice, hour)
            if hour % 24 == 23:
                store.tidy()
        rows = POINTS * DAYS * 86_400 // EVERY
        taken, busy = time.perf_counter() - began, time.process_time() - busy
        size = sum(path.stat().st_size for path in Path(home).rglob("*.parquet") if path.exists())
        print(f"{rows:,} readings written and tidied: {rows / taken:,.0f}/s, {busy * 1e6 / rows:.2f} ms CPU per 1,000")
        print(f"{size / rows:.2f} bytes a reading, files waiting to be cleaned up included")
        _read(home, "a month of one point, nobody writing")
        reader = multiprocessing.get_context("spawn").Process(target=_read, args=(home, "the same, while writing"))
        reader.start()
        hour = DAYS * 24
        while reader.is_alive():
            _write(store, dice, hour)
            hour += 1
        reader.join()
        assert reader.exitcode == 0


def _write(store: Store, dice: np.random.Generator, hour: int) -> None:
    times = BEGIN + hour * 3_600_000_000 + np.arange(0, 3600, EVERY) * 1_000_000
    ts, point = np.repeat(times, POINTS), np.tile(np.arange(POINTS), len(times))
    value = (50 + 5 * dice.random(len(ts))).round(2)
    store.write(readings(point, ts, value, np.zeros(len(ts), np.uint8)), hour + 1)


def _read(home: str, words: str) -> None:
    history, took, dice = History(settings.load({"ANLAN_HOME": home})), [], random.Random(3)
    for _ in range(READS):
        began = time.perf_counter()
        found = history.read([dice.randrange(POINTS)], START, START + timedelta(days=DAYS))
        took.append((time.perf_counter() - began) * 1000)
        assert found["count"].sum() == DAYS * 86_400 // EVERY
    took.sort()
    print(f"{words}: p50 {statistics.median(took):.0f} ms, p95 {took[int(0.95 * READS)]:.0f} ms", flush=True)


if __name__ == "__main__":
    main()
