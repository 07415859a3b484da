"""Which ports the platform listens on: those asked for, else the usual ones, else free ones."""

import fcntl
import os
import socket
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


class PortTaken(SystemExit):
    """A port that was asked for cannot be had."""

    def __init__(self, port: "Port", number: int):
        super().__init__(
            f"{port.variable}={number}: another program listens there. End it, or set {port.variable} to a free port."
        )


@dataclass(frozen=True)
class Port:
    name: str
    variable: str
    default: int
    host_variable: str = ""  # what says on which address it listens; empty: this machine only


PORTS = (
    Port("web", "ANLAN_WEB_PORT", 8000, "ANLAN_WEB_HOST"),
    Port("mqtt", "ANLAN_MQTT_PORT", 1883, "ANLAN_DEVICE_HOST"),
    Port("http", "ANLAN_DEVICE_HTTP_PORT", 8081, "ANLAN_DEVICE_HOST"),
    Port("gb26875", "ANLAN_GB26875_PORT", 26875, "ANLAN_DEVICE_HOST"),
    Port("jt808", "ANLAN_JT808_PORT", 10808, "ANLAN_DEVICE_HOST"),
    Port("hj212", "ANLAN_HJ212_PORT", 10212, "ANLAN_DEVICE_HOST"),
    Port("nats", "ANLAN_NATS_PORT", 4222),
)
NEIGHBOURS = 50


def choose(
    environment: Mapping[str, str], previous: Mapping[str, int], free: Callable[[str, int], bool]
) -> dict[str, int]:
    """A port for each purpose. One asked for by its variable must be free; else the one of the last run, the usual
    one, or the next free one above it. Errors: PortTaken."""
    chosen: dict[str, int] = {}
    for port in PORTS:
        host = environment.get(port.host_variable, "") or "127.0.0.1"
        if asked := environment.get(port.variable):
            number = int(asked)
            if not free(host, number) or number in chosen.values():
                raise PortTaken(port, number)
        else:
            number = _first_free(port, host, previous, set(chosen.values()), free)
        chosen[port.name] = number
    return chosen


def _first_free(port: Port, host: str, previous: Mapping[str, int], used: set[int], free) -> int:
    candidates = [previous.get(port.name, port.default), *range(port.default, port.default + NEIGHBOURS)]
    for number in candidates:
        if number not in used and free(host, number):
            return number
    raise SystemExit(
        f"No free port from {port.default} to {port.default + NEIGHBOURS - 1}. Set {port.variable} to one that is free."
    )


def is_free(host: str, number: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((host, number))
        except OSError:
            return False
        server.listen(1)
    return True


class Claims:
    """Ports taken for this run. A platform listens only some seconds after it has chosen; till then a lock that ends
    with the process tells another one, started beside it, that they are taken."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder or Path(tempfile.gettempdir())
        self.held: list[int] = []

    def take(self, host: str, number: int) -> bool:
        """Whether the port is free, and from now on ours."""
        return is_free(host, number) and self._lock(number)

    def _lock(self, number: int) -> bool:
        try:
            lock = os.open(self.folder / f"anlan-port-{number}", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # somebody else's: another person runs a platform of his own
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self.held.append(lock)
        return True
