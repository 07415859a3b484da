"""A message that could not be used, kept with its reason: the bytes as they came, the rest in headers.

=====================  =================================================================================
kind (the subject)     what happened
=====================  =================================================================================
``unreadable``         nothing in it could be read: no JSON, too many keys, nested too deep
``bad-value``          some values could not be taken; the others were
``unknown-key``        keys that the device's register does not name; at most one letter a key in ten
                       minutes, with the number of messages it stands for
``unknown-device``     a gateway spoke for a device that is not registered behind it; limited alike
``unknown-topic``      sent to a topic that is not served
``too-large``          over the limit; the first bytes are kept
=====================  =================================================================================
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from anlan.telemetry.follow import Message

KINDS = ("unreadable", "bad-value", "unknown-key", "unknown-device", "unknown-topic", "too-large")
KEPT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class DeadLetter:
    kind: str
    reason: str
    device: int | None
    address: str
    topic: str
    received: int
    """Microseconds UTC; a retry takes it as the time of values that carry none."""
    payload: bytes
    count: int = 1
    """Messages this letter stands for."""


def headers(letter: DeadLetter) -> dict[str, str]:
    """The letter but its bytes. Texts are percent-encoded: a header is one line of ASCII."""
    return {
        "Anlan-Reason": quote(letter.reason[:400], safe=" "),
        "Anlan-Device": str(letter.device or ""),
        "Anlan-Address": quote(letter.address[:64], safe=" :"),
        "Anlan-Topic": quote(letter.topic[:200], safe="/ "),
        "Anlan-Received": str(letter.received),
        "Anlan-Count": str(letter.count),
    }


def read(subject: str, said: dict[str, str] | None, payload: bytes) -> DeadLetter:
    """The letter of a message on ``deadletters.<kind>`` or of a request to ``gateway.retry``."""
    said = said or {}
    device = said.get("Anlan-Device", "")
    return DeadLetter(
        kind=subject.rpartition(".")[2],
        reason=unquote(said.get("Anlan-Reason", "")),
        device=int(device) if device.isdecimal() else None,
        address=unquote(said.get("Anlan-Address", "")),
        topic=unquote(said.get("Anlan-Topic", "")),
        received=int(said.get("Anlan-Received") or 0),
        payload=payload,
        count=int(said.get("Anlan-Count") or 1),
    )


def of_message(message: Message) -> DeadLetter:
    """The dead letter that a message of the stream holds."""
    return read(message.subject, message.headers, message.data)
