"""One link to a Modbus server: the devices read through it, one request at a time, and patience when it is away.

Three tries; then its devices are gone and it is left alone for 5, 10, 20 … 60 seconds. A device that refuses to read
over registers it does not have is asked for each tag alone from then on. Nothing is ever written.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusTcpClient

from anlan.telemetry.book import Known
from anlan.telemetry.poller.taking import Row, Taking
from anlan.wire.modbus.tags import Block, Source, apart, blocks, decode

TRIES = 3
PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0)
ILLEGAL_ADDRESS = 2
WORDS = {1: "no such function", 2: "no such register", 3: "no such value", 4: "the device failed", 6: "busy",
         10: "no path to it", 11: "it does not answer"}  # fmt: skip
READ = {
    "holding": "read_holding_registers",
    "input": "read_input_registers",
    "coil": "read_coils",
    "discrete": "read_discrete_inputs",
}
log = logging.getLogger(__name__)
logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it would tell of every lost frame; we tell once


class Refused(Exception):
    """The device answers that it cannot: ``code`` is the exception code of the protocol."""

    def __init__(self, code: int):
        super().__init__(f"exception {code}: {WORDS.get(code, 'unknown')}")
        self.code = code


@dataclass(slots=True)
class Asked:
    """A device and when it is due next."""

    device: Known
    source: Source
    plan: list[Block]
    due: float = field(default_factory=time.monotonic)


class Link:
    def __init__(self, devices: list[tuple[Known, Source]], taking: Taking, pauses: tuple[float, ...] = PAUSES):
        source = devices[0][1]
        self.address, self.taking, self.pauses = f"{source.host}:{source.port}", taking, pauses
        self.asked = [Asked(device, one, blocks(one.tags)) for device, one in devices]
        framer = FramerType.RTU if source.framer == "rtu" else FramerType.SOCKET
        self.client = AsyncModbusTcpClient(
            source.host, port=source.port, framer=framer, timeout=source.timeout, retries=0, reconnect_delay=0
        )

    async def run(self) -> None:
        """For ever; cancelled when the link is not wanted any more."""
        failures = 0
        try:
            while True:
                if self.client.connected or await self._connected():
                    failures = 0 if await self._round() else failures + 1
                else:
                    failures += 1
                    self._all_lost("it cannot be connected to")
                if failures:
                    self.client.close()
                    await asyncio.sleep(self.pauses[min(failures, len(self.pauses)) - 1])
        finally:
            self.client.close()

    async def _connected(self) -> bool:
        for _ in range(TRIES):
            with contextlib.suppress(ModbusException, OSError, TimeoutError):
                if await self.client.connect():
                    return True
        return False

    async def _round(self) -> bool:
        """Asks what is due and waits for the next; False when the link is broken."""
        for one in sorted(self.asked, key=lambda one: one.due):
            if one.due <= time.monotonic():
                if not await self._poll(one):
                    self._all_lost("it does not answer")
                    return False
                # The grid of due times is kept; what was missed is not made up for.
                one.due = max(one.due + one.source.every, time.monotonic())
        wait = min(one.due for one in self.asked) - time.monotonic()
        await asyncio.sleep(max(wait, 0.001))
        return True

    async def _poll(self, one: Asked) -> bool:
        rows: list[Row] = []
        for block in list(one.plan):
            try:
                words = await self._read(block, one.source.unit)
            except Refused as refused:
                if refused.code == ILLEGAL_ADDRESS and len(block.tags) > 1:
                    place = one.plan.index(block)
                    one.plan[place : place + 1] = apart(block)
                for tag in block.tags:
                    self.taking.refused(one.device, tag.key, str(refused), self.address)
                continue
            except (ModbusException, OSError, TimeoutError):
                return False
            for key, value, why in decode(block, words):
                if value is None:
                    self.taking.refused(one.device, key, why, self.address)
                else:
                    rows.append(("", key, None, value, 0))
        if rows:
            await self.taking.take(one.device, rows, self.address)
        return True

    async def _read(self, block: Block, unit: int) -> list[int]:
        """The block's words or bits. Raises Refused, or what pymodbus and the socket raise after three tries."""
        ask = getattr(self.client, READ[block.table])
        for left in reversed(range(TRIES)):
            try:
                answer = await ask(block.start, count=block.count, device_id=unit)
                break
            except (ModbusException, OSError, TimeoutError):
                if not left or not self.client.connected:
                    raise
        if answer.isError():
            raise Refused(getattr(answer, "exception_code", 0))
        words = answer.bits if block.table in ("coil", "discrete") else answer.registers
        if len(words) < block.count:
            raise Refused(4)
        return [int(word) for word in words]

    def _all_lost(self, reason: str) -> None:
        self.taking.counters["links_lost"] += 1
        log.info("%s: %s", self.address, reason)
        for one in self.asked:
            self.taking.lost(one.device, reason, self.address)
