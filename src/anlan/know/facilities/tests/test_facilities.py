import pytest
from django.core.exceptions import ValidationError

from anlan.desk.access.standing import Refused
from anlan.desk.audit.history import history
from anlan.desk.figures.declare import figures
from anlan.desk.layers.discover import discover
from anlan.desk.subjects.declare import Selector, select
from anlan.know.enterprises.models import Enterprise
from anlan.know.facilities import gates
from anlan.know.facilities.actions import retire, save_facility
from anlan.know.facilities.forms import FORMS, FacilityForm
from anlan.know.facilities.kinds import all_kinds
from anlan.know.facilities.models import Facility
from anlan.know.places.models import Region
from tests.cast import DISTRICT, ENTERPRISE_A, ENTERPRISE_B, OTHER_TOWN, TOWN

pytestmark = pytest.mark.django_db
SQUARE = {"type": "Polygon", "coordinates": [[[115, 28], [115.001, 28], [115.001, 28.001], [115, 28.001], [115, 28]]]}


@pytest.fixture
def works(db):
    one = Enterprise.objects.create(code=ENTERPRISE_A, name="安澜化工有限公司", region=TOWN, lon=115.0, lat=28.0)
    two = Enterprise.objects.create(code=ENTERPRISE_B, name="澄江机械厂", region=OTHER_TOWN)
    return one, two


@pytest.fixture
def farm(works, cast):
    return save_facility(
        cast.inspector,
        Facility(
            kind="tank_farm",
            code="F1",
            name="一号罐区",
            enterprise=works[0],
            geometry=SQUARE,
            hazard_level=1,
            r_value=120.5,
        ),
    )


def test_owner_region_place_and_initials_follow_from_what_is_given(farm):
    assert (farm.organisation, farm.region, farm.initials) == (ENTERPRISE_A, TOWN, "yhgq")
    assert (farm.lon, farm.lat) == pytest.approx((115.0005, 28.0005))
    assert farm.cell
    assert history(f"facility:{farm.pk}", Facility)[0].action == "facilities.add"


def test_a_facility_is_seen_by_its_region_and_its_enterprise(farm, cast):
    for person in (cast.duty, cast.town_officer, cast.manager, cast.team_leader):
        assert gates.seen_by(person).count() == 1
    for person in (cast.other_town_officer, cast.other_manager, cast.neighbour_duty, cast.stranger):
        assert not gates.seen_by(person).exists()


def test_a_manager_keeps_the_own_facilities_alone(farm, works, cast):
    tank = save_facility(
        cast.manager, Facility(kind="tank", code="T1", name="1号储罐", enterprise=works[0], parent=farm)
    )
    assert tank.parent == farm
    with pytest.raises(Refused):
        save_facility(cast.manager, Facility(kind="tank", code="T9", name="别家的罐", enterprise=works[1]))
    with pytest.raises(Refused):
        save_facility(cast.duty, tank)


def test_public_facilities_belong_to_no_enterprise(cast):
    hydrant = Facility(kind="hydrant", code="H1", name="消火栓", region=TOWN, organisation="BUREAU")
    assert save_facility(cast.inspector, hydrant).enterprise is None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "spaceport"}, "没有设施类别"),
        ({"kind": "hydrant", "hazard_level": 2}, "不会构成重大危险源"),
        ({"kind": "tank", "geometry": {"type": "Point"}}, "几何不可用"),
        ({"kind": "tank", "lon": 200.0, "lat": 10.0}, "180"),
    ],
)
def test_what_cannot_be_is_refused(works, cast, wrong, says):
    with pytest.raises(ValidationError, match=says):
        save_facility(cast.inspector, Facility(code="W", name="错", enterprise=works[0], **wrong))


def test_two_facilities_of_one_owner_have_two_codes(farm, works, cast):
    with pytest.raises(ValidationError):
        save_facility(cast.inspector, Facility(kind="tank", code="F1", name="重号", enterprise=works[0]))
    save_facility(cast.inspector, Facility(kind="tank", code="F1", name="别家同号", enterprise=works[1]))


def test_no_facility_is_part_of_itself_or_of_another_owner(farm, works, cast):
    farm.parent = farm
    with pytest.raises(ValidationError, match="下级"):
        save_facility(cast.inspector, farm)
    stranger = Facility(kind="tank", code="T2", name="别家的罐", enterprise=works[1], parent_id=farm.pk)
    with pytest.raises(ValidationError, match="同一单位"):
        save_facility(cast.inspector, stranger)


def test_who_read_an_older_version_is_told(farm, cast):
    mine = Facility.objects.get(pk=farm.pk)
    save_facility(cast.inspector, Facility.objects.get(pk=farm.pk))
    with pytest.raises(ValidationError, match="别人已修改"):
        save_facility(cast.inspector, mine)


def test_a_retired_facility_leaves_the_map_and_stays_on_record(farm, cast):
    layers = discover()
    assert layers["facilities"].queryset(cast.duty).count() == layers["major-hazards"].queryset(cast.duty).count() == 1
    retire(cast.manager, [farm])
    assert not layers["facilities"].queryset(cast.duty).exists()
    assert gates.seen_by(cast.duty).count() == 1
    with pytest.raises(Refused):
        retire(cast.other_manager, [farm])


def test_the_form_saves_through_the_verb(farm, cast):
    Region.objects.create(code=TOWN, name="安和镇", level=9)
    data = {
        "kind": "tank",
        "code": "T3",
        "name": "三号罐",
        "organisation": ENTERPRISE_A,
        "region": TOWN,
        "parent": farm.pk,
    }
    form = FacilityForm({**data, "in_service": "on", "attributes": "{}"}, user=cast.manager)
    assert form.is_valid(), form.errors
    saved = form.save_by(cast.manager)
    assert (saved.enterprise.code, saved.parent, saved.in_service) == (ENTERPRISE_A, farm, True)
    assert FORMS[0].initial(cast.manager, {})["organisation"] == ENTERPRISE_A
    assert FORMS[0].initial(cast.manager, {"organisation": ENTERPRISE_B}) == {}


def test_every_kind_has_a_look_of_its_own():
    for role in ("", "rescue", "protected"):  # each is a layer with a legend of its own
        looks = [
            (kind.colour, kind.shape) for kind in all_kinds().values() if (kind.role, kind.pack) == (role, "foundation")
        ]
        assert len(set(looks)) == len(looks) <= 32


def test_figures_and_obligations_count_what_is_in_service(farm):
    assert figures()["facilities_major_hazards"].compute(None, None, DISTRICT) == 1.0
    assert figures()["facilities_count"].compute(None, None, OTHER_TOWN) == 0.0
    found = list(select(Selector(room="facilities", kinds=("tank_farm",), categories=("major_hazard",))))
    assert [one.key for one in found] == [f"facility:{farm.pk}"]
