"""Old readings become minutes and hours, and none is lost or counted twice on the way."""

from datetime import timedelta

import duckdb
import numpy as np
import pytest

from anlan.columns.readings import readings
from anlan.telemetry import settings
from anlan.telemetry.archive import thinning
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.tests.test_archive import BEGIN, SECOND, START, batch
from anlan.telemetry.archive.writer import Store

DAY = timedelta(days=1)
LATER = START + 40 * DAY


@pytest.fixture
def given(tmp_path):
    kept = {"ANLAN_ARCHIVE_RAW_DAYS": "30", "ANLAN_ARCHIVE_MINUTE_DAYS": "60", "ANLAN_ARCHIVE_HOUR_DAYS": "400"}
    return settings.load({"ANLAN_HOME": str(tmp_path), **kept})


def day_of_readings(store: Store, seed: int = 1) -> np.ndarray:
    """Three points every 20 seconds for three hours; the values."""
    dice = np.random.default_rng(seed)
    seconds = np.tile(np.arange(0, 3 * 3600, 20), 3)
    points = np.repeat([1, 2, 3], len(seconds) // 3)
    values = dice.normal(20, 5, len(seconds)).round(2).astype(np.float32)
    store.write(readings(points, BEGIN + seconds * SECOND, values, dice.integers(0, 2, len(seconds))), seed)
    return values.reshape(3, -1)


def tables(store: Store) -> tuple[int, int, int]:
    names = ("readings", "minutes", "hours")
    return tuple(store.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)


def test_what_is_young_stays_as_it_came(given):
    store = Store(given, "r")
    day_of_readings(store)
    assert store.thin(START + 29 * DAY) == {"readings": 0, "minutes": 0, "hours": 0}
    assert tables(store) == (1620, 0, 0)


def test_old_readings_become_minutes_with_their_extremes_and_number(given):
    store = Store(given, "r")
    values = day_of_readings(store)
    assert store.thin(LATER)["readings"] == 1620
    assert tables(store) == (0, 3 * 180, 0)
    found = History(given).read([2], START, START + timedelta(minutes=2))
    first = values[1][:3]
    assert found["count"].tolist() == [3, 3]
    assert (found["low"][0], found["high"][0]) == (first.min(), first.max())
    assert found["mean"][0] == pytest.approx(first.mean(), rel=1e-6)
    assert History(given).count() == 1620


def test_old_minutes_become_hours_and_old_hours_go(given):
    store = Store(given, "r")
    day_of_readings(store)
    store.thin(LATER)
    store.thin(START + 61 * DAY)
    assert tables(store) == (0, 0, 12)  # the three hours begin at half past
    assert History(given).count() == 1620
    store.thin(START + 402 * DAY)
    assert tables(store) == (0, 0, 0)


def test_a_chart_over_the_seams_counts_every_reading_once(given):
    store = Store(given, "r")
    day_of_readings(store)
    fresh = batch(*[(1, 39 * 86_400 + n, float(n)) for n in range(500)])
    store.write(fresh, 9)
    before = History(given).read([1], START, LATER, 10)
    store.thin(LATER)
    after = History(given).read([1], START, LATER, 10)
    for name in ("ts", "count", "low", "high", "quality"):
        assert before[name].tolist() == after[name].tolist(), name
    assert np.allclose(before["mean"], after["mean"], rtol=1e-6)


def test_a_reading_that_comes_late_joins_its_minute(given):
    store = Store(given, "r")
    day_of_readings(store)
    store.thin(LATER)
    store.write(batch((1, 5, 999.0)), 10)
    assert store.thin(LATER + DAY)["readings"] == 1
    found = History(given).read([1], START, START + timedelta(minutes=1))
    assert (found["count"].tolist(), found["high"].tolist()) == ([4], [999.0])
    assert History(given).count() == 1621


def test_thinning_again_changes_nothing(given):
    store = Store(given, "r")
    day_of_readings(store)
    store.thin(LATER)
    assert store.thin(LATER) == {"readings": 0, "minutes": 0, "hours": 0}
    assert History(given).count() == 1620


def test_a_round_that_breaks_off_leaves_the_hour_as_it_was(given, monkeypatch):
    store = Store(given, "r")
    day_of_readings(store)
    broken = thinning.STEPS[0].__class__("readings", "minutes", "minute", "SELECT nonsense")
    monkeypatch.setattr(thinning, "STEPS", (broken, thinning.STEPS[1]))
    with pytest.raises(duckdb.Error):
        store.thin(LATER)
    assert tables(store) == (1620, 0, 0)
    store.write(batch((1, 5, 1.0)), 10)  # and the store goes on


def test_one_round_does_not_take_for_ever(given, monkeypatch):
    monkeypatch.setattr(thinning, "SLICES_A_ROUND", 2)
    store = Store(given, "r")
    day_of_readings(store)
    assert [store.thin(LATER)["readings"] for _ in range(3)] == [810, 810, 0]


def test_nothing_is_thinned_when_told_to_keep_for_ever(tmp_path):
    kept = {"ANLAN_ARCHIVE_RAW_DAYS": "0", "ANLAN_ARCHIVE_MINUTE_DAYS": "0"}
    store = Store(settings.load({"ANLAN_HOME": str(tmp_path), **kept}), "r")
    day_of_readings(store)
    assert store.thin(START + 9999 * DAY) == {}
    assert tables(store)[0] == 1620


def test_the_space_of_what_is_gone_is_given_back(given):
    store = Store(given, "r")
    day_of_readings(store)
    store.thin(LATER)
    store.connection.execute("CALL ducklake_expire_snapshots('lake', older_than => now())")
    store.connection.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
    listed = "SELECT count(*) FROM ducklake_list_files('lake', 'readings')"
    assert store.connection.execute(listed).fetchone()[0] == 0


def test_a_span_of_before_other_settings_is_read_from_where_it_has_gone(tmp_path, given):
    store = Store(given, "r")
    values = day_of_readings(store)
    store.thin(START + 40 * DAY)
    kept_longer = settings.load({"ANLAN_HOME": str(tmp_path), "ANLAN_ARCHIVE_RAW_DAYS": "36500"})
    history = History(kept_longer)
    last = START + timedelta(hours=2, minutes=59)
    found = history.read([1], last, last + timedelta(minutes=1))
    assert found["count"].tolist() == [3] and found["high"][0] == values[0][-3:].max()
    assert history._thinned_tables(round(last.timestamp() * 1e6)) == ["minutes"]
    assert history._thinned_tables(round((last + DAY).timestamp() * 1e6)) == []
