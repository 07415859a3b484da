"""The loop of `anlan run`.

Rules of the machine
- Set-up steps run first; the broker and the pipeline start beside them, the web and the work when they are through.
- A process that ends without being told to is said aloud, noted in var/run.json and started again (restart.py).
- The first Ctrl-C or SIGTERM ends all, wave after wave (children.py): devices first stop being heard, what is under way
  is written, the broker goes last. A second one kills at once.
- Processes live in sessions of their own, so a Ctrl-C in the terminal reaches them only through these waves; should the
  supervisor itself be killed, the kernel tells them (Linux) and they end too.
"""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from anlan import __version__
from anlan.site.environment import MISCONFIGURED
from anlan.site.supervisor import output, ports, restart, setup, status
from anlan.site.supervisor.children import WAVES, Child, children
from anlan.telemetry import broker
from anlan.telemetry.settings import PROTOCOLS

ACCOUNTS = "demo-accounts.json"
ONE_WISH = 0.5  # seconds within which two signals are one: a terminal and make may each send theirs


class Running:
    """One process and its history."""

    def __init__(self, child: Child, home: Path, verbose: bool):
        self.child = child
        self.output = output.Output(child.name, home / "log", verbose)
        self.process: asyncio.subprocess.Process | None = None
        self.state, self.since, self.restarts, self.last_end = "waiting", _now(), 0, None
        self.deaths: deque[float] = deque(maxlen=16)

    def became(self, state: str) -> None:
        self.state, self.since = state, _now()

    def facts(self) -> dict:
        return {
            "state": self.state,
            "pid": self.process.pid if self.process and self.state == "running" else None,
            "since": self.since,
            "restarts": self.restarts,
            "last_end": self.last_end,
        }


class Supervisor:
    def __init__(self, home: Path, verbose: bool = False):
        self.home, self.verbose = home, verbose
        self.demo = setup.choose_demo(home, os.environ)
        self.claims = ports.Claims()
        self.ports = ports.choose(os.environ, status.read(home).get("ports", {}), self.claims.take)
        self.environment = self._environment()
        self.running = [Running(child, home, verbose) for child in children(os.environ, self.demo)]
        self.there = {"broker": asyncio.Event(), "database": asyncio.Event(), "calm": asyncio.Event()}
        self.stopping = asyncio.Event()
        self.started_at = _now()
        self.address = f"http://{_reachable(os.environ.get('ANLAN_WEB_HOST', ''))}:{self.ports['web']}"
        self.told_at = 0.0
        self.failed = 0
        self._step: asyncio.subprocess.Process | None = None

    def _environment(self) -> dict[str, str]:
        """What every process is told beside what the supervisor was told itself."""
        told = {port.variable: str(self.ports[port.name]) for port in ports.PORTS}
        told |= {"ANLAN_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        if not os.environ.get("ANLAN_NATS_URL"):
            told["ANLAN_NATS_URL"] = broker.url(self.home, self.ports["nats"])
        # Without compiled modules every start would compile a thousand of them in each process.
        return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | told

    # --- the whole -----------------------------------------------------------------------------------------------

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(one, self._told_to_stop, one.name)
        self._note()
        keepers = [asyncio.create_task(self._keep(one)) for one in self.running]
        others = [asyncio.create_task(work) for work in (self._set_up(), self._find_broker(), self._announce())]
        await self.stopping.wait()
        for task in others:
            task.cancel()
        await self._end(keepers)
        self._note(ended=True)
        return self.failed

    def _told_to_stop(self, by: str) -> None:
        now, self.told_at = time.monotonic(), self.told_at or time.monotonic()
        if self.stopping.is_set():
            if now - self.told_at < ONE_WISH:
                return
            output.say("Killing what is left.")
            self._send(self.running, signal.SIGKILL)
            return
        output.say(f"Stopping ({by})…")
        self.stopping.set()

    async def _set_up(self) -> None:
        wanted = setup.wanted(self.home, self.environment)
        if wanted:
            self.there["calm"].set()  # the web will not start soon: the others may use the time
        for step in wanted:
            output.say(f"{step.title}…")
            began = time.monotonic()
            if code := await self._run_step(step):
                output.say(f"{step.title} failed (exit {code}); the lines above and var/log/set-up.log say why.")
                self.failed = 1
                self.stopping.set()
                return
            setup.note(self.home, **{step.name: step.stamp(self.home, self.environment)})
            output.say(f"{step.title}: done in {time.monotonic() - began:.0f} s")
        self.there["database"].set()

    async def _run_step(self, step: setup.Step) -> int:
        command = [sys.executable, "-m", "anlan.site.command", *step.words]
        written = output.Output("set-up", self.home / "log", verbose=True)
        try:
            self._step = process = await self._spawn(command)
            await _copy(process, written.line)
            return await process.wait()
        finally:
            self._step = None
            written.close()

    async def _find_broker(self) -> None:
        if os.environ.get("ANLAN_NATS_URL"):
            self.there["broker"].set()
            return
        while not await _answers("127.0.0.1", self.ports["nats"], b""):
            await asyncio.sleep(0.05)
        self.there["broker"].set()

    async def _announce(self) -> None:
        """Says where the platform is, once it really answers there."""
        await self.there["database"].wait()
        host = _reachable(os.environ.get("ANLAN_WEB_HOST", ""))
        while not await _answers(host, self.ports["web"], b"GET /health/ HTTP/1.0\r\nHost: localhost\r\n\r\n"):
            await asyncio.sleep(0.05)
        self.there["calm"].set()
        output.say(f"Anlan is ready: {self.address}")
        if (self.home / ACCOUNTS).exists():
            output.say(f"Accounts of the demo district: {_short(self.home / ACCOUNTS)}")
        else:
            output.say("Open the first account with: anlan account create USERNAME --role system_administrator")
        framed = ", ".join(f"{name.upper()} {self.ports[name]}" for name in PROTOCOLS)
        output.say(f"Devices: MQTT {self.ports['mqtt']}, HTTP {self.ports['http']}, {framed}. Ctrl-C stops everything.")
        self._note()

    # --- one process ---------------------------------------------------------------------------------------------

    async def _keep(self, one: Running) -> None:
        """Starts a process when what it needs is there, and again whenever it dies."""
        for need in one.child.needs:
            await self._or_stopping(self.there[need].wait())
        while not self.stopping.is_set():
            code = await self._live(one)
            if self.stopping.is_set():
                return
            if code == MISCONFIGURED:
                output.say(f"{one.child.name} cannot start with this configuration; the lines above say what to mend.")
                self.failed = 1
                self.stopping.set()
                return
            one.deaths.append(time.monotonic())
            one.restarts, one.last_end = one.restarts + 1, {"at": _now(), "code": code}
            one.became("restarting")
            wait = restart.pause(one.deaths, time.monotonic())
            output.say(f"{one.child.name} {_how(code)}; starting it again" + (f" in {wait:.0f} s" if wait else ""))
            self._note()
            await self._or_stopping(asyncio.sleep(wait))

    async def _live(self, one: Running) -> int:
        one.process = await self._spawn(one.child.command(self.home, self.ports))
        one.became("running")
        if self.stopping.is_set():  # told to stop while it was being started
            one.process.terminate()
        self._note()
        await _copy(one.process, partial(self._heard, one))
        return await one.process.wait()

    def _heard(self, one: Running, line: str) -> None:
        one.output.line(line)
        if one.child.gives_up and one.child.gives_up in line:
            self._send([one], signal.SIGTERM)

    async def _spawn(self, command: list[str]) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *command,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
            limit=1 << 20,
        )

    # --- the end -------------------------------------------------------------------------------------------------

    async def _end(self, keepers: list[asyncio.Task]) -> None:
        if self._step:
            self._step.terminate()
        for one in self.running:
            one.output.silent = True  # that the others are gone is no news now
        for wave, seconds in enumerate(WAVES):
            ending = [one for one in self.running if one.child.wave == wave and _alive(one)]
            self._send(ending, signal.SIGTERM)
            left = await _gone(ending, seconds)
            for one in left:
                output.say(f"{one.child.name} did not end within {seconds} s and is killed")
            self._send(left, signal.SIGKILL)
        _, late = await asyncio.wait(keepers, timeout=1)
        for task in late:
            task.cancel()
        for one in self.running:
            one.became("ended")
            one.output.close()
        output.say("Stopped.")

    def _send(self, whom: list[Running], one_signal: signal.Signals) -> None:
        for one in whom:
            if _alive(one):
                with contextlib.suppress(ProcessLookupError):
                    one.process.send_signal(one_signal)

    async def _or_stopping(self, awaited) -> None:
        """Waits for something, but no longer than until told to stop."""
        tasks = {asyncio.ensure_future(awaited), asyncio.ensure_future(self.stopping.wait())}
        _, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()

    def _note(self, ended: bool = False) -> None:
        facts = {
            "pid": None if ended else os.getpid(),
            "version": __version__,
            "started_at": self.started_at,
            "address": self.address,
            "ports": self.ports,
            "processes": {one.child.name: one.facts() for one in self.running},
        }
        with contextlib.suppress(OSError):
            status.write(self.home, facts)


