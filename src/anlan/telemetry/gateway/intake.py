"""What was received and is not yet in the stream; and the one task that brings it there.

Messages pile up while the previous pile is on its way; so a quiet gateway sends small batches at once and a busy one
large batches, without a timer to tune. An answer to a device (PUBACK, 200) is a callback kept with the pile and
called when all of the pile is on the stream's disk. When the broker is away or full the pile stays, the sockets are
no longer read, and the devices wait: nothing is dropped here.
"""

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable

from nats.aio.client import Client
from nats.errors import Error as NatsError

from anlan.columns import readings as readings_page
from anlan.columns.readings import EMPTY, Readings
from anlan.telemetry import deadletters, streams
from anlan.telemetry.deadletters import DeadLetter
from anlan.telemetry.gateway.mapping import Rows
from anlan.telemetry.streams import Sending

MOST_ROWS = 50_000
"""More are not gathered while a pile is on its way: decoding them takes about a third of a second, in which nobody else
is served."""
MOST_LETTER_BYTES = 16 * 1024 * 1024
MOST_ANSWERS = 100_000
ROWS_A_MESSAGE = 65_536
GATHER_SECONDS = 0.002
BEAT_SECONDS = 1.0

log = logging.getLogger(__name__)


class Pile:
    """What one round brings to the stream."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.first_received = 0
        self.letters: list[DeadLetter] = []
        self.letter_bytes = 0
        self.told: list[Sending] = []
        self.answers: list[Callable[[], None]] = []

    def full(self) -> bool:
        return len(self.rows) > MOST_ROWS or self.letter_bytes > MOST_LETTER_BYTES or len(self.answers) > MOST_ANSWERS


class Intake:
    def __init__(self, client: Client | None, shards: int, counters: Counter):
        self.client, self.shards, self.counters = client, shards, counters
        self.pile = Pile()
        self._something = asyncio.Event()
        self._room: list[Callable[[], None]] = []
        # A restarted gateway must not meet the message ids of the one before.
        self._name, self._number = secrets.token_hex(6), 0
        self._beaten = dict.fromkeys(range(shards), 0.0)

    # --- filling --------------------------------------------------------------------------------------------------
    @property
    def full(self) -> bool:
        return self.pile.full()

    def when_there_is_room(self, call: Callable[[], None]) -> None:
        """Call once the pile is on its way: whoever stopped reading its socket goes on."""
        self._room.append(call)

    def when_safe(self, answer: Callable[[], None]) -> None:
        """Call when everything received so far is in the stream."""
        self.pile.answers.append(answer)
        self._something.set()

    def letter(self, letter: DeadLetter) -> None:
        self.pile.letters.append(letter)
        self.pile.letter_bytes += len(letter.payload)
        self.counters[f"letters_{letter.kind}"] += 1
        self._something.set()

    def attributes(self, device: int, body: bytes) -> None:
        self.pile.told.append(Sending(f"attributes.{device}", body, {}))
        self._something.set()

    def tell(self, sending: Sending) -> None:
        """Something that is neither reading nor letter; its bytes count as a letter's do."""
        self.pile.told.append(sending)
        self.pile.letter_bytes += len(sending.payload)
        self._something.set()

    # --- emptying -------------------------------------------------------------------------------------------------
    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop and nothing is left. Cancel it to give up what is left; devices will send that again."""
        while not (stop.is_set() and not self._something.is_set()):
            try:
                await asyncio.wait_for(self._something.wait(), BEAT_SECONDS if not stop.is_set() else 0.05)
                await asyncio.sleep(GATHER_SECONDS)
            except TimeoutError:
                pass
            await self._round()

    async def _round(self) -> None:
        pile, self.pile = self.pile, Pile()
        self._something.clear()
        began = time.perf_counter()
        sending = asyncio.create_task(self._delivered(self._sendings(pile)))
        # The pile is on its way before those who waited make the next one.
        await asyncio.sleep(0)
        room, self._room = self._room, []
        for call in room:
            call()
        await sending
        self.counters["readings"] += len(pile.rows)
        if len(pile.rows):
            self.counters["batches"] += 1
            self.counters["stream_ms"] += round((time.perf_counter() - began) * 1000)
        for answer in pile.answers:
            answer()

    async def _delivered(self, sendings: list[Sending]) -> None:
        while not await self._sent(sendings):
            self.counters["waits_for_broker"] += 1
            await asyncio.sleep(0.1)

    def _sendings(self, pile: Pile) -> list[Sending]:
        sendings = [
            Sending(f"deadletters.{letter.kind}", letter.payload, deadletters.headers(letter))
            for letter in pile.letters
        ]
        sendings += pile.told
        if len(pile.rows):
            for shard, batch in readings_page.split(pile.rows.readings(), self.shards).items():
                for at in range(0, len(batch), ROWS_A_MESSAGE):
                    part = batch.take(slice(at, at + ROWS_A_MESSAGE))
                    sendings.append(self._batch(shard, part, pile.first_received))
        now = time.monotonic()
        for shard, beaten in self._beaten.items():
            if now - beaten >= BEAT_SECONDS:
                # An empty batch moves the stream's time on, by which the rule workers see silence and finished delays.
                sendings.append(self._batch(shard, EMPTY, 0))
        return [one._replace(headers={**one.headers, "Nats-Msg-Id": self._id()}) for one in sendings]

    def _batch(self, shard: int, batch: Readings, received: int) -> Sending:
        self._beaten[shard] = time.monotonic()
        meta = (
            {"kind": "readings", "received": received, "sent": time.time_ns() // 1000} if received else {"kind": "beat"}
        )
        return Sending(f"readings.{shard}", readings_page.pack(batch, meta), {})

    def _id(self) -> str:
        self._number += 1
        return f"{self._name}.{self._number}"

    async def _sent(self, sendings: list[Sending]) -> bool:
        """True when all are on the stream's disk. Sending again is safe: the stream takes a message id once."""
        try:
            await streams.put(self.client, sendings)
        except (NatsError, TimeoutError, OSError) as problem:
            log.warning("%d messages wait for the stream: %r", len(sendings), problem)
            return False
        return True
