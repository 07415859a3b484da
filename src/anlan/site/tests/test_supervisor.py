"""The supervisor with small processes in place of the platform's: how it starts, restarts and ends them."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from anlan.site.supervisor import run as supervising
from anlan.site.supervisor import status
from anlan.site.supervisor.children import Child, children
from anlan.site.supervisor.output import Repeats, shown
from anlan.site.supervisor.run import Supervisor

LIVES = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('WARNING up', flush=True); time.sleep(60)"
DIES = "import sys; sys.exit(7)"
WRONG = "import sys; sys.exit(78)"


def child(name: str, program: str, wave: int = 0) -> Child:
    return Child(name, lambda home, ports: [sys.executable, "-c", program], wave)


@pytest.fixture
def play(tmp_path, monkeypatch, capsys) -> Callable:
    """`play(children, until)` runs them until `until(supervisor)` holds, then tells the supervisor to stop."""
    monkeypatch.setenv("ANLAN_NATS_URL", "nats://nowhere")
    monkeypatch.setenv("ANLAN_DEMO", "no")

    def run(them: list[Child], until: Callable[[Supervisor], bool]) -> tuple[Supervisor, str, int]:
        monkeypatch.setattr(supervising, "children", lambda environment, demo: them)
        monkeypatch.setattr(supervising.setup, "wanted", lambda home, environment: [])

        async def whole() -> tuple[Supervisor, int]:
            one = Supervisor(tmp_path)
            ending = asyncio.create_task(one.run())
            async with asyncio.timeout(20):
                while not until(one) and not ending.done():
                    await asyncio.sleep(0.02)
            one.stopping.set()
            return one, await ending

        one, code = asyncio.run(whole())
        return one, capsys.readouterr().out, code

    return run


def pids(one: Supervisor) -> list[int]:
    return [running.process.pid for running in one.running if running.process]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_ends_what_it_started_wave_after_wave(play, tmp_path):
    one, said, code = play(
        [child("last", LIVES, 2), child("first", LIVES, 0)],
        lambda one: all(running.state == "running" for running in one.running),
    )
    assert code == 0 and all(gone(pid) for pid in pids(one))
    assert said.rstrip().endswith("Stopped.")
    assert {facts["state"] for facts in status.read(tmp_path)["processes"].values()} == {"ended"}


def test_it_restarts_what_dies_and_says_so(play, tmp_path):
    _, said, _ = play([child("weak", DIES), child("strong", LIVES)], lambda one: one.running[0].restarts >= 2)
    assert "weak ended with exit code 7; starting it again" in said
    facts = json.loads((tmp_path / "run.json").read_text())["processes"]
    assert facts["weak"]["restarts"] >= 2 and facts["weak"]["last_end"]["code"] == 7
    assert facts["strong"]["restarts"] == 0


def test_what_says_that_it_gives_up_is_started_again_and_others_may_say_so(play):
    resigned = "print('ERROR no more of this', flush=True); " + LIVES
    one, said, _ = play(
        [replace(child("resigned", resigned), gives_up="no more"), child("grumbling", resigned)],
        lambda one: one.running[0].restarts >= 1 and one.running[1].state == "running",
    )
    assert "resigned ended with exit code 0; starting it again" in said or "resigned was ended by SIGTERM" in said
    assert one.running[1].restarts == 0


def test_it_kills_what_will_not_end_and_says_so(play, monkeypatch):
    monkeypatch.setattr(supervising, "WAVES", (0.3,))
    one, said, _ = play([child("stubborn", STUBBORN)], lambda one: one.running[0].state == "running" and spoken(one))
    assert "stubborn did not end within 0.3 s and is killed" in said
    assert all(gone(pid) for pid in pids(one))


def spoken(one: Supervisor) -> bool:
    return (one.home / "log" / "stubborn.log").read_text() != ""


def test_it_stops_when_a_process_finds_the_configuration_wrong(play):
    one, said, code = play([child("web", WRONG), child("other", LIVES)], lambda one: False)
    assert code == 1
    assert "web cannot start with this configuration" in said
    assert all(gone(pid) for pid in pids(one))


def test_a_process_hears_no_ctrl_c_of_the_terminal(play):
    groups = []

    def running(one: Supervisor) -> bool:
        groups.extend(os.getpgid(pid) for pid in pids(one) if not groups)
        return bool(groups)

    play([child("one", LIVES)], running)
    assert groups[0] != os.getpgid(0)


def test_two_supervisors_never_share_a_home(tmp_path, monkeypatch):
    held = status.hold(tmp_path)
    status.write(tmp_path, {"address": "http://127.0.0.1:8000"})
    with pytest.raises(SystemExit, match=r"runs already on .* at http://127\.0\.0\.1:8000"):
        supervising.run(tmp_path)
    assert status.running(tmp_path)["address"] == "http://127.0.0.1:8000"
    held.close()
    assert status.running(tmp_path) == {}


def test_the_processes_end_in_an_order_in_which_nothing_is_lost():
    waves = {one.name: one.wave for one in children({"ANLAN_SHARDS": "2"}, demo=True)}
    assert waves["gateway"] == waves["simulator"] == 0
    assert waves["rules-0"] == waves["rules-1"] == waves["archive"] == waves["work"] == 1
    assert waves["nats"] == max(waves.values())


def test_a_broker_of_ones_own_is_not_started_again():
    assert "nats" not in {one.name for one in children({"ANLAN_NATS_URL": "nats://elsewhere"}, demo=False)}
    assert "simulator" not in {one.name for one in children({}, demo=False)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-03-02 WARNING gateway a token is unknown", True),
        ("Traceback (most recent call last):", True),
        ("2026-03-02 INFO gateway 40 devices", False),
        ("[41] 2026/03/02 [INF] Server is ready", False),
        ("[41] 2026/03/02 [ERR] no room", True),
        ("   ", False),
    ],
)
def test_only_what_needs_attention_is_shown(line, expected):
    assert shown(line) == expected


def test_one_fault_repeated_every_second_is_shown_once_a_minute():
    repeats = Repeats()
    shows = [repeats.new(f"[{n}] ERR 127.0.0.1:{5000 + n} authentication error", float(n)) for n in range(125)]
    assert [n for n, new in enumerate(shows) if new] == [0, 60, 120]
    assert repeats.new("something else", 3.0)


def test_signals_mean_stop_then_kill(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ANLAN_DEMO", "no")
    one = Supervisor(tmp_path)
    sent = []
    monkeypatch.setattr(one, "_send", lambda whom, what: sent.append(what))
    one._told_to_stop("SIGINT")
    assert one.stopping.is_set() and not sent
    one._told_to_stop("SIGINT")
    assert not sent, "the same Ctrl-C, heard twice"
    one.told_at -= 1
    one._told_to_stop("SIGINT")
    assert sent == [signal.SIGKILL]


def test_a_home_is_a_folder_and_the_log_lies_in_it(play, tmp_path: Path):
    play([child("one", LIVES)], lambda one: one.running[0].state == "running")
    assert (tmp_path / "log" / "one.log").exists()
