"""Where the bytes lie: under their SHA-256, written beside and moved into place, so that a half file never counts."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _


class TooLarge(ValueError):
    """The file is larger than the platform takes; the text says how large it may be."""


def path_of(digest: str) -> Path:
    return Path(settings.DOCUMENTS) / digest[:2] / digest[2:4] / digest


def keep(chunks: Iterable[bytes], most: int) -> tuple[str, int]:
    """Writes the content once. Answers (digest, size). Errors: TooLarge; then nothing is left behind."""
    incoming = Path(settings.DOCUMENTS) / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise TooLarge(_("文件超过 %(limit)d MB，请压缩或分开上传。") % {"limit": most // 1_000_000})
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def stored() -> Iterator[Path]:
    for path in Path(settings.DOCUMENTS).glob("??/??/*"):
        if len(path.name) == 64:
            yield path


def sweep(known: set[str], older_than: float = 86_400) -> list[str]:
    """Removes content no document names any more, and uploads broken off, once they are a day old."""
    limit, removed = time.time() - older_than, []
    for path in [*stored(), *(Path(settings.DOCUMENTS) / "incoming").glob("*")]:
        if path.name not in known and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def whole(digest: str) -> bool:
    """Is the content there and unchanged?"""
    path = path_of(digest)
    if not path.exists():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
