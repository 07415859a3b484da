"""One pass over 60,000 series every five seconds with aggregates by town: our kernel, Prometheus, vmalert.

Twice: 28 rules in all, 23 of them each for the series of a kind, five aggregates by town; and 28 rules on every series
beside the aggregates, as benchmarks.rules has it. The peers scrape first without rules, so that what the rules cost
stands apart from scraping and storing. Their windows are only as full as the run is long. Ours is the part that judges,
on the same waves, without waiting between the passes.
"""

import contextlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np

from anlan.columns import page
from anlan.columns.readings import PAGE_BITS, readings
from anlan.telemetry import book
from anlan.telemetry.book import Rule
from anlan.telemetry.rules.shard import Shard
from anlan.telemetry.tests.conftest import free_port
from benchmarks.peers import promql, whole
from benchmarks.peers.programs import Missing, Program, found, measures, running, version
from benchmarks.peers.table import Side, compare
from benchmarks.peers.target import exposed
from benchmarks.rules import ENTRY, EVERY, HOWS, SECOND, SERIES, START, TOWNS, filled, limits

PASSES, WARMING = 30, 5
ALONE, JUDGED = 10, 30
"""Seconds a peer runs without rules, and with those of one work."""
ON_EACH = [Rule(id=n + 1, point=0, **one) for n, one in enumerate(limits(0, 1))]
OF_KINDS = ON_EACH[len(HOWS) :]


@dataclass(frozen=True)
class Work:
    title: str
    rules: list[Rule]
    of_kinds: bool
    shard: Callable[[], Shard]

    def group(self, *, keeps_firing: bool) -> str:
        """The peers' rule file."""
        made = promql.group(self.rules, HOWS, EVERY, of_kinds=self.of_kinds, keeps_firing=keeps_firing)
        return json.dumps(made)


def main() -> None:
    print(f"{SERIES:,} series every {EVERY} s, {TOWNS} towns x {len(HOWS)} aggregates")
    theirs: dict[str, list[Side]] = {work.title: [] for work in WORKS}
    ours = {work.title: _ours(work) for work in WORKS}
    _all_processes()
    for peer in (_prometheus, _vmalert):
        try:
            for title, side in peer():
                theirs[title].append(side)
        except Missing as problem:
            print(problem)
    for title, side in ours.items():
        compare(f"one pass, {title}", side, theirs[title])


class Waves:
    """Slow waves with noise, as in benchmarks.rules: some point crosses a limit in every pass."""

    def __init__(self):
        self.dice, self.number = np.random.default_rng(7), 0
        self.phase = self.dice.uniform(0, 2 * np.pi, SERIES)

    def next(self) -> np.ndarray:
        self.number += 1
        return (20 * np.sin(self.phase + self.number / 50) + self.dice.normal(0, 0.3, SERIES)).astype(np.float32)


