"""The four-colour index of 6,000 enterprises in one pass and by changes, the boards made of it, and a month of one
point as the trend page asks for it. On a scratch database (SQLite) and archive, through Django's own request path.
"""

import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta

ENTERPRISES, POINTS, EVERY, DAYS, ROUNDS = 6_000, 100, 30, 30, 20
TOWNS = 12
SECTORS = ("hazchem_producer", "dust", "metal_smelting", "fire_key_unit", "gas_supplier", "construction")


def main() -> None:
    home = os.environ.setdefault("ANLAN_HOME", tempfile.mkdtemp(prefix="anlan-bench-"))
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
    dice = random.Random(7)
    weighs = _fill(dice)
    _index(weighs, dice)
    _pages(cast, _archive(home))


def _fill(dice: random.Random) -> list:
    """Enterprises with a facility each and a half of them with a second; what weighs on them."""
    from anlan.know.enterprises.models import Enterprise, RegulatedAs
    from anlan.know.facilities.models import Facility
    from anlan.know.places.models import Region
    from anlan.watch.warnings.weighing import Weigh

    county = Region.objects.create(code="999901", name="云汀区", level=6)
    towns = [f"999901{number:03d}" for number in range(1, TOWNS + 1)]
    Region.objects.bulk_create(Region(code=code, name=code, level=9, parent=county) for code in towns)
    codes = [f"BENCH{number:05d}" for number in range(ENTERPRISES)]
    Enterprise.objects.bulk_create(
        (Enterprise(code=code, organisation=code, name=f"企业{code}", region=dice.choice(towns)) for code in codes), 500
    )
    owners = list(Enterprise.objects.order_by("pk"))
    RegulatedAs.objects.bulk_create((RegulatedAs(enterprise=one, code=dice.choice(SECTORS)) for one in owners), 500)
    Facility.objects.bulk_create(
        (
            Facility(enterprise=one, kind="tank", code=f"T{n}", name=f"罐{n}", region=one.region, organisation=one.code,
                     hazard_level=dice.choice((None, None, 1, 2, 3, 4)))
            for one in owners
            for n in range(1 + one.pk % 2)
        ),
        500,
    )  # fmt: skip
    kinds = (("alarm", 0.1), ("danger", 0.3), ("permit", 0.1))
    return [
        Weigh(kind=kind, source=f"{kind}:{tank.pk}", level=dice.choice((2, 3, 3, 4)), words=f"{kind} {tank.pk}",
              region=tank.region, organisation=tank.organisation, facility=tank.pk, url=f"/{kind}/{tank.pk}/")
        for tank in Facility.objects.order_by("pk")
        for kind, share in kinds
        if dice.random() < share
    ]  # fmt: skip


def _index(weighs: list, dice: random.Random) -> None:
    from dataclasses import replace

    from anlan.watch.warnings.models import Standing
    from anlan.watch.warnings.reckoning import reckon_all, renew
    from anlan.watch.warnings.weighing import weigh_all

    now = datetime.now(UTC)
    _timed(f"{len(weighs):,} weights told", lambda: weigh_all(weighs))
    changed = _timed("all reckoned for the first time, warnings opened", lambda: reckon_all(now))
    print(f"{Standing.objects.count():,} standings, {changed:,} colours changed")
    _timed("all reckoned again, nothing changed", lambda: reckon_all(now + timedelta(minutes=1)))
    for number, count in enumerate((1, 50, 500)):
        some = [replace(one, level=1, words=f"{one.words} {number}") for one in dice.sample(weighs, count)]
        _timed(f"{count} weights changed: told", lambda some=some: weigh_all(some))
        _timed(f"{count} weights changed: reckoned", lambda: renew(now + timedelta(minutes=2)))


def _archive(home: str) -> int:
    """A month of readings every half minute, written and tidied as the archive does. Answers a point of them."""
    import numpy as np

    from anlan.columns.readings import readings
    from anlan.telemetry import settings
    from anlan.telemetry.archive.writer import Store
    from anlan.watch.devices.models import Device, Point

    device = Device.objects.create(
        code="D", name="液位计", profile="tank_level", region="999901001", organisation="BUREAU"
    )
    Point.objects.bulk_create(Point(device=device, key=f"k{number}", title=f"测点{number}") for number in range(POINTS))
    numbers = np.array(list(Point.objects.order_by("pk").values_list("pk", flat=True)), np.uint32)
    store, dice = Store(settings.load({"ANLAN_HOME": home}), "bench"), np.random.default_rng(1)
    begin = round((time.time() - DAYS * 86_400) * 1e6)
    for hour in range(DAYS * 24):
        times = begin + hour * 3_600_000_000 + np.arange(0, 3600, EVERY) * 1_000_000
        ts, point = np.repeat(times, len(numbers)), np.tile(numbers, len(times))
        value = (50 + 5 * dice.random(len(ts))).round(2)
        store.write(readings(point, ts, value, np.zeros(len(ts), np.uint8)), hour + 1)
        if hour % 24 == 23:
            store.tidy()
    return int(numbers[POINTS // 2])


def _pages(cast, point: int) -> None:
    from django.test import Client

    client = Client()
    client.force_login(cast.duty, backend="anlan.desk.access.backend.PasswordBackend")
    end = round(time.time() * 1000)
    month = f"start={end - DAYS * 86_400_000}&end={end}"
    for address in (
        f"/boards/series?points={point}&{month}&rows=1200",
        f"/boards/marks?points={point}&{month}",
        f"/boards/points/{point}/",
        "/boards/regions/",
        "/boards/regions/?part=1&region=",
        "/boards/sectors/",
        "/indexes/",
        "/warnings/analysis/?days=30",
    ):
        took = []
        for _ in range(ROUNDS + 2):
            began = time.perf_counter()
            answer = client.get(address)
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (address, answer.status_code)
        took = sorted(took[2:])
        print(
            f"{address.split('start=')[0]:60} p50 {statistics.median(took):6.0f} ms, p95 {took[-2]:6.0f} ms", flush=True
        )


def _timed(words: str, work):
    began, busy = time.perf_counter(), time.process_time()
    found = work()
    print(f"{words}: {time.perf_counter() - began:.2f} s, {time.process_time() - busy:.2f} s CPU", flush=True)
    return found


if __name__ == "__main__":
    main()