def run(home: Path, verbose: bool = False) -> int:
    """Runs the platform on this home until told to stop; the exit code."""
    lock = status.hold(home)
    if lock is None:
        address = status.read(home).get("address", "an unknown address")
        raise SystemExit(
            f"Anlan runs already on {_short(home)}, at {address}. Stop it, or set ANLAN_HOME to another folder."
        )
    with contextlib.closing(lock):
        return asyncio.run(_run(home, verbose))


async def _run(home: Path, verbose: bool) -> int:
    return await Supervisor(home, verbose).run()


def _die_with_parent():
    """On Linux a process asks the kernel to be ended when its supervisor dies without saying so."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    asked = int(signal.SIGTERM)
    return lambda: libc.prctl(1, asked)  # 1: PR_SET_PDEATHSIG


async def _copy(process: asyncio.subprocess.Process, take: Callable[[str], None]) -> None:
    while True:
        try:
            line = await process.stdout.readline()
        except ValueError:  # a line beyond the buffer: its beginning is gone, the process goes on
            continue
        if not line:
            return
        take(line.decode(errors="replace").rstrip())


async def _answers(host: str, port: int, question: bytes) -> bool:
    """Whether somebody listens there, and answers if asked something."""
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                if not question:
                    return True
                writer.write(question)
                return (await reader.readline()).startswith(b"HTTP/")
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def _gone(whom: list[Running], seconds: float) -> list[Running]:
    """Waits so long for these to end; those that did not."""
    until = time.monotonic() + seconds
    while (left := [one for one in whom if _alive(one)]) and time.monotonic() < until:
        await asyncio.sleep(0.02)
    return left


def _alive(one: Running) -> bool:
    return one.process is not None and one.process.returncode is None


def _how(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _short(path: Path) -> str:
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)
