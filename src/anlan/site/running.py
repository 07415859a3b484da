"""The page that says how the platform itself is: processes, recurring work, jobs, room. For who operates it."""

import json
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from anlan.desk.access.standing import require
from anlan.desk.clocks.tasks import tasks
from anlan.site.supervisor import memory, status

PERMISSION = "site.operate"


@require_safe
def running(request: HttpRequest) -> HttpResponse:
    require(request.user, PERMISSION)
    facts = status.running(settings.HOME)
    context = {
        "title": _("运行状态"),
        "supervised": bool(facts),
        "version": facts.get("version", ""),
        "started_at": _instant(facts.get("started_at")),
        "processes": processes(facts),
        "work": recurring(_work(settings.HOME)),
        "jobs": dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))),
        "free": shutil.disk_usage(settings.HOME).free / 1e9,
    }
    return render(request, "running.html#whole" if request.headers.get("HX-Request") else "running.html", context)


def processes(facts: dict) -> list[dict]:
    """One row a process: what it is called, whether it runs, since when, its memory and its last end."""
    words = {"running": _("运行中"), "restarting": _("正在重启"), "waiting": _("等待启动"), "ended": _("已停止")}
    return [
        {
            "name": name,
            "state": words.get(one["state"], one["state"]),
            "well": one["state"] == "running",
            "since": _instant(one["since"]),
            "memory": memory.megabytes(one["pid"]),
            "restarts": one["restarts"],
            "last_end": _ended(one["last_end"]),
        }
        for name, one in facts.get("processes", {}).items()
    ]


def recurring(last: dict[str, dict]) -> list[dict]:
    """One row a recurring task, those that failed first."""
    rows = [
        {
            "name": name,
            "every": task.every,
            "at": _instant(last.get(name, {}).get("at")),
            "seconds": last.get(name, {}).get("seconds"),
            "failure": last.get(name, {}).get("failure", ""),
        }
        for name, task in tasks().items()
    ]
    return sorted(rows, key=lambda row: (not row["failure"], row["name"]))


def _ended(end: dict | None) -> dict | None:
    return end and {"at": _instant(end["at"]), "code": end["code"]}


def _instant(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _work(home: Path) -> dict[str, dict]:
    try:
        return json.loads((home / "work.json").read_text())
    except (OSError, ValueError):
        return {}
