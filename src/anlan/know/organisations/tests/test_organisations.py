import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from anlan.desk.access.standing import Refused
from anlan.desk.audit.history import history
from anlan.desk.subjects.declare import Selector, select
from anlan.know.organisations import gates
from anlan.know.organisations.actions import leave, save_organisation, save_person, save_position
from anlan.know.organisations.models import Organisation, Person, Position
from tests.cast import BUREAU, DISTRICT, ENTERPRISE_A, ENTERPRISE_B, NEIGHBOUR, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies(db):
    made = {}
    for code, name, region in [
        (BUREAU, "安和区应急管理局", DISTRICT),
        ("TOWN1", "安和镇人民政府", TOWN),
        ("BUREAU2", "邻区应急管理局", NEIGHBOUR),
    ]:
        made[code] = Organisation.objects.create(code=code, name=name, kind="department", region=region)
    return made


@pytest.fixture
def people(db):
    rows = [
        ("甲", BUREAU, DISTRICT),
        ("乙", ENTERPRISE_A, TOWN),
        ("丙", ENTERPRISE_B, OTHER_TOWN),
        ("丁", "X", NEIGHBOUR),
    ]
    return [
        Person.objects.create(name=name, organisation=organisation, region=region, phone="1")
        for name, organisation, region in rows
    ]


def names(queryset):
    return set(queryset.values_list("name", flat=True))


def test_organisations_are_seen_by_region(bodies, cast):
    assert names(gates.seen_by(cast.duty)) == {"安和区应急管理局", "安和镇人民政府"}
    assert names(gates.seen_by(cast.town_officer)) == {"安和镇人民政府"}
    assert not gates.seen_by(cast.manager).exists()


def test_an_enterprise_sees_its_own_people_and_a_town_those_of_the_town(people, cast):
    assert names(gates.people_seen_by(cast.duty)) == {"甲", "乙", "丙"}
    assert names(gates.people_seen_by(cast.manager)) == {"乙"}
    assert names(gates.people_seen_by(cast.other_town_officer)) == {"丙"}
    for nobody in (cast.stranger, cast.audit_administrator):
        assert not gates.people_seen_by(nobody).exists()


def test_an_organisation_belongs_to_itself_whoever_says_otherwise(bodies):
    assert bodies[BUREAU].organisation == BUREAU
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(code=BUREAU).update(organisation="OTHER")


def test_an_organisation_is_kept_by_those_who_may_and_recorded(bodies, cast):
    body = save_organisation(
        cast.system_administrator, Organisation(code="FIRE", name="安和区消防救援大队", kind="brigade", region=DISTRICT)
    )
    assert body.initials == "ahqxfjydd"
    body.duty_phone = "0000119"
    save_organisation(cast.system_administrator, body)
    changes = [change.after for change in history(f"organisation:{body.pk}", Organisation)[0].changes]
    assert changes == ["0000119"]
    with pytest.raises(Refused):
        save_organisation(cast.duty, body)


def test_no_body_is_above_itself(bodies, cast):
    bureau, town = bodies[BUREAU], bodies["TOWN1"]
    town.parent = bureau
    save_organisation(cast.system_administrator, town)
    bureau.parent = town
    with pytest.raises(ValidationError, match="上级单位"):
        save_organisation(cast.system_administrator, bureau)


def test_a_manager_keeps_the_people_of_the_own_enterprise_alone(people, cast):
    position = {"title": "安全总监", "duties": "负责安全管理", "order": 1, "duty_phone": ""}
    person = save_person(cast.manager, Person(name="新人", organisation=ENTERPRISE_A, region=TOWN), position)
    assert person.positions.get().title == "安全总监"
    with pytest.raises(Refused):
        save_person(cast.manager, Person(name="别家的人", organisation=ENTERPRISE_B, region=OTHER_TOWN))
    stolen = people[2]
    stolen.organisation, stolen.region = ENTERPRISE_A, TOWN
    with pytest.raises(Refused):
        save_person(cast.manager, stolen)
    assert Person.objects.get(pk=stolen.pk).organisation == ENTERPRISE_B


def test_the_title_is_changed_and_not_doubled(people, cast):
    for title in ("班长", "安全员"):
        save_person(cast.manager, people[1], {"title": title, "duties": "", "order": 2, "duty_phone": ""})
    assert list(people[1].positions.values_list("title", flat=True)) == ["安全员"]
    save_position(cast.manager, Position(person=people[1], organisation="VOLUNTEERS", title="志愿队长"))
    assert people[1].positions.count() == 2


def test_who_has_left_is_on_record_and_called_no_more(people, cast):
    leave(cast.manager, [people[1]])
    assert not gates.people_seen_by(cast.manager).exists()
    assert Person.objects.filter(pk=people[1].pk, active=False).exists()
    with pytest.raises(Refused):
        leave(cast.manager, [people[2]])


def test_obligations_find_bodies_by_kind(bodies):
    Organisation.objects.create(code="V1", name="石桥村委会", kind="village", region=TOWN + "001")
    found = list(select(Selector(room="organisations", kinds=("village",))))
    assert [(one.key, one.organisation) for one in found] == [("organisation:V1", "V1")]
