"""How long a national table of divisions takes to come in, and the list of 200,000 enterprises to answer.

Runs on a scratch SQLite database, through the import's own function and Django's own request path.
"""

import csv
import os
import statistics
import tempfile
import time
from pathlib import Path

ROWS = 200_000
ROUNDS = 30
TOWNS = 40_000
ADDRESSES = [
    "/enterprises/",
    "/enterprises/?page=100",
    "/enterprises/?q=澄江",
    "/enterprises/?q=cjjx",
    "/enterprises/?category=fire_key_unit",
    "/enterprises/?level=1",
    "/enterprises/?section=C",
    "/enterprises/?region=999901001",
    "/places/tree/",
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
    _import()
    _fill()
    print(f"{'address':40} {'who':14} {'p50 ms':>8} {'p95 ms':>8}")
    for part in ("duty", "town_officer", "manager"):
        client = Client()
        client.force_login(getattr(cast, part), backend="anlan.desk.access.backend.PasswordBackend")
        for address in ADDRESSES if part != "manager" else ADDRESSES[:3]:
            print(f"{address:40} {part:14} {_timed(client, address)}")


def _import() -> None:
    """A country of our own: 10 provinces, 100 cities, 1,000 counties, 40,000 towns; district 999901 is in it."""
    from anlan.know.places.loading import import_regions

    folder = Path(tempfile.mkdtemp(prefix="anlan-bench-tables-"))
    provinces = [str(number) for number in range(90, 100)]
    cities = [f"{province}{number:02}" for province in provinces for number in range(90, 100)]
    counties = [f"{city}{number:02}" for city in cities for number in range(1, 11)]
    towns = [f"{county}{number:03}" for county in counties for number in range(1, TOWNS // len(counties) + 1)]
    tables = {"province": provinces, "city": cities, "county": counties, "town": towns}
    for ending, codes in tables.items():
        with (folder / f"{ending}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("code", "name"), *((code, f"澄江{code}镇") for code in codes)])
    begun, busy = time.perf_counter(), time.process_time()
    report = import_regions(folder)
    taken, busy = time.perf_counter() - begun, time.process_time() - busy
    print(f"{report.created:,} divisions imported in {taken:.1f} s, of which {busy:.1f} s of one core")


def _fill() -> None:
    from anlan.desk.layers.placed import with_cells
    from anlan.know.enterprises.categories import all_categories
    from anlan.know.enterprises.models import Enterprise, RegulatedAs
    from tests.cast import ENTERPRISE_A

    names = ("澄江机械", "安澜化工", "青屏食品", "云坞物流")
    initials = ("cjjx", "alhg", "qpsp", "ywwl")
    codes = [ENTERPRISE_A, *(f"BENCH-{number:06}" for number in range(1, ROWS))]
    rows = [
        Enterprise(
            code=code,
            organisation=code,
            name=f"{names[number % 4]}{number}厂",
            initials=f"{initials[number % 4]}{number}c",
            region=f"999901{number % 5 + 1:03}",
            level=(None, 1, 2, 3, 4, 4, 4, 4)[number % 8],
            industry="C2614" if number % 3 else "F5162",
            lon=115 + number % 500 / 1000,
            lat=27 + number % 499 / 1000,
            synthetic=True,
        )
        for number, code in enumerate(codes)
    ]
    Enterprise.objects.bulk_create(with_cells(rows), batch_size=500)
    kinds = list(all_categories())
    RegulatedAs.objects.bulk_create(
        (RegulatedAs(enterprise=row, code=kinds[number % len(kinds)]) for number, row in enumerate(rows)),
        batch_size=2000,
    )


def _timed(client, address: str) -> str:
    times = []
    for _ in range(ROUNDS + 3):
        begun = time.perf_counter()
        response = client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        assert response.status_code in (200, 403), f"{address}: {response.status_code}"
    times = sorted(times[3:])  # the first requests fill caches
    return f"{statistics.median(times):8.0f} {times[int(len(times) * 0.95)]:8.0f}"


if __name__ == "__main__":
    main()
