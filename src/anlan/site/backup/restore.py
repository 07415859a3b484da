"""`anlan restore FILE`: puts a backup into an empty home, whatever database that home uses."""

import contextlib
import hashlib
import json
import os
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from anlan.site.backup.contents import CATALOGUE, SECRETS, BackupProblem, Manifest
from anlan.site.supervisor import status


def command(file: Path, keys: Path | None) -> int:
    home = _home()
    lock = status.hold(home)
    if lock is None:
        raise BackupProblem("Anlan runs on this home. Stop it, and name an empty home with ANLAN_HOME.")
    with contextlib.closing(lock):
        manifest = restore(home, file, keys)
    print(f"Restored {sum(manifest.rows.values())} rows and {len(manifest.members)} files of {manifest.taken_at}.")
    print("Check the history with: anlan audit verify")
    return 0


def restore(home: Path, file: Path, keys: Path | None) -> Manifest:
    """Errors: BackupProblem when the home is not empty, the file is damaged or of a newer version."""
    _refuse_used(home)
    with _opened(file) as tar:
        manifest = Manifest.read(tar, file.name)
        _prove(tar, manifest, file.name)
        _put_keys(home, keys)
        _put_files(tar, manifest, home)
        _find_readings(home)
        # Only now: the settings make keys of their own where there are none.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
        import django

        django.setup()
        _put_rows(tar, manifest)
    return manifest


def _home() -> Path:
    from anlan.site import environment

    return environment.home()


def _refuse_used(home: Path) -> None:
    used = [name for name in ("anlan.sqlite3", "documents", "archive", "nats/jetstream") if (home / name).exists()]
    if used:
        raise BackupProblem(f"{home} is in use ({', '.join(used)}). Restore into an empty home: set ANLAN_HOME.")


def _opened(file: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(file)
    except (OSError, tarfile.TarError) as error:
        raise BackupProblem(f"{file} cannot be read as a backup: {error}") from error


def _prove(tar: tarfile.TarFile, manifest: Manifest, name: str) -> None:
    """Every member is there with its size and digest, before anything is written."""
    for member, (size, expected) in manifest.members.items():
        try:
            found = hashlib.file_digest(tar.extractfile(member), "sha256").hexdigest()
            whole = tar.getmember(member).size == size and found == expected
        except (KeyError, tarfile.TarError, OSError):
            whole = False
        if not whole:
            raise BackupProblem(f"{name} is damaged at {member}. Nothing was restored; use another backup.")


def _put_keys(home: Path, keys: Path | None) -> None:
    if keys is None:
        return
    try:
        found = json.loads(keys.read_text())
    except (OSError, ValueError) as error:
        raise BackupProblem(f"{keys} cannot be read as a key file: {error}") from error
    for name in SECRETS:
        if name in found:
            (home / name).unlink(missing_ok=True)
            descriptor = os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(found[name])


def _put_files(tar: tarfile.TarFile, manifest: Manifest, home: Path) -> None:
    for member in manifest.members:
        if member.startswith("home/"):
            info = tar.getmember(member)
            info.name = member.removeprefix("home/")
            tar.extract(info, home, filter="data")


def _find_readings(home: Path) -> None:
    """The catalogue names the folder of its files as it was on the old machine: tell it the new one."""
    from anlan.telemetry.settings import load

    if not (home / CATALOGUE).exists():
        return
    with contextlib.closing(sqlite3.connect(home / CATALOGUE)) as catalogue, catalogue:
        folder = load().archive_data.rstrip("/") + "/"
        catalogue.execute("UPDATE ducklake_metadata SET value = ? WHERE key = 'data_path'", [folder])


def _put_rows(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """The tables as they were when the backup was taken, their rows, then every migration since."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from anlan.site.backup import rows

    if connection.introspection.table_names():
        raise BackupProblem("The database holds tables already. Restore into an empty one: see ANLAN_DATABASE_URL.")
    executor = MigrationExecutor(connection)
    unknown = [pair for pair in manifest.migrations if pair not in executor.loader.graph.nodes]
    if unknown:
        raise BackupProblem(
            f"The backup was taken by Anlan {manifest.version}, which knows the migration {'.'.join(unknown[0])}; "
            "this version does not. Restore with that version or a newer one."
        )
    leaves = _last_of_each(manifest.migrations, executor.loader.graph)
    executor.migrate(leaves)
    then = executor.loader.project_state(leaves).apps
    models = {rows.label(model): model for model in rows.tables(then)}
    with tempfile.TemporaryDirectory(prefix="anlan-restore-") as scratch, transaction.atomic():
        rows.empty(models.values())
        for name, count in manifest.rows.items():
            path = Path(scratch) / "table"
            path.write_bytes(tar.extractfile(f"tables/{name}.jsonl.gz").read())
            if rows.read(models[name], path) != count:
                raise BackupProblem(f"The table {name} does not hold the {count} rows it should. Use another backup.")
        rows.reset_numbers(models.values())
    call_command("migrate", verbosity=0, interactive=False)


def _last_of_each(applied: list[tuple[str, str]], graph) -> list[tuple[str, str]]:
    """The migrations that no other applied one of the same app follows: to reach them is to reach all."""
    return [
        node
        for node in applied
        if not any(child.key[0] == node[0] and child.key in applied for child in graph.node_map[node].children)
    ]
