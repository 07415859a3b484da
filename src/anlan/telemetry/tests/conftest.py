"""A real broker and real processes for the tests that are marked ``pipeline``. Other packages' tests may import
these."""

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import orjson
import pytest

from anlan.telemetry import broker as broker_program
from anlan.telemetry import settings as settings_module

PORTS = range(12_000, 32_000)
"""Below those the kernel gives to outgoing connections, one of which might have it before it is listened on."""
CHANCE = random.SystemRandom()


def free_port() -> int:
    while True:
        port = CHANCE.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Pipeline:
    """A home folder with a broker in it, and the pipeline's processes started in it by name."""

    def __init__(self, home: Path, port: int):
        self.home, self.port = home, port
        self.url = broker_program.url(home, port)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ANLAN_")},
            "ANLAN_HOME": str(home),
            "ANLAN_NATS_URL": self.url,
            "ANLAN_MQTT_PORT": str(free_port()),
            "ANLAN_DEVICE_HTTP_PORT": str(free_port()),
            **{f"ANLAN_{name.upper()}_PORT": str(free_port()) for name in settings_module.PROTOCOLS},
            "ANLAN_ARCHIVE_SECONDS": "1",
        }
        self.processes: dict[str, subprocess.Popen] = {}

    @property
    def settings(self) -> settings_module.Settings:
        return settings_module.load(self.environment)

    def start_broker(self) -> None:
        self._start("broker", broker_program.command(self.home, self.port))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the broker did not come up")

    def start(self, name: str, module: str, *arguments: str, wait: bool = True) -> subprocess.Popen:
        """``python -m anlan.telemetry.<module>``; returns when it answers for its health."""
        process = self._start(name, [sys.executable, "-m", f"anlan.telemetry.{module}", *arguments])
        if wait:
            health = "rules-" + arguments[-1] if module == "rules" else module
            self.health(health, 40)
        return process

    def _start(self, name: str, command: list[str]) -> subprocess.Popen:
        with open(self.home / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        return self.processes[name]

    def kill(self, name: str) -> None:
        """As ``kill -9`` does."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop(self, name: str, seconds: float = 10) -> int:
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(seconds)

    def health(self, name: str, seconds: float = 10) -> dict:
        async def ask() -> dict:
            client = await nats.connect(self.url.split(","), connect_timeout=2, max_reconnect_attempts=3)
            try:
                return orjson.loads((await client.request(f"health.{name}", b"", timeout=1)).data)
            finally:
                await client.close()

        deadline = time.monotonic() + seconds
        while True:
            try:
                return asyncio.run(ask())
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def end(self) -> None:
        for name in sorted(self.processes, key=lambda name: name == "broker"):
            self.kill(name)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """A running broker in a folder of its own; start what else the test needs."""
    made = Pipeline(tmp_path, free_port())
    try:
        made.start_broker()
        yield made
    finally:
        made.end()


@pytest.fixture
def broker(pipeline: Pipeline) -> str:
    """URL of a running broker, token included."""
    return pipeline.url
