"""A light MQTT client for loads and faults: knows exactly what was acknowledged, sends again what was not."""

import asyncio
from collections import OrderedDict

from anlan.wire.mqtt.text import number, text

TELEMETRY = text("v1/devices/me/telemetry")


def connect_packet(token: str) -> bytes:
    body = text("MQTT") + b"\x04\x82\x00\x3c" + text("") + text(token)
    return b"\x10" + number(len(body)) + body


def publish_packet(payload: bytes, packet_id: int, topic: bytes = TELEMETRY, again: bool = False) -> bytes:
    """A PUBLISH of QoS 1."""
    head = b"\x3a" if again else b"\x32"
    return head + number(len(topic) + 2 + len(payload)) + topic + packet_id.to_bytes(2, "big") + payload


class Sender:
    """One connection; :meth:`send` waits while ``most`` messages are unacknowledged."""

    def __init__(self, port: int, token: str, most: int = 200, topic: str = "v1/devices/me/telemetry"):
        self.port, self.token, self.most, self.topic = port, token, most, text(topic)
        self.unacknowledged: OrderedDict[int, bytes] = OrderedDict()
        self.acknowledged = 0
        self._id = 0
        self._room = asyncio.Condition()
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task | None = None

    async def start(self) -> None:
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._keep_connected(ready))
        await ready.wait()

    async def send(self, payload: bytes) -> None:
        async with self._room:
            await self._room.wait_for(lambda: len(self.unacknowledged) < self.most)
            self._id = self._id % 65_535 + 1
            self.unacknowledged[self._id] = payload
        if self._writer is not None:
            self._writer.write(publish_packet(payload, self._id, self.topic))

    async def finish(self, seconds: float = 60) -> None:
        """Until everything is acknowledged."""
        async with self._room:
            await asyncio.wait_for(self._room.wait_for(lambda: not self.unacknowledged), seconds)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _keep_connected(self, ready: asyncio.Event) -> None:
        while True:
            try:
                await self._session(ready)
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                self._writer = None
            await asyncio.sleep(0.1)

    async def _session(self, ready: asyncio.Event) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(connect_packet(self.token))
            if (await reader.readexactly(4))[3] != 0:
                raise OSError("the token was refused")
            # In their order, and before anything new.
            for packet_id, payload in self.unacknowledged.items():
                writer.write(publish_packet(payload, packet_id, self.topic, again=True))
            self._writer = writer
            ready.set()
            while True:
                await self._take(await reader.readexactly(4))
                await writer.drain()
        finally:
            writer.close()

    async def _take(self, packet: bytes) -> None:
        async with self._room:
            if self.unacknowledged.pop(packet[2] << 8 | packet[3], None) is not None:
                self.acknowledged += 1
            self._room.notify_all()
