"""What becomes of one message, whichever way it came: the same for MQTT, HTTP and a retry."""

import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable

import orjson

from anlan.telemetry.book import Directory, Known
from anlan.telemetry.deadletters import KEPT_BYTES, DeadLetter
from anlan.telemetry.gateway import framed
from anlan.telemetry.gateway.forms import Forms
from anlan.telemetry.gateway.framed import Said
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.gateway.mapping import Clock, Rows, map_rows, map_samples
from anlan.telemetry.gateway.outcome import Outcome, Sender
from anlan.telemetry.gateway.presence import Presence
from anlan.telemetry.gateway.quarantine import Quarantine, of_child, of_token
from anlan.telemetry.gateway.reports import PUSHED, take_again
from anlan.telemetry.gateway.sparkplug import Sessions, serves
from anlan.wire.sparkplug.session import Said as SparkplugSaid
from anlan.wire.thingsboard.payload import (
    Fault,
    Limits,
    Sample,
    Unreadable,
    decode_attributes,
    decode_gateway_telemetry,
    decode_named_device,
    decode_telemetry,
)

LETTER_EVERY = 600.0
"""Seconds between two letters about one unknown key."""
OF_THE_MESSAGE = ("", "values")
"""Keys of faults that are of no single value."""
REMEMBERED = 100_000
"""Unknown keys whose letters are counted; the longest unheard is forgotten first."""


