"""Sets the stage for checks on a running platform's home: enterprise A's tank farm with two controls, looked at daily.

Run as `python -m tests.journeys.stage_checks` with that platform's environment, after `stage`.
"""

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.site.settings")
    import django

    django.setup()
    from anlan.know.enterprises.models import Enterprise
    from anlan.prevent.risks.models import Control, Event, Point, Unit
    from tests.cast import ENTERPRISE_A

    enterprise = Enterprise.objects.get(code=ENTERPRISE_A)
    point = Point.objects.create(
        enterprise=enterprise, organisation=enterprise.code, region=enterprise.region, kind="area", code="P1",
        name="一号罐区", level=2, dynamic_level=2, lon=115.8, lat=28.7, synthetic=True,
    )  # fmt: skip
    unit = Unit.objects.create(point=point, name="储罐")
    event = Event.objects.create(unit=unit, point=point, name="储罐泄漏", level=2)
    for order, text in enumerate(("液位报警投用", "安全阀根部阀全开")):
        Control.objects.create(
            event=event, point=point, order=order, kind="engineering", text=text, responsible_level="post",
            post="罐区操作", every_days=1,
        )  # fmt: skip


if __name__ == "__main__":
    main()
