"""Sets the stage on a running platform's home: the cast with passwords, and enterprise A's tank with a level gauge.

Run as `python -m tests.journeys.stage` with that platform's environment; it says the gauge's token.
"""

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        print(_set())


def _set() -> str:
    """In one transaction: the pipeline must not learn of a device before it has its points."""
    from django.contrib.auth.hashers import make_password

    from anlan.desk.access.models import User
    from anlan.desk.layers.initials import initials
    from anlan.know.enterprises.models import Enterprise
    from anlan.know.facilities.models import Facility
    from anlan.know.places.models import Region
    from anlan.watch.devices.models import Device
    from anlan.watch.devices.profiles import fit
    from anlan.watch.devices.tokens import digest, new_token
    from tests.cast import DISTRICT, ENTERPRISE_A, PASSWORD, TOWN, Cast

    Cast().all()
    User.objects.update(password=make_password(PASSWORD))
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    name = "松塘化工有限公司"
    enterprise = Enterprise.objects.create(
        code=ENTERPRISE_A, name=name, initials=initials(name), region=TOWN, lon=115.8, lat=28.7, synthetic=True
    )
    tank = Facility.objects.create(
        enterprise=enterprise, organisation=ENTERPRISE_A, region=TOWN, kind="tank", code="T-101", name="1号储罐",
        lon=115.8, lat=28.7, synthetic=True,
    )  # fmt: skip
    token = new_token()
    device = Device.objects.create(
        code="LT-101", name="1号储罐液位计", initials="1hcgywj", profile="tank_level", region=TOWN,
        organisation=ENTERPRISE_A, facility=tank, lon=115.8, lat=28.7, token_digest=digest(token), synthetic=True,
    )  # fmt: skip
    fit(device)
    return token


if __name__ == "__main__":
    main()
