"""A backup is taken of one home and put back into another, as an operator would, in processes of their own."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from tests.cast import PARTS

LIVE = """
import django; django.setup()
from tests.cast import Cast
from anlan.desk.audit.chain import Act, append
from django.conf import settings
Cast().all()
append(*[Act(action="test.act", subject=str(n), words="安全", data={"n": n}) for n in range(50)])
(settings.DOCUMENTS / "ab").mkdir(parents=True)
(settings.DOCUMENTS / "ab" / "abcd").write_bytes(b"evidence")
from anlan.columns.readings import readings
from anlan.telemetry.archive.writer import Store
from anlan.telemetry.settings import load
store = Store(load(), "a stream")
store.write(readings([7] * 500, range(1_000_000, 501_000_000, 1_000_000), [1.5] * 500, [0] * 500), 12)
store.close()
"""
LOOK = """
import django, json; django.setup()
from anlan.desk.access.models import Post, User
from anlan.desk.audit.chain import Act, append, verify
from anlan.desk.audit.models import Entry
from anlan.telemetry.archive import lake
from anlan.telemetry.settings import load
from django.conf import settings
broken = [str(one) for one in verify()]
append(Act(action="test.after"))
User.objects.create_user("newcomer", name="新人")
print(json.dumps({"broken": broken, "broken_after": [str(one) for one in verify()], "users": User.objects.count(),
    "posts": Post.objects.count(), "words": Entry.objects.filter(action="test.act").values_list("words", flat=True)[0],
    "readings": lake.opened(load()).execute("SELECT count(*), sum(value) FROM readings").fetchone(),
    "document": (settings.DOCUMENTS / "ab" / "abcd").read_text()}))
"""
ROOT = Path(__file__).resolve().parents[4]


def act(home: Path, *command: str, database: str = "") -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ANLAN_")}
    environment |= {"ANLAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "anlan.site.settings", "PYTHONPATH": str(ROOT)}
    if database:
        environment["ANLAN_DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, cwd=home.parent, timeout=120
    )


def anlan(home: Path, *words: str, database: str = "") -> subprocess.CompletedProcess:
    return act(home, "-m", "anlan.site.command", *words, database=database)


@pytest.fixture(scope="module")
def taken(tmp_path_factory) -> Path:
    """A folder with a used home, its backup and its keys."""
    folder = tmp_path_factory.mktemp("backup")
    for done in (
        anlan(folder / "old", "migrate"),
        act(folder / "old", "-c", LIVE),
        anlan(folder / "old", "backup", str(folder / "all.tar"), "--keys", str(folder / "keys")),
    ):
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def database(db):
    """Where to restore to: a database of its own on the server of this run, or the home's own file."""
    if connection.vendor == "sqlite":
        yield ""
        return
    import psycopg

    name, server = f"restored_{uuid4().hex[:8]}", os.environ["ANLAN_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield server.replace("/postgres?", f"/{name}?")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_it_brings_everything_back_and_the_audit_chain_holds(taken, tmp_path, database):
    home = tmp_path / "new"
    done = anlan(home, "restore", str(taken / "all.tar"), "--keys", str(taken / "keys"), database=database)
    assert done.returncode == 0, done.stderr
    seen = act(home, "-c", LOOK, database=database)
    assert seen.returncode == 0, seen.stderr
    facts = json.loads(seen.stdout.splitlines()[-1])
    assert facts == {
        "broken": [],
        "broken_after": [],
        "users": len(PARTS) + 1,  # the cast and a newcomer
        "posts": sum(bool(role) for _name, role, *_place in PARTS.values()),
        "words": "安全",
        "document": "evidence",
        "readings": [500, 750.0],
    }


def test_it_keeps_the_keys_out_of_the_backup_and_both_files_private(taken):
    with tarfile.open(taken / "all.tar") as tar:
        names = tar.getnames()
    assert not [name for name in names if name.endswith("-key") or name.endswith("accounts.json")]
    key = (taken / "old" / "audit-key").read_text()
    assert key.encode() not in (taken / "all.tar").read_bytes()
    assert {(taken / name).stat().st_mode & 0o777 for name in ("all.tar", "keys")} == {0o600}


def test_it_refuses_a_home_that_is_in_use(taken):
    done = anlan(taken / "old", "restore", str(taken / "all.tar"))
    assert done.returncode == 1
    assert "Restore into an empty home" in done.stderr


def test_it_refuses_a_damaged_file_and_writes_nothing(taken, tmp_path):
    content = bytearray((taken / "all.tar").read_bytes())
    with tarfile.open(taken / "all.tar") as tar:
        content[tar.getmember("tables/audit.entry.jsonl.gz").offset_data + 100] ^= 1
    (tmp_path / "bad.tar").write_bytes(content)
    done = anlan(tmp_path / "new", "restore", str(tmp_path / "bad.tar"))
    assert done.returncode == 1
    assert "damaged at tables/audit.entry.jsonl.gz" in done.stderr
    assert not (tmp_path / "new" / "anlan.sqlite3").exists()


def test_it_refuses_a_backup_of_a_newer_version(taken, tmp_path):
    with tarfile.open(taken / "all.tar") as old, tarfile.open(tmp_path / "newer.tar", "w") as newer:
        for member in old.getmembers():
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                content = content.replace(b'"migrations": [', b'"migrations": [["audit", "9999_from_the_future"],', 1)
                (tmp_path / "manifest").write_bytes(content)
                newer.add(tmp_path / "manifest", "manifest.json")
            else:
                newer.addfile(member, old.extractfile(member))
    done = anlan(tmp_path / "new", "restore", str(tmp_path / "newer.tar"))
    assert done.returncode == 1
    assert "audit.9999_from_the_future" in done.stderr
