"""What is looked at when the platform starts: wrong settings are named with an id and a hint.

Errors stop the start; warnings are printed. `anlan check` shows all, `anlan check --deploy` also what matters once
others can reach the platform.

    anlan.E001  the home cannot be written          anlan.W001  a key file is readable by others
    anlan.E002  the clock is wrong                  anlan.W002  little room on the disk
    anlan.E003  the web assets are not built        anlan.W003  open to others with settings for one machine
    anlan.E004  a URL cannot be used
    anlan.E005  a sector pack cannot be used
    anlan.E006  a capability declares what the shared pages cannot use
"""

import os
import shutil
import stat
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from anlan import packs
from anlan.desk.forms.declare import forms
from anlan.desk.lists.declare import entries, lists, names
from anlan.desk.lists.rooms import WrongDeclaration
from anlan.desk.panels.declare import panels
from anlan.site.menu import ordered
from anlan.telemetry.settings import load

# No clock of a running machine is before the day this was written.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
ROOM = 2_000_000_000  # bytes
KEYS = ("secret-key", "audit-key", "demo-accounts.json", "demo-devices.json", "nats/token")
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
# scheme -> what it is for
URLS = {
    "ANLAN_NATS_URL": ({"nats", "tls", "ws", "wss"}, "nats://token@host:4222"),
    "ANLAN_DATABASE_URL": ({"sqlite", "postgres", "postgresql"}, "postgresql://user:password@host/name"),
    "ANLAN_ARCHIVE_URL": ({"sqlite", "postgres", "postgresql"}, "sqlite:PATH or postgresql://user:password@host/name"),
}


@register(Tags.files)
def home_is_writable(app_configs=None, **_):
    try:
        with tempfile.TemporaryFile(dir=settings.HOME):
            return []
    except OSError as error:
        hint = "Make the folder writable for the user who runs Anlan, or set ANLAN_HOME to another."
        return [Error(f"The home {settings.HOME} cannot be written: {error.strerror}.", hint=hint, id="anlan.E001")]


@register(Tags.compatibility)
def clock_is_right(app_configs=None, **_):
    return clock(time.time(), _newest(settings.HOME))


def clock(now: float, newest: float) -> list:
    """Judges the clock by itself and by the newest file of the home, which cannot be of the future."""
    hint = "Set the clock, best by NTP: alarms, deadlines and the history depend on it."
    if now < EARLIEST:
        return [Error(f"The clock says {datetime.fromtimestamp(now, UTC):%Y-%m-%d}.", hint=hint, id="anlan.E002")]
    if newest > now + 86_400:
        when = datetime.fromtimestamp(newest, UTC)
        return [Error(f"The clock is behind what was last written ({when:%Y-%m-%d}).", hint=hint, id="anlan.E002")]
    return []


@register(Tags.staticfiles)
def web_is_built(app_configs=None, **_):
    if (Path(settings.WEB_DIST) / "manifest.json").exists():
        return []
    hint = "Run 'make setup', or point ANLAN_WEB_DIST to a built folder."
    return [Error(f"The web assets are not built: nothing in {settings.WEB_DIST}.", hint=hint, id="anlan.E003")]


@register(Tags.urls)
def urls_can_be_used(app_configs=None, **_):
    return urls(os.environ)


def urls(environment) -> list:
    """Judges the scheme of each URL setting; the value itself is not repeated, as it may hold a password."""
    wrong = []
    for name, (schemes, example) in URLS.items():
        given = environment.get(name, "")
        if given and any(urlsplit(one).scheme not in schemes for one in given.split(",")):
            wrong.append(Error(f"{name} is no such URL.", hint=f"Write it like {example}", id="anlan.E004"))
    return wrong


@register(Tags.compatibility)
def packs_can_be_read(app_configs=None, **_):
    wrong = []
    for schema in sorted(packs.SCHEMAS.glob("*.yaml")):
        try:
            packs.section(schema.stem)
        except packs.PackError as error:
            wrong.append(Error(str(error), hint="Mend the pack, or take it out of ANLAN_PACKS.", id="anlan.E005"))
    return wrong


@register(Tags.security)
def keys_are_private(app_configs=None, **_):
    found = []
    for name in KEYS:
        path = settings.HOME / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(Warning(f"{path} can be read by others.", hint=f"chmod 600 {path}", id="anlan.W001"))
    return found


@register(Tags.urls)
def declarations_hold(app_configs=None, **_):
    try:
        for found in (lists, entries, names, panels, forms, ordered):
            found()
    except WrongDeclaration as error:
        return [Error(str(error), hint="docs/adding-a-capability.md says what each room declares.", id="anlan.E006")]
    return []


@register(Tags.files)
def there_is_room(app_configs=None, **_):
    free = shutil.disk_usage(settings.HOME).free
    if free > ROOM:
        return []
    hint = "Make room, or move the home. The stream of readings alone may take ANLAN_STREAM_MB."
    return [Warning(f"Only {free / 1e9:.1f} GB are free at {settings.HOME}.", hint=hint, id="anlan.W002")]


@register(Tags.security, deploy=True)
def ready_for_others(app_configs=None, **_):
    hosts = set(settings.ALLOWED_HOSTS) - LOCAL
    return reach(hosts, settings.BEHIND_TLS, settings.DEBUG, load())


def reach(hosts: set[str], tls: bool, debug: bool, device) -> list:
    """What is missing for a platform that others reach."""
    found = []

    def warn(message: str, hint: str) -> None:
        found.append(Warning(message, hint=hint, id="anlan.W003"))

    if debug:
        warn("Pages of errors show the program's inside.", "Set ANLAN_DEBUG=no.")
    if not hosts:
        warn("No host name is allowed but this machine's own.", "Set ANLAN_HOSTS to the name people type.")
    if hosts and not tls:
        warn("Passwords travel in the clear.", "Put TLS in front (deploy/) and set ANLAN_TLS=yes.")
    if device.device_host not in {"127.0.0.1", "localhost", "::1"} and not device.tls_certificate:
        warn("Tokens of devices travel in the clear.", "Set ANLAN_TLS_CERTIFICATE and ANLAN_TLS_KEY for MQTT over TLS.")
    return found


def _newest(home: Path) -> float:
    return max((path.stat().st_mtime for path in home.glob("*") if path.is_file()), default=0.0)