class Reception:
    def __init__(
        self,
        directory: Directory,
        intake: Intake,
        presence: Presence,
        counters: Counter,
        limits: Limits,
        clock: Clock,
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ):
        self.directory, self.intake, self.presence, self.counters = directory, intake, presence, counters
        self.limits, self.clock, self.now = limits, clock, now
        self.forms = Forms(directory, clock, limits.payload)
        self.quarantine = Quarantine(intake, counters)
        self.sparkplug = Sessions()
        self._told: OrderedDict[tuple[int, str], list[float]] = OrderedDict()

    def receive(self, sender: Sender, topic: str, payload: bytes) -> Outcome:
        """Take what can be taken, keep the rest as dead letters. The answer is due when the intake says it is safe."""
        received = self.now()
        self.counters["messages"] += 1
        self.presence.heard(sender.device.id, received)
        pile = self.intake.pile
        if meaning := self.forms.take(sender.device, topic, payload, received, pile.rows):
            self.counters["messages_of_known_form"] += 1
            self.presence.heard_all(meaning.children, received)
            pile.first_received = pile.first_received or received
            return Outcome(len(meaning.point))
        outcome, letters = self._taken(sender, topic, payload, received, pile.rows)
        if topic.endswith("/telemetry") and not letters:
            self.forms.learn(sender.device, topic, payload)
        self._keep(sender, topic, payload, received, outcome, letters)
        return outcome

    def receive_said(self, sender: Sender, protocol: str, payload: bytes, said: Said) -> Outcome:
        """As :meth:`receive` for a message that the session of a framed protocol has read already."""
        received = self.now()
        self.counters["messages"] += 1
        self.presence.heard(sender.device.id, received)
        outcome, letters = self._said(sender, said, received, self.intake.pile.rows)
        self._keep(sender, protocol, payload, received, outcome, letters)
        return outcome

    def _keep(self, sender: Sender, topic: str, payload: bytes, received: int, outcome: Outcome, letters: list) -> None:
        if outcome.accepted and not self.intake.pile.first_received:
            self.intake.pile.first_received = received
        for kind, reason, count in letters:
            kept = DeadLetter(
                kind, reason, sender.device.id, sender.address, topic, received, payload[:KEPT_BYTES], count
            )
            self.intake.letter(kept)

    def retry(self, letter: DeadLetter) -> Outcome:
        """Read a dead letter with today's register. What is refused again is told, not kept a second time."""
        device = self.directory.by_id.get(letter.device or -1)
        if device is None:
            return Outcome(unreadable="the device is not registered")
        rows = self.intake.pile.rows
        sender, received = Sender(device, letter.address), letter.received or self.now()
        outcome, letters = self._taken(sender, letter.topic, letter.payload, received, rows, limited=False)
        if outcome.accepted and not self.intake.pile.first_received:
            self.intake.pile.first_received = self.now()
        if not outcome.unreadable:
            outcome.refused += [Fault(kind, reason) for kind, reason, _ in letters if kind != "bad-value"]
        return outcome

    def unknown_token(self, token: str, address: str, topic: str, payload: bytes, words: str = "") -> None:
        self.counters["unknown_tokens"] += 1
        if token:
            identity, weak = of_token(token)
            self.quarantine.met(identity, address, topic, payload, self.now(), words=words, weak=weak)

    def unknown_topic(self, sender: Sender, topic: str, payload: bytes) -> Outcome:
        reason = "nothing is served on this topic"
        letter = DeadLetter(
            "unknown-topic", reason, sender.device.id, sender.address, topic, self.now(), payload[:KEPT_BYTES]
        )
        self.intake.letter(letter)
        return Outcome(unreadable=reason)

    def too_large(self, sender: Sender | None, address: str, topic: str, size: int, first: bytes) -> Outcome:
        reason = f"{size} bytes: the most is {self.limits.payload}"
        device = sender.device.id if sender else None
        self.intake.letter(DeadLetter("too-large", reason, device, address, topic, self.now(), first[:KEPT_BYTES]))
        return Outcome(unreadable=reason)

    # --- one message ----------------------------------------------------------------------------------------------
    def _taken(
        self, sender: Sender, topic: str, payload: bytes, received: int, rows: Rows, limited: bool = True
    ) -> tuple[Outcome, list[tuple[str, str, int]]]:
        """The outcome, and letters to write as (kind, reason, messages it stands for)."""
        if serves(topic):
            return self._sparkplug(sender, topic, payload, received, rows, limited)
        if reader := framed.READERS.get(topic):
            return self._said(sender, reader(sender.device, payload, received), received, rows, limited)
        if topic.startswith(PUSHED):
            return take_again(self, sender.device, topic, payload, received, rows, limited)
        take = TAKERS.get(topic)
        if take is None:
            return Outcome(unreadable="nothing is served on this topic"), [("unknown-topic", "nothing is served", 1)]
        if topic.startswith("v1/gateway/") and not sender.device.is_gateway:
            reason = "this device is no gateway: it may speak for itself only"
            return Outcome(unreadable=reason), [("unreadable", reason, 1)]
        try:
            outcome, unknown = take(self, sender, payload, received, rows)
        except Unreadable as problem:
            return Outcome(unreadable=str(problem)), [("unreadable", str(problem), 1)]
        letters = [("bad-value", outcome.words(), 1)] if outcome.refused else []
        return outcome, letters + self.unknown_letters(unknown, received / 1e6, limited)

    def unknown_letters(self, unknown: list, now: float, limited: bool) -> list[tuple[str, str, int]]:
        """One letter of a kind, however many keys of the message are unknown; none when all had theirs lately."""
        due: dict[str, list[tuple[str, int]]] = {}
        for kind, device, words in unknown:
            count = self._due(device, words, now) if limited else 1
            if count:
                due.setdefault(kind, []).append((words, count))
        return [(kind, "; ".join(words for words, _ in all_), max(n for _, n in all_)) for kind, all_ in due.items()]

    def _telemetry(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        read = decode_telemetry(payload, self.limits)
        mapped = map_samples(sender.device, read.samples, received, self.clock, rows)
        refused, unwanted = _sorted(sender.device, read.faults)
        unknown = self.unknown_keys(sender.device, [*mapped.unknown, *unwanted])
        return Outcome(mapped.accepted, refused + mapped.faults), unknown

    def _gateway_telemetry(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        outcome, unknown = Outcome(), []
        for name, read in decode_gateway_telemetry(payload, self.limits).items():
            child = self.directory.child(sender.device.id, name)
            if child is None:
                unknown.append(self.unknown_child(sender, name, received, read.samples))
                continue
            self.presence.heard(child.id, received)
            mapped = map_samples(child, read.samples, received, self.clock, rows)
            outcome.accepted += mapped.accepted
            refused, unwanted = _sorted(child, read.faults)
            outcome.refused += [Fault(f"{name[:100]}/{key}", why) for key, why in (*refused, *mapped.faults)]
            unknown += self.unknown_keys(child, [*mapped.unknown, *unwanted])
        return outcome, unknown

    def _said(
        self, sender: Sender, said: Said, received: int, rows: Rows, limited: bool = True
    ) -> tuple[Outcome, list[tuple[str, str, int]]]:
        if said.unreadable:
            return Outcome(unreadable=said.unreadable), [("unreadable", said.unreadable, 1)]
        outcome = Outcome()
        unknown = framed.take(self, sender, said, received, rows, outcome)
        letters = [("bad-value", outcome.words(), 1)] if outcome.refused else []
        return outcome, letters + self.unknown_letters(unknown, received / 1e6, limited)

    def _sparkplug(
        self, sender: Sender, topic: str, payload: bytes, received: int, rows: Rows, limited: bool
    ) -> tuple[Outcome, list[tuple[str, str, int]]]:
        """One message of a Sparkplug node; ``limited`` is False for one that is read again."""
        device, outcome = sender.device.id, Outcome()
        try:
            said = (self.sparkplug.hear if limited else self.sparkplug.read_again)(device, topic, payload)
        except Unreadable as problem:
            return Outcome(unreadable=str(problem)), [("unreadable", str(problem), 1)]
        if said.rebirth and limited:
            self.counters["rebirths_due"] += 1
            if request := self.sparkplug.request(device, topic, received):
                outcome.replies.append(request)
        for name in filter(None, said.gone):
            if gone := self.directory.child(device, name):
                self.presence.told(gone.id, False, received)
        unknown = [] if said.gone else self._sparkplug_values(sender, said, received, rows, outcome)
        letters = [("bad-value", outcome.words(), 1)] if outcome.refused else []
        return outcome, letters + self.unknown_letters(unknown, received / 1e6, limited)

    def _sparkplug_values(
        self, sender: Sender, said: SparkplugSaid, received: int, rows: Rows, outcome: Outcome
    ) -> list:
        """What is said of the node or of one device behind it becomes readings and attributes; the unknown is told."""
        device = sender.device
        if said.device:
            device = self.directory.child(device.id, said.device) if device.is_gateway else None
            if device is None:
                samples = [Sample(key, ts and ts // 1000, value) for _, key, ts, value, _ in said.samples.rows()]
                return [self.unknown_child(sender, said.device, received, samples)]
            if said.came:
                self.presence.told(device.id, True, received)
            self.presence.heard(device.id, received)
        if said.texts:
            self.intake.attributes(device.id, orjson.dumps(said.texts))
        mapped = map_rows(device, said.samples.rows(), received, self.clock, rows)
        outcome.accepted, outcome.refused = mapped.accepted, said.faults + mapped.faults
        return self.unknown_keys(device, mapped.unknown)

    def _attributes(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        said = decode_attributes(payload, self.limits)
        self.intake.attributes(sender.device.id, orjson.dumps(said))
        return Outcome(len(said)), []

    def _gateway_attributes(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        outcome, unknown = Outcome(), []
        for name, said in decode_attributes(payload, self.limits).items():
            child = self.directory.child(sender.device.id, name)
            if child is None:
                unknown.append(self.unknown_child(sender, name, received))
            elif isinstance(said, dict):
                self.intake.attributes(child.id, orjson.dumps(said))
                outcome.accepted += len(said)
            else:
                outcome.refused.append(Fault(name[:100], "expected an object of attributes"))
        return outcome, unknown

    def _connect(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        return self._joined(sender, payload, received, here=True)

    def _disconnect(self, sender: Sender, payload: bytes, received: int, rows: Rows) -> tuple[Outcome, list]:
        return self._joined(sender, payload, received, here=False)

    def _joined(self, sender: Sender, payload: bytes, received: int, here: bool) -> tuple[Outcome, list]:
        name = decode_named_device(payload, self.limits)
        child = self.directory.child(sender.device.id, name)
        if child is None:
            return Outcome(), [self.unknown_child(sender, name, received)]
        (self.presence.joined if here else self.presence.left)(child.id, received)
        return Outcome(1), []

    def unknown_child(
        self, sender: Sender, name: str, received: int, samples: Iterable[Sample] = (), words: str = ""
    ) -> tuple[str, int, str]:
        """It goes to the quarantine with what was said of it alone, readable again once it is registered."""
        payload = orjson.dumps({name: _said_again(samples)}) if samples else b""
        gateway = sender.device.id
        self.quarantine.met(
            of_child(gateway, name),
            sender.address,
            "v1/gateway/telemetry",
            payload,
            received,
            source=f"gateway {gateway}",
            words=f"{name} {words}".strip(),
        )
        return "unknown-device", gateway, f"{name[:100]}: no such device behind this gateway"

    @staticmethod
    def unknown_keys(device: Known, keys: Iterable[str]) -> list[tuple[str, int, str]]:
        return [
            ("unknown-key", device.id, f"{key[:100]}: no point of {device.name[:100]} has this key")
            for key in dict.fromkeys(keys)
        ]

    def _due(self, device: int, words: str, now: float) -> int:
        """How many messages a letter written now stands for; 0 when one was written lately."""
        told = self._told.get((device, words))
        if told is None:
            self._told[device, words] = [now, 0]
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
            return 1
        self._told.move_to_end((device, words))
        told[1] += 1
        if now - told[0] < LETTER_EVERY:
            self.counters["letters_held_back"] += 1
            return 0
        told[0], count, told[1] = now, int(told[1]), 0
        return count


def _sorted(device: Known, faults: list[Fault]) -> tuple[list[Fault], list[str]]:
    """Faults to tell, and keys nobody waits for: whatever stands under an unknown key, it is an unknown key. A gateway
    that sends its statistics as objects every minute else made a letter every minute."""
    told, unwanted = [], []
    for fault in faults:
        if fault.key in device.points or fault.key in OF_THE_MESSAGE:
            told.append(fault)
        else:
            unwanted.append(fault.key)
    return told, unwanted


def _said_again(samples: Iterable[Sample]) -> list[dict]:
    """Samples in the form in which they came: values of one instant together."""
    of_instant: dict[int | None, dict[str, float]] = {}
    for key, ts, value in samples:
        of_instant.setdefault(ts, {})[key] = value
    return [values if ts is None else {"ts": ts, "values": values} for ts, values in of_instant.items()]


TAKERS = {
    "v1/devices/me/telemetry": Reception._telemetry,
    "v1/devices/me/attributes": Reception._attributes,
    "v1/gateway/telemetry": Reception._gateway_telemetry,
    "v1/gateway/attributes": Reception._gateway_attributes,
    "v1/gateway/connect": Reception._connect,
    "v1/gateway/disconnect": Reception._disconnect,
}


def taken(topic: str) -> bool:
    """Whether a message on this topic is one of readings, attributes or coming and going."""
    return topic in TAKERS or serves(topic)


REQUEST = re.compile(r"(v1/devices/me/(?:rpc|attributes)/)request/(\d{1,18})")


def reply(topic: str, payload: bytes, limits: Limits) -> tuple[str, bytes] | None:
    """Where and what to answer a device's question; None when the topic asks nothing. No shared attribute is kept here,
    so the answer is honest and empty: client libraries go on instead of waiting. Without "client" and "shared" in it,
    for where these are empty a ThingsBoard gateway takes them for the names of two connectors."""
    asked = REQUEST.fullmatch(topic)
    if asked is None and topic != "v1/gateway/attributes/request":
        return None
    try:
        question = orjson.loads(payload)
    except orjson.JSONDecodeError:
        question = {}
    question = question if isinstance(question, dict) else {}
    if asked is None:
        body = {"id": question.get("id"), "device": question.get("device"), "values": {}}
        return "v1/gateway/attributes/response", orjson.dumps(body)
    prefix, number = asked.groups()
    if "/attributes/" in prefix:
        body = {}
    elif question.get("method") == "getSessionLimits":
        body = {"maxPayloadSize": limits.payload, "maxInflightMessages": 1000, "rateLimits": {}}
    else:
        body = {"error": "no such method"}
    return f"{prefix}response/{number}", orjson.dumps(body)


SILENT = re.compile(r"v1/devices/me/(rpc/response/\d+|claim)|v1/gateway/(rpc|claim)")
"""Topics that are acknowledged and asked nothing of."""
