"""One million hidden dangers of 6,000 enterprises on SQLite: the list with its usual filters, statistics, analysis.

Runs on a scratch database, through Django's own request path. `ROWS=100000 make bench hazards` for a smaller one.
"""

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta

ROWS = int(os.environ.get("ROWS", 1_000_000))
ENTERPRISES = 6_000
DAYS = 730
OPEN_SHARE = 0.04
ROUNDS = 20
NINETEEN = int(ROUNDS * 0.95) - 1  # of the sorted times: the 95th percentile
KINDS = ("fire", "electric", "equipment", "gas", "dust", "chemicals", "special_work", "height", "management", "other")
CAUSES = ("person", "thing", "environment", "management")
POSTS = ("电工", "焊工", "叉车工", "库管", "")
SECTORS = ("hazchem_producer", "dust", "metal_smelting", "fire_key_unit", "gas_supplier", "construction")
ADDRESSES = [
    "/hazards/",
    "/hazards/?page=20",
    "/hazards/?open=1",
    "/hazards/?overdue=1",
    "/hazards/?level=1",
    "/hazards/?level=1&open=1",
    "/hazards/?state=rectifying",
    "/hazards/?kind=fire",
    "/hazards/?sector=dust",
    "/hazards/?region=999901003",
    "/hazards/?organisation=BENCH00042",
    "/hazards/?found_at_from=2026-01-01&found_at_to=2026-01-31",
    "/hazards/?found_at_from=2026-01-01&found_at_to=2026-01-31&kind=gas&region=999901003",
    "/hazards/?listed=1",
    "/hazards/?graded_down=1",
    "/hazards/?cause=thing",
    "/hazards/?found_by=self",
    "/hazards/?post=电工",
    "/hazards/?closed_at_from=2026-01-01&closed_at_to=2026-01-31",
    "/hazards/?sort=found_at",
    "/hazards/?q=HAZB-00400042",
    "/hazards/?q=接地",
    "/hazards/?q=第400042号",
    "/hazards/?q=第400",
    "/hazards/?q=42号",
    "/hazards/?q=接",
    "/hazards/?q=没有这个词",
    "/listings/",
    "/unchecked/",
    "/hazards/statistics/",
    "/hazards/statistics/?from=2024-12&region=999901003",
    "/hazards/analysis/",
    "/cases/?q=没有这个词",
    "/search/?q=接地",
    "/search/?q=没有这个词",
    "/",
]


