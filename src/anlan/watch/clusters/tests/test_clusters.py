"""Clusters over real alarms: they begin once, grow, end when all is over, and speak to a warning of their own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anlan.desk.cases.models import Case
from anlan.watch.alarms.actions import record
from anlan.watch.alarms.models import Alarm
from anlan.watch.alarms.rules import Event
from anlan.watch.clusters.actions import look
from anlan.watch.clusters.area_rules import DEGREE
from anlan.watch.clusters.models import Cluster
from anlan.watch.devices.models import Device, Point, Rule
from tests.cast import ENTERPRISE_A, TOWN

NOW = timezone.now()
SOON, LATER = NOW + timedelta(seconds=2), NOW + timedelta(minutes=20)
pytestmark = pytest.mark.django_db


def detector(number: int, metres: float, owner=ENTERPRISE_A, profile="combustible_gas", **other) -> Point:
    device = Device.objects.create(
        code=f"GD-{number}", name=f"{number}号探测器", profile=profile, region=TOWN, organisation=owner, lon=115.8,
        lat=28.7 + metres / DEGREE, **other,
    )  # fmt: skip
    point = Point.objects.create(device=device, key="lel", title="可燃气体", unit="%{LEL}")
    Rule.objects.create(point=point, kind="H", limit=25, level=3)
    return point


def event(point: Point, transition="raised", seconds=0, episode=None, kind="H") -> Event:
    at = NOW - timedelta(minutes=2) + timedelta(seconds=seconds)
    return Event(
        episode=episode or uuid4(), transition=transition, rule=point.rules.get().pk, point=point.pk, kind=kind,
        level=3, value=30.0, limit=25.0, at=at, raised_at=at, received_at=at,
    )  # fmt: skip


@pytest.fixture
def leak():
    """Three detectors within a hundred metres, a minute apart: the events that raise their alarms."""
    return [event(detector(number, 40 * number), seconds=30 * number) for number in range(3)]


def test_three_neighbours_are_one_cluster_with_one_warning_of_its_own(leak):
    record(leak)
    assert look(SOON) == 1
    one = Cluster.objects.get()
    assert (one.devices, one.level, one.region, one.organisation) == (3, 1, TOWN, ENTERPRISE_A)
    assert one.alarms.count() == 3
    case = Case.objects.get(subject=f"cluster:{one.pk}")
    assert (case.level, case.organisation, case.region) == (1, ENTERPRISE_A, TOWN)
    assert "3 台设备" in case.title


def test_the_page_of_the_warning_leads_to_the_cluster_and_only_that_of_a_cluster_does(leak, cast, signed_in):
    record(leak)
    look(SOON)
    one, other = Cluster.objects.get(), Case.objects.filter(subject__startswith="device:").first()
    case, duty = Case.objects.get(subject=f"cluster:{one.pk}"), signed_in(cast.duty)
    assert f'href="/clusters/{one.pk}/"' in duty.get(f"/cases/{case.pk}/").content.decode()
    assert "/clusters/1" not in duty.get(f"/cases/{other.pk}/").content.decode()


def test_looking_again_finds_nothing_new(leak):
    record(leak)
    assert [look(SOON), look(SOON), look(SOON + timedelta(minutes=1))] == [1, 0, 0]
    assert (Cluster.objects.count(), Case.objects.filter(subject__startswith="cluster:").count()) == (1, 1)


def test_a_neighbour_that_alarms_later_joins_the_cluster_that_is_there(leak):
    record(leak)
    look(SOON)
    record([event(detector(3, 120), seconds=100)])
    assert look(SOON) == 0
    one = Cluster.objects.get()
    assert (one.devices, one.alarms.count()) == (4, 4)


def test_two_neighbours_are_none(leak):
    record(leak[:2])
    assert look(SOON) == 0


def test_detectors_that_are_shelved_by_design_or_of_another_kind_do_not_count(leak):
    record(
        [*leak[:2], event(detector(7, 50, status=Device.Status.STARTUP)), event(detector(8, 50, profile="tank_level"))]
    )
    assert look(SOON) == 0


def test_it_ends_when_no_more_come_and_all_are_over_and_the_warning_hears_of_it(leak):
    record(leak)
    look(SOON)
    assert look(LATER) == 0
    assert Cluster.objects.get().ended_at is None, "its alarms go on"
    record([event(Point.objects.get(pk=one.point), "cleared", 110, one.episode) for one in leak])
    assert Alarm.objects.filter(active=True).count() == 0
    look(LATER)
    one = Cluster.objects.get()
    assert one.ended_at == LATER
    assert Case.objects.get(subject=f"cluster:{one.pk}").data["active"] == 0


def test_what_has_ended_does_not_begin_again_from_the_same_alarms(leak):
    record(leak)
    look(SOON)
    record([event(Point.objects.get(pk=one.point), "cleared", 110, one.episode) for one in leak])
    look(SOON + timedelta(minutes=6))
    assert Cluster.objects.get().ended_at
    assert look(SOON + timedelta(minutes=6)) == 0


def test_detectors_of_two_owners_are_a_cluster_of_nobody_alone(leak):
    record([*leak[:2], event(detector(9, 90, owner="OTHER"), seconds=40)])
    assert look(SOON) == 1
    assert Cluster.objects.get().organisation == ""


def test_a_look_asks_as_little_of_many_alarms_as_of_few(leak):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            look(SOON)
        return len(questions)

    record(leak)
    look(SOON)
    few = asked()
    record([event(detector(100 + number, 40 * (number % 3)), seconds=number) for number in range(30)])
    look(SOON)
    assert asked() == few
