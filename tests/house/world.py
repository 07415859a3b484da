"""Some of everything that pages show, numbered: what the tables of answers and of questions are taken from."""

from django.utils import timezone

from anlan.desk.access.models import Post, User
from anlan.desk.cases.actions import NewCase, open_case
from anlan.desk.notices.actions import tell
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.admission.models import Contractor
from anlan.prevent.checks import planning
from anlan.prevent.hazards.actions import register
from anlan.prevent.permits.models import Space
from anlan.prevent.risks.models import Control, Event, Unit
from anlan.prevent.risks.models import Point as RiskPoint
from anlan.watch.clusters.models import Cluster
from anlan.watch.devices.models import Device, Point, Rule
from anlan.watch.fireweather.models import FireWeather
from tests.cast import ENTERPRISE_A, TOWN


def fill(numbers: range, cast) -> None:
    """For each number an enterprise with all that belongs to one; number 0 is enterprise A of the cast."""
    for n in numbers:
        code = ENTERPRISE_A if n == 0 else f"91999901MA{n:07d}X"
        place = {"region": TOWN, "organisation": code, "lon": 115.8, "lat": 28.7}
        enterprise = Enterprise.objects.create(code=code, name=f"企业{n}", **place)
        facility = Facility.objects.create(enterprise=enterprise, kind="tank", code=f"T-{n}", name=f"储罐{n}", **place)
        _watched(n, place)
        _prevented(n, enterprise, facility, place)
        open_case(
            NewCase(
                kind="warnings.warning",
                title=f"液位高{n}",
                region=TOWN,
                organisation=ENTERPRISE_A,
                level=n % 4 + 1,
                key=str(n),
            )
        )
        user = User.objects.create(username=f"worker{n:04d}", name=f"工人{n}")
        Post.objects.create(user=user, role="worker", organisation=code, region=TOWN)
        tell([cast.duty], title=f"消息{n}")
    planning.generate(timezone.now())


def _watched(n: int, place: dict) -> None:
    device = Device.objects.create(code=f"D-{n}", name=f"液位计{n}", profile="tank_level", **place)
    point = Point.objects.create(device=device, key="level", title="液位", unit="%", low=0, high=100)
    Rule.objects.create(point=point, kind="H", limit=85, deadband=1, level=3)
    station = Device.objects.create(code=f"FW-{n}", name=f"林区气象站{n}", profile="fire_weather", **place)
    FireWeather.objects.create(device=station, day=timezone.localdate(), lacking=",rain,")
    now, box = timezone.now(), {"west": 115.8, "south": 28.7, "east": 115.8, "north": 28.7}
    Cluster.objects.create(
        rule="gas_cloud", title=f"云团{n}", level=1, metres=100, devices=3, first_at=now, last_at=now, found_at=now,
        **box, **place,
    )  # fmt: skip


def _prevented(n: int, enterprise: Enterprise, facility: Facility, place: dict) -> None:
    own = {**place, "enterprise": enterprise}
    levels = {"level": 2, "dynamic_level": 2, "registered_level": 2}
    point = RiskPoint.objects.create(kind="area", code=f"P{n}", name=f"罐区{n}", facility=facility, **levels, **own)
    unit = Unit.objects.create(point=point, name="储罐")
    event = Event.objects.create(unit=unit, point=point, name="泄漏")
    Control.objects.create(event=event, point=point, kind="engineering", text="联锁投用", post="操作工", every_days=1)
    planning.derive_silently(enterprise)
    register(None, enterprise=enterprise, found_by="sensor", title=f"隐患{n}", point=point, kind="electric")
    Space.objects.create(facility=facility, code=f"YX-{n}", name=f"池{n}", kind="equipment", place="罐区", **own)
    contractor = {"region": TOWN, "organisation": enterprise.code}
    Contractor.objects.create(code=f"91999902MA{n:07d}Y", name=f"承包商{n}", **contractor)
