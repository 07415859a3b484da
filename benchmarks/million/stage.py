"""`python -m benchmarks.million.stage GATEWAYS CHILDREN`: the register in the database, and an officer on duty.

Prints the cookie of the officer's session.
"""

import sys


def main(gateways: int, children: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from tests.cast import Cast

    call_command("migrate", verbosity=0)
    cast = Cast()
    cast.all()
    with transaction.atomic():
        _fill(gateways, children)
    print(_signed_in(cast.duty), end="")


def _fill(gateways: int, children: int) -> None:
    from anlan.telemetry.book import token_hash
    from anlan.watch.devices.models import Device, Point, Rule
    from benchmarks.million.sender import LIMIT, SURE
    from tests.cast import ENTERPRISE_A, TOWN

    placed = {"profile": "tank_level", "region": TOWN, "organisation": ENTERPRISE_A, "synthetic": True}
    speakers = Device.objects.bulk_create(
        Device(code=f"G{g}", name=f"网关{g}", is_gateway=True, token_digest=token_hash(f"G{g}"), **placed)
        for g in range(gateways)
    )
    spoken_for = Device.objects.bulk_create(
        Device(code=f"G{g}C{c}", name=f"C{c}", gateway=speaker, **placed)
        for g, speaker in enumerate(speakers)
        for c in range(children)
    )
    points = Point.objects.bulk_create(Point(device=one, key="v", title="液位", unit="%") for one in spoken_for)
    Rule.objects.bulk_create(Rule(point=point, kind="H", limit=LIMIT, off_delay=SURE, level=3) for point in points)


def _signed_in(person) -> str:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person, backend="anlan.desk.access.backend.PasswordBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
