from datetime import UTC, datetime, timedelta

from anlan.desk.clocks.tasks import Task, tasks

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
HOURLY = Task("test.hourly", print, every=timedelta(hours=1))


def test_a_task_is_due_when_it_never_ran_or_its_interval_has_passed():
    assert HOURLY.due(None, NOW)
    assert HOURLY.due(NOW - timedelta(hours=1), NOW)
    assert not HOURLY.due(NOW - timedelta(minutes=59), NOW)


def test_a_clock_set_back_does_not_silence_a_task():
    assert HOURLY.due(NOW + timedelta(days=300), NOW)


def test_every_declared_task_is_found_once_and_named_by_its_capability():
    assert all("." in name for name in tasks())
