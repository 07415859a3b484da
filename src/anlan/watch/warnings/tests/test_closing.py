"""When the index no longer holds a warning open: what could still be removed does, what only fades does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from anlan.desk.cases.models import Case
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from anlan.watch.warnings.closing import not_yet
from anlan.watch.warnings.models import Standing
from anlan.watch.warnings.reckoning import reckon_all, renew
from anlan.watch.warnings.weighing import Weigh, weigh_all
from tests.cast import DISTRICT, ENTERPRISE_A, TOWN

NOW = timezone.now()


@pytest.fixture
def tank(db) -> Facility:
    district = Region.objects.create(code=DISTRICT, name="云汀区", level=Region.Level.COUNTY)
    Region.objects.create(code=TOWN, name="松塘镇", level=Region.Level.TOWN, parent=district)
    enterprise = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工", region=TOWN, organisation=ENTERPRISE_A)
    return Facility.objects.create(
        enterprise=enterprise, kind="tank", code="T-1", name="1号储罐", region=TOWN, organisation=ENTERPRISE_A,
        hazard_level=1,
    )  # fmt: skip


def weigh(source: str, **place) -> Weigh:
    kind = source.partition(":")[0]
    return Weigh(kind=kind, source=source, level=1, words="", region=TOWN, organisation=ENTERPRISE_A, **place)


def held(subject: str) -> bool:
    """Whether the index holds the warning of this subject open; that somebody has to look comes after."""
    assert Standing.objects.get(subject=subject).level in (1, 2), "the index must be grave for the question to matter"
    case = Case.objects.get(subject=subject, is_open=True)
    case.data["active"] = 0
    return "预警指数" in str(not_yet(case))


def warned(weighs: list[Weigh], *ended: str) -> None:
    reckon_all(NOW - timedelta(minutes=1))
    weigh_all(weighs, at=NOW)
    renew(NOW)
    weigh_all([], ended=ended, at=NOW)
    renew(NOW)


def test_a_warning_waits_while_the_alarm_lasts_and_not_while_the_index_fades(tank):
    warned([weigh("alarm:1", facility=tank.pk)])
    assert held(f"facility:{tank.pk}")
    weigh_all([], ended=["alarm:1"], at=NOW)
    renew(NOW)
    assert not held(f"facility:{tank.pk}")


def test_an_open_danger_of_the_enterprise_holds_the_warning_of_its_facility(tank):
    here, at_large = weigh("alarm:1", facility=tank.pk), weigh("danger:1", enterprise=tank.enterprise_id)
    warned([here, at_large], "alarm:1")
    assert held(f"facility:{tank.pk}")


def test_a_danger_of_a_neighbour_holds_nothing(tank):
    neighbour = Enterprise.objects.create(code="NEIGHBOUR", name="邻厂", region=TOWN, organisation="NEIGHBOUR")
    warned([weigh("alarm:1", facility=tank.pk), weigh("danger:1", enterprise=neighbour.pk)], "alarm:1")
    assert not held(f"facility:{tank.pk}")


def test_weather_holds_no_warning_of_a_facility_since_nobody_can_remove_it(tank):
    weather = Weigh(kind="weather", source="weather:1", level=1, words="暴雨", region=DISTRICT)
    warned([weigh("alarm:1", facility=tank.pk), weather], "alarm:1")
    assert not held(f"facility:{tank.pk}")


def test_a_region_waits_for_what_lasts_within_it_and_for_the_weather_over_it(tank):
    owners = [
        Enterprise.objects.create(code=f"E{number}", name=f"企业{number}", region=TOWN, organisation=f"E{number}")
        for number in range(11)
    ]
    tanks = [
        Facility.objects.create(
            enterprise=owner, kind="tank", code="T", name="罐", region=TOWN, organisation=owner.code, hazard_level=1
        )
        for owner in owners
    ]
    alarms = [weigh(f"alarm:{one.pk}", facility=one.pk) for one in tanks]
    warned(alarms)
    assert held(f"region:{TOWN}")
    weigh_all([], ended=[one.source for one in alarms], at=NOW)
    renew(NOW)
    assert not held(f"region:{TOWN}")
    weigh_all([Weigh(kind="weather", source="weather:1", level=1, words="暴雨", region=DISTRICT)], at=NOW)
    renew(NOW)
    assert held(f"region:{TOWN}")
