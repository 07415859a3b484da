"""Feeds that are read now and then: a file, or an address whose index is followed to the same host only."""

import hashlib
import logging
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from anlan.watch.bulletins.models import Receipt
from anlan.watch.bulletins.receiving import receive
from anlan.watch.bulletins.sources import Source
from anlan.wire.cap.messages import MOST_BYTES, Entry, Unreadable, read

SECONDS = 10.0
MOST_FOLLOWED = 50  # entries of an index a round; the others come in the next
log = logging.getLogger(__name__)


def poll(source: Source) -> int:
    """Takes what is new in a feed; how many bulletins. What cannot be had or read is noted and tried again."""
    try:
        document = fetched(source.feed)
        found = read(document)
    except (OSError, httpx.HTTPError, httpx.InvalidURL, Unreadable) as problem:
        log.warning("the feed of %s cannot be read: %s", source.name, type(problem).__name__)
        return 0
    count = len(receive(source, document).new) if found.alerts or found.faults else 0
    fresh = [entry for entry in found.entries if not _is_known(source, entry)][:MOST_FOLLOWED]
    return count + sum(_followed(source, entry) for entry in fresh)


def _key(entry: Entry) -> str:
    return f"{entry.id} {entry.updated} {entry.link}"


def _is_known(source: Source, entry: Entry) -> bool:
    digest = hashlib.sha256(f"{source.name}\n{_key(entry)}".encode()).hexdigest()
    return Receipt.objects.filter(key=digest).exists()


def _followed(source: Source, entry: Entry) -> int:
    link = urljoin(source.feed, entry.link)
    if not _is_web(source.feed) or urlsplit(link)[:2] != urlsplit(source.feed)[:2]:
        log.warning("the feed of %s leads to another host: not followed", source.name)
        return 0
    try:
        return len(receive(source, fetched(link), key=_key(entry)).new)
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as problem:
        log.warning("an entry of %s cannot be had: %s", source.name, type(problem).__name__)
    except Unreadable:
        pass  # noted as a receipt, and not asked for again
    return 0


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def fetched(address: str) -> bytes:
    """The document, no more than may be read of it; redirects are not followed."""
    if not _is_web(address):
        path = Path(address)
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"more than {MOST_BYTES} bytes")
        return path.read_bytes()
    kept = bytearray()
    with httpx.stream("GET", address, timeout=SECONDS, follow_redirects=False) as answer:
        answer.raise_for_status()
        for part in answer.iter_bytes():
            kept += part
            if len(kept) > MOST_BYTES:
                raise Unreadable(f"more than {MOST_BYTES} bytes")
    return bytes(kept)
