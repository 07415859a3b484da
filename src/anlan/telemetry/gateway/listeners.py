"""What the gateway listens with: one module a protocol, named in a table.

A listener opens its ports, is swept once a second, is quiet when the gateway stops (nothing more is read, what was read
is still answered), and is closed. Framed protocols differ in a row of :data:`FRAMED` only.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from anlan.telemetry.gateway.fire_units import FireUnit
from anlan.telemetry.gateway.http import Listener as HttpServer
from anlan.telemetry.gateway.links import Datagrams, Room, Session
from anlan.telemetry.gateway.mqtt import Connection, Served
from anlan.telemetry.gateway.push import Push, load
from anlan.telemetry.gateway.reception import Reception
from anlan.telemetry.gateway.stations import Station
from anlan.telemetry.gateway.vehicles import Vehicle
from anlan.telemetry.settings import SettingProblem, Settings


class Ports:
    """Sockets bound to the address for devices, and the numbers they got."""

    def __init__(self, host: str):
        self.host = host
        self.numbers: dict[str, int] = {}

    def bound(self, variable: str, port: int, kind: int = socket.SOCK_STREAM) -> socket.socket:
        """Errors: SettingProblem, when the port cannot be had."""
        made = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET, kind)
        if kind == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        try:
            made.bind((self.host, port))
        except OSError as problem:
            made.close()
            hint = f"{self.host}:{port} cannot be listened on ({problem.strerror}); give another port"
            raise SettingProblem(variable, str(port), hint) from problem
        name = variable.removeprefix("ANLAN_").removeprefix("DEVICE_").lower()
        self.numbers[name] = made.getsockname()[1]
        return made


class Listener(Protocol):
    async def open(self, ports: Ports) -> None: ...
    def sweep(self, now: float) -> None: ...
    def quiet(self) -> None: ...
    async def close(self) -> None: ...
    def connections(self) -> int: ...


class Mqtt:
    def __init__(self, reception: Reception, settings: Settings):
        self.settings, self.served = settings, Served(reception, set())
        self.servers: list[asyncio.Server] = []

    async def open(self, ports: Ports) -> None:
        given = self.settings
        await self._serve(ports.bound("ANLAN_MQTT_PORT", given.mqtt_port))
        if given.tls_certificate:
            secured = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            secured.load_cert_chain(given.tls_certificate, given.tls_key or None)
            await self._serve(ports.bound("ANLAN_MQTTS_PORT", given.mqtts_port), secured)

    async def _serve(self, on: socket.socket, secured: ssl.SSLContext | None = None) -> None:
        loop = asyncio.get_running_loop()
        made = await loop.create_server(lambda: Connection(self.served), sock=on, ssl=secured, backlog=1024)
        self.servers.append(made)

    def sweep(self, now: float) -> None:
        self.served.sweep(now)

    def quiet(self) -> None:
        for connection in self.served.connections:
            connection.waiting = True
            connection.transport.pause_reading()

    async def close(self) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.served.connections):
            connection.will = None
            connection.transport.close()

    def connections(self) -> int:
        return len(self.served.connections)


class Http:
    """The device API, and what platforms push."""

    def __init__(self, reception: Reception, settings: Settings):
        self.settings = settings
        self.server = HttpServer(reception, Push(reception, load(settings.push_sources)), settings.batch_limit)

    async def open(self, ports: Ports) -> None:
        bound = ports.bound("ANLAN_DEVICE_HTTP_PORT", self.settings.http_port)
        self.task = asyncio.create_task(self.server.listen(bound))

    def sweep(self, now: float) -> None:
        """Its requests end by themselves."""

    def quiet(self) -> None:
        """A request that came is answered; the next finds the door closed."""

    async def close(self) -> None:
        self.server.should_exit = True
        await asyncio.wait((self.task,), timeout=1)

    def connections(self) -> int:
        return len(self.server.server_state.connections)


@dataclass(frozen=True)
class Row:
    """One framed protocol."""

    name: str
    variable: str
    port: Callable[[Settings], int]
    session: Callable[[Room], Session]
    datagrams: bool = False


class Framed:
    def __init__(self, reception: Reception, settings: Settings, row: Row):
        self.row, self.settings = row, settings
        self.room = Room(row.name, reception, settings.home)
        self.servers: list[asyncio.Server | asyncio.DatagramTransport] = []

    async def open(self, ports: Ports) -> None:
        row, loop = self.row, asyncio.get_running_loop()
        bound = ports.bound(row.variable, row.port(self.settings))
        self.servers.append(await loop.create_server(lambda: row.session(self.room), sock=bound, backlog=1024))
        if row.datagrams:
            same = ports.bound(row.variable, bound.getsockname()[1], socket.SOCK_DGRAM)
            made, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self.room, row.session), sock=same)
            self.servers.append(made)

    def sweep(self, now: float) -> None:
        self.room.sweep(now)

    def quiet(self) -> None:
        for session in self.room.sessions:
            session.waiting = True
            session.transport.pause_reading()

    async def close(self) -> None:
        for server in self.servers:
            server.close()
        for session in list(self.room.sessions):
            session.transport.close()

    def connections(self) -> int:
        return len(self.room.sessions)

    async def order(self, device: int, name: str, parameters: dict) -> dict | None:
        """Send something down to a device and wait for its answer; None when it has no link here."""
        session = self.room.of_device.get(device)
        known = session and session.reception.directory.by_id.get(device)
        if not known:
            return None
        return await session.order(known, name, parameters)


FRAMED = (
    Row("gb26875", "ANLAN_GB26875_PORT", lambda given: given.gb26875_port, FireUnit, datagrams=True),
    Row("jt808", "ANLAN_JT808_PORT", lambda given: given.jt808_port, Vehicle, datagrams=True),
    Row("hj212", "ANLAN_HJ212_PORT", lambda given: given.hj212_port, Station),
)


def made(reception: Reception, settings: Settings) -> list[Listener]:
    """All listeners of this gateway: MQTT and HTTP, and the framed protocols that its settings name."""
    rows = [row for row in FRAMED if row.name in settings.protocols]
    return [Mqtt(reception, settings), Http(reception, settings), *(Framed(reception, settings, row) for row in rows)]
