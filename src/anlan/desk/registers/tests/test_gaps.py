from datetime import date

import pytest

from anlan.desk.registers import actions, gaps
from anlan.desk.registers.actions import Entry
from anlan.desk.registers.declare import record_types
from anlan.desk.registers.subjects import select as select_records
from anlan.desk.subjects import declare
from anlan.desk.subjects.declare import Selector, Subjects
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, NEIGHBOUR, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
TEAMS, BODIES = record_types()["rescue_teams"], record_types()["safety_bodies"]
ROOMS = {
    "places": [
        ("region:999901001", TOWN, "", {"kind": "town"}, "甲镇"),
        ("region:999901002", OTHER_TOWN, "", {"kind": "town"}, "乙镇"),
        ("region:999902001", f"{NEIGHBOUR}001", "", {"kind": "town"}, "邻镇"),
    ],
    "enterprises": [
        ("enterprise:A", TOWN, ENTERPRISE_A, {"categories": ["metal_smelting"]}, "甲厂"),
        ("enterprise:B", OTHER_TOWN, ENTERPRISE_B, {"categories": ["above_scale"]}, "乙办公楼"),
    ],
}


@pytest.fixture(autouse=True)
def subjects(monkeypatch):
    rooms = {name: Subjects(name, name, lambda s, rows=rows: rows) for name, rows in ROOMS.items()}
    monkeypatch.setattr(declare, "rooms", lambda: rooms)
    monkeypatch.setattr(gaps, "rooms", lambda: rooms)


def team(user, region, people, name="队", kind="comprehensive"):
    values = {
        "name": name,
        "kind": kind,
        "staffing": "semi",
        "level": "town",
        "people": people,
        "leader": "李",
        "phone": "123456",
    }
    return actions.add(user, TEAMS, Entry(values=values, region=region))


def found(user, kind, code):
    return next(c for c in gaps.for_reader(user, kind, DAY) if c.standard.code == code)


def test_a_town_team_of_27_lacks_3_of_30(cast):
    team(cast.inspector, TOWN, 27)
    comparison = found(cast.inspector, TEAMS, "town_rescue")
    assert [(gap.subject.title, gap.held, gap.missing) for gap in comparison.gaps] == [("乙镇", 0, 30), ("甲镇", 27, 3)]


def test_several_teams_of_the_subtree_add_up_and_other_kinds_do_not(cast):
    team(cast.inspector, TOWN, 20, "一队")
    team(cast.inspector, TOWN + "001", 10, "二队")
    team(cast.inspector, TOWN, 50, "林队", kind="forest")
    comparison = found(cast.inspector, TEAMS, "town_rescue")
    assert [gap.subject.title for gap in comparison.gaps] == ["乙镇"] and comparison.met == 1


def test_a_retired_team_no_longer_counts(cast):
    actions.retire(cast.inspector, team(cast.inspector, TOWN, 40), "解散")
    assert found(cast.inspector, TEAMS, "town_rescue").gaps[0].missing == 30


def test_a_smelter_without_a_body_has_a_gap_and_an_office_has_none(cast):
    comparison = found(cast.inspector, BODIES, "listed_units")
    assert [gap.subject.title for gap in comparison.gaps] == ["甲厂"]
    values = {"enterprise": ENTERPRISE_A, "name": "安环部", "form": "department", "head": "孙丽"}
    actions.add(cast.manager, BODIES, Entry(values=values, region=TOWN, organisation=ENTERPRISE_A))
    assert found(cast.inspector, BODIES, "listed_units").gaps == []


def test_part_time_staff_does_not_meet_the_standard(cast):
    values = {"enterprise": ENTERPRISE_A, "name": "兼职", "form": "part_time", "head": "孙丽"}
    actions.add(cast.manager, BODIES, Entry(values=values, region=TOWN, organisation=ENTERPRISE_A))
    assert len(found(cast.inspector, BODIES, "listed_units").gaps) == 1


def test_a_reader_is_shown_only_whom_he_reaches(cast):
    assert [h.subject.title for h in found(cast.town_officer, TEAMS, "town_rescue").holdings] == ["甲镇"]
    assert [h.subject.title for h in found(cast.manager, BODIES, "listed_units").holdings] == ["甲厂"]
    assert found(cast.other_manager, BODIES, "listed_units").holdings == ()
    assert found(cast.stranger, TEAMS, "town_rescue").holdings == ()


def test_a_standard_does_not_bind_before_its_day():
    assert not TEAMS.standards[0].in_force(date(2021, 12, 19)) and TEAMS.standards[0].in_force(date(2021, 12, 20))


def test_records_are_subjects_with_their_days_as_days(cast):
    store = {"code": "K-1", "name": "区库", "level": "county", "area": 1200}
    actions.add(cast.inspector, record_types()["supply_stores"], Entry(values=store, region=DISTRICT))
    (subject,) = select_records(Selector(room="records", type="supply_stores"))
    assert subject.facts["area"] == 1200 and subject.region == DISTRICT
    assert list(select_records(Selector(room="records", type="no_such"))) == []
