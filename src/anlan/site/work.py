"""The work process: what happens without anybody asking. Three kinds of work, side by side in one process.

- consumers: rooms `consumers.py` with CONSUMERS = [async callable(stop)], which listen to the pipeline
- schedule: rooms `tasks.py` with TASKS, which come round by themselves (desk/clocks/tasks.py)
- jobs: what a request put off through Django's Tasks API (django_tasks_db)

Told to stop, each finishes the piece in hand. A consumer that fails is tried again, ever more seldom. What the schedule
last did is kept in var/work.json. A job that was under way in a process that died is taken up again at the next start.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import django

log = logging.getLogger(__name__)
LOOK = 1.0  # seconds between two looks at the schedule and at the jobs
PATIENCE = 60.0  # a consumer that ran so long without failing starts anew without a pause

Consumer = Callable[[asyncio.Event], Awaitable[None]]


def run() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    django.setup()
    asyncio.run(_until_stopped())


async def _until_stopped() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    from django.conf import settings

    jobs, schedule = Jobs(settings.HOME), Schedule(settings.HOME / "work.json")
    threads = [
        threading.Thread(target=jobs.run, name="jobs", daemon=True),
        threading.Thread(target=schedule.run, args=(jobs.stop,), name="schedule", daemon=True),
    ]
    for thread in threads:
        thread.start()
    listening = [asyncio.create_task(keep(consumer, stop)) for consumer in consumers()]
    await stop.wait()
    jobs.end()
    if listening:
        await asyncio.wait(listening, timeout=1.5)
    for thread in threads:
        await asyncio.to_thread(thread.join, 0.3)
    # What has not ended by now waits for somebody else. Nothing is lost: messages are acknowledged after the commit,
    # a job under way is taken up again.
    logging.shutdown()
    os._exit(0)


# --- consumers -------------------------------------------------------------------------------------------------------


def consumers() -> list[Consumer]:
    """All consumers, found by the name of their room."""
    from django.apps import apps

    rooms = [f"{app.name}.consumers" for app in apps.get_app_configs()]
    return [consumer for room in rooms if find_spec(room) for consumer in import_module(room).CONSUMERS]


async def keep(consumer: Consumer, stop: asyncio.Event, pauses=(1, 2, 5, 10, 30)) -> None:
    """Runs a consumer until told to stop, however often it fails."""
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            await consumer(stop)
        except Exception:
            failures = 0 if time.monotonic() - began > PATIENCE else failures + 1
            wait = pauses[min(max(failures - 1, 0), len(pauses) - 1)]
            log.exception("%s failed; trying again in %s s", consumer.__qualname__, wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)


# --- schedule --------------------------------------------------------------------------------------------------------


class Schedule:
    """Runs what is due, one after the other, and remembers when each last ran."""

    def __init__(self, file: Path):
        self.file = file
        self.last = _read(file)

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK):
            self.look(datetime.now(UTC))

    def look(self, now: datetime) -> list[str]:
        """Runs all that is due at this instant; the names of what ran."""
        from django.db import close_old_connections

        from anlan.desk.clocks.tasks import tasks

        ran = [task for task in tasks().values() if task.due(self._when(task.name), now)]
        for task in ran:
            close_old_connections()
            self._run(task, now)
        if ran:
            close_old_connections()
            draft = self.file.with_suffix(".json.new")
            draft.write_text(json.dumps(self.last, indent=1, ensure_ascii=False))
            os.replace(draft, self.file)
        return [task.name for task in ran]

    def _run(self, task, now: datetime) -> None:
        from anlan.desk.audit.context import acting

        began, failure = time.monotonic(), ""
        try:
            with acting("schedule"):
                task.run(now)
        except Exception as error:
            log.exception("the task %s failed; it comes round again", task.name)
            failure = f"{type(error).__name__}: {error}"[:300]
        self.last[task.name] = {
            "at": now.isoformat(),
            "seconds": round(time.monotonic() - began, 3),
            "failure": failure,
        }

    def _when(self, name: str) -> datetime | None:
        with contextlib.suppress(KeyError, ValueError):
            return datetime.fromisoformat(self.last[name]["at"])
        return None


def _read(file: Path) -> dict[str, dict]:
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


# --- jobs ------------------------------------------------------------------------------------------------------------


class Jobs:
    """What requests put off. The worker's name outlives restarts, so that it knows the jobs it left unfinished."""

    ATTEMPTS = 5  # a job in which the process died so often is given up: it may be what killed it

    def __init__(self, home: Path):
        from django_tasks_db.management.commands.db_worker import Worker

        self.stop = threading.Event()
        self.name = f"{socket.gethostname()[:40]}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
        self.worker = Worker(
            queue_names=["*"],
            interval=LOOK,
            batch=True,  # ends when nothing is left, so that it does not lock the database just to look
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=self.name,
            excluded_queue_names=[],
        )

    def end(self) -> None:
        self.stop.set()
        self.worker.running = False

    def run(self) -> None:
        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        known = False
        while not self.stop.wait(LOOK):
            try:
                known = known or self.take_up_again() >= 0
                self.look()
            except Exception:
                log.exception("the jobs could not be run; trying again")
                self.stop.wait(5)

    def look(self) -> None:
        """Runs what is waiting now."""
        from django.db import close_old_connections
        from django_tasks_db.models import DBTaskResult

        close_old_connections()
        if DBTaskResult.objects.ready().exists():
            self.worker.run()

    def take_up_again(self) -> int:
        """Jobs this worker had begun when it died are put back, or given up after too many attempts; how many."""
        from django_tasks_db.models import DBTaskResult

        mine = [job for job in DBTaskResult.objects.running() if job.worker_ids and job.worker_ids[-1] == self.name]
        for job in mine:
            if len(job.worker_ids) >= self.ATTEMPTS:
                job.set_failed(RuntimeError(f"the work process died {len(job.worker_ids)} times while doing this"))
                continue
            job.status, job.started_at = "READY", None
            job.save(update_fields=["status", "started_at"])
        return len(mine)
