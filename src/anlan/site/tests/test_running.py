import json
import os

import pytest

from anlan.site import running
from anlan.site.supervisor import status


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_it_shows_processes_tasks_and_jobs_to_who_operates_the_platform(cast, signed_in, home):
    held = status.hold(home)
    well = {"state": "running", "pid": os.getpid(), "since": "2026-03-02T04:00:00Z", "restarts": 0, "last_end": None}
    dead = well | {
        "state": "restarting",
        "pid": None,
        "restarts": 3,
        "last_end": {"at": "2026-03-02T05:00:00Z", "code": -9},
    }
    status.write(
        home,
        {"version": "9.9", "started_at": "2026-03-02T04:00:00Z", "processes": {"gateway": well, "archive": dead}},
    )
    name = next(iter(running.tasks()))
    (home / "work.json").write_text(
        json.dumps({name: {"at": "2026-03-02T04:00:00+00:00", "seconds": 0.2, "failure": "RuntimeError: no room"}})
    )
    text = signed_in(cast.system_administrator).get("/running/").content.decode()
    for said in ("gateway", "运行中", "正在重启", "（-9）", "版本 9.9", "RuntimeError: no room"):
        assert said in text
    held.close()


def test_it_says_so_when_services_of_the_system_run_the_platform(cast, signed_in, home):
    assert "请在服务器上查看" in signed_in(cast.system_administrator).get("/running/").content.decode()


@pytest.mark.parametrize("part", ["duty", "manager", "security_administrator", "audit_administrator", "stranger"])
def test_nobody_else_sees_it(part, cast, signed_in, home):
    assert signed_in(getattr(cast, part)).get("/running/").status_code in {403, 404}


def test_a_failing_task_stands_first():
    names = sorted(running.tasks())
    rows = running.recurring({names[-1]: {"at": "2026-03-02T04:00:00+00:00", "seconds": 1, "failure": "x"}})
    assert rows[0]["name"] == names[-1]
    assert [row["name"] for row in rows[1:]] == names[:-1]


@pytest.mark.django_db
def test_old_jobs_are_cleared_and_young_ones_kept():
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from anlan.site.tasks import prune_jobs

    for days in (1, 20):
        DBTaskResult.objects.create(
            status="SUCCESSFUL", args_kwargs={}, task_path="x", backend_name="default", run_after=timezone.now(),
            finished_at=timezone.now() - timedelta(days=days), exception_class_path="", traceback="",
        )  # fmt: skip
    prune_jobs(timezone.now())
    assert DBTaskResult.objects.count() == 1
