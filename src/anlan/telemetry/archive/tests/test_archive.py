"""The lake written and read: no broker, a folder of its own."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import duckdb
import numpy as np
import pytest

from anlan.columns.readings import EMPTY, readings
from anlan.telemetry import settings
from anlan.telemetry.archive import lake
from anlan.telemetry.archive.history import History
from anlan.telemetry.archive.writer import Store, last_of_each

START = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
BEGIN = round(START.timestamp() * 1e6)
SECOND = 1_000_000


@pytest.fixture
def given(tmp_path):
    return settings.load({"ANLAN_HOME": str(tmp_path)})


def batch(*rows: tuple[int, float, float], quality: int = 0):
    """Rows of (point, seconds after the start, value)."""
    return readings(
        [p for p, _, _ in rows],
        [BEGIN + round(s * SECOND) for _, s, _ in rows],
        [v for _, _, v in rows],
        [quality] * len(rows),
    )


def rows(found: dict) -> list[tuple]:
    return [
        (int(p), (int(t) - BEGIN) / SECOND, float(m))
        for p, t, m in zip(found["point"], found["ts"], found["mean"], strict=True)
    ]


def test_what_is_written_is_read_sorted_by_point_and_time(given):
    store = Store(given, "r")
    store.write(batch((2, 1, 5.0), (1, 2, 7.0), (1, 1, 6.0)), 10)
    store.write(batch((1, 0, 8.0)), 11)
    found = History(given).read([1, 2], START, START + timedelta(seconds=10))
    assert rows(found) == [(1, 0, 8.0), (1, 1, 6.0), (1, 2, 7.0), (2, 1, 5.0)]
    assert store.position() == 11


def test_the_end_is_not_part_of_the_span_and_other_points_are_not_read(given):
    Store(given, "r").write(batch((1, 0, 1.0), (1, 10, 2.0), (2, 5, 3.0)), 1)
    assert rows(History(given).read([1], START, START + timedelta(seconds=10))) == [(1, 0, 1.0)]


def test_of_two_readings_of_one_instant_the_later_arrival_counts(given):
    store = Store(given, "r")
    store.write(batch((1, 0, 1.0), (1, 0, 2.0)), 1)
    store.write(batch((1, 0, 3.0)), 2)
    assert rows(History(given).read([1], START, START + timedelta(seconds=1))) == [(1, 0, 3.0)]


def every_instant_again(store: Store, value: float) -> None:
    """A commit large enough for a file of its own, every reading with this value."""
    store.write(batch(*((p, second, value) for p in range(20) for second in range(60))), int(value))


def test_the_later_arrival_counts_also_when_files_were_joined_in_between(given):
    store, whole = Store(given, "r"), (range(20), START, START + timedelta(minutes=1))
    history = History(given)
    for value in range(1, 13):
        every_instant_again(store, value)
        if value % 4 == 0:
            store.tidy()
        found = history.read(*whole)
        assert len(found["mean"]) == 1_200 and (found["mean"] == value).all()
    spans = history.read(*whole, max_points=2)
    assert (spans["low"] == 12).all() and (spans["count"] == 30).all()


def test_the_later_arrival_counts_when_another_process_wrote_it(given):
    for value in range(1, 6):
        store = Store(given, "r")
        every_instant_again(store, value)
        store.close()
    Store(given, "r").tidy()
    found = History(given).read([7], START, START + timedelta(minutes=1), 1)
    assert (found["mean"], found["count"]) == ([5.0], [60])
    latest = History(given).latest([7], START)
    assert latest["value"].tolist() == [5.0]


def test_files_of_before_and_after_a_restart_are_joined(given):
    for number in range(3):
        store = Store(given, "r")
        every_instant_again(store, number)
        store.close()
    store = Store(given, "r")
    store.tidy()
    assert store.connection.execute("SELECT count(*) FROM ducklake_list_files('lake', 'readings')").fetchone() == (1,)


def test_an_archive_of_before_arrivals_were_numbered_is_read_and_goes_on(given):
    old = lake.opened(given)
    old.execute("ALTER TABLE readings DROP COLUMN arrived")
    old.execute(f"INSERT INTO readings SELECT 1, make_timestamp({BEGIN} + n * {SECOND}), 1, 0 FROM range(1000) t(n)")
    old.close()
    history, store = History(given), Store(given, "r")
    assert history.count() == 1000
    store.write(batch(*((1, second, 2.0) for second in range(500))), 1)
    store.tidy()
    found = history.read([1], START, START + timedelta(seconds=1000), 2)
    assert found["mean"].tolist() == [2.0, 1.0] and found["count"].tolist() == [500, 500]


def test_what_was_joined_stays_for_those_who_still_read_it_till_the_next_tidying(given):
    store = Store(given, "r")
    for number in range(5):
        every_instant_again(store, number)
    reader = lake.opened(given, read_only=True)
    reader.execute("BEGIN")
    asked = "SELECT sum(value) FROM readings WHERE point = 3"
    # As a long question does: which files it reads is decided, then they are read.
    before, files = reader.execute(asked).fetchone(), list(given.home.rglob("readings/*.parquet"))
    store.tidy()
    assert all(file.exists() for file in files) and len(files) == 5
    assert reader.execute(asked).fetchone() == before
    reader.execute("COMMIT")
    store.tidy()
    assert not any(file.exists() for file in files)
    assert reader.execute(asked).fetchone() == before


def test_one_history_sees_what_comes_later_and_survives_a_question_that_fails(given):
    store, history = Store(given, "r"), History(given)
    for number in range(3):
        store.write(batch((1, number, 1.0)), number)
        assert history.count() == number + 1
        with pytest.raises(duckdb.Error):
            history._asked("SELECT nonsense", [])
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: history.count(), range(40))) == [3] * 40


def test_the_position_is_of_the_reader_and_survives_tidying(given):
    store = Store(given, "r")
    for number in range(1, 6):
        store.write(batch((1, number, 1.0)), number)
    store.tidy()
    assert store.position() == 5
    store.close()
    other = Store(given, "other")
    assert other.position() == 0
    other.write(batch((1, 9, 1.0)), 3)
    other.tidy(), other.close()
    assert Store(given, "r").position() == 5


def test_a_write_that_fails_leaves_neither_readings_nor_position(given):
    store = Store(given, "r")
    store.write(batch((1, 0, 1.0)), 1)
    broken = batch((1, 1, 1.0))
    with pytest.raises(duckdb.Error):
        store.write(broken, "not a number")
    store.write(batch((1, 2, 2.0)), 2)
    assert rows(History(given).read([1], START, START + timedelta(seconds=9))) == [(1, 0, 1.0), (1, 2, 2.0)]


def test_many_small_commits_become_few_files(given):
    store = Store(given, "r")
    for number in range(30):
        store.write(batch(*((p, number, float(number)) for p in range(200))), number)
    files = list(given.home.rglob("*.parquet"))
    store.tidy()
    present = store.connection.execute("SELECT count(*) FROM ducklake_list_files('lake', 'readings')").fetchone()[0]
    assert len(files) == 30 and present == 1
    assert History(given).count() == 6000


def test_readings_are_written_and_read_between_the_steps_of_tidying_and_nothing_is_spilled_elsewhere(
    given, monkeypatch
):
    monkeypatch.setitem(lake.OPTIONS, "target_file_size", "2KB")
    store, history = Store(given, "r"), History(given)
    for number in range(12):
        store.write(batch(*((p, number, float(number)) for p in range(200))), number)
    steps = 0
    for _ in store.tidying():
        steps += 1
        store.write(batch((steps, 1_000 + steps, 1.0)), 12 + steps)
        assert history.count() == 2_400 + steps
    assert steps > 3 and store.position() == 12 + steps
    spilled = store.connection.execute("SELECT current_setting('temp_directory')").fetchone()[0]
    assert spilled.startswith(str(given.home))


def test_too_many_readings_are_drawn_together_and_no_peak_is_lost(given):
    values = np.sin(np.arange(5000) / 50)
    values[1234], values[4321] = 99, -99
    Store(given, "r").write(batch(*((1, second, value) for second, value in enumerate(values))), 1)
    found = History(given).read([1], START, START + timedelta(seconds=5000), max_points=100)
    assert len(found["ts"]) == 100 and found["count"].sum() == 5000
    assert found["high"].max() == 99 and found["low"].min() == -99
    assert found["mean"][0] == pytest.approx(values[:50].mean(), abs=1e-4)
    assert (np.diff(found["ts"]) == 50 * SECOND).all()


def test_the_latest_reading_of_each_point(given):
    store = Store(given, "r")
    store.write(batch((1, 5, 1.0), (2, 7, 2.0)), 1)
    store.write(batch((1, 6, 3.0), (1, 2, 4.0)), 2)
    found = History(given).latest([1, 2, 3], START)
    assert found["point"].tolist() == [1, 2] and found["value"].tolist() == [3.0, 2.0]


def test_flags_of_a_span_are_joined(given):
    store = Store(given, "r")
    store.write(batch((1, 0, 1.0), quality=2), 1)
    store.write(batch((1, 1, 1.0), quality=4), 2)
    found = History(given).read([1], START, START + timedelta(seconds=2), max_points=1)
    assert found["quality"].tolist() == [6] and found["quality"].dtype == np.uint8


def test_nothing_asked_is_nothing_read_and_instants_need_a_zone(given):
    history = History(given)
    assert len(history.read([], START, START + timedelta(days=1))["ts"]) == 0
    assert len(history.read([1], START, START)["ts"]) == 0
    assert history.count() == 0
    with pytest.raises(ValueError, match="zone"):
        history.read([1], datetime(2026, 1, 1), datetime(2026, 1, 2))
    with pytest.raises(ValueError, match="most is 200"):
        history.read(range(201), START, START + timedelta(days=1))


def _count(home: str, queue) -> None:
    queue.put(History(settings.load({"ANLAN_HOME": home})).count())


def test_another_process_reads_while_this_one_writes(given):
    store = Store(given, "r")
    store.write(batch((1, 0, 1.0)), 1)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    reader = context.Process(target=_count, args=(str(given.home), queue))
    reader.start()
    for number in range(2, 12):
        store.write(batch((1, number, 1.0)), number)
    assert 1 <= queue.get(timeout=30) <= 11
    reader.join(10)


def test_a_catalogue_nobody_knows_is_refused_without_its_password(tmp_path):
    wrong = settings.load({"ANLAN_HOME": str(tmp_path), "ANLAN_ARCHIVE_URL": "mysql://me:secret@db/x"})
    with pytest.raises(SystemExit, match=r"ANLAN_ARCHIVE_URL='db/x'") as caught:
        lake.opened(wrong)
    assert "secret" not in str(caught.value)


def test_a_batch_for_the_lake_holds_each_point_and_instant_once():
    kept = last_of_each(batch((2, 0, 1.0), (1, 1, 2.0), (1, 0, 3.0), (1, 1, 4.0)))
    assert kept.value.tolist() == [3.0, 4.0, 1.0]
    assert len(last_of_each(EMPTY)) == 0
