"""What a phone sent, read strictly: a hostile sender gets a sentence, never a fault. Pure."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

PARTS = ("answers", "details", "fixed", "base")
MOST_FILES = 200
DIGEST = 64


class Malformed(ValueError):
    """The message is not of the agreed shape; the text names the part."""


@dataclass(frozen=True)
class Sent:
    """One sending. `parts`: answers, details, fixed and base, each a dict; `files`: ids of its uploads."""

    key: UUID
    name: str
    title: str
    parts: dict[str, dict]
    files: tuple[UUID, ...]
    made_at: datetime
    place: dict | None


@dataclass(frozen=True)
class Announced:
    """One upload as the phone announces it: `size` in bytes, `digest` the SHA-256 in hex."""

    key: UUID
    name: str
    size: int
    digest: str
    made_at: datetime
    place: dict | None


def sent(raw: object, now: datetime) -> Sent:
    """Errors: Malformed."""
    given = _dict(raw, "message")
    parts = {part: _dict(given.get(part) or {}, part) for part in PARTS}
    files = given.get("files") or []
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise Malformed(_("文件清单有误，或超过 %(most)d 个。") % {"most": MOST_FILES})
    return Sent(
        key=identifier(given.get("key")),
        name=_text(given.get("name"), "name", 64),
        title=_text(given.get("title") or "", "title", 200),
        parts=parts,
        files=tuple(dict.fromkeys(identifier(each) for each in files)),
        made_at=_instant(given.get("made_at"), now),
        place=place_of(given.get("place")),
    )


def announced(raw: object, now: datetime, most: int) -> Announced:
    """Errors: Malformed."""
    given = _dict(raw, "message")
    size, digest = given.get("size"), given.get("digest")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= most:
        raise Malformed(_("文件大小须在 1 字节到 %(most)d MB 之间。") % {"most": most // 1_000_000})
    if not isinstance(digest, str) or len(digest) != DIGEST or set(digest) - set("0123456789abcdef"):
        raise Malformed(_("缺少文件的校验值。"))
    return Announced(
        key=identifier(given.get("key")),
        name=_text(given.get("name") or "file", "name", 200),
        size=size,
        digest=digest,
        made_at=_instant(given.get("made_at"), now),
        place=place_of(given.get("place")),
    )


def identifier(raw: object) -> UUID:
    try:
        return UUID(raw) if isinstance(raw, str) else UUID("")
    except ValueError:
        raise Malformed(_("编号不是有效的 UUID。")) from None


def known(raw: object) -> dict[str, dict[str, str]]:
    """{bundle: {key: version}} as the phone says it has them; what is not of that shape is not had."""
    if not isinstance(raw, dict):
        return {}
    return {str(name): held for name, held in raw.items() if isinstance(held, dict)}


def _dict(raw: object, part: str) -> dict:
    if not isinstance(raw, dict):
        raise Malformed(_("“%(part)s”的内容有误。") % {"part": part})
    return raw


def _text(raw: object, part: str, longest: int) -> str:
    if not isinstance(raw, str):
        raise Malformed(_("“%(part)s”的内容有误。") % {"part": part})
    return raw.replace("\0", "")[:longest]


def _instant(raw: object, now: datetime) -> datetime:
    """The phone's time; a phone whose clock runs ahead does not write into the future."""
    try:
        read = parse_datetime(raw) if isinstance(raw, str) else None
    except ValueError:
        read = None
    if read is None:
        return now
    try:
        return min(read if read.tzinfo else read.replace(tzinfo=UTC), now)
    except OverflowError:
        return now


def place_of(raw: object) -> dict | None:
    """WGS 84 degrees and metres of accuracy, or None for what is no place on earth."""
    if not isinstance(raw, dict):
        return None
    lon, lat, accuracy = (_number(raw.get(name)) for name in ("lon", "lat", "accuracy"))
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        return None
    return {"lon": lon, "lat": lat, "accuracy": accuracy}


def _number(raw: object) -> float | None:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or abs(raw) > 1e12 or not math.isfinite(raw):
        return None
    return float(raw)
