"""Pushes of IoT platforms: ``POST /push/{source}``. A source is described in the file ANLAN_PUSH_SOURCES names:

    east-nb:
      form: ctwing            # ctwing, huawei, onenet: wire/push/reports.py
      way: hmac               # hmac, onenet, token: wire/push/signatures.py
      secret: ${EAST_NB_KEY}  # taken from the environment, so that it is not in the file
      addresses: [203.0.113.0/24]   # from where it may come; from anywhere when left out

A device of the register is recognised by its identity, ``ctwing:<deviceId>`` or ``imei:<IMEI>``; unknown ones are
quarantined.
"""

import ipaddress
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import orjson
import yaml

from anlan.telemetry.deadletters import KEPT_BYTES, DeadLetter
from anlan.telemetry.gateway.reception import Reception
from anlan.telemetry.gateway.reports import PUSHED, device_of, take_report
from anlan.telemetry.settings import SettingProblem
from anlan.wire.push.reports import FORMS, Report, read
from anlan.wire.push.signatures import WAYS, Nonces, refusal
from anlan.wire.thingsboard.payload import Unreadable

SETTING = "ANLAN_PUSH_SOURCES"
SHORTEST_SECRET = 16
NEEDED = {"form", "way", "secret"}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Source:
    form: str
    way: str
    secret: str = field(repr=False)
    addresses: tuple[Network, ...] = ()
    nonces: Nonces = field(default_factory=Nonces, repr=False)

    def may_come_from(self, address: str) -> bool:
        host = address.rpartition(":")[0].strip("[]")
        return not self.addresses or any(_address(host) in network for network in self.addresses)


def _address(host: str):
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def load(file: str, environment: Mapping[str, str] = os.environ) -> dict[str, Source]:
    """The sources of the file; none when no file is named. Raises SettingProblem, without any secret in its words."""
    if not file:
        return {}
    try:
        document = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as problem:
        raise SettingProblem(SETTING, file, f"it cannot be read ({type(problem).__name__})") from None
    if not isinstance(document, dict | None):
        raise SettingProblem(SETTING, file, "write a source a name: {east: {form: …, way: …, secret: …}}")
    return {str(name): _source(file, str(name), entry, environment) for name, entry in (document or {}).items()}


def _source(file: str, name: str, entry: object, environment: Mapping[str, str]) -> Source:
    def wrong(hint: str) -> SettingProblem:
        return SettingProblem(SETTING, file, f"source {name!r}: {hint}")

    if not re.fullmatch(r"[a-z0-9-]{1,64}", name):
        raise wrong("its name becomes its address: use small letters, digits and dashes")
    if not isinstance(entry, dict) or not NEEDED <= entry.keys() <= NEEDED | {"addresses"}:
        raise wrong("give form, way, secret and, if you like, addresses")
    if entry["form"] not in FORMS:
        raise wrong(f"form is one of {', '.join(FORMS)}")
    if entry["way"] not in WAYS:
        raise wrong(f"way is one of {', '.join(WAYS)}")
    secret = str(entry["secret"])
    if named := re.fullmatch(r"\$\{(\w+)\}", secret):
        secret = environment.get(named[1], "")
    if len(secret) < SHORTEST_SECRET:
        raise wrong(f"a secret has at least {SHORTEST_SECRET} characters")
    try:
        addresses = tuple(ipaddress.ip_network(one) for one in entry.get("addresses") or ())
    except (TypeError, ValueError):
        raise wrong("addresses are a list like [203.0.113.0/24]") from None
    return Source(entry["form"], entry["way"], secret, addresses)


class Push:
    """Takes pushes. The same answer for an unknown source and a bad signature: neither can be told from the other."""

    def __init__(self, reception: Reception, sources: Mapping[str, Source], now: Callable[[], float] = time.time):
        self.reception, self.sources, self.now = reception, sources, now

    def checked(self, name: str, query: bytes) -> tuple[int, bytes]:
        """OneNET asks with GET whether the address is ours: the message is given back when it is signed."""
        source = self.sources.get(name)
        said = {key: given[0] for key, given in parse_qs(query.decode("latin-1")).items()}
        message = said.get("msg", "")
        if source is None or source.way != "onenet" or not message:
            return 404, b'{"error":"nothing is served here"}'
        signature = said.get("signature", "").replace(" ", "+")  # what Base64's plus became on the way
        wanted = orjson.dumps({"msg": message, "nonce": said.get("nonce", ""), "msg_signature": signature})
        if refusal(source.way, source.secret, {}, wanted, self.now(), source.nonces):
            return 401, b'{"error":"the signature is wrong"}'
        return 200, message.encode()

    def take(self, name: str, said: Mapping[str, str], body: bytes, address: str) -> tuple[int, dict]:
        """Status and answer. A genuine push is answered 200 whatever is in it: else the platform sends it for ever."""
        reception, source = self.reception, self.sources.get(name)
        if source is None or not source.may_come_from(address):
            reception.counters["pushes_refused"] += 1
            return 401, {"error": "no such source or signature"}
        if why := refusal(source.way, source.secret, said, body, self.now(), source.nonces):
            reception.counters["pushes_refused"] += 1
            return 401, {"error": "no such source or signature" if "secret" in why or "token" in why else why}
        reception.counters["pushes"] += 1
        try:
            reports = read(source.form, body)
        except Unreadable as problem:
            self._letter("unreadable", str(problem), None, address, f"{PUSHED}{source.form}", body)
            return 200, {"error": str(problem)}
        accepted = sum(self._report(source.form, report, address) for report in reports)
        return 200, {"accepted": accepted}

    def _report(self, form: str, report: Report, address: str) -> int:
        reception, topic, received = self.reception, f"{PUSHED}{form}", self.reception.now()
        device = device_of(reception, report)
        if device is None:
            reception.quarantine.met(report.identity, address, topic, report.raw, received, words=report.words)
            return 0
        reception.counters["messages"] += 1
        outcome, letters = take_report(reception, device, report, received, reception.intake.pile.rows)
        if outcome.accepted and not reception.intake.pile.first_received:
            reception.intake.pile.first_received = received
        for kind, reason, count in letters:
            self._letter(kind, reason, device.id, address, topic, report.raw, count)
        return outcome.accepted

    def _letter(
        self, kind: str, reason: str, device: int | None, address: str, topic: str, body: bytes, count: int = 1
    ) -> None:
        now = self.reception.now()
        self.reception.intake.letter(DeadLetter(kind, reason, device, address, topic, now, body[:KEPT_BYTES], count))
