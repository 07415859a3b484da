import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.tasks import task
from django_tasks_db.models import DBTaskResult

from anlan.desk.clocks import tasks as declared
from anlan.desk.clocks.tasks import Task
from anlan.site.work import Jobs, Schedule, consumers, keep

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
done = []


@task
def note(word: str) -> None:
    done.append(word)


@pytest.fixture
def schedule(tmp_path, monkeypatch):
    """A schedule of one good and one failing task."""
    ran = []

    def fail(now):
        raise RuntimeError("no room")

    them = [Task("good.task", ran.append, every=timedelta(hours=1)), Task("bad.task", fail, every=timedelta(hours=1))]
    monkeypatch.setattr(declared, "tasks", lambda: {one.name: one for one in them})
    return Schedule(tmp_path / "work.json"), ran


def test_it_runs_what_is_due_and_nothing_twice(schedule):
    looking, ran = schedule
    assert looking.look(NOON) == ["good.task", "bad.task"]
    assert looking.look(NOON + timedelta(minutes=59)) == []
    assert looking.look(NOON + timedelta(hours=1)) == ["good.task", "bad.task"]
    assert ran == [NOON, NOON + timedelta(hours=1)]


def test_a_task_that_fails_is_noted_and_does_not_stop_the_others(schedule, tmp_path):
    looking, ran = schedule
    looking.look(NOON)
    noted = json.loads((tmp_path / "work.json").read_text())
    assert noted["bad.task"]["failure"] == "RuntimeError: no room"
    assert noted["good.task"]["failure"] == "" and ran == [NOON]


def test_what_ran_is_remembered_over_a_restart(schedule, tmp_path):
    schedule[0].look(NOON)
    assert Schedule(tmp_path / "work.json").look(NOON + timedelta(minutes=5)) == []


def test_the_consumers_of_all_capabilities_are_found():
    assert "take_alarms" in {one.__name__ for one in consumers()}


def test_a_consumer_that_fails_is_tried_again_until_told_to_stop():
    tries = []

    async def whole():
        stop = asyncio.Event()

        async def consumer(stop):
            tries.append(1)
            if len(tries) == 3:
                stop.set()
            raise RuntimeError("the broker is away")

        async with asyncio.timeout(5):
            await keep(consumer, stop, pauses=(0,))

    asyncio.run(whole())
    assert len(tries) == 3


@pytest.mark.django_db(transaction=True)
def test_a_job_put_off_is_done(tmp_path):
    done.clear()
    note.enqueue("安全")
    Jobs(tmp_path).look()
    assert done == ["安全"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_a_job_under_way_when_the_process_died_is_done_again(tmp_path):
    done.clear()
    note.enqueue("again")
    jobs = Jobs(tmp_path)
    DBTaskResult.objects.get().claim(jobs.name)
    jobs.look()
    assert done == []
    assert jobs.take_up_again() == 1
    jobs.look()
    assert done == ["again"]


@pytest.mark.django_db(transaction=True)
def test_a_job_of_another_process_is_left_alone(tmp_path):
    note.enqueue("theirs")
    DBTaskResult.objects.get().claim("somebody-else")
    assert Jobs(tmp_path).take_up_again() == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_the_process_is_given_up(tmp_path):
    note.enqueue("poison")
    jobs = Jobs(tmp_path)
    for _ in range(Jobs.ATTEMPTS):
        DBTaskResult.objects.get().claim(jobs.name)
        jobs.take_up_again()
    job = DBTaskResult.objects.get()
    assert job.status == "FAILED" and "died 5 times" in job.traceback
