"""How long the list of 200,000 warnings takes to answer, for people who see all, a fifth and a handful of it.

Runs on a scratch SQLite database through Django's own request path: what a browser waits for, without the network.
"""

import os
import statistics
import tempfile
import time
from datetime import timedelta

ROWS = 200_000
ROUNDS = 40
ADDRESSES = [
    "/warnings/",
    "/warnings/?open=1",
    "/warnings/?level=1",
    "/warnings/?state=closed&page=2",
    "/warnings/?region=999901001",
    "/warnings/?q=WARN-20260101",
    "/cases/",
    "/",
]


def main() -> None:
    os.environ["ANLAN_HOME"] = tempfile.mkdtemp(prefix="anlan-bench-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    from tests.cast import Cast

    cast = Cast()
    cast.all()
    _fill()
    print(f"{'address':40} {'who':14} {'rows':>8} {'p50 ms':>8} {'p95 ms':>8}")
    for part in ("duty", "town_officer", "manager"):
        client = Client()
        client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
        for address in ADDRESSES:
            print(f"{address:40} {part:14} {_seen(getattr(cast, part)):8} " + _timed(client, address))


def _fill() -> None:
    """Cases over two years: five towns, 6,000 enterprises, one in fifty still open."""
    from django.db import connection, transaction
    from django.utils import timezone

    from anlan.desk.cases.models import Case
    from tests.cast import ENTERPRISE_A, TOWN

    now = timezone.now()
    enterprises = [f"9199990100000{number:05d}" for number in range(5999)] + [ENTERPRISE_A]
    with transaction.atomic():
        batch = []
        for number in range(ROWS):
            closed = number % 50 != 0
            at = now - timedelta(minutes=5 * number)
            enterprise = enterprises[number % len(enterprises)]
            batch.append(
                Case(
                    kind="warnings.warning",
                    number=f"WARN-{at:%Y%m%d}-{number:06d}",
                    title=f"{number % 97}号储罐液位计 液位 高限 {85 + number % 10} %",
                    state="closed" if closed else ("new", "handling", "verifying")[number % 3],
                    is_open=not closed,
                    level=(1, 2, 3, 4, 4, 4, 4, 4)[number % 8],
                    region=TOWN if enterprise == ENTERPRISE_A else f"99990100{1 + number % 5}{number % 87:03d}",
                    organisation=enterprise,
                    opened_at=at,
                    entered_at=at,
                    due_at=None if closed else at + timedelta(hours=4),
                    closed_at=at + timedelta(hours=2) if closed else None,
                )
            )
            if len(batch) == 10_000:
                Case.objects.bulk_create(batch)
                batch.clear()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _seen(user) -> int:
    from anlan.watch.warnings.gates import seen_by

    return seen_by(user).count()


def _timed(client, address: str) -> str:
    client.get(address)
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            return f"answered {response.status_code}"
    taken.sort()
    return f"{statistics.median(taken):8.1f} {taken[int(0.95 * ROUNDS)]:8.1f}"


if __name__ == "__main__":
    main()
