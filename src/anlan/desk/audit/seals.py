"""The memory outside the database: a file that grows by one line a minute, with the head of the chain at that time.

Whoever can write the tables could cut off the tail together with the head row; whoever has the key as well could
write a whole new chain. Neither agrees with this file. Copied to another machine, it holds even against the owner of
this one. Each line is `position seal instant mac`; a line whose mac does not fit the audit key counts as a break.
"""

import hmac
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from anlan.desk.audit.chain import Break
from anlan.desk.audit.models import Head


@dataclass(frozen=True)
class Seals:
    """What the file says: position -> seal, and what is wrong with the file itself."""

    known: dict[int, str]
    broken: list[Break]


def file() -> Path:
    return Path(settings.AUDIT_SEALS)


def write(now: datetime) -> bool:
    """Adds the present head, if it has moved. Answers whether it did."""
    head = Head.objects.filter(pk=1).values_list("position", "seal").first()
    if head is None or head[0] == _last_position():
        return False
    text = f"{head[0]} {head[1]} {now.astimezone(UTC).isoformat(timespec='seconds')}"
    line = text.encode() + b" " + _mac(text) + b"\n"
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def read() -> Seals:
    """The whole file. A file that is not there yet knows nothing."""
    try:
        text = file().read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return Seals({}, [])
    return parse(text)


def parse(text: str) -> Seals:
    """Pure but for the key."""
    known: dict[int, str] = {}
    broken = []
    for number, line in enumerate(text.splitlines(), 1):
        said, _, mac = line.rpartition(" ")
        parts = said.split(" ")
        if len(parts) != 3 or not parts[0].isdecimal() or not hmac.compare_digest(_mac(said), mac.encode()):
            broken.append(Break(0, "line", {"line": number}))
            continue
        position, seal = int(parts[0]), parts[1]
        if known.get(position, seal) != seal:
            broken.append(Break(position, "contrary", {"line": number}))
        if known and position < max(known):
            broken.append(Break(position, "back", {"line": number}))
        known.setdefault(position, seal)
    return Seals(known, broken)


def _mac(text: str) -> bytes:
    return hmac.digest(settings.AUDIT_KEY.encode(), b"anlan audit seal " + text.encode(), "sha256").hex().encode()


def _last_position() -> int | None:
    """Of the file's last line, without reading all of it."""
    try:
        with file().open("rb") as opened:
            opened.seek(max(0, opened.seek(0, os.SEEK_END) - 400))
            lines = opened.read().splitlines()
    except FileNotFoundError:
        return None
    first = lines[-1].split(b" ")[0] if lines else b""
    return int(first) if first.isdigit() else None
