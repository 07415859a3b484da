"""From a value that passes its limit to the other system's webhook: ours, and Prometheus with Alertmanager.

Prometheus scrapes and judges every second, the least it is used with, and Alertmanager waits for nothing; each flip is
a series of its own, so that no group holds another back. Ours is a device that sends over MQTT; the webhook is signed.
"""

import asyncio
import json
import os
import random
import tempfile
import time
from pathlib import Path

import orjson

from anlan.telemetry.tests.conftest import Pipeline, free_port
from benchmarks import alarms
from benchmarks.peers import programs
from benchmarks.peers.programs import Missing, found, running, version
from benchmarks.peers.table import Side, compare, spread
from benchmarks.peers.target import exposed

FLIPS, APART = 150, (0.25, 0.55)
"""How many, and the seconds between two of them: no multiple of the peer's second."""


def main() -> None:
    theirs = []
    try:
        theirs.append(_prometheus())
    except Missing as problem:
        print(problem)
    compare("value flip to webhook, p99", _ours(), theirs)


def _side(who: str, milliseconds: list[float], processor: str) -> Side:
    p50, p99 = spread(milliseconds)
    shown = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {max(milliseconds):.0f} ms, {len(milliseconds)} flips"
    return Side(who, p99, shown, processor)


# --- theirs -----------------------------------------------------------------------------------------------------------
class Flips:
    """The series a peer scrapes, when each went over the limit and when the webhook heard of it."""

    def __init__(self):
        self.flipped: dict[str, float] = {}
        self.heard: dict[str, float] = {}

    def text(self) -> bytes:
        return "".join(f'level{{flip="{n}"}} {99 if str(n) in self.flipped else 1}\n' for n in range(FLIPS)).encode()

    def hear(self, body: bytes) -> None:
        for alert in json.loads(body)["alerts"]:
            self.heard.setdefault(alert["labels"]["flip"], time.perf_counter())

    def run(self) -> None:
        dice = random.Random(7)
        for n in range(FLIPS):
            self.flipped[str(n)] = time.perf_counter()
            time.sleep(dice.uniform(*APART))
        alarms._until(lambda: len(self.heard) == FLIPS, 30)

    def took(self) -> list[float]:
        return [(self.heard[n] - at) * 1000 for n, at in self.flipped.items()]


def _prometheus() -> Side:
    judge, teller = found("prometheus"), found("prometheus-alertmanager")
    print(version("prometheus"), "/", version("prometheus-alertmanager"))
    flips, home = Flips(), Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    own, other = free_port(), free_port()
    with exposed(flips.text, flips.hear) as port:
        _write(home, port, other)
        judging = [
            judge,
            "--config.file=config.yml",
            "--storage.tsdb.path=data",
            f"--web.listen-address=127.0.0.1:{own}",
        ]
        telling = [
            teller, "--config.file=alertmanager.yml", "--storage.path=told", "--cluster.listen-address=",
            f"--web.listen-address=127.0.0.1:{other}",
        ]  # fmt: skip
        with running("alertmanager", telling, home) as told, running("prometheus", judging, home) as judged:
            told.until_answers(f"http://127.0.0.1:{other}/-/ready")
            judged.until_answers(f"http://127.0.0.1:{own}/-/ready")
            time.sleep(3)
            before, began = told.spent() + judged.spent(), time.perf_counter()
            flips.run()
            cores = (told.spent() + judged.spent() - before) / (time.perf_counter() - began)
    return _side("Prometheus, Alertmanager", flips.took(), f"{cores:.3f} core")


def _write(home: Path, port: int, alertmanager: int) -> None:
    """A second is the least both are used with; Alertmanager waits for nothing."""
    over = {"alert": "over", "expr": "level >= 85"}
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.json"],
        "scrape_configs": [{"job_name": "plant", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}]},
    }
    route = {"receiver": "hook", "group_by": ["flip"], "group_wait": "0s", "group_interval": "1s"}
    hook = {"name": "hook", "webhook_configs": [{"url": f"http://127.0.0.1:{port}/", "send_resolved": False}]}
    for name, content in (
        ("config.yml", config),
        ("rules.json", {"groups": [{"name": "limits", "rules": [over]}]}),
        ("alertmanager.yml", {"route": route, "receivers": [hook]}),
    ):
        (home / name).write_text(json.dumps(content))


# --- ours -------------------------------------------------------------------------------------------------------------
def _ours() -> Side:
    hook = free_port()
    pipeline = staged({"ANLAN_ALARM_HOOKS": f"http://127.0.0.1:{hook}/", "ANLAN_WEBHOOK_SECRET": alarms.SECRET})
    try:
        pipeline.start_broker()
        alarms._answer_hooks(hook)
        alarms._stage()
        alarms._work(pipeline)
        pipeline.start("rules", "rules", "--shard", "0")
        pipeline.start("gateway", "gateway")
        time.sleep(5)
        before, began = _spent(pipeline), time.perf_counter()
        sent = asyncio.run(_flipped(pipeline.settings.mqtt_port))
        alarms._until(lambda: all(ts in alarms.Other.heard for ts in sent), 60)
        cores = (_spent(pipeline) - before) / (time.perf_counter() - began)
    finally:
        pipeline.end()
    took = [(alarms.Other.heard[ts] - at) * 1000 for ts, at in sent.items()]
    return _side("Anlan", took, f"{cores:.3f} core (broker, gateway, rules, work)")


def staged(environment: dict[str, str]) -> Pipeline:
    """A scratch home of our own, and Django set up in it."""
    pipeline = Pipeline(Path(tempfile.mkdtemp(prefix="anlan-bench-")), free_port())
    pipeline.environment |= {"ANLAN_SECOND_FACTOR": "no", "ANLAN_LOG": "ERROR", **environment}
    os.environ.update(pipeline.environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    return pipeline


def _spent(pipeline: Pipeline) -> float:
    return sum(programs.spent(one.pid) for one in pipeline.processes.values())


async def _flipped(port: int) -> dict[int, float]:
    """As benchmarks.alarms flips, at the peer's pace: when each was sent, by its instant in ms."""
    from anlan.telemetry.tests.sender import Sender

    sender, dice, sent = Sender(port, "T1"), random.Random(7), {}
    await sender.start()
    await sender.send(orjson.dumps({"ts": int(time.time() * 1000), "values": {"a": 1}}))
    await asyncio.sleep(2)
    for number in range(FLIPS):
        ts = int(time.time() * 1000)
        sent[ts] = time.perf_counter()
        await sender.send(orjson.dumps({"ts": ts, "values": {"a": 1 if number % 2 else 99}}))
        await asyncio.sleep(dice.uniform(*APART))
    await sender.finish()
    return sent


if __name__ == "__main__":
    main()
