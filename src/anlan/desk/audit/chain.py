"""The chain: append under a lock, verify from the first entry to the last.

seal(n) = HMAC-SHA256(key, seal(n-1) + canonical JSON of entry n). The key lives outside the database, so whoever
can edit the tables cannot forge a seal. An edit, a removal, a swap and a cut-off tail each break at a named entry.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anlan.desk.audit import context
from anlan.desk.audit.models import Entry, Head

FIRST = "0" * 64
FIELDS = (
    "position",
    "at",
    "actor",
    "address",
    "action",
    "subject",
    "region",
    "organisation",
    "words",
    "data",
)


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


REASONS = {
    "missing": "entry {first} is missing",
    "stretch": "entries {first} to {last} are missing",
    "edited": "the entry was edited or exchanged: its seal does not fit",
    "anew": "the chain was written anew: the file of seals remembers another entry here",
    "head": "the head row names another seal than this entry has",
    "short": "the chain ends at {last}, but {written} entries were written",
    "long": "the head row ends at {head}, but the chain goes on to {last}",
    "cut": "the chain ends at {last}, but the file of seals remembers entry {written}",
    "line": "line {line} of the file of seals was changed or is of another key",
    "contrary": "line {line} of the file of seals contradicts an earlier one",
    "back": "line {line} of the file of seals goes back: the chain was cut short",
}


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and in which way: a key of REASONS with what its sentence names."""

    position: int
    kind: str
    values: dict = field(default_factory=dict, hash=False)

    @property
    def reason(self) -> str:
        return REASONS[self.kind].format(**self.values)


def canonical(
    position: int,
    at: datetime,
    actor: str,
    address: str,
    action: str,
    subject: str,
    region: str,
    organisation: str,
    words: str,
    data: str,
) -> bytes:
    """Pure: an entry as the bytes that are sealed; its fields in the order of FIELDS."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    return orjson.dumps([position, instant, actor, address, action, subject, region, organisation, words, data])


def seal(key: bytes, previous: str, content: bytes) -> str:
    """Pure: what binds an entry to the one before it."""
    return hmac.digest(key, previous.encode() + content, "sha256").hex()


def append(*acts: Act, at: datetime | None = None) -> list[Entry]:
    """Adds entries, in order, within the caller's transaction. Holds the head row until that transaction ends,
    so call it last, and once for many acts."""
    if not acts:
        return []
    who, address = context.who(), context.address()
    at, key = at or timezone.now(), settings.AUDIT_KEY.encode()
    with transaction.atomic():
        head = Head.objects.select_for_update().get_or_create(pk=1)[0]
        entries = []
        for act in acts:
            entry = _entry(act, head.position + 1, at, who, address)
            head.position = entry.position
            entry.seal = head.seal = seal(key, head.seal, canonical(*(getattr(entry, name) for name in FIELDS)))
            entries.append(entry)
        Entry.objects.bulk_create(entries, batch_size=500)
        head.save(update_fields=["position", "seal"])
    return entries


def _entry(act: Act, position: int, at: datetime, who: str, address: str) -> Entry:
    data = json.dumps(act.data, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    return Entry(
        position=position,
        at=at,
        actor=_clean(act.actor or who, 64),
        address=_clean(address, 64),
        action=act.action,
        subject=_clean(act.subject, 96),
        region=act.region,
        organisation=act.organisation,
        words=_clean(act.words, 500),
        data=_clean(data),
    )


def _clean(text: str, longest: int | None = None) -> str:
    """Text that every database keeps as it is: no NUL, no half of a surrogate pair, not longer than its column."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def verify(seals: Mapping[int, str] | None = None, count: Callable[[int], None] = int) -> Iterator[Break]:
    """Every place where the chain in the database does not hold; nothing yielded: the history is whole. What is
    appended meanwhile is no break. `count` is told the position now and then."""
    before = _head()
    rows = Entry.objects.order_by("position").values_list(*FIELDS, "seal").iterator(chunk_size=5000)
    yield from breaks(_counted(rows, count), before, _head, seals)


def breaks(
    rows: Iterable[tuple],
    before: tuple[int, str],
    after: Callable[[], tuple[int, str]],
    seals: Mapping[int, str] | None = None,
) -> Iterator[Break]:
    """Pure but for the key. `rows`: the entries by position, as tuples of FIELDS and the seal. `before`, `after`: the
    head row before and after they were read. `seals`: what the file of seals remembers, position -> seal; it finds
    a chain that was written anew, and a tail that was cut off together with the head row."""
    key, seals = settings.AUDIT_KEY.encode(), seals or {}
    previous: str | None = FIRST
    position = 0
    for row in rows:
        if row[0] != position + 1:
            yield _missing(position + 1, row[0] - 1)
            previous = None
        position, found = row[0], row[-1]
        if previous is not None and found != seal(key, previous, canonical(*row[:-1])):
            yield Break(position, "edited")
        if position in seals and found != seals[position]:
            yield Break(position, "anew")
        if position == before[0] and found != before[1]:
            yield Break(position, "head")
        previous = found
    reached = after()[0]
    if position < before[0]:
        yield Break(position + 1, "short", {"last": position, "written": before[0]})
    elif position > reached:
        yield Break(reached + 1, "long", {"head": reached, "last": position})
    if seals and (last := max(seals)) > max(position, before[0]):
        yield Break(position + 1, "cut", {"last": position, "written": last})


def _head() -> tuple[int, str]:
    return Head.objects.filter(pk=1).values_list("position", "seal").first() or (0, FIRST)


def _counted(rows: Iterable[tuple], count: Callable[[int], None]) -> Iterator[tuple]:
    for row in rows:
        if row[0] % 20_000 == 0:
            count(row[0])
        yield row


def _missing(first: int, last: int) -> Break:
    return Break(first, "missing" if first == last else "stretch", {"first": first, "last": last})
