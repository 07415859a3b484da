"""The built web assets: which files an entry of web/ became, read from the build's own manifest."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static


class UnknownEntry(ImproperlyConfigured):
    """A template asks for an entry that the web build did not make."""


@dataclass(frozen=True)
class Entry:
    """The files of one entry, as paths inside the build."""

    script: str
    styles: tuple[str, ...] = ()
    preloads: tuple[str, ...] = ()


def read(manifest: Path) -> dict[str, Entry]:
    """All entries by name (`shell`, `onemap/map`) of one manifest."""
    try:
        chunks = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"The web assets are not built: {manifest} is missing. Run 'make setup', or 'npm run build' in web/."
        ) from None
    return {
        chunk["name"]: _entry(key, chunks) for key, chunk in chunks.items() if chunk.get("isEntry") and "name" in chunk
    }


def _entry(key: str, chunks: dict) -> Entry:
    """The entry with all it imports: a style sheet of a shared chunk is needed as much as the entry's own."""
    styles: list[str] = []
    scripts: list[str] = []
    waiting, seen = [key], set()
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        chunk = chunks[current]
        styles += [css for css in chunk.get("css", []) if css not in styles]
        if current != key:
            scripts.append(chunk["file"])
        waiting += chunk.get("imports", [])
    return Entry(chunks[key]["file"], tuple(styles), tuple(scripts))


_read: dict[Path, tuple[int, dict[str, Entry]]] = {}


def entry(name: str) -> Entry:
    """The files of the entry `name`; the manifest is read again when the build has written a new one."""
    manifest = Path(settings.WEB_DIST) / "manifest.json"
    stamp = manifest.stat().st_mtime_ns if manifest.exists() else 0
    if _read.get(manifest, (None,))[0] != stamp:
        _read[manifest] = (stamp, read(manifest))
    entries = _read[manifest][1]
    if name not in entries:
        raise UnknownEntry(
            f"The web build has no entry {name!r}. It has {', '.join(sorted(entries))}. An entry is web/src/<name>.ts "
            "or islands/<name>.ts in a capability ('<capability>/<name>'); build again with 'make setup'."
        )
    return entries[name]


def url(path: str) -> str:
    return static(f"web/{path}")
