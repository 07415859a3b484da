"""Links to real servers: a pymodbus server and an asyncua server, started here, read, damaged, stopped and started."""

import asyncio
import contextlib
from collections import Counter

import pytest
from asyncua import Server, ua
from pymodbus.datastore import ModbusDeviceContext, ModbusServerContext, ModbusSparseDataBlock
from pymodbus.server import ModbusTcpServer

from anlan.telemetry.book import Device, Known, Point, pack_devices
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import Clock
from anlan.telemetry.gateway.presence import CONNECTED, LEFT, Presence
from anlan.telemetry.poller.modbus import Link
from anlan.telemetry.poller.opcua import Session
from anlan.telemetry.poller.service import asked
from anlan.telemetry.poller.taking import Taking
from anlan.telemetry.tests.conftest import free_port
from anlan.wire.modbus import tags as modbus_tags
from anlan.wire.opcua import tags as opcua_tags

PLANT = "urn:plant:tanks"
KEYS = ("level", "temperature", "fault", "valve")


class Desk:
    """A taking without a stream, and what came to it."""

    def __init__(self):
        self.intake, self.presence, self.counters = Intake(None, 1, Counter()), Presence(), Counter()
        self.taking = Taking(self.intake, self.presence, self.counters, Clock())

    def values(self) -> dict[int, float]:
        """The last value of each point."""
        rows = self.intake.pile.rows.readings()
        return dict(zip(rows.point.tolist(), rows.value.tolist(), strict=True))

    def count(self) -> int:
        return len(self.intake.pile.rows.readings())

    def reasons(self) -> str:
        return "; ".join(letter.reason for letter in self.intake.pile.letters)


def known(settings: dict, id=1) -> Known:
    points = tuple(Point(id * 10 + n, key) for n, key in enumerate(KEYS))
    (one,) = asked(pack_devices([Device(id, f"device {id}", points=points, settings=settings)]))
    return Known(one)


async def until(what, seconds=10.0):
    """Waits for something to become true; the test fails when it does not."""
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def running(*links):
    tasks = [asyncio.create_task(link.run()) for link in links]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# --- Modbus -------------------------------------------------------------------------------------------------------
