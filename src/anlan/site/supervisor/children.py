"""The table of processes: what each is started with, what it waits for and when it ends."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from anlan.telemetry import broker


@dataclass(frozen=True)
class Child:
    """One process. `wave` says when it ends: what feeds others ends before what is fed, the broker last.

    `needs` is what must be there before it starts: `broker` answering, the `database` prepared, and for what nobody
    waits for, `calm`: that the web has answered, or is not yet to be started. `gives_up` is what it writes when it
    lives on but will not do its work before it is started again."""

    name: str
    command: Callable[[Path, Mapping[str, int]], list[str]]
    wave: int
    needs: frozenset[str] = frozenset()
    gives_up: str = ""


# Seconds a wave may take to end before it is killed. Nothing is lost by a kill: what was acknowledged is in the stream.
WAVES = (1.5, 2.5, 1.0)


OFF = {"0", "no", "false", "off"}


def _module(name: str, *arguments: str) -> Callable[[Path, Mapping[str, int]], list[str]]:
    return lambda home, ports: [sys.executable, "-m", name, *arguments]


def _anlan(*words: str) -> Callable[[Path, Mapping[str, int]], list[str]]:
    return _module("anlan.site.command", *words)


def children(environment: Mapping[str, str], demo: bool) -> list[Child]:
    """The processes of this installation, in order of start."""
    found = []
    if not environment.get("ANLAN_NATS_URL"):
        found.append(
            Child("nats", lambda home, ports: broker.command(home, ports["nats"]), 2, gives_up=broker.GIVES_UP)
        )
    shards = int(environment.get("ANLAN_SHARDS") or 1)
    found.append(Child("web", _anlan("web"), 0, frozenset({"database"})))
    found.append(Child("gateway", _module("anlan.telemetry.gateway"), 0, frozenset({"broker"})))
    found += [
        Child(
            _numbered("rules", n, shards),
            _module("anlan.telemetry.rules", "--shard", str(n)),
            1,
            frozenset({"broker", "calm"}),
        )
        for n in range(shards)
    ]
    found.append(Child("archive", _module("anlan.telemetry.archive"), 1, frozenset({"broker", "calm"})))
    found.append(Child("cameras", _module("anlan.telemetry.cameras"), 0, frozenset({"broker", "calm"})))
    if environment.get("ANLAN_POLLER", "yes").lower() not in OFF:
        found.append(Child("poller", _module("anlan.telemetry.poller"), 0, frozenset({"broker", "calm"})))
    found.append(Child("work", _anlan("work"), 1, frozenset({"broker", "database", "calm"})))
    if demo and environment.get("ANLAN_SIMULATE", "yes").lower() not in OFF:
        found.append(Child("simulator", _anlan("simulate"), 0, frozenset({"broker", "database", "calm"})))
    return found


def _numbered(name: str, number: int, count: int) -> str:
    return name if count == 1 else f"{name}-{number}"
