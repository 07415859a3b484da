"""One million hidden dangers of 6,000 enterprises on SQLite: the list with its usual filters, statistics, analysis.

Runs on a scratch database, through Django's own request path. `ROWS=100000 make bench hazards` for a smaller one.
"""

import os
import random
import statistics
import tempfile
import time
from datetime import timedelta

ROWS = int(os.environ.get("ROWS", 1_000_000))
ENTERPRISES = 6_000
DAYS = 730
OPEN_SHARE = 0.04
ROUNDS = 20
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
    "/hazards/statistics/",
    "/hazards/statistics/?from=2024-12&region=999901003",
    "/hazards/analysis/",
    "/",
]


def main() -> None:
    os.environ.setdefault("ANLAN_HOME", tempfile.mkdtemp(prefix="anlan-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

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
    print(f"{'address':84} {'who':14} {'p50 ms':>8} {'p95 ms':>8}")
    for part in ("inspector", "town_officer"):
        client = Client()
        client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
        for address in ADDRESSES:
            print(f"{address:84} {part:14} {_asked(client, address)}", flush=True)


def _fill() -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from anlan.desk.cases.models import Case
    from anlan.know.enterprises.models import Enterprise
    from anlan.prevent.hazards.models import Hazard

    dice, now = random.Random(2026), timezone.now()
    enterprises = Enterprise.objects.bulk_create(
        [
            Enterprise(
                code=f"BENCH{number:05}", organisation=f"BENCH{number:05}", name=f"企业{number}",
                region=f"9999010{1 + number % 20:02}",
            )
            for number in range(ENTERPRISES)
        ],
        batch_size=1000,
    )  # fmt: skip
    kinds = (
        "fire",
        "electric",
        "equipment",
        "gas",
        "dust",
        "chemicals",
        "special_work",
        "height",
        "management",
        "other",
    )
    causes, posts = ("person", "thing", "environment", "management"), ("电工", "焊工", "叉车工", "库管", "")
    sectors = ("hazchem_producer", "dust", "metal_smelting", "fire_key_unit", "gas_supplier", "construction")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
    for start in range(0, ROWS, 10_000):
        cases, hazards = [], []
        for number in range(start, min(start + 10_000, ROWS)):
            owner = enterprises[dice.randrange(ENTERPRISES)]
            found = now - timedelta(days=dice.random() * DAYS)
            running = dice.random() < OPEN_SHARE
            major = dice.random() < 0.01
            state = dice.choice(("new", "settling", "rectifying", "verifying")) if running else "cancelled"
            closed = None if running else found + timedelta(days=dice.random() * 25)
            due = found + timedelta(days=15)
            number_said, title = f"HAZB-{number:08}", f"第{number}号隐患：接地不良"
            cases.append(
                Case(
                    pk=number + 1, kind="hazards.hazard", number=number_said, title=title, state=state,
                    is_open=running, level=1 if major else 3, region=owner.region, organisation=owner.code,
                    opened_at=found, entered_at=found, due_at=due if running else None, closed_at=closed,
                )
            )  # fmt: skip
            hazards.append(
                Hazard(
                    case_id=number + 1, number=number_said, title=title, state=state, is_open=running,
                    level=1 if major else 3, grade="major" if major else "general", region=owner.region,
                    organisation=owner.code, enterprise=owner, kind=dice.choice(kinds), cause=dice.choice(causes),
                    sector=dice.choice(sectors), post=dice.choice(posts), found_by="self", found_at=found,
                    registered_at=found, cancel_by=due, closed_at=closed, listed=major and running,
                    graded_down=dice.random() < 0.0005, changed_at=found,
                )
            )  # fmt: skip
        with transaction.atomic():
            Case.objects.bulk_create(cases, batch_size=2000)
            Hazard.objects.bulk_create(hazards, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


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
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        assert client.get(address).status_code == 200, address
        times.append((time.perf_counter() - begun) * 1000)
    return f"{statistics.median(times):8.1f} {sorted(times)[int(len(times) * 0.95) - 1]:8.1f}"


if __name__ == "__main__":
    main()