def main() -> None:
    os.environ.setdefault("ANLAN_HOME", tempfile.mkdtemp(prefix="anlan-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    from tests.cast import Cast

    cast = Cast()
    cast.all()
    _timed("rows written", _fill)
    from anlan.prevent.hazards.counting import rebuild
    from anlan.prevent.hazards.models import Tally

    _timed("stored counts reckoned anew", rebuild)
    print(f"{Tally.objects.count():,} rows of stored counts")
    _one_more(cast)
    people = {part: getattr(cast, part) for part in ("inspector", "town_officer", "leader")}
    _pages(people | {"manager": _manager_of("BENCH00042")})


def _pages(people: dict) -> None:
    from django.test import Client

    print(f"{'address':84} {'who':14} {'p50 ms':>8} {'p95 ms':>8} {'p95 CPU ms':>11}  load {os.getloadavg()[0]:.0f}")
    for part, person in people.items():
        client = Client()
        client.force_login(person, backend="anlan.desk.access.backend.PasswordBackend")
        for address in ADDRESSES:
            if client.get(address).status_code == 403:
                continue  # no page of this role
            print(f"{address:84} {part:14} {_asked(client, address)}", flush=True)


def _manager_of(code: str):
    """Of an enterprise that has dangers: the manager of the cast has none."""
    from anlan.desk.access.models import Post, User

    person = User.objects.create(username="bench", name="企业安全员")
    Post.objects.create(user=person, role="safety_manager", organisation=code, region="9999010")
    return person


def _fill() -> None:
    """Rows as the database takes them fastest: without indexes, many at once; the indexes are made afterwards."""
    from django.db import connection, transaction

    from anlan.desk.cases.models import Case
    from anlan.desk.pages.grams import build
    from anlan.prevent.hazards.models import Hazard

    owners = _enterprises()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
            for model in (Case, Hazard):
                cursor.execute(f'DROP TRIGGER "{model._meta.db_table}_grams_insert"')  # built anew below
    indexes = [(model, index) for model in (Case, Hazard) for index in model._meta.indexes]
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.remove_index(model, index)
    dice = random.Random(2026)
    for start in range(0, ROWS, 20_000):
        pairs = [_row(dice, number, owners) for number in range(start, min(start + 20_000, ROWS))]
        with transaction.atomic():
            _insert(Case, [case for case, _hazard in pairs])
            _insert(Hazard, [hazard for _case, hazard in pairs])
    with connection.schema_editor() as editor:
        for model, index in indexes:
            editor.add_index(model, index)
    _timed("words indexed", lambda: build(connection.alias))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _enterprises() -> list:
    from anlan.know.enterprises.models import Enterprise

    return Enterprise.objects.bulk_create(
        [
            Enterprise(
                code=f"BENCH{number:05}", organisation=f"BENCH{number:05}", name=f"企业{number}",
                region=f"9999010{1 + number % 20:02}",
            )
            for number in range(ENTERPRISES)
        ],
        batch_size=1000,
    )  # fmt: skip


def _row(dice: random.Random, number: int, owners: list) -> tuple[dict, dict]:
    """One danger as columns of its case and of itself."""
    owner = owners[dice.randrange(ENTERPRISES)]
    now = datetime.now(UTC)
    found = now - timedelta(days=dice.random() * DAYS)
    running, major = dice.random() < OPEN_SHARE, dice.random() < 0.01
    closed, due = found + timedelta(days=dice.random() * 25), found + timedelta(days=15)
    shared = {
        "number": f"HAZB-{number:08}",
        "title": f"第{number}号隐患：接地不良",
        "state": dice.choice(("new", "settling", "rectifying", "verifying")) if running else "cancelled",
        "is_open": running,
        "level": 1 if major else 3,
        "region": owner.region,
        "organisation": owner.code,
        "closed_at": None if running else closed,
    }
    case = {
        "id": number + 1, "kind": "hazards.hazard", "subject": "", "opened_at": found, "entered_at": found,
        "due_at": due if running else None, "escalations": 0, "supervised": False, "exercise": False, "version": 0,
        "data": "{}",
    }  # fmt: skip
    hazard = {
        "case_id": number + 1, "enterprise_id": owner.pk, "words": "", "place": "", "post": dice.choice(POSTS),
        "kind": dice.choice(KINDS), "cause": dice.choice(CAUSES), "sector": dice.choice(SECTORS), "found_by": "self",
        "found_at": found, "registered_at": found, "cancel_by": due, "grade": "major" if major else "general",
        "candidates": "[]", "criterion": "", "reason": "", "graded_down": dice.random() < 0.0005, "measure": "",
        "responsible": "", "plan": "", "temporary": "", "extensions": 0, "listed": major and running,
        "published": False, "synthetic": True, "changed_at": found,
    }  # fmt: skip
    return case | shared, hazard | shared


def _insert(model, rows: list[dict]) -> None:
    from django.db import connection

    names, adapt = list(rows[0]), connection.ops.adapt_datetimefield_value
    said = [[adapt(value) if isinstance(value, datetime) else value for value in row.values()] for row in rows]
    marks = ", ".join(["%s"] * len(names))
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', said)


def _one_more(cast) -> None:
    """What one registration costs, counts, audit and notices included."""
    from anlan.know.enterprises.models import Enterprise
    from anlan.prevent.hazards.actions import register

    owner = Enterprise.objects.get(code="BENCH00042")
    begun = time.perf_counter()
    for number in range(10):
        register(cast.inspector, enterprise=owner, found_by="inspection", title=f"新隐患{number}", place="车间")
    print(f"one registration: {(time.perf_counter() - begun) * 100:.1f} ms")


def _timed(words: str, act) -> None:
    begun = time.perf_counter()
    act()
    print(f"{words}: {time.perf_counter() - begun:.1f} s", flush=True)


def _asked(client, address: str) -> str:
    times, busy = [], []
    for _ in range(ROUNDS):
        begun, cpu = time.perf_counter(), time.process_time()
        assert client.get(address).status_code == 200, address
        times.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - cpu) * 1000)
    middle, slow, dear = statistics.median(times), sorted(times)[NINETEEN], sorted(busy)[NINETEEN]
    return f"{middle:8.1f} {slow:8.1f} {dear:11.1f}"


if __name__ == "__main__":
    main()
