"""What permits and instruments, risks and people tell one another."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from anlan.desk.notices.models import Notice
from anlan.flows import instruments_test_gas
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.permits import actions, live_gas
from anlan.prevent.permits.models import Permit, Space
from anlan.prevent.risks.models import Influence
from anlan.prevent.risks.models import Point as RiskPoint
from anlan.watch.alarms.announcements import Move, alarms_moved
from anlan.watch.alarms.models import Alarm
from anlan.watch.devices.latest import Latest
from anlan.watch.devices.models import Device, Point
from tests.cast import ENTERPRISE_A, TOWN


@pytest.fixture
def pit(db):
    """A pit with an oxygen detector, a risk point, and work going on in it."""
    enterprise = Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN, lon=115.8, lat=28.7)
    owned = {"enterprise": enterprise, "organisation": ENTERPRISE_A, "region": TOWN}
    facility = Facility.objects.create(kind="tank", code="P-1", name="污水池", **owned)
    Space.objects.create(facility=facility, code="YX-1", name="污水池", kind="underground", place="厂区西侧", **owned)
    RiskPoint.objects.create(
        facility=facility, kind="area", code="F-1", name="污水池", level=3, dynamic_level=3, **owned
    )
    return facility


@pytest.fixture
def entered(cast, pit):
    """A permit at work in the pit, put there without its loop: only what follows from an alarm is looked at."""
    from anlan.desk.cases.actions import NewCase, open_case
    from anlan.desk.cases.models import Case

    now = timezone.now()
    space = pit.spaces.get()
    case, _new = open_case(
        NewCase(
            kind="permits.permit", title="清淤", region=TOWN, organisation=ENTERPRISE_A, level=3, data={"chain": []}
        )
    )
    permit = Permit.objects.create(
        case=case, number="SX-1", kind="confined_space_entry", gravity=3, state="working", enterprise=pit.enterprise,
        region=TOWN, organisation=ENTERPRISE_A, space=space, work="清淤", place="污水池", starts_at=now,
        valid_until=now + timedelta(hours=6), begun_at=now, leader=cast.team_leader, guardian=cast.guardian, token="t",
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(state="working")
    return Permit.objects.select_related("case").get(pk=permit.pk)


def alarm(pit, profile="oxygen", health=False) -> Alarm:
    device = Device.objects.create(
        code=f"D-{profile}", name="氧气探测器", profile=profile, region=TOWN, organisation=ENTERPRISE_A, facility=pit
    )
    point = Point.objects.create(device=device, key="o2", title="氧含量", unit="%")
    return Alarm.objects.create(
        episode=uuid4(), point=point, device=device, rule=1, kind="L", level=2, health=health, region=TOWN,
        organisation=ENTERPRISE_A, title="氧含量低于 19.5 %", value=18.2, limit=19.5,
        raised_at=timezone.now(), received_at=timezone.now(),
    )  # fmt: skip


def test_given_oxygen_under_the_limit_during_a_permit_when_read_then_stop_order_alarm_to_duty_and_permit_suspended(
    cast, pit, entered
):
    cast.duty, cast.manager  # noqa: B018 – they are there to be told
    low = alarm(pit)
    for _twice in range(2):
        alarms_moved.send(sender=Alarm, moves=[Move(low, "raised")])
    entered.refresh_from_db()
    assert entered.state == "suspended" and entered.case.steps.filter(action="stop_by_alarm").count() == 1
    orders = Notice.objects.filter(title__contains="立即停止作业")
    assert {"team_leader", "guardian", "manager"} <= set(orders.values_list("user__username", flat=True))
    assert orders.filter(user=cast.team_leader).count() == 1
    assert "氧含量低于 19.5 %" in orders.first().body
    assert Notice.objects.filter(user=cast.duty, room="permits", level=1).count() == 1


@pytest.mark.parametrize(("profile", "health", "transition"), [
    ("oxygen", True, "raised"), ("tank_level", False, "raised"), ("oxygen", False, "cleared"),
])  # fmt: skip
def test_a_sensor_fault_another_quantity_and_a_clearing_stop_nothing(cast, pit, entered, profile, health, transition):
    alarms_moved.send(sender=Alarm, moves=[Move(alarm(pit, profile, health), transition)])
    entered.refresh_from_db()
    assert entered.state == "working"


def test_work_going_on_makes_its_risk_point_worse_until_it_is_over(cast, pit, entered):
    from anlan.desk.cases.actions import take

    take(entered.case, "interrupt", cast.guardian, words="换班")
    point = RiskPoint.objects.get()
    assert Influence.objects.filter(point=point, source=f"permit:{entered.pk}", ended_at=None).exists() is False, (
        "a permit that names neither point nor facility influences none"
    )
    Permit.objects.filter(pk=entered.pk).update(point=point)
    permit = Permit.objects.get(pk=entered.pk)
    take(permit.case, "finish", cast.guardian)
    assert Influence.objects.filter(point=point, ended_at=None).count() == 1
    take(Permit.objects.get(pk=entered.pk).case, "accept", cast.workshop_head)
    assert not Influence.objects.filter(ended_at=None).exists()


def test_an_analysis_is_taken_from_the_instruments_at_the_place(cast, pit, entered, monkeypatch):
    device = Device.objects.create(
        code="OX", name="氧气探测器", profile="oxygen", region=TOWN, organisation=ENTERPRISE_A, facility=pit
    )
    point = Point.objects.create(device=device, key="o2", title="氧含量", unit="%")
    now = datetime.now(UTC)
    known = {point.pk: Latest(20.7, now, 0)}
    monkeypatch.setattr(instruments_test_gas, "latest", lambda points: {p: known[p] for p in points if p in known})
    (found,) = live_gas.measured(entered)
    assert (found.gas, found.value, found.source) == ("oxygen", 20.7, f"device:{device.pk}")
    test = actions.record_gas(
        cast.gas_analyst, entered, place=found.title, readings={found.gas: found.value}, source=found.source
    )
    assert test.source == f"device:{device.pk}"
    known[point.pk] = Latest(20.7, now - timedelta(hours=1), 0)
    assert live_gas.measured(entered) == [], "an old value says nothing of now"
