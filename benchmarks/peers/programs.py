"""The peers as programs: found, started, heard from, their processor time read, ended."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil


class Missing(Exception):
    """The peer is not installed or does not come up; the text says so, and our half goes on without it."""


def found(name: str) -> str:
    """The program's path. Errors: Missing."""
    if path := shutil.which(name):
        return path
    raise Missing(f"{name} is not installed: left out")


def version(name: str, *asking: str) -> str:
    """The first line of what the program, or Debian's book of packages, says of its version."""
    said = subprocess.run([*asking] if asking else [found(name), "--version"], capture_output=True, text=True)
    return (said.stdout or said.stderr).strip().splitlines()[0].partition(" (")[0]


def spent(pid: int) -> float:
    """Seconds of processor time of a process and all it started, those that have ended too."""
    whole = psutil.Process(pid)
    own = whole.cpu_times()
    running = [one.cpu_times() for one in (whole, *whole.children(recursive=True))]
    return own.children_user + own.children_system + sum(one.user + one.system for one in running)


class Program:
    """A running peer with all processes it starts."""

    def __init__(self, name: str, process: subprocess.Popen, log: Path):
        self.name, self.process, self.log = name, process, log

    def spent(self) -> float:
        return spent(self.process.pid)

    def until_answers(self, address: str, seconds: float = 60) -> None:
        """Errors: Missing with the end of its log when it does not."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(address, timeout=5).status_code < 500:
                    return
            time.sleep(0.2)
        raise Missing(f"{self.name} did not answer: left out\n{self.log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def running(name: str, command: list[str], home: Path, environment: dict[str, str] | None = None) -> Iterator[Program]:
    log = home / f"{name}.log"
    with open(log, "ab") as lines:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=lines, stderr=lines)
    try:
        yield Program(name, process, log)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def measures(address: str) -> dict[str, float]:
    """What a program tells of itself in Prometheus' text form, by the name with its labels."""
    lines = (line.rpartition(" ") for line in httpx.get(address, timeout=20).text.splitlines() if line[:1] != "#")
    return {name: float(value) for name, _, value in lines if name}