# --- ours -------------------------------------------------------------------------------------------------------------
def _one_of_each() -> Shard:
    """One rule on each point, that of its kind; the aggregates as they are."""
    shard, size = filled(limits), 1 << PAGE_BITS
    for number in range(-(-SERIES // size)):
        held = _of_kinds(range(number * size, min((number + 1) * size, SERIES)))
        list(shard.replace_page(START, number, 2, page.unpack(book.pack_rules(number, 2, held))[0]))
    return shard


def _of_kinds(points: range) -> list[Rule]:
    return [replace(OF_KINDS[_kind(p)], id=p + 1, point=p, other=_other(OF_KINDS[_kind(p)], p)) for p in points]


def _kind(point: int) -> int:
    return point // 2 % len(OF_KINDS)


def _other(rule: Rule, point: int) -> int | None:
    return None if rule.other is None else point ^ 1


WORKS = (
    Work(f"{len(OF_KINDS) + len(HOWS)} rules in all", OF_KINDS, True, _one_of_each),
    Work(f"{len(ON_EACH)} rules on each series and the aggregates", ON_EACH, False, lambda: filled(limits)),
)


def _ours(work: Work) -> Side:
    shard, waves = work.shard(), Waves()
    order = np.random.default_rng(9).permutation(SERIES)
    took, used = [], []
    for number in range(PASSES):
        entries, now = _entries(order, waves.next(), START + number * EVERY * SECOND), time.perf_counter()
        spent = time.process_time()
        for instant, batch in entries:
            for _ in shard.entry(instant, batch, instant):
                pass
        took.append(time.perf_counter() - now)
        used.append(time.process_time() - spent)
    took, used = np.array(took[WARMING:]), np.array(used[WARMING:])
    shown = f"mean {took.mean():.3f} s, p50 {np.median(took):.3f} s, most {took.max():.3f} s, {len(took)} passes"
    return Side("Anlan, rule kernel", float(took.mean()), shown, f"{used.mean() / EVERY:.3f} core")


def _all_processes() -> None:
    used, rate = whole.cores(_of_kinds(range(SERIES)), Waves().next, JUDGED)
    each = ", ".join(f"{name} {core:.3f}" for name, core in used.items())
    print(f"{WORKS[0].title}, all our processes: {sum(used.values()):.3f} core at {rate:,} readings/s ({each})")


def _entries(order: np.ndarray, value: np.ndarray, now: int) -> list[tuple]:
    """As they come from the stream: entries of 500 readings of different devices."""
    made = []
    for at, rows in enumerate(np.array_split(order, SERIES // ENTRY)):
        instant = now + at * EVERY * SECOND * ENTRY // SERIES
        made.append((instant, readings(rows, np.full(len(rows), instant), value[rows], np.zeros(len(rows)))))
    return made


# --- theirs -----------------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def _plants() -> Iterator[int]:
    town = np.repeat(np.arange(TOWNS), [len(part) for part in np.array_split(np.arange(SERIES), TOWNS)])
    heads = [
        f'level{{point="{n}",town="{town[n]}",kind="{_kind(n)}",pair="{n // 2}",side="{"ab"[n % 2]}"}} '
        for n in range(SERIES)
    ]
    waves = Waves()

    def text() -> bytes:
        values = waves.next().tolist()
        return "".join([f"{head}{value:.3f}\n" for head, value in zip(heads, values, strict=True)]).encode()

    with exposed(text) as port:
        yield port


def _prometheus() -> Iterator[tuple[str, Side]]:
    program, home, port = found("prometheus"), Path(tempfile.mkdtemp(prefix="anlan-bench-")), free_port()
    print(version("prometheus"))
    with _plants() as plants:
        (home / "rules.json").write_text('{"groups": []}')
        (home / "config.yml").write_text(json.dumps(_scraping(plants) | {"rule_files": ["rules.json"]}))
        command = [program, "--config.file=config.yml", "--storage.tsdb.path=data", "--web.enable-lifecycle"]
        with running("prometheus", [*command, f"--web.listen-address=127.0.0.1:{port}"], home) as prometheus:
            address = f"http://127.0.0.1:{port}"
            prometheus.until_answers(f"{address}/-/ready")
            time.sleep(EVERY)
            (alone,) = _cores([prometheus], ALONE)
            for work in WORKS:
                (home / "rules.json").write_text(work.group(keeps_firing=True))
                httpx.post(f"{address}/-/reload", timeout=60).raise_for_status()
                time.sleep(2 * EVERY)
                name = "prometheus_rule_group_duration_seconds"
                (core,), shown, mean = _judged("Prometheus", [prometheus], f"{address}/metrics", name)
                yield work.title, Side("Prometheus", mean, shown, f"{core:.2f} core, {core - alone:.2f} for the rules")


def _vmalert() -> Iterator[tuple[str, Side]]:
    judge, store, home = found("vmalert"), found("victoria-metrics"), Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    print("vmalert of victoria-metrics", version("vmalert", "dpkg-query", "-W", "-f=${Version}", "victoria-metrics"))
    port, own = free_port(), free_port()
    address, metrics = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{own}"
    with _plants() as plants:
        (home / "config.yml").write_text(json.dumps(_scraping(plants)))
        storing = [store, "-promscrape.config=config.yml", "-storageDataPath=data", f"-httpListenAddr=127.0.0.1:{port}"]
        judging = [
            judge, "-rule=rules.json", f"-datasource.url={address}", f"-remoteWrite.url={address}",
            f"-notifier.url=http://127.0.0.1:{plants}", f"-httpListenAddr=127.0.0.1:{own}",
        ]  # fmt: skip
        with running("victoria-metrics", storing, home) as stored:
            stored.until_answers(f"{address}/health")
            time.sleep(2 * EVERY)
            (alone,) = _cores([stored], ALONE)
            for work in WORKS:
                (home / "rules.json").write_text(work.group(keeps_firing=False))
                with running("vmalert", judging, home) as judged:
                    judged.until_answers(f"{metrics}/health")
                    time.sleep(2 * EVERY)
                    name = "vmalert_iteration_duration_seconds"
                    (own_core, core), shown, mean = _judged("vmalert", [judged, stored], f"{metrics}/metrics", name)
                cost = f"{own_core:.2f} core, its database {core:.2f}, {core - alone:.2f} for the rules"
                yield work.title, Side("vmalert", mean, shown, cost)


def _scraping(port: int) -> dict:
    job = {
        "job_name": "plants",
        "scrape_interval": f"{EVERY}s",
        "scrape_timeout": f"{EVERY}s",
        "static_configs": [{"targets": [f"127.0.0.1:{port}"]}],
    }
    return {"global": {"scrape_interval": f"{EVERY}s"}, "scrape_configs": [job]}


def _cores(programs: list[Program], seconds: float) -> list[float]:
    before, began = [one.spent() for one in programs], time.perf_counter()
    time.sleep(seconds)
    took = time.perf_counter() - began
    return [(one.spent() - was) / took for one, was in zip(programs, before, strict=True)]


def _passes(metrics: str, name: str) -> tuple[float, float]:
    """Seconds of all passes until now, and how many they were, as the peer tells them."""
    told = measures(metrics)
    seconds, count = (
        sum(value for key, value in told.items() if key.startswith(f"{name}_{what}")) for what in ("sum", "count")
    )
    return seconds, count


def _judged(who: str, programs: list[Program], metrics: str, name: str) -> tuple[list[float], str, float]:
    """Cores of each program while it judges, its passes in words, and the seconds of their mean."""
    (seconds, count), began = _passes(metrics, name), time.perf_counter()
    cores = _cores(programs, JUDGED)
    then, counted = _passes(metrics, name)
    while counted == count:
        if time.perf_counter() - began > 2 * JUDGED:
            raise Missing(f"{who} ended no pass in {2 * JUDGED} s: left out")
        time.sleep(1)
        then, counted = _passes(metrics, name)
    mean = (then - seconds) / (counted - count)
    return cores, f"mean {mean:.3f} s, {counted - count:.0f} passes in {time.perf_counter() - began:.0f} s", mean


if __name__ == "__main__":
    main()
