"""Whichever process of the platform is killed, every episode raised is one of an alarm of the desk, and one only."""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from anlan.site.supervisor import ports, status
from anlan.telemetry.tests.conftest import free_port
from anlan.telemetry.tests.sender import Sender
from anlan.telemetry.tests.test_survival import series

pytestmark = pytest.mark.pipeline

DEVICES, POINTS, MESSAGES = 4, 5, 400
EPISODES = DEVICES * POINTS * (MESSAGES // 10)
VICTIMS = ("work", "web", "poller", "work", "nats", "rules", "gateway", "archive", "web", "work")
ANLAN = [sys.executable, "-m", "anlan.site.command"]


def stage() -> None:
    """The register: devices of some points each, every point with one limit at 10."""
    import django

    django.setup()
    from anlan.telemetry.book import token_hash
    from anlan.watch.devices.models import Device, Point, Rule

    for d in range(DEVICES):
        device = Device.objects.create(
            code=f"D{d}", name=f"D{d}", profile="tank_level", token_digest=token_hash(f"T{d}")
        )
        for k in range(POINTS):
            Rule.objects.create(
                point=Point.objects.create(device=device, key=f"k{k}", title="液位"), kind="H", limit=10
            )


@pytest.fixture
def platform(tmp_path):
    told = {port.variable: str(free_port()) for port in ports.PORTS}
    environment = os.environ | told | {"ANLAN_HOME": str(tmp_path), "ANLAN_DEMO": "no"}
    environment |= {"DJANGO_SETTINGS_MODULE": "anlan.site.settings"}
    del environment["ANLAN_NATS_URL"]
    subprocess.run([*ANLAN, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    staging = f"import {__name__} as here; here.stage()"
    subprocess.run([sys.executable, "-c", staging], env=environment, check=True)
    with open(tmp_path / "out.log", "w") as out:
        process = subprocess.Popen([*ANLAN, "run"], env=environment, stdout=out, stderr=out)
    try:
        until(lambda: "is ready: http" in (tmp_path / "out.log").read_text(), True, 120)
        yield tmp_path, environment
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def until(seen, wanted, seconds: float) -> None:
    """Until what is `seen` is as `wanted`."""
    deadline = time.monotonic() + seconds
    while (now := seen()) != wanted:
        assert time.monotonic() < deadline, f"{now} instead of {wanted}"
        time.sleep(0.2)


def told(home: Path) -> tuple[int, int, int]:
    """Activations by the counts of their alarms, episodes by the rows, and alarms that are not over."""
    ask = """SELECT (SELECT sum(activations) FROM alarms_alarm),
             (SELECT count(*) FROM (SELECT episode FROM alarms_alarm UNION ALL SELECT episode FROM alarms_activation)),
             (SELECT count(*) FROM alarms_alarm WHERE active)"""
    with sqlite3.connect(f"file:{home / 'anlan.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute(ask).fetchone()


async def kill_one_after_the_other(home: Path) -> None:
    for name in VICTIMS:
        await asyncio.sleep(1.0)
        while not (pid := status.read(home)["processes"][name]["pid"]):
            await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)


def test_every_process_is_killed_and_every_episode_is_one_alarm_and_the_audit_chain_whole(platform):
    home, environment = platform

    async def load() -> int:
        senders = [Sender(int(environment["ANLAN_MQTT_PORT"]), f"T{d}", most=50) for d in range(DEVICES)]
        await asyncio.gather(*(sender.start() for sender in senders))
        work = [series(sender, POINTS, MESSAGES, 0.03) for sender in senders]
        await asyncio.gather(kill_one_after_the_other(home), *work)
        await asyncio.gather(*(sender.finish() for sender in senders))
        return sum(sender.acknowledged for sender in senders)

    assert asyncio.run(load()) == DEVICES * MESSAGES
    until(lambda: told(home), (EPISODES, EPISODES, 0), 90)

    verified = subprocess.run([*ANLAN, "audit", "verify"], env=environment, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    page = f"http://127.0.0.1:{environment['ANLAN_WEB_PORT']}/sign-in/"
    assert urllib.request.urlopen(page, timeout=20).status == 200
    said = (home / "out.log").read_text()
    assert len(re.findall("was ended by SIGKILL", said)) == len(VICTIMS), said
