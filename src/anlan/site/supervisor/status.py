"""var/run.json: what runs where. Written by the supervisor, read by other commands and the health page.

    {"pid": 1, "version": "0.1.0", "started_at": "…Z", "address": "http://127.0.0.1:8000",
     "ports": {"web": 8000, "mqtt": 1883, "http": 8081, "nats": 4222},
     "processes": {"gateway": {"state": "running", "pid": 2, "since": "…Z", "restarts": 0, "last_end": null}}}

It holds no secrets. A lock on var/run.lock, held while the supervisor lives, tells a running platform from a left file.
"""

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any


def file(home: Path) -> Path:
    return home / "run.json"


def read(home: Path) -> dict[str, Any]:
    """What was last written; empty when there is nothing readable."""
    try:
        return json.loads(file(home).read_text())
    except (OSError, ValueError):
        return {}


def write(home: Path, status: dict[str, Any]) -> None:
    draft = file(home).with_suffix(".json.new")
    draft.write_text(json.dumps(status, indent=1))
    os.replace(draft, file(home))


def hold(home: Path) -> IO[str] | None:
    """The lock of this home, kept until the returned file is closed; None when another supervisor has it."""
    lock = (home / "run.lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def running(home: Path) -> dict[str, Any]:
    """The status of the platform that runs on this home now; empty when none does."""
    if not (home / "run.lock").exists():
        return {}
    lock = hold(home)
    if lock is None:
        return read(home)
    with contextlib.closing(lock):
        return {}
