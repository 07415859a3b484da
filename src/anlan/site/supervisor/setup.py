"""What must be done before the platform starts. Each step leaves a stamp of what it was done for; a start that finds
the same stamp skips it, so that a second start loses no time."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
MIGRATIONS = ("*/migrations/*.py", "*/*/migrations/*.py")


@dataclass(frozen=True)
class Step:
    """`words` are an `anlan` command; `done` answers the stamp the step has when it need not run again."""

    name: str
    title: str
    words: tuple[str, ...]
    stamp: Callable[[Path, Mapping[str, str]], str]
    demo: bool = False  # only where the demo district was chosen


def _database(home: Path, environment: Mapping[str, str]) -> str:
    url = environment.get("ANLAN_DATABASE_URL", "")
    there = bool(url) or (home / "anlan.sqlite3").exists()
    return _digest([url, there, *_files(*MIGRATIONS)])


def _demo(home: Path, environment: Mapping[str, str]) -> str:
    return _digest([environment.get("ANLAN_DATABASE_URL", ""), (home / "anlan.sqlite3").exists()])


STEPS = (
    Step("database", "Preparing the database", ("migrate",), _database),
    Step("demo", "Loading the demo district", ("demo", "load"), _demo, demo=True),
)


def wanted(home: Path, environment: Mapping[str, str]) -> list[Step]:
    """The steps that must run now, in order."""
    done = stamps(home)
    return [
        step
        for step in STEPS
        if (not step.demo or done.get("demo district")) and done.get(step.name) != step.stamp(home, environment)
    ]


def stamps(home: Path) -> dict:
    try:
        return json.loads(_file(home).read_text())
    except (OSError, ValueError):
        return {}


def note(home: Path, **values) -> None:
    """Remember these stamps beside the others."""
    draft = _file(home).with_suffix(".json.new")
    draft.write_text(json.dumps(stamps(home) | values, indent=1))
    os.replace(draft, _file(home))


def choose_demo(home: Path, environment: Mapping[str, str]) -> bool:
    """Whether this home carries the demo district. Chosen at the first start alone: a platform with real data is
    never given invented ones because a variable was forgotten."""
    done = stamps(home)
    if "demo district" not in done:
        fresh = not environment.get("ANLAN_DATABASE_URL") and not (home / "anlan.sqlite3").exists()
        asked = environment.get("ANLAN_DEMO")
        note(home, **{"demo district": _yes(asked) if asked is not None else fresh})
    return stamps(home)["demo district"]


def _yes(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise SystemExit(f"ANLAN_DEMO={value!r} cannot be used: write 'yes' or 'no'")


def _file(home: Path) -> Path:
    return home / "set-up.json"


def _files(*patterns: str) -> list:
    found = sorted(path for pattern in patterns for path in SOURCE.glob(pattern))
    return [(str(path.relative_to(SOURCE)), path.stat().st_size, path.stat().st_mtime_ns) for path in found]


def _digest(facts: list) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