@contextlib.asynccontextmanager
async def modbus_server(port: int, registers: dict[int, int], unit: int = 17):
    coils = ModbusSparseDataBlock({n: n == 3 for n in range(20)})
    context = ModbusDeviceContext(hr=ModbusSparseDataBlock(registers), co=coils)
    server = ModbusTcpServer(ModbusServerContext(devices={unit: context}, single=False), address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    try:
        yield server
    finally:
        await server.shutdown()


def modbus(port: int, **changes) -> tuple[Known, modbus_tags.Source]:
    settings = {
        "host": "127.0.0.1", "port": port, "unit": 17, "every": 0.1, "timeout": 0.5,
        "tags": [
            {"key": "level", "address": 16, "type": "float32"},
            {"key": "temperature", "address": 18, "type": "int16", "scale": 0.1, "bad": [-9999]},
            {"key": "fault", "address": 19, "bit": 3}, {"key": "valve", "table": "coil", "address": 3},
        ],
        **changes,
    }  # fmt: skip
    device = known({"modbus": settings})
    return device, modbus_tags.read_settings(device.settings["modbus"])


REGISTERS = {16: 0x4078, 17: 0, 18: 265, 19: 0b1000}


def test_a_devices_registers_become_readings_of_its_points_again_and_again():
    async def play():
        desk, port = Desk(), free_port()
        async with modbus_server(port, REGISTERS) as server, running(Link([modbus(port)], desk.taking)):
            await until(lambda: len(desk.values()) == 4)
            assert desk.values() == {10: 3.875, 11: pytest.approx(26.5), 12: 1.0, 13: 1.0}
            assert desk.presence.state[1] == CONNECTED and desk.reasons() == ""
            await server.async_setValues(17, 3, 18, [300])
            await until(lambda: desk.values()[11] == 30.0)

    asyncio.run(play())


def test_a_word_that_says_nothing_is_no_reading_and_told_once():
    async def play():
        desk, port = Desk(), free_port()
        async with modbus_server(port, {**REGISTERS, 18: 2**16 - 9999}), running(Link([modbus(port)], desk.taking)):
            await until(lambda: desk.counters["values_refused"] > 2)
            assert 11 not in desk.values() and 10 in desk.values()
            assert len(desk.intake.pile.letters) == 1 and "no measurement" in desk.reasons()

    asyncio.run(play())


def test_a_device_that_has_not_all_registers_of_a_block_is_asked_for_each_tag_alone():
    async def play():
        desk, port = Desk(), free_port()
        tags = [
            {"key": "level", "address": 16},
            {"key": "temperature", "address": 20},
            {"key": "fault", "address": 500},
        ]
        async with modbus_server(port, {16: 7, 20: 8}), running(Link([modbus(port, tags=tags)], desk.taking)):
            await until(lambda: len(desk.values()) == 2)
            assert desk.values() == {10: 7.0, 11: 8.0} and "fault: exception 2" in desk.reasons()

    asyncio.run(play())


def test_a_server_that_is_away_is_gone_and_found_again_and_no_old_value_is_told_meanwhile():
    async def play():
        desk, port = Desk(), free_port()
        async with running(Link([modbus(port)], desk.taking, pauses=(0.05,))):
            await until(lambda: desk.presence.state.get(1) == LEFT)
            assert desk.count() == 0 and "connected" in desk.reasons()
            async with modbus_server(port, REGISTERS):
                await until(lambda: desk.presence.state[1] == CONNECTED and desk.count() >= 4)
            await until(lambda: desk.presence.state[1] == LEFT)
            count = desk.count()
            await asyncio.sleep(0.3)
            assert desk.count() == count
            async with modbus_server(port, REGISTERS):
                await until(lambda: desk.count() > count)

    asyncio.run(play())


def test_a_server_that_speaks_nonsense_is_given_up_and_nothing_is_taken():
    async def play():
        desk = Desk()

        async def nonsense(reader, writer):
            with contextlib.suppress(ConnectionError):
                while await reader.read(100):
                    writer.write(b"HTTP/1.1 400 what\r\n\r\n" * 5)

        server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with running(Link([modbus(port, timeout=0.1)], desk.taking, pauses=(0.05,))):
            await until(lambda: desk.counters["links_lost"] > 1)
        server.close()
        assert desk.count() == 0 and desk.presence.state[1] == LEFT

    asyncio.run(play())


# --- OPC UA -------------------------------------------------------------------------------------------------------
async def opcua_server(port: int) -> tuple[Server, dict]:
    """A server with a tank under two namespaces, of which the first is the plant's. Starting it takes long: one is made
    for all that is tried."""
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    nodes = {}
    for uri in ("urn:other", PLANT):
        index = await server.register_namespace(uri)
        tank = await server.nodes.objects.add_object(index, "T101")
        for name, value in (("Level", 61.5), ("Temperature", 20.0), ("Fault", False), ("Name", "tank")):
            nodes[uri, name] = await tank.add_variable(ua.NodeId(f"T101.{name}", index), name, value)
    return server, nodes


def opcua(port: int) -> tuple[Known, opcua_tags.Source]:
    node = f"nsu={PLANT};s=T101."
    settings = {
        "url": f"opc.tcp://127.0.0.1:{port}", "interval": 50,
        "tags": [
            {"key": "level", "node": f"{node}Level"}, {"key": "temperature", "node": f"{node}Temperature", "scale": 2},
            {"key": "fault", "node": f"{node}Fault"}, {"key": "valve", "node": f"{node}Nowhere"},
        ],
    }  # fmt: skip
    device = known({"opcua": settings})
    return device, opcua_tags.read_settings(device.settings["opcua"])


def test_a_servers_nodes_are_followed_with_time_and_quality_and_found_again_under_another_index(monkeypatch):
    monkeypatch.setattr("anlan.telemetry.poller.opcua.LOOK_SECONDS", 0.2)

    async def play():
        desk, port = Desk(), free_port()
        server, nodes = await opcua_server(port)
        level = nodes[PLANT, "Level"]
        async with running(Session([opcua(port)], desk.taking, pauses=(0.1,))):
            async with server:
                await until(lambda: len(desk.values()) == 3)
                assert desk.values() == {10: 61.5, 11: 40.0, 12: 0.0}
                assert "valve: the server has no such node" in desk.reasons()
                await level.write_value(62.5)
                await until(lambda: desk.values()[10] == 62.5)
                await level.write_value(ua.DataValue(ua.Variant(63.5), ua.StatusCode(0x40000000)))
                await until(lambda: desk.values()[10] == 63.5)
                assert desk.intake.pile.rows.readings().quality.tolist()[-1] == 8
                count = desk.count()
                await level.write_value(ua.DataValue(ua.Variant(99.0), ua.StatusCode(0x80310000)))
                await until(lambda: "BadNoCommunication" in desk.reasons())
                assert desk.count() == count, "a bad value is never a reading"
                names = await server.get_namespace_array()
                names[-1], names[-2] = names[-2], names[-1]
                await server.get_node(ua.ObjectIds.Server_NamespaceArray).write_value(names)
                await nodes["urn:other", "Level"].write_value(7.5)
            await until(lambda: desk.presence.state[1] == LEFT)
            async with server:
                await until(lambda: desk.values()[10] == 7.5)
                assert desk.presence.state[1] == CONNECTED

    asyncio.run(play())
