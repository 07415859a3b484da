from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from anlan.desk.cases.actions import take
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities.models import Facility
from anlan.prevent.permits import actions
from anlan.prevent.permits.models import Permit, Space
from tests.cast import ENTERPRISE_A, ENTERPRISE_B, TOWN

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a working day, twelve o'clock in the region
ON_SITE = {"on_site": "yes"}
AIR = {"oxygen": 20.9, "flammable": 0}
SPACE_AIR = {"oxygen": 20.9, "flammable": 0, "H2S": 0}


class Clock:
    def __init__(self):
        self.now = MONDAY_NOON

    def passes(self, **span) -> datetime:
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """A working day at noon that passes only when the test says so."""
    held = Clock()
    monkeypatch.setattr(timezone, "now", lambda: held.now)
    return held


@pytest.fixture
def enterprise(db) -> Enterprise:
    Enterprise.objects.create(code=ENTERPRISE_B, name="北塘机械有限公司", region=TOWN, lon=115.81, lat=28.71)
    return Enterprise.objects.create(code=ENTERPRISE_A, name="松塘化工有限公司", region=TOWN, lon=115.8, lat=28.7)


@pytest.fixture
def tank(enterprise) -> Facility:
    return Facility.objects.create(
        enterprise=enterprise, organisation=ENTERPRISE_A, region=TOWN, kind="tank", code="T-101", name="1号储罐",
        lon=115.8, lat=28.7,
    )  # fmt: skip


@pytest.fixture
def space(enterprise, tank) -> Space:
    return Space.objects.create(
        enterprise=enterprise, organisation=ENTERPRISE_A, region=TOWN, facility=tank, code="YX-01", name="1号储罐内部",
        kind="equipment", place="罐区", factors="缺氧、硫化氢中毒", lon=115.8, lat=28.7, signed=True,
    )  # fmt: skip


@pytest.fixture
def welder(enterprise):
    from anlan.desk.registers.actions import Entry, add_many, fill
    from anlan.desk.registers.declare import record_types
    from anlan.desk.registers.models import Record

    def make(number="T-200001", kind="welding", until=None):
        until = until or MONDAY_NOON.date() + timedelta(days=300)
        ledger = record_types()["certificates"]
        issued = (until - timedelta(days=700)).isoformat()
        values = {"holder": "沈师傅", "number": number, "kind": kind, "issued_on": issued}
        record = Record(type="certificates")
        fill(record, ledger, (Entry(values=values, region=TOWN, organisation=ENTERPRISE_A, valid_to=until), values))
        add_many(None, ledger, [record])
        return ("沈师傅", number)

    return make


@pytest.fixture
def application(cast, clock, enterprise):
    """`application(kind=…)`: hot work of the second level for a shift from now, unless said otherwise."""

    def make(**given) -> actions.Application:
        usual = {
            "enterprise": enterprise,
            "kind": "hot_work",
            "level": "second",
            "work": "更换管段",
            "place": "罐区东侧管廊",
            "hazards": "残留可燃气体，火花飞溅",
            "starts_at": clock.now,
            "ends_at": clock.now + timedelta(hours=6),
            "leader": cast.team_leader,
            "guardian": cast.guardian,
            "workers": [("沈师傅", "T-200001")],
        }
        if given.get("kind", "hot_work") != "hot_work":
            usual |= {"level": "", "workers": [("沈师傅", "")]}
        return actions.Application(**(usual | given))

    return make


@pytest.fixture
def prepared(cast, clock, application):
    """`prepared(…)`: a permit with measures confirmed, isolated, gas tested, ready to be submitted."""

    def make(tag="MB-01", **given) -> Permit:
        permit = actions.apply(cast.team_leader, application(**given))
        actions.confirm_measures(cast.team_leader, permit, {measure["no"] for measure in permit.measures})
        if permit.kind in ("hot_work", "confined_space_entry"):
            actions.isolate(cast.team_leader, permit, kind="blind", tag=tag, position="入口法兰")
            air = SPACE_AIR if permit.kind == "confined_space_entry" else AIR
            actions.record_gas(cast.gas_analyst, permit, place="动火点", readings=air)
        return Permit.objects.get(pk=permit.pk)

    return make


SIGNERS = {
    "unit": "workshop_head",
    "profession": "professional_head",
    "power": "professional_head",
    "safety": "manager",
    "chief": "head",
}


@pytest.fixture
def issued(cast, prepared):
    """`issued(…)`: submitted and signed by everybody its level asks for."""

    def make(**given) -> Permit:
        permit = prepared(**given)
        case = take(permit.case, "submit", cast.team_leader)
        while case.state.startswith("sign_"):
            who = case.state.removeprefix("sign_")
            case = take(case, case.state, getattr(cast, SIGNERS[who]), values=ON_SITE)
        return Permit.objects.select_related("case").get(pk=permit.pk)

    return make


@pytest.fixture
def working(cast, issued):
    def make(**given) -> Permit:
        permit = issued(**given)
        take(permit.case, "start", cast.guardian)
        return Permit.objects.select_related("case").get(pk=permit.pk)

    return make
