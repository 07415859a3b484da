"""What belongs to a backup."""

import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

FORMAT = 1
MANIFEST = "manifest.json"
# Everything below the home that cannot be made again, beside the database. A folder means all files in it.
KEPT = ("documents", "archive/readings", "map", "set-up.json", "work.json")
SEALS = "audit-seals.log"
CATALOGUE = "archive/catalogue.sqlite"  # a live SQLite file: copied through SQLite itself
STREAMS = "nats/jetstream"  # only while the broker is stopped: its files change under the hand
# What opens other things. Never in the backup itself: in a file of its own, asked for with --keys.
SECRETS = ("secret-key", "audit-key", "demo-accounts.json", "demo-devices.json")
# Tables that are not carried over: who was signed in signs in again.
LEFT_OUT = frozenset({"sessions.session"})


class BackupProblem(SystemExit):
    """A backup cannot be taken or put back; the text says why and what to do."""


@dataclass
class Manifest:
    version: str
    taken_at: str
    database: str
    migrations: list[tuple[str, str]]
    format: int = FORMAT
    rows: dict[str, int] = field(default_factory=dict)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)  # name -> size, SHA-256
    left_out: list[str] = field(default_factory=list)

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()

    @classmethod
    def read(cls, tar: tarfile.TarFile, name: str) -> "Manifest":
        try:
            facts = json.loads(tar.extractfile(MANIFEST).read())
        except (KeyError, ValueError, tarfile.TarError) as error:
            raise BackupProblem(f"{name} is no whole backup: its manifest is missing ({error}).") from error
        if facts.get("format") != FORMAT:
            raise BackupProblem(f"{name} has the format {facts.get('format')}; this version reads {FORMAT}.")
        facts["migrations"] = [tuple(pair) for pair in facts["migrations"]]
        facts["members"] = {member: tuple(what) for member, what in facts["members"].items()}
        return cls(**facts)


def files(home: Path, kept: tuple[str, ...]) -> Iterator[Path]:
    """Every file that belongs to a backup, folders walked in order."""
    for name in kept:
        place = home / name
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from (path for path in sorted(place.rglob("*")) if path.is_file() and not path.is_symlink())
