"""Who speaks and is not registered: told to the desk, where a person admits or refuses him.

A listener calls :meth:`Quarantine.met` for each message of somebody the register does not know. What is made of it is
bounded whatever is sent, for a flood of invented names must fill nothing:

* so many strangers are remembered at most, the longest unheard is forgotten first;
* so many newcomers are taken in ten minutes, from one source and in all; the others are only counted, and as they
  speak again they are taken in a later ten minutes;
* a stranger is told at once, then after 10 s, 20 s, 40 s … at most every ten minutes, each time with the number of
  messages this stands for and the last of them; who first only gave his name is told again with the first he sends.

What is told goes to the stream ``STRANGERS``, which is bounded itself.
"""

import hashlib
from collections import Counter, OrderedDict
from dataclasses import dataclass
from urllib.parse import quote, unquote

from anlan.telemetry.deadletters import KEPT_BYTES
from anlan.telemetry.gateway.intake import Intake
from anlan.telemetry.streams import STRANGER_SUBJECT, Sending

SECOND = 1_000_000
SHORT_TOKEN = 16
"""A token of fewer characters is no secret: its bearer is not admitted with it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that strangers may occupy."""

    remembered: int = 1_000
    newcomers: int = 200
    newcomers_a_source: int = 50
    window: int = 600 * SECOND
    first_wait: int = 10 * SECOND
    longest_wait: int = 600 * SECOND


@dataclass(frozen=True, slots=True)
class Stranger:
    """What the desk is told: who, from where, when, for how many messages this stands, and the last of them."""

    identity: str
    """With the protocol before it, as the register would have it: ``jt808:013800138000``; of a token ``token:`` and its
    SHA-256, of a device behind a gateway ``child:<id of the gateway>/<name>``."""
    address: str
    topic: str
    received: int
    """Microseconds UTC."""
    payload: bytes
    count: int = 1
    words: str = ""
    """What else helps a person to recognise it: the client id, a name it gave."""
    weak: bool = False
    """Its token is too short to be a secret."""


@dataclass(slots=True)
class _Heard:
    told: int = 0
    wait: int = 0
    count: int = 0
    shown: bool = False
    """Something he sent was told, not only that he is there."""


class Quarantine:
    def __init__(self, intake: Intake, counters: Counter, bounds: Bounds = Bounds()):
        self.intake, self.counters, self.bounds = intake, counters, bounds
        self._heard: OrderedDict[str, _Heard] = OrderedDict()
        self._sources: Counter[str] = Counter()
        self._since, self._newcomers = 0, 0

    def met(
        self,
        identity: str,
        address: str,
        topic: str,
        payload: bytes,
        now: int,
        *,
        source: str = "",
        words: str = "",
        weak: bool = False,
    ) -> bool:
        """One message of somebody unknown; True when it is kept, False when it was only counted.

        ``source`` is who answers for the newcomer: the address without its port unless given (a gateway's id).
        """
        self.counters["strangers_met"] += 1
        heard = self._known(identity, source or address.rpartition(":")[0], now)
        if heard is None:
            return False
        heard.count += 1
        if now - heard.told < heard.wait and now >= heard.told and (heard.shown or not payload):
            return False
        kept = Stranger(identity[:200], address, topic, now, payload[:KEPT_BYTES], heard.count, words, weak)
        self.intake.tell(Sending(STRANGER_SUBJECT, kept.payload, headers(kept)))
        heard.told, heard.count, heard.shown = now, 0, heard.shown or bool(payload)
        heard.wait = min(2 * heard.wait or self.bounds.first_wait, self.bounds.longest_wait)
        return True

    def wants(self, identity: str, now: int) -> bool:
        """Whether a message of this one would be kept now, so far as one can tell: who pays to read it asks first."""
        heard = self._heard.get(identity)
        if heard is None:
            return self._newcomers < self.bounds.newcomers or now - self._since >= self.bounds.window
        return not heard.shown or now - heard.told >= heard.wait

    def _known(self, identity: str, source: str, now: int) -> _Heard | None:
        heard = self._heard.get(identity)
        if heard is not None:
            self._heard.move_to_end(identity)
            return heard
        if not self._may_come(source, now):
            self.counters["strangers_held_back"] += 1
            return None
        heard = self._heard[identity] = _Heard()
        if len(self._heard) > self.bounds.remembered:
            self._heard.popitem(last=False)
        return heard

    def _may_come(self, source: str, now: int) -> bool:
        bounds = self.bounds
        if not 0 <= now - self._since < bounds.window:
            self._since, self._newcomers = now, 0
            self._sources.clear()
        if self._newcomers >= bounds.newcomers or self._sources[source] >= bounds.newcomers_a_source:
            return False
        self._newcomers += 1
        self._sources[source] += 1
        return True


def of_token(token: str) -> tuple[str, bool]:
    """Identity of the bearer of an unknown token, and whether the token is too short to be a secret."""
    return f"token:{hashlib.sha256(token.encode()).hexdigest()}", len(token) < SHORT_TOKEN


def of_child(gateway: int, name: str) -> str:
    """Identity of a device that a gateway named and that is not registered behind it."""
    return f"child:{gateway}/{name[:100]}"


def headers(stranger: Stranger) -> dict[str, str]:
    """The stranger but his bytes. Texts are percent-encoded: a header is one line of ASCII."""
    return {
        "Anlan-Identity": quote(stranger.identity, safe=":/ "),
        "Anlan-Address": quote(stranger.address[:64], safe=" :"),
        "Anlan-Topic": quote(stranger.topic[:200], safe="/ "),
        "Anlan-Received": str(stranger.received),
        "Anlan-Count": str(stranger.count),
        "Anlan-Words": quote(stranger.words[:120], safe=" "),
        "Anlan-Weak": "1" if stranger.weak else "",
    }


def read(said: dict[str, str] | None, payload: bytes | None) -> Stranger:
    """The stranger of a message on the stream."""
    said = said or {}
    return Stranger(
        identity=unquote(said.get("Anlan-Identity", "")),
        address=unquote(said.get("Anlan-Address", "")),
        topic=unquote(said.get("Anlan-Topic", "")),
        received=int(said.get("Anlan-Received") or 0),
        payload=payload or b"",  # an empty one may come as None
        count=int(said.get("Anlan-Count") or 1),
        words=unquote(said.get("Anlan-Words", "")),
        weak=bool(said.get("Anlan-Weak")),
    )
