"""`anlan backup FILE`: takes a backup, while the platform runs or while it is stopped."""

import contextlib
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from anlan import __version__
from anlan.site.backup import rows
from anlan.site.backup.contents import (
    CATALOGUE,
    KEPT,
    MANIFEST,
    SEALS,
    SECRETS,
    STREAMS,
    BackupProblem,
    Manifest,
    files,
)
from anlan.site.supervisor import status
from anlan.telemetry.settings import load


def command(file: Path, keys: Path | None) -> int:
    manifest = take(settings.HOME, file, print)
    if keys:
        write_keys(settings.HOME, keys)
        print(f"Keys written to {keys}: keep it apart from the backup, as a secret.")
    else:
        print("The keys are not in it; without the audit key the restored history cannot be verified (see --keys).")
    print(
        f"{file}: {sum(manifest.rows.values())} rows, {len(manifest.members)} files, {file.stat().st_size / 1e6:.1f} MB"
    )
    return 0


def take(home: Path, file: Path, say: Callable[[str], None] = lambda text: None) -> Manifest:
    """Writes the backup; nothing under that name is touched until it is whole. Errors: BackupProblem."""
    _refuse_unmigrated()
    manifest = Manifest(
        version=__version__,
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=sorted(MigrationRecorder(connection).applied_migrations()),
    )
    draft = file.with_name(file.name + ".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as out,
            tempfile.TemporaryDirectory(prefix="anlan-backup-") as scratch,
            tarfile.open(fileobj=out, mode="w") as tar,
        ):
            # Before the rows: a seal of an entry that the snapshot does not hold would look like a cut in the chain.
            _files(tar, manifest, home, (SEALS,))
            say("Database…")
            _tables(tar, manifest, Path(scratch))
            say("Files…")
            _home(tar, manifest, home, Path(scratch))
            _add_bytes(tar, MANIFEST, manifest.written())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    for what in manifest.left_out:
        say(f"Left out: {what}")
    return manifest


def write_keys(home: Path, file: Path) -> None:
    found = {name: (home / name).read_text() for name in SECRETS if (home / name).exists()}
    found |= {"secret-key": settings.SECRET_KEY, "audit-key": settings.AUDIT_KEY}
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(found, out, indent=1)


def _refuse_unmigrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupProblem("The database is not of this version yet. Run 'anlan migrate', then take the backup.")


def _tables(tar: tarfile.TarFile, manifest: Manifest, scratch: Path) -> None:
    with rows.snapshot():
        for model in rows.tables(apps):
            path = scratch / "table"
            manifest.rows[rows.label(model)] = rows.write(model, path)
            _add(tar, manifest, f"tables/{rows.label(model)}.jsonl.gz", path)


def _home(tar: tarfile.TarFile, manifest: Manifest, home: Path, scratch: Path) -> None:
    """The catalogue first: files it names are there until long after, files that come later do no harm."""
    archive = load()
    if (home / CATALOGUE).exists():
        copy = scratch / "catalogue"
        with (
            contextlib.closing(sqlite3.connect(f"file:{home / CATALOGUE}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        _add(tar, manifest, f"home/{CATALOGUE}", copy)
    if not archive.archive_url.startswith("sqlite:"):
        manifest.left_out.append("the archive's catalogue, which is in PostgreSQL: back it up there")
    if "://" in archive.archive_data:
        manifest.left_out.append("the archive's files, which are in an object store: back them up there")
    _files(tar, manifest, home, KEPT)
    _streams(tar, manifest, home)


def _files(tar: tarfile.TarFile, manifest: Manifest, home: Path, kept: tuple[str, ...]) -> None:
    for path in files(home, kept):
        _add(tar, manifest, f"home/{path.relative_to(home)}", path)


def _streams(tar: tarfile.TarFile, manifest: Manifest, home: Path) -> None:
    lock = status.hold(home)
    if lock is None:
        manifest.left_out.append(
            "the broker's streams, because the platform runs: readings of the last seconds and dead letters. "
            "A backup taken while it is stopped holds them"
        )
        return
    with contextlib.closing(lock):
        _files(tar, manifest, home, (STREAMS,))


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    """The digest is of what is written: a log that grows meanwhile is kept as it was at the beginning."""
    try:
        with path.open("rb") as file:
            info = tar.gettarinfo(arcname=name, fileobj=file)
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            read = _Digested(file)
            tar.addfile(info, read)
    except FileNotFoundError as error:
        raise BackupProblem(f"{error.filename} vanished while the backup was taken. Take it again.") from error
    manifest.members[name] = (info.size, read.sha256.hexdigest())


class _Digested:
    def __init__(self, file: BinaryIO):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.sha256.update(piece)
        return piece


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))
