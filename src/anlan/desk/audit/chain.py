"""The chain: append under a lock, verify from the first entry to the last.

seal(n) = HMAC-SHA256(key, seal(n-1) + canonical JSON of entry n). The key lives outside the database, so whoever
can edit the tables cannot forge a seal. An edit, a removal, a swap and a cut-off tail each break at a named entry.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anlan.desk.audit import context
from anlan.desk.audit.models import Entry, Head

FIRST = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is to be recorded. Who and from where are taken from the context unless given."""

    action: str
    subject: str = ""
    region: str = ""
    organisation: str = ""
    words: str = ""
    data: dict = field(default_factory=dict)
    actor: str = ""


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and in which way."""

    position: int
    reason: str


def canonical(entry: Entry) -> bytes:
    fields = [
        entry.position,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.address,
        entry.action,
        entry.subject,
        entry.region,
        entry.organisation,
        entry.words,
        entry.data,
    ]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def seal(previous: str, entry: Entry) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), previous.encode() + canonical(entry), hashlib.sha256).hexdigest()


def append(*acts: Act, at: datetime | None = None) -> list[Entry]:
    """Adds entries, in order, within the caller's transaction. Holds the head row until that transaction ends,
    so call it last, and once for many acts."""
    if not acts:
        return []
    who, address = context.who(), context.address()
    at = at or timezone.now()
    with transaction.atomic():
        head = Head.objects.select_for_update().get_or_create(pk=1)[0]
        entries = []
        for act in acts:
            entry = Entry(
                position=head.position + 1,
                at=at,
                actor=act.actor or who,
                address=address,
                action=act.action,
                subject=act.subject,
                region=act.region,
                organisation=act.organisation,
                words=act.words[:500],
                data=json.dumps(act.data, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":")),
            )
            entry.seal = head.seal = seal(head.seal, entry)
            head.position = entry.position
            entries.append(entry)
        Entry.objects.bulk_create(entries, batch_size=500)
        head.save(update_fields=["position", "seal"])
    return entries


def verify(entries: Iterable[Entry] | None = None, head: Head | None = None) -> Iterator[Break]:
    """Every place where the chain does not hold. Nothing yielded: the history is whole."""
    if entries is None:
        entries = Entry.objects.order_by("position").iterator(chunk_size=2000)
    head = head or Head.objects.filter(pk=1).first() or Head()
    previous, position = FIRST, 0
    for entry in entries:
        if entry.position != position + 1:
            yield Break(position + 1, f"entries {position + 1} to {entry.position - 1} are missing")
            previous = None
        if previous is not None and not hmac.compare_digest(entry.seal, seal(previous, entry)):
            yield Break(entry.position, "the entry was edited or exchanged: its seal does not fit")
        previous, position = entry.seal, entry.position
    if (position, previous) != (head.position, head.seal) and previous is not None:
        yield Break(position + 1, f"the chain ends at {position}, but {head.position} entries were written")
